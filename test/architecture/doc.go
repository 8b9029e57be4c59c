// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package architecture holds the tests of how the house is built: which room
// may import which, and what stays free of I/O and of a clock.
package architecture
