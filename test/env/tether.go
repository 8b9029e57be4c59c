// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package env

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// tetherScript replaces itself with the program, which the kernel then kills
// when the thread that started it ends; Go ends none before the process, but
// those that a goroutine was locked to. envtest has no hook for the
// parent-death signal, but runs whatever path it is given.
const tetherScript = `#!/bin/sh
exec setpriv --pdeathsig KILL -- '%s' "$@"
`

// tether writes a script of the program's name into dir that runs the program
// for no longer than this process lives, and returns its path. Where there is
// no setpriv (it is part of util-linux) it returns the program itself, which is
// then ended by Stop alone.
func tether(program, dir string) (string, error) {
	if _, err := exec.LookPath("setpriv"); err != nil {
		return program, nil //nolint:nilerr // the program itself is the answer then
	}
	script := filepath.Join(dir, filepath.Base(program))
	if err := os.WriteFile(script, fmt.Appendf(nil, tetherScript, program), 0o700); err != nil {
		return "", fmt.Errorf("tether %s to this process: %w", program, err)
	}
	return script, nil
}
