// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// startLimit bounds the start of one process, which takes a second or two.
const startLimit = 30 * time.Second

var (
	servingGateway = regexp.MustCompile(`msg="Serving the gateway contract" address=(\S+)`)
	servingAdmin   = regexp.MustCompile(`msg="Serving switches and counters" address=(\S+)`)
)

// Gateway is the reference gateway as a process, and its admin API.
type Gateway struct {
	*Process
	// Token is what it wants of its clients, CA the PEM of who vouches for it.
	Token string
	CA    []byte
	// Host and port of the contract.
	Host string
	// AdminURL is where its switches and counters are.
	AdminURL string

	dir       string
	arguments []string
}

// StartGateway runs it with its store, token and CA in dir. Arguments are added to
// its flags.
func StartGateway(dir, logPath, token string, arguments ...string) (*Gateway, error) {
	g := &Gateway{
		Token: token, Host: "127.0.0.1:0", AdminURL: "http://127.0.0.1:0", dir: dir, arguments: arguments,
		Process: &Process{LogPath: logPath},
	}
	if err := os.WriteFile(g.file("gateway-token"), []byte(token), 0o600); err != nil {
		return nil, fmt.Errorf("write the gateway's token: %w", err)
	}
	if err := g.Restart(); err != nil {
		return nil, err
	}
	var err error
	if g.Host, err = g.Logged(servingGateway, startLimit); err != nil {
		return nil, err
	}
	adminHost, err := g.Logged(servingAdmin, startLimit)
	if err != nil {
		return nil, err
	}
	g.AdminURL = "http://" + adminHost
	if g.CA, err = os.ReadFile(g.file("gateway-ca.pem")); err != nil {
		return nil, fmt.Errorf("read the gateway's CA: %w", err)
	}
	return g, nil
}

func (g *Gateway) file(name string) string { return filepath.Join(g.dir, name) }

// Restart runs it again where it was, after it has ended.
func (g *Gateway) Restart() error {
	path, err := Binary("registrar-gateway")
	if err != nil {
		return err
	}
	g.Process, err = Start(g.LogPath, path, append([]string{
		"--listen", g.Host, "--admin-listen", g.AdminURL[len("http://"):], "--store", g.file("gateway.db"),
		"--token-file", g.file("gateway-token"), "--ca-out", g.file("gateway-ca.pem"),
	}, g.arguments...)...)
	return err
}

// Counters are what the registrar saw.
func (g *Gateway) Counters(ctx context.Context) (registrar.Counters, error) {
	var counters registrar.Counters
	err := g.ask(ctx, http.MethodGet, "/counters", nil, &counters)
	return counters, err
}

// Standings are all registrations as the registrar has them.
func (g *Gateway) Standings(ctx context.Context) ([]registrar.Standing, error) {
	var standings []registrar.Standing
	err := g.ask(ctx, http.MethodGet, "/registrations", nil, &standings)
	return standings, err
}

// Standing is one of them, without attempts if the registrar does not know the key.
func (g *Gateway) Standing(ctx context.Context, key string) (registrar.Standing, error) {
	var standing registrar.Standing
	err := g.ask(ctx, http.MethodGet, "/registrations/"+key, nil, &standing)
	if refused, ok := err.(*refusedError); ok && refused.status == http.StatusNotFound { //nolint:errorlint // it is never wrapped
		return registrar.Standing{Key: key}, nil
	}
	return standing, err
}

// Force puts a filing into a state: as if the registrar had decided.
func (g *Gateway) Force(ctx context.Context, key string, state registrar.ForcedState) error {
	return g.ask(ctx, http.MethodPost, "/registrations/"+key+"/state", state, nil)
}

// Step takes the next step of a filing's scenario at once.
func (g *Gateway) Step(ctx context.Context, key string) error {
	return g.ask(ctx, http.MethodPost, "/registrations/"+key+"/step", nil, nil)
}

// Seed stores filings that nobody made by the contract, in one transaction.
func (g *Gateway) Seed(ctx context.Context, seeds []registrar.Seed) ([]registrar.Standing, error) {
	var standings []registrar.Standing
	err := g.ask(ctx, http.MethodPost, "/registrations", seeds, &standings)
	return standings, err
}

// Decide decides many filings in one transaction, and returns how many.
func (g *Gateway) Decide(ctx context.Context, decision registrar.Decision) (int, error) {
	var told registrar.Decided
	err := g.ask(ctx, http.MethodPost, "/decisions", decision, &told)
	return told.Decided, err
}

// Faults switches these on and all others off.
func (g *Gateway) Faults(ctx context.Context, faults ...registrar.Fault) error {
	return g.ask(ctx, http.MethodPut, "/faults", append([]registrar.Fault{}, faults...), nil)
}

// refusedError is an answer of the admin API other than 200.
type refusedError struct {
	request string
	status  int
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("%s of the gateway's admin API: status %d", e.request, e.status)
}

func (g *Gateway) ask(ctx context.Context, method, path string, body, into any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	request, err := http.NewRequestWithContext(ctx, method, g.AdminURL+path, bytes.NewReader(encoded))
	if err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	if response.StatusCode != http.StatusOK {
		return &refusedError{request: method + " " + path, status: response.StatusCode}
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s of the gateway's admin API: %w", method, path, err)
	}
	return nil
}
