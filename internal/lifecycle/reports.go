// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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
	others map[string]bool
	// released are the claims that were given back: another may have been made, and
	// accepted, within the same second.
	released map[string]bool
	verdicts []Verdict
}

// candidate returns the claim for attempt n that waits to be taken.
func (h *handRecord) candidate(n int32) string {
	if h.claimAttempt == n && !h.claimAccepted {
		return h.claim
	}
	return ""
}

// reportOrder sorts reports of one attempt that were created within one second: a
// claim comes before its outcomes, and those in the order of a life. The accepted come before
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
			cmp.Compare(a.Spec.Attempt, b.Spec.Attempt),
			slices.Index(reportOrder, a.Spec.Type)-slices.Index(reportOrder, b.Spec.Type),
			correctedLast(a)-correctedLast(b),
			cmp.Compare(a.Name, b.Name),
		)
	})
	p.hand.released = releasedClaims(reports)
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

// releasedClaims are the claims that accepted reports gave back.
func releasedClaims(reports []v1alpha1.FilingReport) map[string]bool {
	released := map[string]bool{}
	for i := range reports {
		r := &reports[i]
		if r.Spec.Type == v1alpha1.ReportReleased && meta.IsStatusConditionTrue(r.Status.Conditions, v1alpha1.ConditionAccepted) {
			released[r.Spec.ClaimName] = true
		}
	}
	return released
}

func judgedFirst(r v1alpha1.FilingReport) int {
	if meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted) != nil {
		return 0
	}
	return 1
}

// correctedLast: of two reports of a type within one second, that one holds which was
// judged to correct the other.
func correctedLast(r v1alpha1.FilingReport) int {
	if c := meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted); c != nil && c.Reason == v1alpha1.ReportReasonCorrected {
		return 1
	}
	return 0
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

// replay takes an accepted report into the record.
func (h *handRecord) replay(r *v1alpha1.FilingReport) {
	switch r.Spec.Type {
	case v1alpha1.ReportClaimed:
		if !h.released[r.Name] {
			h.claim, h.claimAttempt, h.claimAccepted, h.claimDigest = r.Name, r.Spec.Attempt, true, r.Status.Digest
		}
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

func (p *pass) requireFileByHand(attempt int32) {
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementFileByHand, Awaiting: v1alpha1.PartyAgent,
		Message: fmt.Sprintf(fileByHand, attempt, attempt, p.o.Key),
	})
}

const fileByHand = "File attempt %d by hand: claim it with a FilingReport of type Claimed, attempt %d, filingKey %s."

// ClaimDue returns the attempt that an agent may claim now, and the filing's key, as
// the requirement FileByHand states them. It is not due where no claim is asked for.
func ClaimDue(status *v1alpha1.ChinaAccountRegistrationStatus) (attempt int32, key string, due bool) {
	for _, q := range status.Requirements {
		if q.Code != v1alpha1.RequirementFileByHand {
			continue
		}
		var again int32
		if n, err := fmt.Sscanf(q.Message, strings.ReplaceAll(fileByHand, "%s.", "%64s."), &attempt, &again, &key); err == nil && n == 3 {
			return attempt, key, true
		}
	}
	return 0, "", false
}

func (p *pass) requireClaimed() {
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementFileByHand, Awaiting: v1alpha1.PartyAgent,
		Message: fmt.Sprintf("Attempt %d is claimed by FilingReport %s. File the locked dossier and report what came back, or report Released.", p.status.Filing.Attempt, p.status.Filing.ClaimName),
	})
}

// checkClaim: the page and the files of a claim are of the Secrets as they were when it
// was taken. Whether the agent has them already is not known.
func (p *pass) checkClaim() {
	p.poll() // Secrets are not watched
	claimed := p.status.Filing.Digest
	if p.o.Dossier == nil || p.o.Owner == "" || p.o.Dossier.Digest == claimed {
		return
	}
	if is := p.o.Dossier.Digest; is != "" && basis(is) != basis(claimed) {
		return // of another version or key: not known to be another
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementClaimStale, Awaiting: v1alpha1.PartyAgent, Severity: v1alpha1.SeverityWarning,
		Message: fmt.Sprintf("A Secret of the dossier is not any more what FilingReport %s claimed. If that was not filed, report Released and claim attempt %d again; if it was, report what came back: it counts.",
			p.status.Filing.ClaimName, p.status.Filing.Attempt),
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
