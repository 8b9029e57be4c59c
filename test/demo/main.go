// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command demo registers accounts on a real API server: some through the reference
// gateway, one by hand. It starts the control plane, the gateway and the operator as
// processes, plays the applicant and the agent with kubectl, follows the
// registrations in one table, and checks at the end where each of them stands.
//
// Where to look: scenes.go lists the registrations, their steps and their ends;
// steps.go is what a step can be; manifests/ holds what is applied; ground.go starts
// what they run on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	keep := flag.Bool("keep", false, "After the checks, leave everything running until Ctrl-C.")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A second Ctrl-C ends this process at once, and with it those that it started.
	context.AfterFunc(ctx, stop)
	err := run(ctx, *keep)
	switch {
	case ctx.Err() != nil && !errors.Is(err, errNotAsExpected):
		fmt.Println("Stopped; nothing is left running.")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}
