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

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "registrar-gateway:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return registrar.Command().ExecuteContext(ctx)
}
