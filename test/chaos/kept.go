// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/chinaaccount/china-account-operator/test/process"
)

// kept is a process that is started again whenever it ends, as a kubelet does.
type kept struct {
	mu      sync.Mutex
	process *process.Process
	start   func() (*process.Process, error)
	// until when it is not started again.
	until  time.Time
	ending bool
	over   chan struct{}
	// starts counts its runs.
	starts int
}

func keep(first *process.Process, start func() (*process.Process, error)) *kept {
	k := &kept{process: first, start: start, over: make(chan struct{}), starts: 1}
	go k.watch()
	return k
}

// restartPause is how soon a process is started again that nobody keeps away.
const restartPause = 200 * time.Millisecond

func (k *kept) watch() {
	defer close(k.over)
	for {
		<-k.now().Ended()
		for !k.mayStart() {
			time.Sleep(restartPause)
		}
		if k.again() {
			return
		}
	}
}

func (k *kept) now() *process.Process {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.process
}

func (k *kept) mayStart() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ending || time.Now().After(k.until)
}

// again starts it, unless it is to end.
func (k *kept) again() (over bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ending {
		return true
	}
	started, err := k.start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		time.Sleep(restartPause)
		return false
	}
	k.process, k.starts = started, k.starts+1
	return false
}

// runs is how often it was started.
func (k *kept) runs() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.starts
}

// away keeps it from being started again for a while.
func (k *kept) away(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.until = time.Now().Add(d)
}

// Kill, Pause and Resume are the process's.
func (k *kept) Kill() error { return k.now().Kill() }

// Pause stops it.
func (k *kept) Pause() error { return k.now().Pause() }

// Resume lets it go on.
func (k *kept) Resume() error { return k.now().Resume() }

func (k *kept) end() error {
	k.mu.Lock()
	k.ending = true
	k.mu.Unlock()
	err := k.Kill()
	<-k.over
	return err
}
