// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
)

const mebi = 1 << 20

// reading is how much was asked for and used up at one moment.
type reading struct {
	metrics metrics
	audit   int64
	gateway map[string]int
}

func (s *stand) read(ctx context.Context) (r reading, err error) {
	if r.metrics, err = s.operators[0].metrics(ctx); err != nil {
		return r, err
	}
	if err := r.metrics.isWhole(); err != nil {
		return r, err
	}
	if r.audit, err = s.auditMark(); err != nil {
		return r, err
	}
	r.gateway, err = s.gatewayRequests(ctx)
	return r, err
}

// measureRest looks at an operator for which nothing happens.
func measureRest(ctx context.Context, b *bench) error {
	s, err := b.loadedStand(ctx)
	if err != nil {
		return err
	}
	before, err := s.read(ctx)
	if err != nil {
		return err
	}
	wait(ctx, b.window)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	after, err := s.read(ctx)
	if err != nil {
		return err
	}
	requests, err := s.auditedSince(before.audit)
	if err != nil {
		return err
	}
	written := writes(requests)
	for _, kind := range slices.Sorted(maps.Keys(byVerb(requests))) {
		b.note("At rest, the operator made %d × %s in %s.", byVerb(requests)[kind], kind, b.window)
	}
	r := &b.result
	at := fmt.Sprintf("at rest, %d UnderReview for %s: ", b.waiting, b.window)
	// A long poll that happens to end within a short window is no rate.
	minutes := math.Ceil(b.window.Minutes())
	r.alone("rest.writes", at+"API writes but for leases", "writes", float64(len(written)))
	r.alone("rest.reads", at+"API reads and watches but for leases", "reads", float64(len(requests)-len(written)))
	r.alone("rest.requests", at+"all API requests that it counts itself, leases included", "requests", after.metrics.requests()-before.metrics.requests())
	r.alone("rest.gateway", at+"gateway requests for each minute begun, one Registrar", "requests", float64(total(after.gateway)-total(before.gateway))/minutes)
	r.alone("rest.cpu", at+"CPU", "% of a core", 100*(after.metrics.cpuSeconds()-before.metrics.cpuSeconds())/b.window.Seconds())
	r.alone("rest.resident", at+"resident memory", "MiB", after.metrics.resident()/mebi)
	return nil
}

func total(counts map[string]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}
