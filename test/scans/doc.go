// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package scans draws the sample documents of tests and of the demo: pictures and PDFs
// that preflight takes, and that nobody takes for real ones.
package scans
