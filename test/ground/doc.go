// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package ground is what the machines that try to break the operator stand on: a
// control plane with what config/ holds installed, the reference gateway as a process,
// and clients for those who look on.
package ground
