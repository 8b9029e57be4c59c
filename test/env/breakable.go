// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package env

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
)

// restartScript runs the program again whenever it fails or is killed, as a kubelet
// does, until the script is asked to end; while its file "held" is there, it waits. The
// script itself dies with the process that started it, and the program with the script.
const restartScript = `#!/bin/sh
if [ -z "$TETHERED" ]; then
	TETHERED=1 exec setpriv --pdeathsig KILL -- "$0" "$@"
fi
trap 'ending=1; kill -TERM "$child"' TERM
while [ -z "$ending" ]; do
	if [ -e '%[2]s.held' ]; then sleep 0.05; continue; fi
	setpriv --pdeathsig KILL -- '%[1]s' "$@" &
	child=$!
	echo "$child" > '%[2]s.pid'
	wait "$child"
	code=$?
	[ -z "$ending" ] || wait "$child"
	rm '%[2]s.pid'
	[ $code -ne 0 ] || exit 0
done
`

// Part is one of the control plane's processes, which a test may break. It comes back
// by itself.
type Part struct {
	// Name is etcd or kube-apiserver.
	Name string
	path string
}

// restartable writes a script that keeps the program running.
func restartable(program, dir string) (string, error) {
	if _, err := exec.LookPath("setpriv"); err != nil {
		return "", fmt.Errorf("break %s: %w (it is part of util-linux)", filepath.Base(program), err)
	}
	script := filepath.Join(dir, filepath.Base(program))
	if err := os.WriteFile(script, fmt.Appendf(nil, restartScript, program, script), 0o700); err != nil {
		return "", fmt.Errorf("tether %s to this process: %w", program, err)
	}
	return script, nil
}

// Etcd and APIServer are the parts of a control plane that was started with the
// option Breakable.
func (p *ControlPlane) Etcd() *Part { return p.part("etcd") }

// APIServer is the other part.
func (p *ControlPlane) APIServer() *Part { return p.part("kube-apiserver") }

func (p *ControlPlane) part(name string) *Part {
	return &Part{Name: name, path: filepath.Join(p.dir, name)}
}

// Kill ends the process as a crash does.
func (p *Part) Kill() error { return p.signal(syscall.SIGKILL) }

// Pause stops the process until Resume; its connections stay open.
func (p *Part) Pause() error { return p.signal(syscall.SIGSTOP) }

// Resume lets it go on.
func (p *Part) Resume() error { return p.signal(syscall.SIGCONT) }

// Hold kills the process and keeps it away until Release.
func (p *Part) Hold() error {
	if err := os.WriteFile(p.path+".held", nil, 0o600); err != nil {
		return fmt.Errorf("hold %s: %w", p.Name, err)
	}
	if err := p.Kill(); err != nil {
		return err
	}
	for deadline := time.Now().Add(stopLimit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(p.path + ".pid"); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return fmt.Errorf("hold %s: it does not end", p.Name)
}

// Release lets a held process come back.
func (p *Part) Release() error {
	if err := os.Remove(p.path + ".held"); err != nil {
		return fmt.Errorf("release %s: %w", p.Name, err)
	}
	return nil
}

// stopLimit bounds the end of a process that is killed.
const stopLimit = 10 * time.Second

// signal reaches nobody while the process is between two runs.
func (p *Part) signal(s syscall.Signal) error {
	content, err := os.ReadFile(p.path + ".pid")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the process of %s: %w", p.Name, err)
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(content)))
	if err != nil {
		return nil //nolint:nilerr // it is being written
	}
	if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("send %s to %s: %w", s, p.Name, err)
	}
	return nil
}

// SaveData copies etcd's data into a folder that is not there yet. Both parts are away
// meanwhile.
func (p *ControlPlane) SaveData(ctx context.Context, to string) error {
	return p.whileHeld(ctx, func(data string) error { return os.CopyFS(to, os.DirFS(data)) })
}

// RestoreData puts data back that SaveData copied: what was written since is gone, and
// resourceVersions count again from where they were, as after the restore of a backup.
func (p *ControlPlane) RestoreData(ctx context.Context, from string) error {
	return p.whileHeld(ctx, func(data string) error {
		if err := os.RemoveAll(data); err != nil {
			return err
		}
		return os.CopyFS(data, os.DirFS(from))
	})
}

func (p *ControlPlane) whileHeld(ctx context.Context, do func(data string) error) error {
	parts := []*Part{p.APIServer(), p.Etcd()}
	for _, part := range parts {
		if err := part.Hold(); err != nil {
			return err
		}
	}
	err := do(p.environment.ControlPlane.Etcd.DataDir)
	for _, part := range parts {
		err = errors.Join(err, part.Release())
	}
	if err != nil {
		return fmt.Errorf("copy etcd's data: %w", err)
	}
	return p.WaitReady(ctx)
}

// WaitReady waits until the API server serves again.
func (p *ControlPlane) WaitReady(ctx context.Context) error {
	clients, err := kubernetes.NewForConfig(p.environment.Config)
	if err != nil {
		return fmt.Errorf("make a client: %w", err)
	}
	for {
		_, err := clients.Discovery().RESTClient().Get().AbsPath("/readyz").Timeout(time.Second).DoRaw(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the API server: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
