// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package process runs the programs of bin/ beside the demo and beside the machines
// that try to break the operator: each is started, asked to end, killed or held.
package process
