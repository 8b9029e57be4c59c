// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/chinaaccount/china-account-operator/test/process"
)

// person is somebody with a kubeconfig of their own.
type person struct {
	name       string
	kubeconfig string
	// kubectlPath is the kubectl that all use, cacheDir where it keeps what it
	// learnt of the API server, so that nothing is left in a home folder.
	kubectlPath, cacheDir string
}

// kubectl runs kubectl as the person, and returns what it printed. An error holds
// what kubectl said.
func (p person) kubectl(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, p.kubectlPath, arguments...)
	command.Env = append(command.Environ(), "KUBECONFIG="+p.kubeconfig, "KUBECACHEDIR="+p.cacheDir)
	command.SysProcAttr = process.Tethered()
	command.WaitDelay = time.Second
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		return out.String(), &kubectlError{
			command: "kubectl " + strings.Join(arguments, " "), as: p.name, said: strings.TrimSpace(said.String()), err: err,
		}
	}
	return out.String(), nil
}

// filename is a path as kubectl's -f takes it, which is a list with commas between.
func filename(path string) string { return `"` + strings.ReplaceAll(path, `"`, `""`) + `"` }

// kubectlError is a kubectl that did not exit with 0.
type kubectlError struct {
	command, as, said string
	err               error
}

func (e *kubectlError) Error() string {
	return fmt.Sprintf("%s (as %s): %v: %s", e.command, e.as, e.err, e.said)
}

func (e *kubectlError) Unwrap() error { return e.err }
