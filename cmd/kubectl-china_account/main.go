// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command kubectl-china_account is the kubectl plugin: kubectl china-account.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2" //nolint:depguard // client-go logs to it, whatever we do
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// settle sets what the libraries have one of in a process: their logs are kept away,
// because what goes wrong is returned and told in a sentence, and commands are in the
// order of a life.
func settle() {
	cobra.EnableCommandSorting = false
	log.SetLogger(logr.Discard())
	klog.SetLogger(logr.Discard())
}

func main() {
	settle()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
