// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package monitoring tries what config/monitoring has: a real Prometheus scrapes real
// operators through a short life and is asked every query of the dashboard and every
// expression of the rules; promtool judges rules and metrics; a real kube-state-metrics
// reads its configuration; and the commands of docs/monitoring.md are run.
//
// The dashboard's picture is drawn from what Prometheus answered, by a renderer of our
// own: go test ./test/monitoring -run Picture -update.
package monitoring
