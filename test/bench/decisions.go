// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

// measureDecisions has the gateway decide many filings in one transaction, and waits
// until each is told in status and by an event: with the connection to the gateway as it
// is, and once more with every connection cut when half of them are told. Then the floor
// tells of as many.
func measureDecisions(ctx context.Context, b *bench) error {
	plain, err := b.decisionsByOperator(ctx, false)
	if err != nil {
		return err
	}
	verified, err := b.verifiedStatus(ctx)
	if err != nil {
		return err
	}
	cut, err := b.decisionsByOperator(ctx, true)
	if err != nil {
		return err
	}
	floors, err := b.decisionsByFloor(ctx, verified)
	if err != nil {
		return err
	}
	n := float64(b.decided)
	about := fmt.Sprintf("%d decisions at once, until all are told in status and by events", b.decided)
	b.result.beside("decisions", about, "objects/s", n/plain.took.Seconds(), n/floors.Seconds())
	b.result.alone("decisions.cut", "the same, every connection to the gateway cut in the middle", "objects/s", n/cut.took.Seconds())
	b.result.alone("decisions.cut.missed", "decisions that were missed by it", "objects", float64(cut.missed))
	return nil
}

// told is how decisions were.
type told struct {
	took   time.Duration
	missed int
}

func (b *bench) decisionsByOperator(ctx context.Context, cut bool) (result told, err error) {
	s, err := b.freshStand(ctx, cut)
	if err != nil {
		return result, err
	}
	if err := s.seed(ctx, 0, b.decided); err != nil {
		return result, err
	}
	if _, err := s.startOnSeeds(ctx, b.decided); err != nil {
		return result, err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	phases, err := s.watchPhases(watching)
	if err != nil {
		return result, err
	}
	events, err := s.watchEvents(watching)
	if err != nil {
		return result, err
	}
	began := time.Now()
	if err := s.decide(ctx, b.decided); err != nil {
		return result, err
	}
	if took := time.Since(began); took > time.Second {
		b.note("The gateway took %.1f s to decide %d filings.", took.Seconds(), b.decided)
	}
	if cut {
		if err := s.cutInTheMiddle(ctx, phases, b.decided/2); err != nil {
			return result, err
		}
	}
	for _, m := range []*marks{phases, events} {
		waited := m.await(ctx, b.limit, fmt.Sprintf("%d decisions to be told", b.decided), func() bool { return m.count(verifiedMark) == b.decided }, s.ended)
		if waited != nil && (ctx.Err() != nil || s.ended() != nil || m.failure() != nil) {
			return result, waited
		}
		result.missed = max(result.missed, b.decided-m.count(verifiedMark))
		result.took = max(result.took, m.last(verifiedMark).Sub(began))
	}
	if result.missed > 0 && !cut {
		return result, fmt.Errorf("%d of %d decisions were not told within %s", result.missed, b.decided, b.limit)
	}
	return result, nil
}

func (s *stand) cutInTheMiddle(ctx context.Context, phases *marks, middle int) error {
	err := phases.await(ctx, s.b.limit, "half of the decisions to be told", func() bool { return phases.count(verifiedMark) >= middle }, s.ended)
	if err != nil {
		return err
	}
	at := phases.count(verifiedMark)
	broken := s.proxy.cut()
	if broken == 0 {
		return fmt.Errorf("no connection was open when %d decisions were told: nothing was cut", at)
	}
	s.b.note("Cut %d connections to the gateway when %d of %d decisions were told.", broken, at, s.b.decided)
	return nil
}

// verifiedStatus is what the operator wrote for one of them: the floor writes the same.
func (b *bench) verifiedStatus(ctx context.Context) (v1alpha1.ChinaAccountRegistrationStatus, error) {
	reg := &v1alpha1.ChinaAccountRegistration{}
	one := b.stand.people[0]
	err := b.stand.Onlooker.Get(ctx, client.ObjectKey{Namespace: one.namespace, Name: one.name}, reg)
	if err == nil && reg.Status.Phase != v1alpha1.PhaseVerified {
		err = fmt.Errorf("it is %s", reg.Status.Phase)
	}
	if err != nil {
		return reg.Status, fmt.Errorf("read %s, which should be Verified: %w", one.name, err)
	}
	return reg.Status, nil
}

// decisionsByFloor returns how long the bare client takes for the same writes. It knows
// which filings were decided.
func (b *bench) decisionsByFloor(ctx context.Context, verified v1alpha1.ChinaAccountRegistrationStatus) (time.Duration, error) {
	s, err := b.freshStand(ctx, false)
	if err != nil {
		return 0, err
	}
	if err := s.seed(ctx, 0, b.decided); err != nil {
		return 0, err
	}
	f, err := s.newFloor()
	if err != nil {
		return 0, err
	}
	defer f.gateway.Close()
	list := &v1alpha1.ChinaAccountRegistrationList{}
	if err := s.Onlooker.List(ctx, list, client.InNamespace(s.namespace)); err != nil {
		return 0, fmt.Errorf("list registrations: %w", err)
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	for _, start := range []func(context.Context) (*marks, error){s.watchPhases, s.watchEvents} {
		if _, err := start(watching); err != nil { // they cost the operator's run something, too
			return 0, err
		}
	}
	feed := make(chan *v1alpha1.ChinaAccountRegistration, len(list.Items))
	for i := range list.Items {
		feed <- &list.Items[i]
	}
	close(feed)
	began := time.Now()
	if err := s.decide(ctx, b.decided); err != nil {
		return 0, err
	}
	err = work(ctx, b.workers, feed, func(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
		return f.follow(ctx, reg, verified)
	})
	return time.Since(began), err
}

// follow asks the gateway for one filing, and tells.
func (f *floor) follow(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, status v1alpha1.ChinaAccountRegistrationStatus) error {
	filing := *reg.Status.Filing
	attempt, err := f.gateway.Attempt(ctx, registrar.Filing{Key: filing.Key, Owner: filing.Owner}, filing.Attempt)
	if err != nil {
		return fmt.Errorf("ask for the filing of %s: %w", reg.Name, err)
	}
	if attempt == nil || attempt.State != lifecycle.StateVerified {
		return fmt.Errorf("ask for the filing of %s: it is %+v, and not verified", reg.Name, attempt)
	}
	filing.Revision = attempt.Revision
	before := reg.DeepCopy()
	reg.Status = filed(status, filing)
	if err := f.Onlooker.Status().Patch(ctx, reg, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})); err != nil {
		return fmt.Errorf("record the decision on %s: %w", reg.Name, err)
	}
	for _, event := range f.b.life.events[v1alpha1.PhaseVerified] {
		if event.Reason != verifiedMark {
			continue // here, nothing is required then
		}
		other := eventFor(event, reg)
		other.EventTime = metav1.NewMicroTime(time.Now())
		if err := f.Onlooker.Create(ctx, other); err != nil {
			return fmt.Errorf("tell of the decision on %s: %w", reg.Name, err)
		}
	}
	return nil
}
