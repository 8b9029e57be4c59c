// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import "context"

// measureGrowth starts the operator on more and more objects, which are made while it is
// stopped: what it keeps of each, and how long it takes to be steady.
func measureGrowth(ctx context.Context, b *bench) error {
	s, err := b.freshStand(ctx, false)
	if err != nil {
		return err
	}
	there := 0
	for _, n := range b.growth {
		if err := s.seed(ctx, there, n-there); err != nil {
			return err
		}
		there = n
		point, err := s.growAt(ctx, n)
		if err != nil {
			return err
		}
		b.result.Growth = append(b.result.Growth, point)
	}
	b.fitGrowth()
	return nil
}

func (s *stand) growAt(ctx context.Context, n int) (g grown, err error) {
	o, err := s.startOnSeeds(ctx, n)
	if err != nil {
		return g, err
	}
	g = grown{Objects: n, Seconds: o.took.Seconds()}
	heap, can, err := o.liveHeap(ctx)
	if err != nil {
		return g, err
	}
	if can {
		heap /= mebi
		g.HeapMiB = &heap
	}
	m, err := o.metrics(ctx)
	if err != nil {
		return g, err
	}
	if err := m.isWhole(); err != nil {
		return g, err
	}
	g.ResidentMiB = m.resident() / mebi
	return g, s.stopOperators()
}

// fitGrowth lays lines through the points.
func (b *bench) fitGrowth() {
	var objects, heap, resident, seconds []float64
	for _, g := range b.result.Growth {
		objects, resident, seconds = append(objects, float64(g.Objects)), append(resident, g.ResidentMiB), append(seconds, g.Seconds)
		if g.HeapMiB != nil {
			heap = append(heap, *g.HeapMiB)
		}
	}
	const about = "growth: "
	kibi := func(l line) float64 { return l.slope * 1024 }
	if len(heap) == len(objects) {
		l := fit(objects, heap)
		b.result.alone("growth.heap", about+"live heap for each object", "KiB", kibi(l))
		b.result.alone("growth.heap.r2", about+"live heap, R² of the line", "", l.r2)
	}
	l := fit(objects, resident)
	b.result.alone("growth.resident", about+"resident memory for each object", "KiB", kibi(l))
	l = fit(objects, seconds)
	b.result.alone("growth.time", about+"time to steady for each object", "ms", l.slope*1000)
	b.result.alone("growth.time.r2", about+"time to steady, R² of the line", "", l.r2)
}
