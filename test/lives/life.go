// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lives

import (
	"slices"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Life is what becomes of one registration.
type Life struct {
	Name  string
	About string
	// Scenario of the reference gateway; empty: filed by hand.
	Scenario string
	// Filings that the registrar gets, one an attempt.
	Filings int32
	// Ends in this phase of the last attempt; empty: the object is gone.
	Ends v1alpha1.RegistrationPhase
	// Phases that history has of it, in order. A registrar that goes on by itself may
	// have some skipped.
	Phases []v1alpha1.RegistrationPhase

	habits habits
}

// habits are what its people do differently from others.
type habits struct {
	// late: part of the licence comes once it is asked for.
	late bool
	// patient: a rejection is left to the registrar, who takes it up again.
	patient bool
	// slow: nothing is answered in attempt 1.
	slow bool
	// withdraws attempt 1 when it is under review, and files again.
	withdraws bool
	// recreates the object when it is under review.
	recreates bool
	// deletes the object, which withdraws, when it is under review.
	deletes bool
	// rejectedByHand: the agent reports a rejection of attempt 1.
	rejectedByHand bool
}

// ByHand tells whether an agent files it.
func (l Life) ByHand() bool { return l.Scenario == "" }

const (
	pending     = v1alpha1.PhasePending
	submitted   = v1alpha1.PhaseSubmitted
	underReview = v1alpha1.PhaseUnderReview
	rejected    = v1alpha1.PhaseRejected
	verified    = v1alpha1.PhaseVerified
	active      = v1alpha1.PhaseActive
)

// reviewed are the phases of an attempt that is reviewed and succeeds.
var reviewed = phases(submitted, underReview, verified, active)

func phases(list ...v1alpha1.RegistrationPhase) []v1alpha1.RegistrationPhase { return list }

func after(first ...v1alpha1.RegistrationPhase) []v1alpha1.RegistrationPhase {
	return slices.Concat(first, reviewed)
}

// All are the lives of the demo, and what else the contract and agents know.
func All() []Life {
	return []Life{
		{Name: "immediate", About: "validated at once", Scenario: "immediate", Filings: 1, Ends: active, Phases: phases(pending, active)},
		{Name: "review", About: "reviewed, verified, completed with code and plan", Scenario: "review", Filings: 1, Ends: active, Phases: after(pending)},
		{Name: "email-code", About: "a code is due while it is received", Scenario: "email-code", Filings: 1, Ends: active, Phases: after(pending)},
		{Name: "verified-only", About: "active by itself", Scenario: "verified-only", Filings: 1, Ends: active, Phases: after(pending)},
		{Name: "more-documents", About: "the reviewer asks for another document", Scenario: "more-documents", Filings: 1, Ends: active, Phases: after(pending)},
		{Name: "corrected", About: "rejected, corrected, resubmitted", Scenario: "reject-once", Filings: 2, Ends: active, Phases: after(pending, submitted, underReview, rejected)},
		{Name: "refused", About: "rejected for good", Scenario: "reject-final", Filings: 1, Ends: rejected, Phases: phases(pending, submitted, underReview, rejected)},
		{Name: "reopened", About: "rejected, and taken up again by the registrar", Scenario: "reopen", Filings: 1, Ends: active, Phases: phases(pending, submitted, underReview, rejected, underReview, verified, active), habits: habits{patient: true}},
		{Name: "expired", About: "the sign-up is not completed in time; filed again", Scenario: "expire", Filings: 2, Ends: active, Phases: after(pending, submitted, underReview, verified, rejected), habits: habits{slow: true}},
		{Name: "locked", About: "the registrar does not decide", Scenario: "silent", Filings: 1, Ends: submitted, Phases: phases(pending, submitted)},
		{Name: "late-scan", About: "half of a scan arrives late", Scenario: "immediate", Filings: 1, Ends: active, Phases: phases(pending, active), habits: habits{late: true}},
		{Name: "not-taken", About: "the first content is refused (422), and changed", Scenario: "fault-422", Filings: 1, Ends: active, Phases: after(pending)},
		{Name: "withdrawn", About: "withdrawn under review, and filed again", Scenario: "review", Filings: 2, Ends: active, Phases: after(pending, submitted, underReview, rejected), habits: habits{withdraws: true}},
		{Name: "recreated", About: "deleted and recreated under review", Scenario: "review", Filings: 1, Ends: active, Phases: phases(pending, underReview, verified, active), habits: habits{recreates: true}},
		{Name: "deleted", About: "deleted under review, and so withdrawn", Scenario: "review", Filings: 1, habits: habits{deletes: true}},
		{Name: "by-hand", About: "an agent files and reports", Filings: 1, Ends: active, Phases: after(pending)},
		{Name: "by-hand-corrected", About: "an agent reports a rejection; corrected and claimed again", Filings: 2, Ends: active, Phases: after(pending, submitted, rejected), habits: habits{rejectedByHand: true}},
		{Name: "by-hand-withdrawn", About: "an agent withdraws it, and files again", Filings: 2, Ends: active, Phases: after(pending, submitted, underReview, rejected), habits: habits{withdraws: true}},
	}
}

// Ended tells whether the life has come to its end. The object is nil if it is gone.
func (l Life) Ended(reg *v1alpha1.ChinaAccountRegistration) bool {
	if reg == nil || l.Ends == "" {
		return reg == nil && l.Ends == ""
	}
	filing := reg.Status.Filing
	return reg.Status.Phase == l.Ends && filing != nil && filing.FiledTime != nil && filing.Attempt == l.Filings &&
		(l.Ends != active || reg.Status.Account != nil && reg.Status.DocumentsCheckedTime != nil) // the step that hands it over is over
}
