// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"github.com/chinaaccount/china-account-operator/test/env"
)

// stopGrace is how long a process may take to end when it is asked to.
const stopGrace = 8 * time.Second

// Process is a program that runs beside this one.
type Process struct {
	Name string
	// LogPath is the file of what it prints.
	LogPath string
	command *exec.Cmd
	// ended is closed when it has.
	ended chan struct{}
}

// Binary returns the path of a program of bin/, and an error if it was not built.
func Binary(name string) (string, error) {
	root, err := env.Root()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, "bin", name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("find %s (`make build` builds it): %w", name, err)
	}
	return path, nil
}

// Start runs a program with its output added to a file. It has a process group of its
// own, so that a Ctrl-C in the terminal is this process's to handle, and dies with
// this process.
func Start(logPath, path string, arguments ...string) (*Process, error) {
	p := &Process{Name: filepath.Base(path), LogPath: logPath, ended: make(chan struct{})}
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", p.Name, err)
	}
	defer log.Close()
	// Without a context: Stop asks it to end before it is killed.
	p.command = exec.Command(path, arguments...)
	p.command.Stdout, p.command.Stderr = log, log
	p.command.SysProcAttr = Tethered()
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	go func() {
		_ = p.command.Wait() // its state says how it ended
		close(p.ended)
	}()
	return p, nil
}

// Ended is closed when the process has ended, for whatever reason.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// UnexpectedEnd says how a process ended that should run.
func (p *Process) UnexpectedEnd() error {
	return fmt.Errorf("%s ended (%s); its log is %s", p.Name, p.command.ProcessState, p.LogPath)
}

// Stop asks the process to end, and after a while ends it.
func (p *Process) Stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		return nil
	case <-time.After(stopGrace):
	}
	if err := p.Kill(); err != nil {
		return err
	}
	return fmt.Errorf("%s did not end within %s, and was killed", p.Name, stopGrace)
}

// Kill ends it as a crash does, without time to do anything, and waits until it is dead.
func (p *Process) Kill() error {
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-p.ended
	return nil
}

// Pause holds the process until Resume: its timers and leases go on without it.
func (p *Process) Pause() error { return p.signal(syscall.SIGSTOP) }

// Resume lets it go on.
func (p *Process) Resume() error { return p.signal(syscall.SIGCONT) }

// signal does nothing to a process that has ended.
func (p *Process) signal(s syscall.Signal) error {
	if err := p.command.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %s to %s: %w", s, p.Name, err)
	}
	return nil
}

// Logged waits until a line of the log matches, and returns the first group.
func (p *Process) Logged(pattern *regexp.Regexp, limit time.Duration) (string, error) {
	for deadline := time.Now().Add(limit); ; {
		content, err := os.ReadFile(p.LogPath)
		if err != nil {
			return "", fmt.Errorf("read the log of %s: %w", p.Name, err)
		}
		if found := pattern.FindSubmatch(content); found != nil {
			return string(found[1]), nil
		}
		select {
		case <-p.ended:
			return "", p.UnexpectedEnd()
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return "", fmt.Errorf("%s did not say %q within %s; its log is %s", p.Name, pattern, limit, p.LogPath)
		}
	}
}
