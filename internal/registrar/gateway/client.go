// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/internal/registrar/words"
)

// Client is one gateway. It is safe for concurrent use.
type Client struct {
	config  Config
	server  string
	host    string
	bearer  string
	http    *http.Client
	limiter *rate.Limiter
	circuit *gobreaker.CircuitBreaker[*answer]
}

var _ registrar.Interface = (*Client)(nil)

// New returns a client. It calls nobody. Its errors are of kind TroubleRefused and
// state what an administrator has to mend.
func New(config Config) (*Client, error) {
	config = config.withDefaults()
	endpoint, err := config.endpoint()
	if err != nil {
		return nil, err
	}
	bearer, err := config.bearer()
	if err != nil {
		return nil, err
	}
	roots, err := config.roots()
	if err != nil {
		return nil, err
	}
	return &Client{
		config:  config,
		server:  strings.TrimSuffix(endpoint.String(), "/") + "/",
		host:    endpoint.Host,
		bearer:  bearer,
		http:    newHTTPClient(roots),
		limiter: rate.NewLimiter(rate.Limit(config.RequestsPerSecond), config.Burst),
		circuit: newCircuit(config.OpenFor),
	}, nil
}

// Close drops idle connections. The client may still be used.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Probe implements registrar.Interface. It asks through an open circuit too: it is how
// one learns that the gateway is back.
func (c *Client) Probe(ctx context.Context) error {
	req, err := contract.NewGetStatusRequest(c.server)
	got, err := c.ask(ctx, c.call("GET status", req, err))
	if err != nil {
		return err
	}
	var status contract.Status
	if err := got.decode(&status); err != nil {
		return err
	}
	if status.Contract != registrar.ContractVersion {
		return got.invalid(fmt.Errorf("it does not speak version %s of the contract", registrar.ContractVersion))
	}
	return nil
}

// Newest implements registrar.Interface.
func (c *Client) Newest(ctx context.Context, f registrar.Filing) (*lifecycle.Attempt, error) {
	req, err := contract.NewGetRegistrationRequest(c.server, f.Key, &contract.GetRegistrationParams{XFilingOwner: f.Owner})
	got, err := c.exchange(ctx, c.call("GET registration", req, err))
	if err != nil || got.unknown() {
		return nil, err
	}
	var registration contract.Registration
	if err := got.decodeOwn(&registration); err != nil {
		return nil, err
	}
	if registration.Key != f.Key {
		return nil, got.invalid(errors.New("it speaks of another key than was asked for"))
	}
	return got.attempt(registration.Newest, 0, words.Of(f.Spec))
}

// Attempt implements registrar.Interface.
func (c *Client) Attempt(ctx context.Context, f registrar.Filing, n int32) (*lifecycle.Attempt, error) {
	req, err := contract.NewGetAttemptRequest(c.server, f.Key, n, &contract.GetAttemptParams{XFilingOwner: f.Owner})
	got, err := c.exchange(ctx, c.call(fmt.Sprintf("GET attempt %d", n), req, err))
	if err != nil || got.unknown() {
		return nil, err
	}
	var attempt contract.Attempt
	if err := got.decodeOwn(&attempt); err != nil {
		return nil, err
	}
	return got.attempt(attempt, n, words.Of(f.Spec))
}

// File implements registrar.Interface.
func (c *Client) File(ctx context.Context, f registrar.Filing, n int32, s registrar.Submission) (*lifecycle.Outcome, error) {
	op := fmt.Sprintf("PUT attempt %d", n)
	body, err := filingBody(f, s)
	if err != nil {
		return nil, local(op, err)
	}
	req, err := contract.NewFileAttemptRequestWithBody(c.server, f.Key, n, &contract.FileAttemptParams{XFilingOwner: f.Owner}, body.contentType, body)
	call := c.call(op, req, err)
	call.upload(body, c.config.UploadTimeout)
	return c.effect(ctx, call, n, words.Of(f.Spec, s.Password, s.Dossier.IDNumber))
}

// Answer implements registrar.Interface.
func (c *Client) Answer(ctx context.Context, f registrar.Filing, n int32, a registrar.Answer) (*lifecycle.Outcome, error) {
	op := fmt.Sprintf("PUT answer to a challenge of attempt %d", n)
	params := &contract.AnswerChallengeParams{XFilingOwner: f.Owner}
	if a.Type != v1alpha1.ChallengeDocuments {
		text := contract.TextAnswer{Type: string(a.Type), Text: a.Text}
		req, err := contract.NewAnswerChallengeRequest(c.server, f.Key, n, a.ChallengeID, a.Digest, params, text)
		return c.effect(ctx, c.call(op, req, err), n, words.Of(f.Spec, secretText(a)...))
	}
	body, err := documentsBody(a)
	if err != nil {
		return nil, local(op, err)
	}
	req, err := contract.NewAnswerChallengeRequestWithBody(c.server, f.Key, n, a.ChallengeID, a.Digest, params, body.contentType, body)
	call := c.call(op, req, err)
	call.upload(body, c.config.UploadTimeout)
	return c.effect(ctx, call, n, words.Of(f.Spec))
}

// Resend implements registrar.Interface.
func (c *Client) Resend(ctx context.Context, f registrar.Filing, n int32, challengeID string) (*lifecycle.Outcome, error) {
	req, err := contract.NewResendChallengeRequest(c.server, f.Key, n, challengeID, &contract.ResendChallengeParams{XFilingOwner: f.Owner})
	return c.effect(ctx, c.call(fmt.Sprintf("POST resend for a challenge of attempt %d", n), req, err), n, words.Of(f.Spec))
}

// Withdraw implements registrar.Interface.
func (c *Client) Withdraw(ctx context.Context, f registrar.Filing, n int32) (*lifecycle.Outcome, error) {
	req, err := contract.NewWithdrawAttemptRequest(c.server, f.Key, n, &contract.WithdrawAttemptParams{XFilingOwner: f.Owner})
	return c.effect(ctx, c.call(fmt.Sprintf("DELETE attempt %d", n), req, err), n, words.Of(f.Spec))
}

// effect makes the call and reads the attempt, or the registrar's no.
func (c *Client) effect(ctx context.Context, call call, n int32, clean words.Cleaner) (*lifecycle.Outcome, error) {
	got, err := c.exchange(ctx, call)
	if err != nil {
		return nil, err
	}
	if got.problem != nil {
		refusal, err := got.refusal(clean)
		if err != nil {
			return nil, err
		}
		return &lifecycle.Outcome{Refusal: refusal}, nil
	}
	var told contract.Attempt
	if err := got.decode(&told); err != nil {
		return nil, err
	}
	attempt, err := got.attempt(told, n, clean)
	if err != nil {
		return nil, err
	}
	return &lifecycle.Outcome{Attempt: attempt}, nil
}

// secretText returns a code; the name of a support plan is no secret.
func secretText(a registrar.Answer) []string {
	if a.Type == v1alpha1.ChallengeSupportPlan {
		return nil
	}
	return []string{a.Text}
}
