// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package process

import "syscall"

// Tethered: without Linux' parent-death signal, a process outlives the one that
// starts it if that is killed by SIGKILL; any other end stops it.
func Tethered() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
