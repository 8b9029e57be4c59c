// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package restore has tests of an API server whose etcd is restored from a backup
// while the operator runs: what was filed since then is not filed again.
package restore
