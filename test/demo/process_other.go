// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package main

import "syscall"

// tethered: without Linux' parent-death signal, processes outlive a demo that is
// killed by SIGKILL; any other end stops them.
func tethered() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
