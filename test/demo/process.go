// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// stopGrace is how long a process may take to end when it is asked to.
const stopGrace = 8 * time.Second

// process is a program that the demo runs beside itself.
type process struct {
	name    string
	logPath string
	command *exec.Cmd
	// ended is closed when it has.
	ended chan struct{}
}

// startProcess runs a program of bin/ with its output in a file. It has a process
// group of its own, so that a Ctrl-C in the terminal is the demo's to handle, and
// dies with the demo.
func startProcess(logDir, path string, arguments ...string) (*process, error) {
	p := &process{name: filepath.Base(path), ended: make(chan struct{})}
	p.logPath = filepath.Join(logDir, p.name+".log")
	log, err := os.Create(p.logPath)
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", p.name, err)
	}
	defer log.Close()
	// Without a context: stop asks it to end before it is killed.
	p.command = exec.Command(path, arguments...)
	p.command.Stdout, p.command.Stderr = log, log
	p.command.SysProcAttr = tethered()
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.name, err)
	}
	go func() {
		_ = p.command.Wait() // its state says how it ended
		close(p.ended)
	}()
	return p, nil
}

// unexpectedEnd says how a process ended that should run.
func (p *process) unexpectedEnd() error {
	return fmt.Errorf("%s ended (%s); its log is %s", p.name, p.command.ProcessState, p.logPath)
}

// stop asks the process to end, and after a while ends it.
func (p *process) stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		return nil
	case <-time.After(stopGrace):
	}
	if err := p.command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end %s: %w", p.name, err)
	}
	<-p.ended
	return fmt.Errorf("%s did not end within %s, and was killed", p.name, stopGrace)
}

// logged waits until a line of the log matches, and returns the first group.
func (p *process) logged(pattern *regexp.Regexp, limit time.Duration) (string, error) {
	for deadline := time.Now().Add(limit); ; {
		content, err := os.ReadFile(p.logPath)
		if err != nil {
			return "", fmt.Errorf("read the log of %s: %w", p.name, err)
		}
		if found := pattern.FindSubmatch(content); found != nil {
			return string(found[1]), nil
		}
		select {
		case <-p.ended:
			return "", p.unexpectedEnd()
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return "", fmt.Errorf("%s did not say %q within %s; its log is %s", p.name, pattern, limit, p.logPath)
		}
	}
}
