// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// file has the gateway store filings that nobody made by the contract.
func (s *stand) file(ctx context.Context, seeds []registrar.Seed) ([]registrar.Standing, error) {
	standings, err := s.Gateway.Seed(ctx, seeds)
	if err == nil && len(standings) != len(seeds) {
		err = fmt.Errorf("the gateway stored %d of %d filings", len(standings), len(seeds))
	}
	return standings, err
}

// decide has the gateway decide so many filings in one transaction.
func (s *stand) decide(ctx context.Context, n int) error {
	decided, err := s.Gateway.Decide(ctx, registrar.Decision{ForcedState: registrar.ForcedState{State: "verified"}, Limit: n})
	if err == nil && decided != n {
		err = fmt.Errorf("the gateway decided %d filings of %d", decided, n)
	}
	return err
}

// gatewayRequests are the requests of the contract since the gateway started.
func (s *stand) gatewayRequests(ctx context.Context) (map[string]int, error) {
	counters, err := s.Gateway.Counters(ctx)
	return counters.Requests, err
}
