// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/process"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// world is everything that can be broken.
type world struct {
	*ground.Ground
	kept map[string]*kept
	// pace of the operators' looks.
	pace []string

	mu sync.Mutex
	// spoils counts how often each of the gateway's faults is on: they may overlap.
	spoils map[string]int
}

// paceFor has the operators look often, and less often the more there is to look at: it
// is not speed that is tried.
func paceFor(n int) []string {
	slower := max(1, float64(n)/300)
	often := func(d time.Duration) string { return time.Duration(slower * float64(d)).String() }
	return []string{
		"--poll-min", often(500 * time.Millisecond), "--poll-max", often(4 * time.Second),
		"--missing-min", often(300 * time.Millisecond), "--missing-max", often(2 * time.Second),
	}
}

func openWorld(ctx context.Context, dir, operator string, n int) (*world, error) {
	w := &world{kept: map[string]*kept{}, spoils: map[string]int{}, pace: paceFor(n)}
	var err error
	w.Ground, err = ground.Lay(ctx, dir, env.Options{Breakable: true}, "--step", "1h", "--hold", "4s", "--code-ttl", "2h")
	if err != nil {
		return w, err
	}
	if err := w.MakeNamespace(ctx, namespace); err != nil {
		return w, err
	}
	if err := w.MakeRegistrar(ctx, w.Gateway.Host, w.Gateway.CA); err != nil {
		return w, err
	}
	w.kept["gateway"] = keep(w.Gateway.Process, func() (*process.Process, error) {
		err := w.Gateway.Restart()
		return w.Gateway.Process, err
	})
	for _, name := range []string{"operator-1", "operator-2"} {
		start := func() (*process.Process, error) { return w.startOperator(name, operator) }
		first, err := start()
		if err != nil {
			return w, err
		}
		w.kept[name] = keep(first, start)
	}
	return w, nil
}

// quick has the operators hand over soon, and give up on a registrar that does not answer.
var quick = []string{
	"--registrar-timeout", "3s", "--registrar-qps", "500", "--health-probe-bind-address", "0",
	"--leader-elect", "--leader-elect-lease-duration", "4s", "--leader-elect-renew-deadline", "3s", "--leader-elect-retry-period", "500ms",
}

func (w *world) startOperator(name, path string) (*process.Process, error) {
	return process.Start(w.LogPath(name), path, slices.Concat([]string{"--kubeconfig", w.OperatorKubeconfig}, quick, w.pace)...)
}

// close ends everything.
func (w *world) close() error {
	var failures []error
	for _, k := range w.kept {
		failures = append(failures, k.end())
	}
	if w.Ground != nil {
		failures = append(failures, w.Clear())
	}
	return errors.Join(failures...)
}

// suffer carries out a strike, and mends it when its time has come.
func (w *world) suffer(ctx context.Context, s strike) error {
	if s.deed == answers {
		return w.spoil(ctx, s)
	}
	victims := []string{s.victim}
	if s.victim == "both operators" {
		victims = []string{"operator-1", "operator-2"}
	}
	var failures []error
	for _, victim := range victims {
		failures = append(failures, w.harm(ctx, s, victim))
	}
	return errors.Join(failures...)
}

// harm kills or stops a process.
func (w *world) harm(ctx context.Context, s strike, victim string) error {
	var part interface {
		Kill() error
		Pause() error
		Resume() error
	}
	switch victim {
	case "etcd":
		part = w.Plane.Etcd()
	case "kube-apiserver":
		part = w.Plane.APIServer()
	default:
		part = w.kept[victim]
	}
	if s.deed == kills {
		if k, ok := part.(*kept); ok {
			k.away(s.lasts)
		}
		return part.Kill()
	}
	if err := part.Pause(); err != nil {
		return err
	}
	wait(ctx, s.lasts)
	return part.Resume()
}

// spoil switches a fault on for a while, on half of the gateway's operations.
func (w *world) spoil(ctx context.Context, s strike) error {
	w.switchOn(ctx, s.victim, 1)
	wait(ctx, s.lasts)
	w.switchOn(ctx, s.victim, -1)
	return nil
}

// switchOn tells the gateway; one that is dead has none when it comes back.
func (w *world) switchOn(ctx context.Context, kind string, by int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spoils[kind] += by
	var faults []registrar.Fault
	for kind, n := range w.spoils {
		if n > 0 {
			name, done := strings.CutSuffix(kind, " done")
			faults = append(faults, registrar.Fault{Kind: name, TakesEffect: done, RetryAfterSeconds: 1})
		}
	}
	limited, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = w.Gateway.Faults(limited, faults...)
}

// heal ends all that is wrong.
func (w *world) heal(ctx context.Context) error {
	for _, part := range []*env.Part{w.Plane.Etcd(), w.Plane.APIServer()} {
		if err := part.Resume(); err != nil {
			return err
		}
	}
	for _, k := range w.kept {
		k.away(0)
		if err := k.Resume(); err != nil {
			return err
		}
	}
	if err := w.Plane.WaitReady(ctx); err != nil {
		return err
	}
	for range 100 {
		if err := w.Gateway.Faults(ctx); err == nil {
			return nil
		}
		wait(ctx, 100*time.Millisecond)
	}
	return errors.New("the gateway does not come back")
}

// wait for a while, or for the end.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// logs of the operators.
func (w *world) logs() []string {
	return []string{w.LogPath("operator-1"), w.LogPath("operator-2")}
}
