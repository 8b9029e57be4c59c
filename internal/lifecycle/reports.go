// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// handRecord is what the agents' reports say of one key, retold from the first to
// the last. The reports are the record: status is not asked.
type handRecord struct {
	// newest attempt of which an outcome is accepted.
	newest, previous *Attempt
	// claim that stands, and has no outcome yet.
	claim         string
	claimAttempt  int32
	claimAccepted bool
	claimDigest   string
	// others are the claims on this key, standing or filed from, by registrations
	// of another name.
	others   map[string]bool
	verdicts []Verdict
}

// candidate returns the claim for attempt n that waits to be taken.
func (h *handRecord) candidate(n int32) string {
	if h.claimAttempt == n && !h.claimAccepted {
		return h.claim
	}
	return ""
}

// reportOrder sorts reports that were created within one second: a claim comes
// before its outcomes, and those in the order of a life. The accepted come before
// all others, because they are part of the record already.
var reportOrder = []v1alpha1.FilingReportType{
	v1alpha1.ReportClaimed, v1alpha1.ReportSubmitted, v1alpha1.ReportUnderReview, v1alpha1.ReportVerified,
	v1alpha1.ReportRejected, v1alpha1.ReportWithdrawn, v1alpha1.ReportActive, v1alpha1.ReportReleased,
}

var stateOfReport = map[v1alpha1.FilingReportType]State{
	v1alpha1.ReportSubmitted:   StateReceived,
	v1alpha1.ReportUnderReview: StateUnderReview,
	v1alpha1.ReportRejected:    StateRejected,
	v1alpha1.ReportVerified:    StateVerified,
	v1alpha1.ReportActive:      StateActive,
	v1alpha1.ReportWithdrawn:   StateWithdrawn,
}

// hearReports retells the reports, judges those that nobody judged yet, and turns
// them into what a gateway would have said.
//
// Without a Registrar nobody can tell whether reports are due: they wait for it.
func (p *pass) hearReports() {
	if !p.o.Registrar.Found {
		return
	}
	reports := slices.Clone(p.view.Reports)
	slices.SortStableFunc(reports, func(a, b v1alpha1.FilingReport) int {
		return cmp.Or(
			judgedFirst(a)-judgedFirst(b),
			a.CreationTimestamp.Compare(b.CreationTimestamp.Time),
			slices.Index(reportOrder, a.Spec.Type)-slices.Index(reportOrder, b.Spec.Type),
			cmp.Compare(a.Name, b.Name),
		)
	})
	for i := range reports {
		p.hearReport(&reports[i])
	}
	if !p.byHand() {
		return
	}
	p.view.OtherOwner = p.hand.isOthers() && p.status.Filing == nil
	p.view.Newest = p.hand.newest
	if f := p.status.Filing; f != nil {
		p.view.Current, p.view.Previous = p.hand.attempt(f.Attempt), p.hand.attempt(f.Attempt-1)
	}
}

func judgedFirst(r v1alpha1.FilingReport) int {
	if meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted) != nil {
		return 0
	}
	return 1
}

// hearOther retells an accepted report of another registration. A claim that was
// given back leaves nothing behind.
func (h *handRecord) hearOther(r *v1alpha1.FilingReport) {
	if h.others == nil {
		h.others = map[string]bool{}
	}
	switch r.Spec.Type {
	case v1alpha1.ReportClaimed:
		h.others[r.Name] = true
	case v1alpha1.ReportReleased:
		delete(h.others, r.Spec.ClaimName)
	default:
		h.others[r.Spec.ClaimName] = true
	}
}

// isOthers: the key is another registration's, and nothing under it is ours.
func (h *handRecord) isOthers() bool {
	return len(h.others) > 0 && h.newest == nil && !h.claimAccepted
}

func (h *handRecord) attempt(n int32) *Attempt {
	for _, a := range []*Attempt{h.newest, h.previous} {
		if a != nil && a.Number == n {
			return a
		}
	}
	return nil
}

func (p *pass) hearReport(r *v1alpha1.FilingReport) {
	judged := meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted)
	ours := r.Spec.RegistrationRef.Name == p.reg.Name && r.Spec.FilingKey == p.o.Key
	switch {
	case judged != nil && judged.Status == metav1.ConditionFalse:
	case !ours && judged != nil && r.Spec.FilingKey == p.o.Key:
		p.hand.hearOther(r)
	case r.Spec.RegistrationRef.Name != p.reg.Name, !ours && judged != nil:
	case judged != nil:
		p.hand.replay(r)
	case !p.byHand():
		p.refuse(r, v1alpha1.ReportReasonNotByHand, "This registration is filed through a gateway, not by hand.")
	case !ours:
		p.refuse(r, v1alpha1.ReportReasonWrongAttempt, "filingKey is not this registration's: take it from the requirement FileByHand or from status.filing.key.")
	default:
		p.judge(r)
	}
}

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

func (p *pass) judgeClaim(r *v1alpha1.FilingReport) {
	h, n := &p.hand, r.Spec.Attempt
	next := int32(1)
	if h.newest != nil {
		next = h.newest.Number + 1
	}
	switch {
	case h.isOthers():
		p.refuse(r, v1alpha1.ReportReasonAlreadyFiled, "Another registration has claimed or filed under this e-mail address.")
	case h.claim != "":
		p.refuse(r, v1alpha1.ReportReasonAlreadyClaimed, fmt.Sprintf("FilingReport %s claims attempt %d. Any agent may report Released with that claimName.", h.claim, h.claimAttempt))
	case n != next:
		p.refuse(r, v1alpha1.ReportReasonWrongAttempt, fmt.Sprintf("The next attempt is %d.", next))
	case h.newest != nil && phaseOf[h.newest.State] != v1alpha1.PhaseRejected:
		p.refuse(r, v1alpha1.ReportReasonAlreadyFiled, fmt.Sprintf("Attempt %d is filed and not rejected.", h.newest.Number))
	case h.newest != nil && h.newest.Final:
		p.refuse(r, v1alpha1.ReportReasonFinal, "The registrar takes no other attempt.")
	case h.newest != nil && !p.resubmits(h.newest.Number):
		p.refuse(r, v1alpha1.ReportReasonNotRequested, fmt.Sprintf("The applicant has not asked for another filing: spec.resubmitAfterAttempt is not %d.", h.newest.Number))
	case p.deleting():
		p.refuse(r, v1alpha1.ReportReasonRegistrationDeleting, "The registration is being deleted.")
	case p.suspended():
		p.refuse(r, v1alpha1.ReportReasonSuspended, "The registration is suspended: nothing is filed until spec.suspend is false.")
	case p.reg.Spec.WithdrawAttempt != nil && *p.reg.Spec.WithdrawAttempt == n:
		p.refuse(r, v1alpha1.ReportReasonWithdrawalRequested, "The applicant asked for this attempt to be withdrawn: spec.withdrawAttempt.")
	case p.o.Dossier != nil && !p.o.Dossier.passes() && !p.isIntended(r.Name):
		p.refuse(r, v1alpha1.ReportReasonPreflightFailed, "The dossier does not pass preflight: see status.requirements of the registration.")
	default:
		h.claim, h.claimAttempt = r.Name, n
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

// replay takes an accepted report into the record.
func (h *handRecord) replay(r *v1alpha1.FilingReport) {
	switch r.Spec.Type {
	case v1alpha1.ReportClaimed:
		h.claim, h.claimAttempt, h.claimAccepted, h.claimDigest = r.Name, r.Spec.Attempt, true, r.Status.Digest
	case v1alpha1.ReportReleased:
		if h.claim == r.Spec.ClaimName {
			h.giveBack()
		}
	default:
		h.outcome(r)
	}
}

func (h *handRecord) outcome(r *v1alpha1.FilingReport) {
	a := h.newest
	if a == nil || a.Number != r.Spec.Attempt {
		h.previous = h.newest
		a = &Attempt{Number: r.Spec.Attempt, ClaimName: r.Spec.ClaimName, FiledTime: reportedTime(r)}
		h.newest = a
	}
	if h.claim == r.Spec.ClaimName {
		a.Digest = h.claimDigest
		h.release()
	}
	a.State = stateOfReport[r.Spec.Type]
	a.Revision++
	if r.Spec.Reference != "" {
		a.Reference = r.Spec.Reference
	}
	a.Findings, a.Final = r.Spec.Findings, r.Spec.Final
	if r.Spec.AccountID != "" {
		a.AccountID = r.Spec.AccountID
	}
	a.Challenges = nil
	for _, c := range r.Spec.Challenges {
		a.Challenges = append(a.Challenges, Challenge{ID: c.ID, Type: c.Type, Message: c.Message})
	}
}

// giveBack releases the claim. One that was not taken yet is answered as well,
// because its agent waits.
func (h *handRecord) giveBack() {
	if !h.claimAccepted {
		h.verdicts = append(h.verdicts, Verdict{
			Name: h.claim, Reason: v1alpha1.ReportReasonNoSuchClaim, Message: "The claim was released before it was taken.",
		})
	}
	h.release()
}

func (h *handRecord) release() {
	h.claim, h.claimAttempt, h.claimAccepted, h.claimDigest = "", 0, false, ""
}

func reportedTime(r *v1alpha1.FilingReport) time.Time {
	if r.Spec.ReportedTime != nil {
		return r.Spec.ReportedTime.Time
	}
	return r.CreationTimestamp.Time
}

func (p *pass) accept(r *v1alpha1.FilingReport, reason string) {
	p.hand.verdicts = append(p.hand.verdicts, Verdict{
		Name: r.Name, Accepted: true, Reason: reason, Message: "The report is part of the record.",
	})
}

func (p *pass) refuse(r *v1alpha1.FilingReport, reason, message string) {
	p.hand.verdicts = append(p.hand.verdicts, Verdict{Name: r.Name, Reason: reason, Message: message})
}

func (p *pass) requireFileByHand(attempt int32) {
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementFileByHand, Awaiting: v1alpha1.PartyAgent,
		Message: fmt.Sprintf("File attempt %d by hand: claim it with a FilingReport of type Claimed, attempt %d, filingKey %s.", attempt, attempt, p.o.Key),
	})
}

func (p *pass) requireClaimed() {
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementFileByHand, Awaiting: v1alpha1.PartyAgent,
		Message: fmt.Sprintf("Attempt %d is claimed by FilingReport %s. File the locked dossier and report what came back, or report Released.", p.status.Filing.Attempt, p.status.Filing.ClaimName),
	})
}

// OpenChallenges are what the registrar asks for now, by what was observed of it so
// far: the answers to these, and to nothing else, are worth reading.
func OpenChallenges(o Observation) []Challenge {
	p := newPass(&o)
	p.hearReports()
	if p.view.Current == nil {
		return nil
	}
	return p.view.Current.Challenges
}
