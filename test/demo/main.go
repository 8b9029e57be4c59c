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
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// exitInterrupted is what shells report of a program that Ctrl-C ended.
const exitInterrupted = 130

func main() {
	log.SetLogger(logr.Discard()) // what the watch has to say is no part of the story
	keep := flag.Bool("keep", false, "After the checks, leave everything running until Ctrl-C.")
	life := flag.Bool("life", false, "Play what comes after filing: hand-over, renewal, withdrawal and return, an agent's correction.")
	flag.Parse()
	played := registering
	if *life {
		played = living
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, func() {
		// A second Ctrl-C ends this process at once, and with it those that it started.
		stop()
		say("\nStopping.")
	})
	err := run(ctx, played, *keep)
	switch {
	case err == nil && ctx.Err() != nil:
		say("Nothing is left running.")
	case err == nil:
	case ctx.Err() != nil:
		say("Stopped before the end; nothing is left running.")
		os.Exit(exitInterrupted)
	default:
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}
