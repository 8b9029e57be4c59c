// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// hear takes in what was said since: by agents in reports, or by the registrar in
// its answer to this pass's effect.
func (p *pass) hear() {
	p.hearReports()
	if out := p.o.Outcome; out != nil && out.Attempt != nil {
		p.view.Current = out.Attempt
	}
}

// settled takes in what the effect came to. It tells whether that is all there is
// to say in this pass; otherwise what the registrar says is followed as usual.
func (p *pass) settled() bool {
	out := p.o.Outcome
	switch {
	case out == nil || out.Effect.Kind == EffectHandOver:
		return false
	case out.Trouble != nil:
		p.keepRequirements()
		p.troubled(out.Trouble)
		return true
	}
	switch out.Effect.Kind {
	case EffectFile:
		return p.settleFiling(out)
	case EffectAnswer:
		p.remember(out.Effect.ChallengeID, out.Effect.Digest)
	case EffectResend:
		p.resendIsHandled()
	case EffectWithdraw:
		p.settleWithdrawal(out)
	default:
	}
	return false
}

func (p *pass) settleFiling(out *Outcome) bool {
	switch {
	case out.Refusal == nil:
		if p.byHand() {
			p.hand.claimAccepted = true
		}
		return false
	case out.Refusal.Reason == RefusedContent:
		p.abandon()
		p.status.RefusedDigest = out.Effect.Digest
		p.status.Rejection = newRejection(out.Refusal.Findings, out.Refusal.OmittedFindings, false)
		p.requireRefused()
	case out.Refusal.Reason == RefusedOtherOwner:
		p.abandon()
		p.emailAlreadyFiled()
	case out.Attempt != nil && out.Attempt.Number >= p.status.Filing.Attempt:
		// The registrar counts otherwise: what it has under the key is joined.
		return false
	default:
		// Giving up the intent would only lead back here, at once and without end.
		p.hold(fmt.Sprintf("the registrar does not take attempt %d, and has none that stands in its way", p.status.Filing.Attempt))
	}
	return true
}

func (p *pass) settleWithdrawal(out *Outcome) {
	if out.Refusal == nil {
		return
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementWithdrawalRefused, Severity: v1alpha1.SeverityWarning, Awaiting: v1alpha1.PartyRegistrar, Path: "spec.withdrawAttempt",
		Message: fmt.Sprintf("The registrar does not withdraw attempt %d in the state that it is in. Call the registrar.", p.status.Filing.Attempt),
	})
}

// refusedAsItIs: the registrar would not take exactly this content.
func (p *pass) refusedAsItIs() bool {
	return p.status.RefusedDigest != "" && p.o.Dossier != nil && p.o.Dossier.Digest == p.status.RefusedDigest
}

// requireRefused lists what the registrar found wrong with content it did not take.
func (p *pass) requireRefused() {
	p.preflight = preflightFailed
	before := len(p.requirements)
	if p.status.Rejection != nil {
		for _, f := range p.status.Rejection.Findings {
			p.require(v1alpha1.Requirement{Code: f.Code, Awaiting: v1alpha1.PartyApplicant, Path: f.Path, Message: f.Message})
		}
	}
	if len(p.requirements) == before {
		p.require(v1alpha1.Requirement{
			Code: v1alpha1.RequirementContentRefused, Awaiting: v1alpha1.PartyApplicant, Path: "spec.dossier",
			Message: "The registrar would not take this content, and did not say why. Compare it with the documents; a change is sent at once, the same content after a refresh request.",
		})
	}
	p.lookForMissing(p.oldestBlocker())
}
