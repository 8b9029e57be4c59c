// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// chunk is how many filings the gateway stores in one transaction.
const chunk = 1000

// seeded is one filing, and what the gateway has of it.
type seeded struct {
	person
	filing v1alpha1.Filing
}

// seed makes registrations first to first+n that are UnderReview, as if the operator had
// taken them there: with the status that it gave one, and the same filing at the
// gateway, so that it has nothing to do with them. No operator runs meanwhile.
func (s *stand) seed(ctx context.Context, first, n int) error {
	if err := s.seedRegistrar(ctx); err != nil {
		return err
	}
	var people []person
	for i := first; i < first+n; i++ {
		people = append(people, s.person(i, silent))
	}
	for part := range slices.Chunk(people, chunk) {
		filings, err := s.seedFilings(ctx, part)
		if err != nil {
			return err
		}
		if err := inParallel(ctx, filings, s.seedObject); err != nil {
			return err
		}
	}
	return nil
}

// seedRegistrar has the Registrar be ready already, as it is when an operator starts
// again: one that was not probed yet is told of in every object's status.
func (s *stand) seedRegistrar(ctx context.Context) error {
	patch, err := json.Marshal(map[string]any{"status": s.b.life.registrar})
	if err != nil {
		return fmt.Errorf("seed the Registrar's status: %w", err)
	}
	registrar := &v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: ground.GatewayName}}
	if err := s.Onlooker.Status().Patch(ctx, registrar, client.RawPatch(types.MergePatchType, patch)); err != nil {
		return fmt.Errorf("seed the Registrar's status: %w", err)
	}
	return nil
}

func (s *stand) seedFilings(ctx context.Context, people []person) (filings []seeded, err error) {
	seeds := make([]registrar.Seed, 0, len(people))
	for _, p := range people {
		seeds = append(seeds, registrar.Seed{
			Key: p.key(), Owner: s.key.Owner(p.namespace, p.name), Region: "cn-northwest-1", Digest: p.digest(s.key), State: "underReview",
		})
	}
	standings, err := s.file(ctx, seeds)
	if err != nil {
		return nil, err
	}
	for i, standing := range standings {
		attempt := standing.Attempts[0]
		filings = append(filings, seeded{person: people[i], filing: v1alpha1.Filing{
			Key: seeds[i].Key, Owner: seeds[i].Owner, Digest: seeds[i].Digest, Attempt: attempt.Number,
			Reference: attempt.Reference, Revision: attempt.Revision, FiledTime: &metav1.Time{Time: attempt.FiledTime},
		}})
	}
	return filings, nil
}

// seedObject takes the steps that the API server's state machine allows.
func (s *stand) seedObject(ctx context.Context, one seeded) error {
	reg := one.registration()
	if err := s.Onlooker.Create(ctx, reg); err != nil {
		return fmt.Errorf("seed %s: %w", one.name, err)
	}
	for _, status := range []v1alpha1.ChinaAccountRegistrationStatus{
		{Phase: v1alpha1.PhasePending},
		filed(s.b.life.statuses[v1alpha1.PhaseUnderReview], one.filing),
	} {
		patch, err := json.Marshal(map[string]any{"status": status})
		if err != nil {
			return fmt.Errorf("seed %s: %w", one.name, err)
		}
		if err := s.Onlooker.Status().Patch(ctx, reg, client.RawPatch(types.MergePatchType, patch)); err != nil {
			return fmt.Errorf("seed %s as %s: %w", one.name, status.Phase, err)
		}
	}
	return nil
}

// started is an operator that was started and became steady.
type started struct {
	*operator
	took time.Duration
	// requests of its own until then.
	requests []audited
}

// startSteady starts an operator where n objects are.
func (s *stand) startSteady(ctx context.Context, n int) (*started, error) {
	mark, err := s.auditMark()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	o, err := s.startOperator(ctx, fmt.Sprintf("operator-at-%d", n))
	if err != nil {
		return nil, err
	}
	steady, err := o.awaitSteady(ctx, n)
	if err != nil {
		return nil, err
	}
	requests, err := s.auditedSince(mark)
	if err != nil {
		return nil, err
	}
	if len(requests) == 0 {
		return nil, errors.New("the audit log has no request of an operator that started: none of its counts would be true")
	}
	return &started{operator: o, took: steady.Sub(began), requests: requests}, nil
}

// startOnSeeds starts an operator on n seeds that none has seen. It must have nothing to
// write to them: otherwise they are not what it makes itself, and nothing that is
// measured on them is true.
func (s *stand) startOnSeeds(ctx context.Context, n int) (*started, error) {
	o, err := s.startSteady(ctx, n)
	if err != nil {
		return nil, err
	}
	for _, a := range writes(o.requests) {
		if a.ObjectRef.Namespace == s.namespace {
			return nil, fmt.Errorf("the operator had a %s of %s to do to a seed (%s)", a.Verb, a.kind(), a.ObjectRef.Name)
		}
	}
	return o, nil
}
