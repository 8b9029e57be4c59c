// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// measureLife counts the operator's writes for a life, from the API server's audit log.
func measureLife(ctx context.Context, b *bench) error {
	s, err := b.freshStand(ctx, false)
	if err != nil {
		return err
	}
	mark, err := s.auditMark()
	if err != nil {
		return err
	}
	if _, err := s.operatorLives(ctx, b.audited, map[string]string{"operator": ""}); err != nil {
		return err
	}
	wait(ctx, settle) // for the hand-over and the last events
	requests, err := s.auditedSince(mark)
	if err != nil {
		return err
	}
	lives := map[string][]audited{}
	for _, a := range writes(requests) {
		if a.ObjectRef.Namespace == s.namespace {
			lives[a.whose()] = append(lives[a.whose()], a)
		}
	}
	for name := range lives {
		if !slices.ContainsFunc(s.applied(), func(p person) bool { return p.name == name }) {
			return fmt.Errorf("the operator wrote to %s, which is no registration's", name)
		}
	}
	if len(lives) != b.audited {
		return fmt.Errorf("the audit log has writes for %d of %d lives", len(lives), b.audited)
	}
	return b.countWrites(lives)
}

// applied are the people of this namespace.
func (s *stand) applied() (people []person) {
	for _, p := range s.people {
		people = append(people, p)
	}
	return people
}

// whose is the registration that a thing of its life belongs to, whose name begins with
// the registration's. A creation's name is in the body, which is not logged, unless the
// API server tells it.
func (a audited) whose() string {
	name := a.ObjectRef.Name
	for _, suffix := range []string{"-signin", "-account"} {
		name = strings.TrimSuffix(name, suffix)
	}
	name, _, _ = strings.Cut(name, ".") // an event's
	return name
}

func (b *bench) countWrites(lives map[string][]audited) error {
	var totals []float64
	most := 0
	kinds := map[writing][]int{} // by verb and resource, how many in each life
	for _, life := range lives {
		totals, most = append(totals, float64(len(life))), max(most, len(life))
		for kind, n := range byVerb(life) {
			verb, resource, _ := strings.Cut(kind, " ")
			w := writing{Verb: verb, Resource: resource}
			kinds[w] = append(kinds[w], n)
		}
	}
	if len(totals) == 0 {
		return errors.New("there is no life to count the writes of")
	}
	for w, counts := range kinds {
		sum := 0
		for _, n := range counts {
			sum += n
		}
		w.Mean, w.Max = float64(sum)/float64(len(lives)), slices.Max(counts)
		b.result.Writes = append(b.result.Writes, w)
	}
	slices.SortFunc(b.result.Writes, func(x, y writing) int {
		return cmp.Or(-cmp.Compare(x.Mean, y.Mean), strings.Compare(x.Verb+x.Resource, y.Verb+y.Resource))
	})
	floor := float64(b.life.writes())
	b.result.beside("life.writes.mean", fmt.Sprintf("writes for a life from apply to Active, mean of %d", len(lives)), "writes", mean(totals), floor)
	b.result.beside("life.writes.max", "the same, the most", "writes", float64(most), floor)
	return nil
}

// writes are the floor's in one life.
func (l *life) writes() int {
	const intent, signIn, handOver = 1, 1, 1
	n := intent + signIn + handOver + len(lifePhases)
	for _, phase := range lifePhases {
		n += len(l.events[phase])
	}
	return n
}
