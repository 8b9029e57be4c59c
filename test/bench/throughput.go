// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	submittedMark = string(v1alpha1.PhaseSubmitted)
	verifiedMark  = string(v1alpha1.PhaseVerified)
	activeMark    = string(v1alpha1.PhaseActive)
)

// measureThroughput applies many registrations at once and waits until the last is
// Active; then the floor takes as many through the same life.
func measureThroughput(ctx context.Context, b *bench) error {
	s, err := b.freshStand(ctx, false)
	if err != nil {
		return err
	}
	if !b.fresh { // the first lives on a control plane take longer, and the floor's come second
		if _, err := s.floorLives(ctx, b.audited); err != nil {
			return err
		}
		if s, err = b.freshStand(ctx, false); err != nil {
			return err
		}
	}
	operators, err := s.operatorLives(ctx, b.lives, map[string]string{"operator": ""})
	if err != nil {
		return err
	}
	if s, err = b.freshStand(ctx, false); err != nil {
		return err
	}
	floors, err := s.floorLives(ctx, b.lives)
	if err != nil {
		return err
	}
	b.result.beside("throughput", fmt.Sprintf("%d registrations applied at once, until all are Active", b.lives), "objects/s", operators, floors)
	return nil
}

// operatorLives returns how many objects a second operators take to Active. Each of them
// has a name, and a shard where it is not the only one.
func (s *stand) operatorLives(ctx context.Context, n int, shards map[string]string) (rate float64, err error) {
	people, err := s.lifePeople(ctx, n, shards)
	if err != nil {
		return 0, err
	}
	for name, shard := range shards {
		var more []string
		if shard != "" {
			// Its lease would have a name that the Role in config/rbac does not have.
			more = []string{"--" + flagSelector, shardLabel + "=" + shard, "--leader-elect=false"}
		}
		o, err := s.startOperator(ctx, name, more...)
		if err != nil {
			return 0, err
		}
		if _, err := o.awaitSteady(ctx, 0); err != nil {
			return 0, err
		}
	}
	if err := s.awaitRegistrar(ctx); err != nil {
		return 0, err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	phases, err := s.watchPhases(watching)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := s.apply(ctx, people, nil); err != nil {
		return 0, err
	}
	err = phases.await(ctx, s.b.limit, fmt.Sprintf("%d registrations to be Active", n), func() bool { return phases.count(activeMark) == n }, s.ended)
	if err != nil {
		return 0, err
	}
	for _, phase := range lifePhases {
		if seen := phases.count(string(phase)); seen != n {
			s.b.note("%d of %d lives had no phase %s: the floor's had.", n-seen, n, phase)
		}
	}
	return float64(n) / phases.last(activeMark).Sub(began).Seconds(), nil
}

// lifePeople are those whose Secrets are there.
func (s *stand) lifePeople(ctx context.Context, n int, shards map[string]string) ([]person, error) {
	var labels []string
	for _, shard := range shards {
		labels = append(labels, shard)
	}
	people := make([]person, 0, n)
	for i := range n {
		p := s.person(i, reviewed)
		p.shard = labels[i%len(labels)]
		people = append(people, p)
	}
	return people, s.makeSecrets(ctx, people)
}

// floorLives returns how many objects a second the bare client takes to Active, with as
// many workers as the operator has.
func (s *stand) floorLives(ctx context.Context, n int) (rate float64, err error) {
	people, err := s.lifePeople(ctx, n, map[string]string{"": ""})
	if err != nil {
		return 0, err
	}
	f, err := s.newFloor()
	if err != nil {
		return 0, err
	}
	defer f.gateway.Close()
	watching, stop := context.WithCancel(ctx)
	defer stop()
	phases, err := s.watchPhases(watching) // it costs the operator's run something, too
	if err != nil {
		return 0, err
	}
	applied, failed := make(chan person, n), make(chan error, 1)
	began := time.Now()
	go func() {
		failed <- s.apply(ctx, people, func(p person) { applied <- p })
		close(applied)
	}()
	if err := work(ctx, s.b.workers, applied, f.live); err != nil {
		return 0, err
	}
	if err := <-failed; err != nil {
		return 0, err
	}
	err = phases.await(ctx, s.b.limit, fmt.Sprintf("%d registrations to be Active", n), func() bool { return phases.count(activeMark) == n }, s.ended)
	return float64(n) / phases.last(activeMark).Sub(began).Seconds(), err
}

// measureShards has two operators share the load of measureThroughput.
func measureShards(ctx context.Context, b *bench) error {
	if !b.flags[flagSelector] {
		return nil
	}
	rates := make([]float64, 2)
	for i, shards := range []map[string]string{{"operator": ""}, {"operator-a": "a", "operator-b": "b"}} {
		if one, measured := b.result.find("throughput"); i == 0 && measured {
			rates[0] = one.Operator
			continue
		}
		s, err := b.freshStand(ctx, false)
		if err != nil {
			return err
		}
		if rates[i], err = s.operatorLives(ctx, b.lives, shards); err != nil {
			return err
		}
	}
	b.result.beside("shards", fmt.Sprintf("the same by two operators, a half each; the floor is one operator; %d cores", b.result.Machine.Cores), "objects/s", rates[1], rates[0])
	return nil
}
