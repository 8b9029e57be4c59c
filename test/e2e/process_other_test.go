// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package e2e_test

import "syscall"

// tethered: elsewhere only the end of the suite ends the processes.
func tethered() *syscall.SysProcAttr { return nil }
