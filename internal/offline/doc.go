// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package offline checks without a cluster, as for a pull request: registrations with
// their Secrets from files, and single values and scans. It says what the API server
// and the operator would say. It never prints, and what it returns never holds a value
// that it is about.
package offline
