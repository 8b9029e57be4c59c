// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// forcedState is a decision of the registrar, by the reference gateway's admin API.
type forcedState struct {
	State      string   `json:"state"`
	Challenges []string `json:"challenges,omitempty"`
}

func (g *ground) forceState(ctx context.Context, key string, state forcedState) error {
	body, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("write the registrar's decision: %w", err)
	}
	return g.askGateway(ctx, http.MethodPost, "/registrations/"+key+"/state", body, nil)
}

// counters are what the registrar saw.
func (g *ground) counters(ctx context.Context) (registrar.Counters, error) {
	var counters registrar.Counters
	err := g.askGateway(ctx, http.MethodGet, "/counters", nil, &counters)
	return counters, err
}

func (g *ground) askGateway(ctx context.Context, method, path string, body []byte, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, g.gatewayAdmin+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s of the gateway's admin API: %s", method, path, response.Status)
	}
	if into == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	return nil
}
