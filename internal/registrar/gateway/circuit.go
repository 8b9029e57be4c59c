// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

// unansweredInARow opens the circuit. Fewer than the operator's workers, so that a
// gateway that never answers keeps each of them waiting once.
const unansweredInARow = 5

// newCircuit returns a circuit that opens for a while when a gateway does not answer; then
// one request tries. An answer that nobody can use is an answer.
func newCircuit(openFor time.Duration) *gobreaker.CircuitBreaker[*answer] {
	return gobreaker.NewCircuitBreaker[*answer](gobreaker.Settings{
		Timeout:      openFor,
		ReadyToTrip:  func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= unansweredInARow },
		IsSuccessful: func(err error) bool { return !isUnanswered(err) },
		IsExcluded:   func(err error) bool { return errors.Is(err, context.Canceled) },
	})
}

func isUnanswered(err error) bool {
	trouble, ok := errors.AsType[*registrar.Error](err)
	return ok && trouble.Kind == lifecycle.TroubleUnreachable
}

// notAsked says that the circuit is open.
func notAsked(op string, openFor time.Duration) error {
	return &registrar.Error{
		Kind: lifecycle.TroubleUnreachable, Op: op, After: openFor,
		Err: fmt.Errorf("not sent: the last %d requests were not answered", unansweredInARow),
	}
}
