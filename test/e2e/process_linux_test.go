// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import "syscall"

// tethered: the kernel kills the process when the tests die, however they die.
func tethered() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
