// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import "slices"

// RegistrationPhase sums up where a registration stands. Conditions are the
// contract; the phase is for people.
// +kubebuilder:validation:Enum=Pending;Submitted;UnderReview;Rejected;Verified;Active
type RegistrationPhase string

const (
	// PhasePending: not filed yet.
	PhasePending RegistrationPhase = "Pending"
	// PhaseSubmitted: filed; the registrar gets in touch within 1 business day (FAQ Q2).
	PhaseSubmitted RegistrationPhase = "Submitted"
	// PhaseUnderReview: the registrar verifies, and may ask for more documents.
	PhaseUnderReview RegistrationPhase = "UnderReview"
	// PhaseRejected: this attempt failed, was withdrawn, or its sign-up expired.
	PhaseRejected RegistrationPhase = "Rejected"
	// PhaseVerified: the entity is verified; sign-up is not complete yet (FAQ Q10, Q12).
	PhaseVerified RegistrationPhase = "Verified"
	// PhaseActive: the account exists and can be used.
	PhaseActive RegistrationPhase = "Active"
)

// Phases lists all phases in the order of a life.
func Phases() []RegistrationPhase {
	return []RegistrationPhase{PhasePending, PhaseSubmitted, PhaseUnderReview, PhaseRejected, PhaseVerified, PhaseActive}
}

// phaseTransitions is the source of the state machine. The CEL rule on
// ChinaAccountRegistrationStatus says the same; a test compares the two, pair by
// pair, on a real API server.
var phaseTransitions = map[RegistrationPhase][]RegistrationPhase{
	"":               {PhasePending},
	PhasePending:     {PhaseSubmitted, PhaseUnderReview, PhaseRejected, PhaseVerified, PhaseActive},
	PhaseSubmitted:   {PhaseUnderReview, PhaseRejected, PhaseVerified, PhaseActive},
	PhaseUnderReview: {PhaseRejected, PhaseVerified, PhaseActive},
	PhaseVerified:    {PhaseActive, PhaseRejected},
	PhaseRejected:    {PhaseSubmitted, PhaseUnderReview, PhaseVerified, PhaseActive},
	PhaseActive:      {},
}

// NextPhases returns the phases that may follow p, in the order of a life.
func (p RegistrationPhase) NextPhases() []RegistrationPhase {
	return slices.Clone(phaseTransitions[p])
}

// CanBecome tells whether next may follow p. A phase may always stay as it is.
func (p RegistrationPhase) CanBecome(next RegistrationPhase) bool {
	return p == next || slices.Contains(phaseTransitions[p], next)
}
