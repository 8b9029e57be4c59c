// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Decision is what follows from an observation.
type Decision struct {
	// Effect to carry out before status is written; the zero Effect is none.
	Effect Effect
	// Status as it has to be written, whole.
	Status v1alpha1.ChinaAccountRegistrationStatus
	// Finalizer says whether the withdraw finalizer has to be present.
	Finalizer bool
	// Verdicts on reports that were not judged yet, to be written after Status.
	Verdicts []Verdict
	// NextLook is when to observe again; zero for never, unless something changes.
	NextLook time.Time
}

// Intends tells whether all that this decision, of now, does is to record what is to be
// filed, so that it can be filed at once from what was read for it.
func (d Decision) Intends(now time.Time) bool {
	filing := d.Status.Filing
	return d.Effect.Kind == EffectNone && filing != nil && filing.FiledTime == nil && len(d.Verdicts) == 0 && d.NextLook.Equal(now)
}

// Waits tells whether a decision of now is about a filing that is with the registrar and
// looks again at a time to come: what is new goes first.
func (d Decision) Waits(now time.Time) bool {
	return d.NextLook.After(now) && d.Status.Phase != v1alpha1.PhasePending
}

// EffectKind is one of the things done to the world outside.
type EffectKind string

const (
	// EffectNone does nothing.
	EffectNone EffectKind = ""
	// EffectFile files the attempt; by hand, it takes the agent's claim.
	EffectFile EffectKind = "File"
	// EffectAnswer answers one challenge.
	EffectAnswer EffectKind = "Answer"
	// EffectResend asks for a code to be sent again.
	EffectResend EffectKind = "Resend"
	// EffectHandOver writes the ConfigMap of an active account.
	EffectHandOver EffectKind = "HandOver"
	// EffectWithdraw withdraws the attempt.
	EffectWithdraw EffectKind = "Withdraw"
)

// Effect is one thing to do; it may be done again and does no harm.
type Effect struct {
	Kind    EffectKind
	Attempt int32
	// Digest of the content to file, or of the answer to send.
	Digest string
	// ChallengeID to answer or to send again.
	ChallengeID string
	// ChallengeType of that challenge.
	ChallengeType v1alpha1.ChallengeType
	// ClaimName is the report to take, by hand.
	ClaimName string
}

// Verdict is the judgement of one agent's report.
type Verdict struct {
	// Name of the FilingReport.
	Name     string
	Accepted bool
	Reason   string
	Message  string
}
