// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"
)

// measureLatency applies registrations one after another, with many waiting, then with
// none, and takes the time from apply to Submitted of each. Those that wait are there
// already where something was measured on them before.
func measureLatency(ctx context.Context, b *bench) error {
	s, err := b.loadedStand(ctx)
	if err != nil {
		return err
	}
	loaded, err := s.newcomers(ctx, b.waiting, b.newcomers)
	if err != nil {
		return err
	}
	if s, err = b.freshStand(ctx, false); err != nil {
		return err
	}
	if _, err := s.startOperator(ctx, "operator"); err != nil {
		return err
	}
	if err := s.awaitRegistrar(ctx); err != nil {
		return err
	}
	idle, err := s.newcomers(ctx, 0, b.newcomers)
	if err != nil {
		return err
	}
	for _, q := range []struct {
		name  string
		share float64
	}{{"p50", 0.5}, {"p99", 0.99}} {
		about := fmt.Sprintf("%s of %d from apply to Submitted, %d waiting; the floor is none waiting", q.name, b.newcomers, b.waiting)
		b.result.beside("latency."+q.name, about, "ms", milliseconds(quantile(loaded, q.share)), milliseconds(quantile(idle, q.share)))
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// firstNewcomers are not counted: connections are made, and code is read, for them alone.
const firstNewcomers = 3

// newcomers applies the next when the last is Submitted. Their numbers begin with first.
func (s *stand) newcomers(ctx context.Context, first, n int) (took []time.Duration, err error) {
	var people []person
	for i := first; i < first+firstNewcomers+n; i++ {
		people = append(people, s.person(i, silent))
	}
	if err := s.makeSecrets(ctx, people); err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	phases, err := s.watchPhases(watching)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		began := time.Now()
		if err := s.Onlooker.Create(ctx, p.registration()); err != nil {
			return nil, fmt.Errorf("apply %s: %w", p.name, err)
		}
		var at time.Time
		isSo := func() (is bool) {
			at, is = phases.at(p.name, submittedMark)
			return is
		}
		if err := phases.await(ctx, s.b.limit, p.name+" to be Submitted", isSo, s.ended); err != nil {
			return nil, err
		}
		took = append(took, at.Sub(began))
	}
	return took[firstNewcomers:], nil
}
