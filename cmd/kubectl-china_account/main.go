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
	"k8s.io/klog/v2" //nolint:depguard // client-go logs to it, whatever we do
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// quiet keeps the libraries' logs away: what goes wrong is returned, and told in a sentence.
func quiet() {
	log.SetLogger(logr.Discard())
	klog.SetLogger(logr.Discard())
}

func main() {
	quiet()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
