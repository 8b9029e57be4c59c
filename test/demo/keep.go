// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// tailLines is how much of the operator's log is shown after a failure.
const tailLines = 30

const keptUp = `
Everything is still running. In another terminal, as the applicant:

  export KUBECONFIG=%s
  PATH=%s:$PATH
  kubectl get car -n %s -w
  kubectl patch car -n %s locked --type merge -p '{"spec":{"withdrawAttempt":1}}'   # take the filing back

The admin's KUBECONFIG  %s
What was applied        %s
Logs                    %s

Ctrl-C ends it and removes all of this.`

// keepUp says how to look around, and waits for Ctrl-C. It fails if a process ends.
func (g *ground) keepUp(ctx context.Context) error {
	say(keptUp, g.applicant.kubeconfig, filepath.Dir(g.admin.kubectlPath), gatewayTeam, gatewayTeam,
		g.admin.kubeconfig, g.manifestDir(), g.logDir())
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
	content, err := os.ReadFile(g.operator.LogPath)
	if err != nil {
		say("  %v", err)
		return
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	for _, line := range lines[max(0, len(lines)-tailLines):] {
		say("  %s", line)
	}
}
