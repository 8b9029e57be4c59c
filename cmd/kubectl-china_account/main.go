// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command kubectl-china_account is the kubectl plugin: kubectl china-account.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
