// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// judge takes or refuses one report. A claim is taken by an effect of its own,
// after the intent is recorded; until then its outcomes wait.
func (p *pass) judge(r *v1alpha1.FilingReport) {
	switch r.Spec.Type {
	case v1alpha1.ReportClaimed:
		p.judgeClaim(r)
	case v1alpha1.ReportReleased:
		p.judgeRelease(r)
	default:
		p.judgeOutcome(r)
	}
}

// judgeClaim lets one claim stand at a time. The first objection refuses it.
func (p *pass) judgeClaim(r *v1alpha1.FilingReport) {
	reason, message := p.hand.outOfTurn(r.Spec.Attempt)
	if reason == "" {
		reason, message = p.unwelcome(r)
	}
	if reason != "" {
		p.refuse(r, reason, message)
		return
	}
	p.hand.claim, p.hand.claimAttempt = r.Name, r.Spec.Attempt
}

// outOfTurn is the objection that the record has to a claim of attempt n.
func (h *handRecord) outOfTurn(n int32) (reason, message string) {
	next := int32(1)
	if h.newest != nil {
		next = h.newest.Number + 1
	}
	switch {
	case h.isOthers():
		return v1alpha1.ReportReasonAlreadyFiled, "Another registration has claimed or filed under this e-mail address."
	case h.claim != "":
		return v1alpha1.ReportReasonAlreadyClaimed, fmt.Sprintf("FilingReport %s claims attempt %d. Any agent may report Released with that claimName.", h.claim, h.claimAttempt)
	case n != next:
		return v1alpha1.ReportReasonWrongAttempt, fmt.Sprintf("The next attempt is %d.", next)
	case h.newest != nil && phaseOf[h.newest.State] != v1alpha1.PhaseRejected:
		return v1alpha1.ReportReasonAlreadyFiled, fmt.Sprintf("Attempt %d is filed and not rejected.", h.newest.Number)
	case h.newest != nil && h.newest.Final:
		return v1alpha1.ReportReasonFinal, "The registrar takes no other attempt."
	default:
		return "", ""
	}
}

// unwelcome is the objection that the registration has to a claim.
func (p *pass) unwelcome(r *v1alpha1.FilingReport) (reason, message string) {
	newest, withdrawn := p.hand.newest, p.reg.Spec.WithdrawAttempt
	switch {
	case newest != nil && !p.resubmits(newest.Number):
		return v1alpha1.ReportReasonNotRequested, fmt.Sprintf("The applicant has not asked for another filing: spec.resubmitAfterAttempt is not %d.", newest.Number)
	case p.deleting():
		return v1alpha1.ReportReasonRegistrationDeleting, "The registration is being deleted."
	case p.suspended():
		return v1alpha1.ReportReasonSuspended, "The registration is suspended: nothing is filed until spec.suspend is false."
	case withdrawn != nil && *withdrawn == r.Spec.Attempt:
		return v1alpha1.ReportReasonWithdrawalRequested, "The applicant asked for this attempt to be withdrawn: spec.withdrawAttempt."
	case p.o.Dossier != nil && !p.o.Dossier.passes() && !p.isIntended(r.Name):
		return v1alpha1.ReportReasonPreflightFailed, "The dossier does not pass preflight: see status.requirements of the registration."
	default:
		return "", ""
	}
}

// isIntended: the claim's intent is recorded, and only its taking is still to come.
func (p *pass) isIntended(claim string) bool {
	return p.status.Filing != nil && p.status.Filing.ClaimName == claim
}

func (p *pass) judgeRelease(r *v1alpha1.FilingReport) {
	h := &p.hand
	switch {
	case h.claim == "" && h.newest != nil && h.newest.ClaimName == r.Spec.ClaimName:
		p.refuse(r, v1alpha1.ReportReasonAlreadyFiled, fmt.Sprintf("Attempt %d is filed: it cannot be released, only withdrawn.", h.newest.Number))
	case h.claim != r.Spec.ClaimName || h.claimAttempt != r.Spec.Attempt:
		p.refuse(r, v1alpha1.ReportReasonNoSuchClaim, "claimName names no claim of this attempt that stands.")
	default:
		h.giveBack()
		p.accept(r, v1alpha1.ReportReasonAccepted)
	}
}

func (p *pass) judgeOutcome(r *v1alpha1.FilingReport) {
	h := &p.hand
	next := phaseOf[stateOfReport[r.Spec.Type]]
	switch {
	case h.claim == r.Spec.ClaimName && h.claimAttempt == r.Spec.Attempt:
		if !h.claimAccepted {
			return // judged when its claim is taken
		}
	case h.claim == r.Spec.ClaimName:
		p.refuse(r, v1alpha1.ReportReasonWrongAttempt, fmt.Sprintf("The claim is of attempt %d.", h.claimAttempt))
		return
	case h.newest == nil || h.newest.ClaimName != r.Spec.ClaimName:
		p.refuse(r, v1alpha1.ReportReasonNoSuchClaim, "claimName names no claim that was accepted for this registration.")
		return
	case h.newest.Number != r.Spec.Attempt:
		p.refuse(r, v1alpha1.ReportReasonWrongAttempt, fmt.Sprintf("The claim is of attempt %d.", h.newest.Number))
		return
	case h.claim != "":
		p.refuse(r, v1alpha1.ReportReasonWrongAttempt, fmt.Sprintf("Attempt %d is claimed by now.", h.claimAttempt))
		return
	case !phaseOf[h.newest.State].CanBecome(next), next == v1alpha1.PhaseSubmitted && phaseOf[h.newest.State] == v1alpha1.PhaseRejected:
		p.refuse(r, v1alpha1.ReportReasonDoesNotFollow, fmt.Sprintf("%s does not follow from %s.", r.Spec.Type, phaseOf[h.newest.State]))
		return
	}
	reason := v1alpha1.ReportReasonAccepted
	if h.newest != nil && h.newest.Number == r.Spec.Attempt && h.newest.State == stateOfReport[r.Spec.Type] {
		reason = v1alpha1.ReportReasonCorrected
	}
	h.replay(r)
	p.accept(r, reason)
}

func (p *pass) accept(r *v1alpha1.FilingReport, reason string) {
	p.hand.verdicts = append(p.hand.verdicts, Verdict{
		Name: r.Name, Accepted: true, Reason: reason, Message: "The report is part of the record.",
	})
}

func (p *pass) refuse(r *v1alpha1.FilingReport, reason, message string) {
	p.hand.verdicts = append(p.hand.verdicts, Verdict{Name: r.Name, Reason: reason, Message: message})
}
