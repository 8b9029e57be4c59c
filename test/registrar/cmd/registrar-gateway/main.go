// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command registrar-gateway is the reference gateway as a process.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// The exit codes: it failed, and it was called in a wrong way.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	if code, err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "registrar-gateway:", err)
		os.Exit(code)
	}
}

func run() (exitCode int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := registrar.Command()
	serve := command.RunE
	exitCode = exitUsage
	command.RunE = func(command *cobra.Command, arguments []string) error {
		exitCode = exitFailed // the flags are right
		return serve(command, arguments)
	}
	err = command.ExecuteContext(ctx)
	return exitCode, err
}
