// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package metrics is what Prometheus is told, and the list of it: how registrations
// stand is counted in the cache whenever it is asked for, so that no series is stale or
// left over; what happens is counted as it happens.
//
// No label is of one registration. kube-state-metrics serves those who page by name.
package metrics
