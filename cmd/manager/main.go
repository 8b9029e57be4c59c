// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command manager is the operator: it registers accounts in the AWS China Regions.
package main

import (
	"fmt"
	"os"

	ctrl "sigs.k8s.io/controller-runtime"
)

func main() {
	options, err := parseOptions(os.Args[1:], os.Stderr)
	if err != nil {
		os.Exit(exitCode(err))
	}
	if options.version {
		fmt.Println(version())
		return
	}
	ctrl.SetLogger(newLogger(&options.zap))
	log := ctrl.Log.WithName("manager")
	if err := run(ctrl.SetupSignalHandler(), options); err != nil {
		log.Error(err, "The operator ended")
		os.Exit(1)
	}
}
