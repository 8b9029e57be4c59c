// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"errors"
	"time"

	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/metrics"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway"
)

const (
	outcomeDone    = "Done"
	outcomeRefused = "Refused"
	outcomeTrouble = "Trouble"
)

// measured is a connection whose requests are timed, and which tells when it was
// answered.
type measured struct {
	client   *gateway.Client
	name     string
	clock    clock.PassiveClock
	answered func(name string, at time.Time)
}

var (
	_ registrar.Interface = (*measured)(nil)
	_ registrar.News      = (*measured)(nil)
)

// timed makes one request.
func timed[T any](m *measured, operation string, request func() (T, error)) (T, error) {
	began := m.clock.Now()
	answer, err := request()
	metrics.Answered(m.name, operation, m.outcome(err), m.clock.Since(began))
	return answer, err
}

// outcome is how a request went. An answer in the contract's words is one, whatever it
// says, and is taken note of.
func (m *measured) outcome(err error) string {
	if e, ok := errors.AsType[*registrar.Error](err); ok {
		return string(e.Kind)
	}
	if err == nil || errors.Is(err, registrar.ErrOtherOwner) || errors.Is(err, registrar.ErrCursorExpired) || errors.Is(err, registrar.ErrNoNews) {
		m.answered(m.name, m.clock.Now())
		return outcomeDone
	}
	return string(lifecycle.TroubleUnreachable)
}

// Probe implements registrar.Interface, as do those below.
func (m *measured) Probe(ctx context.Context) error {
	_, err := timed(m, "Probe", func() (struct{}, error) { return struct{}{}, m.client.Probe(ctx) })
	return err
}

// Newest asks for the newest attempt.
func (m *measured) Newest(ctx context.Context, f registrar.Filing) (*lifecycle.Attempt, error) {
	return timed(m, "Newest", func() (*lifecycle.Attempt, error) { return m.client.Newest(ctx, f) })
}

// Attempt asks for attempt n.
func (m *measured) Attempt(ctx context.Context, f registrar.Filing, n int32) (*lifecycle.Attempt, error) {
	return timed(m, "Attempt", func() (*lifecycle.Attempt, error) { return m.client.Attempt(ctx, f, n) })
}

// File files attempt n.
func (m *measured) File(ctx context.Context, f registrar.Filing, n int32, s registrar.Submission) (*lifecycle.Outcome, error) {
	return timed(m, "File", func() (*lifecycle.Outcome, error) { return m.client.File(ctx, f, n, s) })
}

// Answer answers a challenge.
func (m *measured) Answer(ctx context.Context, f registrar.Filing, n int32, a registrar.Answer) (*lifecycle.Outcome, error) {
	return timed(m, "Answer", func() (*lifecycle.Outcome, error) { return m.client.Answer(ctx, f, n, a) })
}

// Resend asks for a code again.
func (m *measured) Resend(ctx context.Context, f registrar.Filing, n int32, challengeID string) (*lifecycle.Outcome, error) {
	return timed(m, "Resend", func() (*lifecycle.Outcome, error) { return m.client.Resend(ctx, f, n, challengeID) })
}

// Withdraw withdraws attempt n.
func (m *measured) Withdraw(ctx context.Context, f registrar.Filing, n int32) (*lifecycle.Outcome, error) {
	return timed(m, "Withdraw", func() (*lifecycle.Outcome, error) { return m.client.Withdraw(ctx, f, n) })
}

// List implements registrar.News.
func (m *measured) List(ctx context.Context, continueFrom string) (registrar.Page, error) {
	return timed(m, "List", func() (registrar.Page, error) { return m.client.List(ctx, continueFrom) })
}

// Changes implements registrar.News. Its time would say how long nothing happened.
func (m *measured) Changes(ctx context.Context, after string, wait time.Duration) (registrar.Changes, error) {
	changes, err := m.client.Changes(ctx, after, wait)
	m.outcome(err)
	return changes, err
}

func (m *measured) close() { m.client.Close() }
