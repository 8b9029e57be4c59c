// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
)

// measureRestart stops an operator that many objects wait for, and starts it again.
func measureRestart(ctx context.Context, b *bench) error {
	s, err := b.loadedStand(ctx)
	if err != nil {
		return err
	}
	if err := s.stopOperators(); err != nil {
		return err
	}
	gatewayBefore, err := s.gatewayRequests(ctx)
	if err != nil {
		return err
	}
	o, err := s.startSteady(ctx, b.waiting)
	if err != nil {
		return err
	}
	gatewayAfter, err := s.gatewayRequests(ctx)
	if err != nil {
		return err
	}
	statuses := 0
	for _, a := range writes(o.requests) {
		if a.kind() == "chinaaccountregistrations/status" {
			statuses++
		}
	}
	r := &b.result
	about := fmt.Sprintf("restart with %d UnderReview: ", b.waiting)
	asked := total(gatewayAfter) - total(gatewayBefore)
	r.alone("restart.seconds", about+"from start to steady", "s", o.took.Seconds())
	r.alone("restart.statuses", about+"status writes", "writes", float64(statuses))
	r.alone("restart.writes", about+"all API writes but for leases", "writes", float64(len(writes(o.requests))))
	r.alone("restart.reads", about+"API reads and watches but for leases", "reads", float64(len(o.requests)-len(writes(o.requests))))
	r.alone("restart.gateway", about+fmt.Sprintf("gateway requests (%d) for 100 objects", asked), "requests", 100*float64(asked)/float64(b.waiting))
	return nil
}
