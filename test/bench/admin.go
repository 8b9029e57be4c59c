// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// file has the gateway store filings that nobody made by the contract.
func (s *stand) file(ctx context.Context, seeds []registrar.Seed) (standings []registrar.Standing, err error) {
	err = s.control(ctx, "/registrations", seeds, &standings)
	if err == nil && len(standings) != len(seeds) {
		err = fmt.Errorf("the gateway stored %d of %d filings", len(standings), len(seeds))
	}
	return standings, err
}

// decide has the gateway decide so many filings in one transaction.
func (s *stand) decide(ctx context.Context, n int) error {
	var told registrar.Decided
	err := s.control(ctx, "/decisions", registrar.Decision{ForcedState: registrar.ForcedState{State: "verified"}, Limit: n}, &told)
	if err == nil && told.Decided != n {
		err = fmt.Errorf("the gateway decided %d filings of %d", told.Decided, n)
	}
	return err
}

// gatewayRequests are the requests of the contract since the gateway started.
func (s *stand) gatewayRequests(ctx context.Context) (map[string]int, error) {
	counters, err := s.Gateway.Counters(ctx)
	return counters.Requests, err
}

func (s *stand) control(ctx context.Context, path string, body, into any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode the request: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Gateway.AdminURL+path, bytes.NewReader(encoded))
	if err != nil {
		return fmt.Errorf("POST %s of the gateway's admin API: %w", path, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("POST %s of the gateway's admin API: %w", path, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d: %s", response.StatusCode, answer)
	}
	if err == nil {
		err = json.Unmarshal(answer, into)
	}
	if err != nil {
		return fmt.Errorf("POST %s of the gateway's admin API: %w", path, err)
	}
	return nil
}
