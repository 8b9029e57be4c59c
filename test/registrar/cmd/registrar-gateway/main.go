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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := registrar.Command().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "registrar-gateway:", err)
		stop()
		os.Exit(1)
	}
}
