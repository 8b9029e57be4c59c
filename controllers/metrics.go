// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/metrics"
)

// countTransitions counts the phases that were reached, and how long those before lasted.
func countTransitions(before, reg *v1alpha1.ChinaAccountRegistration) {
	var last *v1alpha1.HistoryEntry
	if n := len(before.Status.History); n > 0 {
		last = &before.Status.History[n-1]
	}
	for _, entry := range newHistory(before, reg) {
		metrics.Reached(reg, entry.Phase)
		if last != nil {
			metrics.Left(reg, last.Phase, entry.Time.Sub(last.Time.Time))
		}
		last = &entry
	}
}

func countEffect(reg *v1alpha1.ChinaAccountRegistration, outcome *lifecycle.Outcome) {
	result := outcomeDone
	switch {
	case outcome.Trouble != nil:
		result = outcomeTrouble
	case outcome.Refusal != nil:
		result = outcomeRefused
	}
	metrics.Sent(reg, string(outcome.Effect.Kind), result)
}
