// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// condition is what a step waits for on an object, which is never nil.
type condition struct {
	words string
	holds func(*v1alpha1.ChinaAccountRegistration) bool
}

// phaseIs names all phases that will do: one that passes by itself may be over before
// it is seen.
func phaseIs(phases ...v1alpha1.RegistrationPhase) condition {
	return condition{fmt.Sprintf("phase %v", phases), func(reg *v1alpha1.ChinaAccountRegistration) bool {
		return slices.Contains(phases, reg.Status.Phase)
	}}
}

func requires(code string) condition {
	return condition{"requirement " + code, func(reg *v1alpha1.ChinaAccountRegistration) bool {
		return requirement(reg, code) != nil
	}}
}

func awaits(party v1alpha1.Party) condition {
	return condition{"awaiting " + string(party), func(reg *v1alpha1.ChinaAccountRegistration) bool {
		return reg.Status.Awaiting == party
	}}
}

func reasonIs(reason string) condition {
	return condition{"reason " + reason, func(reg *v1alpha1.ChinaAccountRegistration) bool {
		return summarise(reg).reason == reason
	}}
}

func attemptIs(n int32) condition {
	return condition{fmt.Sprintf("attempt %d", n), func(reg *v1alpha1.ChinaAccountRegistration) bool {
		return reg.Status.Filing != nil && reg.Status.Filing.Attempt == n && reg.Status.Filing.FiledTime != nil
	}}
}

// joined: the object found its filing at the registrar, and made none.
var joined = condition{"a history that says Adopted", func(reg *v1alpha1.ChinaAccountRegistration) bool {
	return slices.ContainsFunc(reg.Status.History, func(h v1alpha1.HistoryEntry) bool { return h.Reason == v1alpha1.ReasonAdopted })
}}

// observed: status speaks of the newest spec.
var observed = condition{"a status of the newest generation", func(reg *v1alpha1.ChinaAccountRegistration) bool {
	return reg.Status.ObservedGeneration == reg.Generation
}}

func gone(reg *v1alpha1.ChinaAccountRegistration) bool { return reg == nil }

func all(conditions []condition) func(*v1alpha1.ChinaAccountRegistration) bool {
	return func(reg *v1alpha1.ChinaAccountRegistration) bool {
		return reg != nil && !slices.ContainsFunc(conditions, func(c condition) bool { return !c.holds(reg) })
	}
}

func wordsOf(conditions []condition) string {
	var words []string
	for _, c := range conditions {
		words = append(words, c.words)
	}
	return strings.Join(words, ", ")
}

// describe says in a line where an object stands.
func describe(reg *v1alpha1.ChinaAccountRegistration) string {
	if reg == nil {
		return "no object"
	}
	s := summarise(reg)
	text := fmt.Sprintf("%s (%s), awaiting %s", s.phase, s.reason, s.awaiting)
	if reg.Status.Filing != nil {
		text += fmt.Sprintf(", attempt %d", reg.Status.Filing.Attempt)
	}
	if s.requirement != "" {
		text += ", due: " + s.requirement
	}
	return text
}
