// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import "syscall"

// tethered: the kernel kills the process when the demo dies, however it dies.
func tethered() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
