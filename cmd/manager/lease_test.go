// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// replica is one of those that share a lease: the last write holds.
type replica struct {
	resourcelock.LeaseLock
	name   string
	shared *resourcelock.LeaderElectionRecord
}

func (r *replica) Identity() string { return r.name }

func (r *replica) Get(context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	record := *r.shared
	return &record, nil, nil
}

func (r *replica) Create(_ context.Context, record resourcelock.LeaderElectionRecord) error {
	*r.shared = record
	return nil
}

func (r *replica) Update(_ context.Context, record resourcelock.LeaderElectionRecord) error {
	*r.shared = record
	return nil
}

func TestALeaseIsGivenUpByItsHolderAlone(t *testing.T) {
	g, ctx := NewWithT(t), t.Context()
	shared := &resourcelock.LeaderElectionRecord{}
	first, second := &ownLease{Interface: &replica{name: "first", shared: shared}}, &ownLease{Interface: &replica{name: "second", shared: shared}}
	held := func(by string) resourcelock.LeaderElectionRecord {
		return resourcelock.LeaderElectionRecord{HolderIdentity: by}
	}

	g.Expect(first.Create(ctx, held("first"))).To(Succeed())
	g.Expect(second.Update(ctx, held("second"))).To(Succeed(), "it took over")
	_, _, err := first.Get(ctx) // as client-go reads a lease before it gives it up
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(first.Update(ctx, held(""))).To(MatchError(ContainSubstring(`held by "second"`)))
	g.Expect(shared.HolderIdentity).To(Equal("second"))

	g.Expect(second.Update(ctx, held(""))).To(Succeed())
	g.Expect(shared.HolderIdentity).To(BeEmpty())
}
