// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// recovery is how long the lives may take to end once all is well: an operator that
// waits for the API server tries again within a minute, and a thousand lives are at two a
// second on two cores.
func recovery(n int) time.Duration { return 2*time.Minute + time.Duration(n)*400*time.Millisecond }

// conclude waits until every life has ended, and holds all against what was promised.
func (c *crowd) conclude(ctx context.Context, o options) error {
	healed := time.Now()
	for ctx.Err() == nil && time.Since(healed) < recovery(o.n) && c.open(ctx) > 0 {
		wait(ctx, time.Second)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Printf("%.0f s later %d of %d lives have ended.\n", time.Since(healed).Seconds(), o.n-c.open(ctx), o.n)
	wait(ctx, 2*time.Second) // what is still on its way arrives
	broken, err := c.judge(ctx)
	if err != nil {
		return err
	}
	for _, b := range broken {
		fmt.Println("  BROKEN", b)
	}
	books, err := c.Books(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("The registrar has %d filings, %d of them twice, %d that preflight should have stopped. The operators were started %d and %d times, the gateway %d times; %d strikes on Secrets missed.\n",
		books.Counters.Filings, books.Counters.DuplicateFilings, books.Counters.PreventableFilings,
		c.kept["operator-1"].runs(), c.kept["operator-2"].runs(), c.kept["gateway"].runs(), c.missed.Load())
	fmt.Printf("%d violations. Again: make chaos N=%d MINUTES=%g SEED=%d\n", len(broken), o.n, o.minutes, o.seed)
	if len(broken) > 0 {
		return errors.New("what must hold did not")
	}
	return nil
}

// open counts the lives that have not ended.
func (c *crowd) open(ctx context.Context) int {
	n := 0
	for i, p := range c.people {
		reg := c.look(ctx, i)
		if c.witnesses[i].Last() == nil || !p.Ended(reg) {
			n++
		}
	}
	return n
}

// judge holds each life, and the registrar's books as a whole, against the model.
func (c *crowd) judge(ctx context.Context) ([]string, error) {
	books, err := c.Books(ctx)
	if err != nil {
		return nil, err
	}
	broken, err := c.searchLogs()
	if err != nil {
		return nil, err
	}
	if books.Counters.DuplicateFilings > 0 || books.Counters.PreventableFilings > 0 {
		broken = append(broken, fmt.Sprintf("the registrar counts %d duplicate and %d preventable filings",
			books.Counters.DuplicateFilings, books.Counters.PreventableFilings))
	}
	known := map[string]bool{}
	for i, p := range c.people {
		known[p.Key()] = true
		found, err := p.Judge(ctx, c.witnesses[i], books, true)
		if err != nil {
			return nil, err
		}
		for _, b := range found {
			broken = append(broken, p.Name+": "+b)
		}
	}
	for key := range books.Standings {
		if !known[key] {
			broken = append(broken, "the registrar has a filing of nobody's: "+key)
		}
	}
	return broken, nil
}
