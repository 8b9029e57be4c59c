// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"os"
	"strings"
)

// tailLines is how much of the operator's log is shown after a failure.
const tailLines = 30

// keepUp says how to look around, and waits for Ctrl-C. It fails if a process ends.
func (g *ground) keepUp(ctx context.Context) error {
	say(`
Everything is still running. In another terminal:

  export KUBECONFIG=%s   # the admin's; the applicant's is %s
  %s get car -A -w
  %s get car -n %s corrected -o yaml
  ls %s   # all that was applied
  ls %s   # what the operator and the gateway say

Ctrl-C ends it and removes all of this.`,
		g.admin.kubeconfig, g.applicant.kubeconfig, g.admin.kubectlPath, g.admin.kubectlPath, gatewayTeam, g.manifestDir(), g.logDir())
	<-ctx.Done()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// tellLogs says where to read on after a failure.
func (g *ground) tellLogs() {
	if g.operator == nil {
		say("\nThe logs stay in %s.", g.logDir())
		return
	}
	say("\nThe logs stay in %s, the manifests in %s. The end of the operator's log:", g.logDir(), g.manifestDir())
	content, err := os.ReadFile(g.operator.logPath)
	if err != nil {
		say("  %v", err)
		return
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	for _, line := range lines[max(0, len(lines)-tailLines):] {
		say("  %s", line)
	}
}
