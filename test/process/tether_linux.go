// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import "syscall"

// Tethered has the kernel kill a process when the one that starts it dies, however
// it dies.
func Tethered() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
