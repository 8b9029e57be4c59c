// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"sigs.k8s.io/controller-runtime/pkg/leaderelection"
	"sigs.k8s.io/controller-runtime/pkg/recorder"
)

const leaseName = "china-account-operator"

// leaseOf is the lease of those that have the same registrations to see to.
func leaseOf(selector labels.Selector) string {
	if selector.Empty() {
		return leaseName
	}
	h := fnv.New32a()
	_, _ = io.WriteString(h, selector.String())
	return fmt.Sprintf("%s-%08x", leaseName, h.Sum32())
}

// ownLease is a lease that only its holder gives up. An elector whose last renewal broke
// off gives up what it finds, whoever holds it by then (client-go, tryRelease): an operator
// that was stopped in the middle of one would wake and end the lease of its successor.
type ownLease struct {
	resourcelock.Interface
	holder string
}

// open connects the lease, once there is something that records its events.
func (l *ownLease) open(config *rest.Config, events recorder.Provider, o *options) error {
	var err error
	l.Interface, err = leaderelection.NewResourceLock(rest.CopyConfig(config), events, leaderelection.Options{
		LeaderElection:          o.leaderElect,
		LeaderElectionID:        leaseOf(o.selector),
		LeaderElectionNamespace: o.namespace,
		RenewDeadline:           o.lease.renewDeadline,
	})
	return err
}

// Get reads the lease, and remembers who holds it.
func (l *ownLease) Get(ctx context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	record, raw, err := l.Interface.Get(ctx)
	if err == nil {
		l.holder = record.HolderIdentity
	}
	return record, raw, err
}

// Update writes the lease, unless it would give up what another was seen to hold.
func (l *ownLease) Update(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	givesUp := record.HolderIdentity == ""
	if givesUp && l.holder != l.Identity() {
		return fmt.Errorf("the lease is held by %q meanwhile: it is not given up", l.holder)
	}
	err := l.Interface.Update(ctx, record)
	if err == nil {
		l.holder = record.HolderIdentity
	}
	return err
}

// Create writes a lease that was not there.
func (l *ownLease) Create(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	err := l.Interface.Create(ctx, record)
	if err == nil {
		l.holder = record.HolderIdentity
	}
	return err
}
