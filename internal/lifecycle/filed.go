// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/region"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// phaseOf is what each state of the contract means to us.
var phaseOf = map[State]v1alpha1.RegistrationPhase{
	StateReceived:      v1alpha1.PhaseSubmitted,
	StateUnderReview:   v1alpha1.PhaseUnderReview,
	StateRejected:      v1alpha1.PhaseRejected,
	StateWithdrawn:     v1alpha1.PhaseRejected,
	StateSignUpExpired: v1alpha1.PhaseRejected,
	StateVerified:      v1alpha1.PhaseVerified,
	StateActive:        v1alpha1.PhaseActive,
}

// filed: the registrar has the filing. Follow what it says.
func (p *pass) filed() {
	switch {
	case !p.usableRegistrar():
		p.keepWhatIsDue()
	case p.view.Trouble != nil:
		p.keepWhatIsDue()
		p.troubled(p.view.Trouble)
	case p.restsFinally():
	case p.view.Unchanged:
		p.goOn()
	case p.view.OtherOwner:
		p.hold("the registrar says that the recorded filing is somebody else's")
	case p.view.Current == nil:
		p.hold("the registrar does not know the recorded filing any more")
	default:
		p.follow(p.view.Current)
	}
}

// goOn does what is due where the registrar has said nothing since.
func (p *pass) goOn() {
	filing := p.status.Filing
	if filing.DueTime == nil || filing.DueBasis == v1alpha1.DueProvisional {
		p.recordDueTime(&Attempt{})
	}
	p.attend(&Attempt{Number: filing.Attempt, Revision: filing.Revision})
}

// restsFinally: a final rejection is not looked at again, unless somebody asks, or
// an agent corrects a report.
func (p *pass) restsFinally() bool {
	return p.status.Phase == v1alpha1.PhaseRejected && isFinal(p.status) && p.view.Current == nil
}

// follow takes what the registrar says where the table of phases allows it, and
// holds everything else.
func (p *pass) follow(a *Attempt) {
	next, known := phaseOf[a.State]
	filing := p.status.Filing
	switch {
	case !known:
		p.hold(fmt.Sprintf("the registrar says %q of attempt %d, which is no state of the contract", text.Cut(string(a.State), maxCode), a.Number))
		return
	case !p.was.Phase.CanBecome(next), next == v1alpha1.PhaseSubmitted && p.was.Phase == v1alpha1.PhaseRejected && a.Number == p.lastAttempt():
		// A rejected attempt may be reopened, but not be filed again.
		p.hold(fmt.Sprintf("the registrar says %s of attempt %d, which does not follow from %s", next, a.Number, p.was.Phase))
		return
	case a.Number == filing.Attempt && filing.FiledTime != nil && a.Revision < filing.Revision:
		p.hold(fmt.Sprintf("the registrar answers with revision %d of attempt %d, and had answered with revision %d", a.Revision, a.Number, filing.Revision))
		return
	}
	if next != p.was.Phase || a.Number != p.lastAttempt() {
		p.enter(next, a.Number, p.reasonOf(a))
		p.status.Rejection, p.status.RefusedDigest = rejectionOf(a), ""
	} else if a.Revision != filing.Revision {
		p.status.Rejection = rejectionOf(a)
	}
	p.recordFiling(a)
	p.status.DossierLock = lockIn(next)
	p.attend(a)
}

// lastAttempt is the attempt of the newest entry in history.
func (p *pass) lastAttempt() int32 {
	if n := len(p.was.History); n > 0 {
		return p.was.History[n-1].Attempt
	}
	return 0
}

// attend does what the phase asks for.
func (p *pass) attend(a *Attempt) {
	switch p.status.Phase {
	case v1alpha1.PhaseActive:
		p.recordAccount(a)
		p.active()
	case v1alpha1.PhaseRejected:
		p.rejected(a)
	default:
		p.underWay(a)
	}
}

// underWay: the registrar has it, and has not decided or not finished.
func (p *pass) underWay(a *Attempt) {
	if p.wantsWithdrawal() {
		p.withdraw() // and nothing more is answered
	} else {
		p.answerChallenges(a)
	}
	p.expectDecision()
	p.awaitNews()
}

// rejected: mend and resubmit; until the applicant says so, nothing is filed again.
func (p *pass) rejected(a *Attempt) {
	if isFinal(p.status) || p.deleting() {
		return
	}
	if p.o.Dossier == nil {
		// Just learnt: the next look reads the dossier and says what is ready.
		p.requireMending(a.Number)
		p.lookAgain()
		return
	}
	passed := p.mending(a.Number)
	p.poll()
	if p.resubmits(a.Number) && p.canFile() {
		p.prepare(a.Number+1, passed)
	}
}

// mending lists what keeps the rejected attempt n from being filed again, and tells
// whether the dossier passes.
func (p *pass) mending(n int32) bool {
	passed := p.checkDossier()
	if !p.resubmits(n) {
		p.requireMending(n)
	}
	return passed
}

// keepWhatIsDue: the registrar has nothing new to say. What a rejected applicant
// mends is seen all the same.
func (p *pass) keepWhatIsDue() {
	switch {
	case p.status.Phase != v1alpha1.PhaseRejected || p.o.Dossier == nil:
		p.keepRequirements()
	case p.mending(p.status.Filing.Attempt) && p.refusedAsItIs() && p.resubmits(p.status.Filing.Attempt):
		p.requireRefused()
	}
}

func (p *pass) requireMending(attempt int32) {
	if p.status.Rejection != nil {
		for _, f := range p.status.Rejection.Findings {
			if f.Code != v1alpha1.FindingWithdrawn && f.Code != v1alpha1.FindingSignUpExpired {
				p.require(v1alpha1.Requirement{Code: f.Code, Awaiting: v1alpha1.PartyApplicant, Path: f.Path, Message: f.Message})
			}
		}
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementResubmission, Awaiting: v1alpha1.PartyApplicant, Path: "spec.resubmitAfterAttempt",
		Message: fmt.Sprintf("%s%s%d (FAQ Q11).", p.whyAgain(attempt), fileAgain, attempt),
	})
	if p.isAsFiled() {
		p.require(v1alpha1.Requirement{
			Code: v1alpha1.RequirementDossierUnchanged, Awaiting: v1alpha1.PartyApplicant, Severity: v1alpha1.SeverityWarning, Path: "spec.dossier",
			Message: fmt.Sprintf("The dossier is just as attempt %d filed it, and would be judged the same again.", attempt),
		})
	}
}

// isAsFiled: nothing was mended since the rejected attempt. Digests of another version
// or key are never equal, and tell nothing.
func (p *pass) isAsFiled() bool {
	filing := p.status.Filing
	return p.status.Rejection != nil && p.rejectedReason() == v1alpha1.ReasonRejected &&
		p.o.Dossier != nil && filing != nil && filing.Digest != "" && p.o.Dossier.Digest == filing.Digest
}

const fileAgain = " To file again set spec.resubmitAfterAttempt: "

// ResubmissionDue returns the attempt after which the applicant may have another filed,
// as the requirement ResubmissionRequired states it. A registration that was recreated
// has no attempt recorded, and may be asked for one all the same.
func ResubmissionDue(status *v1alpha1.ChinaAccountRegistrationStatus) (after int32, due bool) {
	for _, q := range status.Requirements {
		_, rest, stated := strings.Cut(q.Message, fileAgain)
		if q.Code == v1alpha1.RequirementResubmission && stated {
			_, err := fmt.Sscanf(rest, "%d", &after)
			return after, err == nil
		}
	}
	return 0, false
}

func (p *pass) whyAgain(attempt int32) string {
	switch p.rejectedReason() {
	case v1alpha1.FindingWithdrawn:
		return fmt.Sprintf("Attempt %d was withdrawn.", attempt)
	case v1alpha1.FindingSignUpExpired:
		return fmt.Sprintf("The sign-up of attempt %d was not completed in time.", attempt)
	default:
		return fmt.Sprintf("Attempt %d was not accepted. Mend what is listed.", attempt)
	}
}

// hold shows what the registrar says and follows none of it; nothing is filed.
func (p *pass) hold(why string) {
	p.held = why
	p.keepRequirements()
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementRegistrarContradiction, Awaiting: v1alpha1.PartyRegistrar,
		Message: fmt.Sprintf("Held: %s. Nothing is filed again; call %s.", why, region.OperatorOf(p.reg.Spec.Region).InWords()),
	})
	p.poll()
}

// recordFiling writes down what the registrar says of the attempt.
func (p *pass) recordFiling(a *Attempt) {
	filing := p.status.Filing
	if filing.Attempt != a.Number {
		*filing = v1alpha1.Filing{Key: filing.Key, Owner: filing.Owner, Attempt: a.Number, RegistrarRef: filing.RegistrarRef}
	}
	if a.Digest != "" {
		filing.Digest = a.Digest
	}
	if a.ClaimName != "" {
		filing.ClaimName = a.ClaimName
	}
	if a.Reference != "" {
		filing.Reference = text.Cut(a.Reference, maxReference)
	}
	filing.Revision = a.Revision
	if filing.FiledTime == nil {
		filed := metav1.NewTime(a.FiledTime)
		if a.FiledTime.IsZero() {
			filed = p.now()
		}
		filing.FiledTime = &filed
	}
	p.recordDueTime(a)
}

func (p *pass) recordAccount(a *Attempt) {
	if a.AccountID == "" {
		return
	}
	account := p.status.Account
	if account == nil {
		now := p.now()
		account = &v1alpha1.AccountStatus{ActivatedTime: &now}
		p.status.Account = account
	}
	account.ID = a.AccountID
	account.SignInURL = region.SignInURL(a.AccountID)
}

// enter records that a phase was reached. Decisions outlive the rest of a long history.
func (p *pass) enter(phase v1alpha1.RegistrationPhase, attempt int32, reason string) {
	p.status.Phase = phase
	p.status.History = append(p.status.History, v1alpha1.HistoryEntry{Phase: phase, Attempt: attempt, Reason: reason, Time: p.now()})
	if len(p.status.History) > v1alpha1.MaxHistory {
		i := max(0, slices.IndexFunc(p.status.History, isNoDecision))
		p.status.History = slices.Delete(p.status.History, i, i+1)
	}
}

// isNoDecision: of a history that is too long, the first of these goes.
func isNoDecision(entry v1alpha1.HistoryEntry) bool {
	return entry.Phase == v1alpha1.PhaseSubmitted || entry.Phase == v1alpha1.PhaseUnderReview
}

func lockIn(phase v1alpha1.RegistrationPhase) v1alpha1.DossierLock {
	switch phase {
	case v1alpha1.PhaseSubmitted, v1alpha1.PhaseUnderReview, v1alpha1.PhaseVerified:
		return v1alpha1.DossierLocked
	default:
		return v1alpha1.DossierOpen
	}
}

// reasonOf names a transition, for history and its event.
func (p *pass) reasonOf(a *Attempt) string {
	reopened := p.was.Phase == v1alpha1.PhaseRejected && a.Number == p.lastAttempt()
	switch {
	case p.was.Filing == nil:
		return v1alpha1.ReasonAdopted
	case reopened && phaseOf[a.State] != v1alpha1.PhaseRejected:
		return v1alpha1.ReasonReopened
	}
	switch a.State {
	case StateWithdrawn:
		return v1alpha1.FindingWithdrawn
	case StateSignUpExpired:
		return v1alpha1.FindingSignUpExpired
	case StateReceived:
		return v1alpha1.ReasonFiled
	case StateUnderReview:
		return v1alpha1.ReasonUnderReview
	case StateVerified:
		return v1alpha1.ReasonVerified
	case StateActive:
		return v1alpha1.ReasonActive
	default:
		if a.Final {
			return v1alpha1.ReasonRejectedFinally
		}
		return v1alpha1.ReasonRejected
	}
}

func rejectionOf(a *Attempt) *v1alpha1.Rejection {
	switch a.State {
	case StateWithdrawn:
		return &v1alpha1.Rejection{Findings: []v1alpha1.Finding{{Code: v1alpha1.FindingWithdrawn, Message: "The filing was withdrawn."}}}
	case StateSignUpExpired:
		return &v1alpha1.Rejection{Findings: []v1alpha1.Finding{{Code: v1alpha1.FindingSignUpExpired, Message: "The sign-up was not completed in time."}}}
	case StateRejected:
		return newRejection(a.Findings, a.OmittedFindings, a.Final)
	default:
		return nil
	}
}

func newRejection(findings []v1alpha1.Finding, omitted int32, final bool) *v1alpha1.Rejection {
	if extra := len(findings) - v1alpha1.MaxRejectionFindings; extra > 0 {
		findings, omitted = findings[:v1alpha1.MaxRejectionFindings], omitted+int32(extra)
	}
	return &v1alpha1.Rejection{Final: final, Findings: fitFindings(findings), OmittedFindingsCount: omitted}
}
