// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// readiness is one row of the table that tools read: who is at work.
type readiness struct {
	// kind is ConditionReady, ConditionReconciling (our work), ConditionStalled (a
	// human's), or none of them (somebody else's, and in good order).
	kind    string
	reason  string
	message string
}

const inGoodOrder = ""

// readiness returns the first row that matches, from the top.
func (p *pass) readiness() readiness {
	switch {
	case p.status.Phase == v1alpha1.PhaseActive:
		return readiness{v1alpha1.ConditionReady, v1alpha1.ReasonActive, "The account is active."}
	case p.suspended():
		return readiness{inGoodOrder, v1alpha1.ReasonSuspended, "Suspended: nothing is filed, answered or withdrawn until spec.suspend is false."}
	case p.held != "":
		return readiness{v1alpha1.ConditionStalled, v1alpha1.ReasonRegistrarContradiction, "Held: " + p.held + "."}
	case p.status.Filing != nil && !p.isFiled():
		return p.intendedReadiness()
	case p.status.Phase == v1alpha1.PhaseRejected && (isFinal(p.status) || !p.resubmits(p.status.Filing.Attempt)):
		return readiness{v1alpha1.ConditionStalled, p.rejectedReason(), p.first("The registrar rejected the filing, and takes no other attempt.")}
	case p.status.Phase == v1alpha1.PhaseRejected, p.status.Phase == v1alpha1.PhasePending:
		return p.pendingReadiness()
	default:
		return p.underWayReadiness()
	}
}

func (p *pass) intendedReadiness() readiness {
	if p.byHand() && p.hand.claimAccepted {
		return readiness{inGoodOrder, v1alpha1.ReasonAwaitingAgent, p.first("")}
	}
	return readiness{v1alpha1.ConditionReconciling, v1alpha1.ReasonFiling, p.first("Filing.")}
}

func (p *pass) pendingReadiness() readiness {
	switch {
	case p.preflight == preflightFailed:
		return readiness{v1alpha1.ConditionStalled, v1alpha1.ReasonPreflightFailed, p.first("")}
	case p.preflight == preflightMissing:
		return readiness{v1alpha1.ConditionReconciling, v1alpha1.ReasonSecretsMissing, p.first("")}
	case p.waiting != "":
		return readiness{v1alpha1.ConditionReconciling, p.waiting, p.first("")}
	case p.awaiting() == v1alpha1.PartyApplicant:
		return readiness{v1alpha1.ConditionStalled, p.requirements[0].Code, p.first("")}
	case p.awaiting() == v1alpha1.PartyAgent:
		return readiness{inGoodOrder, v1alpha1.ReasonAwaitingAgent, p.first("")}
	default:
		return readiness{v1alpha1.ConditionReconciling, v1alpha1.ReasonPreparing, "Preparing the filing."}
	}
}

func (p *pass) underWayReadiness() readiness {
	reason := map[v1alpha1.RegistrationPhase]string{
		v1alpha1.PhaseSubmitted:   v1alpha1.ReasonAwaitingDecision,
		v1alpha1.PhaseUnderReview: v1alpha1.ReasonUnderReview,
		v1alpha1.PhaseVerified:    v1alpha1.ReasonCompletingSignUp,
	}[p.status.Phase]
	switch awaiting := p.awaiting(); {
	case awaiting == v1alpha1.PartyApplicant || awaiting == v1alpha1.PartyAgent:
		return readiness{inGoodOrder, p.requirements[0].Code, p.first("")}
	case p.status.Phase == v1alpha1.PhaseVerified:
		return readiness{v1alpha1.ConditionReconciling, reason, "The sign-up is being completed."}
	default:
		return readiness{inGoodOrder, reason, p.first("The registrar decides.")}
	}
}

func (p *pass) rejectedReason() string {
	switch r := p.status.Rejection; {
	case r == nil:
		return v1alpha1.ReasonRejected
	case r.Final:
		return v1alpha1.ReasonRejectedFinally
	case len(r.Findings) == 1 && (r.Findings[0].Code == v1alpha1.FindingWithdrawn || r.Findings[0].Code == v1alpha1.FindingSignUpExpired):
		return r.Findings[0].Code
	default:
		return v1alpha1.ReasonRejected
	}
}

// first is the message of what is due first, or the given one.
func (p *pass) first(otherwise string) string {
	if len(p.requirements) > 0 && (p.requirements[0].Severity == v1alpha1.SeverityError || otherwise == "" || p.waiting != "") {
		return p.requirements[0].Message
	}
	return otherwise
}

// summarise computes all conditions from what the pass found, in one place.
func (p *pass) summarise() {
	p.status.ObservedGeneration = p.reg.Generation
	r := p.readiness()
	p.set(condition(v1alpha1.ConditionReady, r.kind == v1alpha1.ConditionReady, r.reason, r.message))
	for _, kind := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if r.kind == kind {
			p.set(condition(kind, true, r.reason, r.message))
		} else {
			meta.RemoveStatusCondition(&p.status.Conditions, kind)
		}
	}
	p.set(p.preflightCondition())
	p.set(p.certificate())
	p.milestones()
	if p.overdue() {
		p.set(condition(v1alpha1.ConditionOverdue, true, v1alpha1.ReasonDecisionOverdue, p.first("")))
	} else {
		p.set(condition(v1alpha1.ConditionOverdue, false, v1alpha1.ReasonNotOverdue, "Nothing is overdue."))
	}
	if p.suspended() {
		p.set(condition(v1alpha1.ConditionSuspended, true, v1alpha1.ReasonSuspended, "spec.suspend is true."))
	} else {
		p.set(condition(v1alpha1.ConditionSuspended, false, v1alpha1.ReasonNotSuspended, "spec.suspend is false."))
	}
}

// milestones are Submitted, Verified and Active.
func (p *pass) milestones() {
	phase := p.status.Phase
	submitted := phase != v1alpha1.PhasePending
	reason, message := v1alpha1.ReasonNotFiled, "Not filed yet."
	if submitted {
		reason, message = v1alpha1.ReasonFiled, "The dossier was filed."
	}
	p.set(condition(v1alpha1.ConditionSubmitted, submitted, reason, message))

	verdict := map[v1alpha1.RegistrationPhase]struct{ reason, message string }{
		v1alpha1.PhasePending:     {v1alpha1.ReasonNotFiled, "Not filed yet."},
		v1alpha1.PhaseSubmitted:   {v1alpha1.ReasonAwaitingDecision, "The registrar has not decided."},
		v1alpha1.PhaseUnderReview: {v1alpha1.ReasonUnderReview, "The registrar verifies the entity."},
		v1alpha1.PhaseRejected:    {v1alpha1.ReasonRejected, "The registrar did not accept the filing."},
		v1alpha1.PhaseVerified:    {v1alpha1.ReasonVerified, "The registrar verified the entity."},
		v1alpha1.PhaseActive:      {v1alpha1.ReasonVerified, "The registrar verified the entity."},
	}[phase]
	verified := phase == v1alpha1.PhaseVerified || phase == v1alpha1.PhaseActive
	p.set(condition(v1alpha1.ConditionVerified, verified, verdict.reason, verdict.message))

	switch phase {
	case v1alpha1.PhaseActive:
		p.set(condition(v1alpha1.ConditionActive, true, v1alpha1.ReasonActive, "The account is active."))
	case v1alpha1.PhaseVerified:
		p.set(condition(v1alpha1.ConditionActive, false, v1alpha1.ReasonCompletingSignUp, "The sign-up is not completed yet (FAQ Q12)."))
	default:
		p.set(condition(v1alpha1.ConditionActive, false, verdict.reason, verdict.message))
	}
}

func (p *pass) preflightCondition() metav1.Condition {
	switch p.preflight {
	case preflightPassed:
		return condition(v1alpha1.ConditionPreflightPassed, true, v1alpha1.ReasonPassed, "No finding blocks the filing.")
	case preflightFailed:
		return condition(v1alpha1.ConditionPreflightPassed, false, v1alpha1.ReasonPreflightFailed, p.first(""))
	case preflightMissing:
		return condition(v1alpha1.ConditionPreflightPassed, false, v1alpha1.ReasonSecretsMissing, p.first(""))
	default:
		return p.keepCondition(v1alpha1.ConditionPreflightPassed)
	}
}

// preflightBefore is what the recorded condition says of the last preflight.
func (p *pass) preflightBefore() preflightResult {
	switch p.keepCondition(v1alpha1.ConditionPreflightPassed).Reason {
	case v1alpha1.ReasonPassed:
		return preflightPassed
	case v1alpha1.ReasonPreflightFailed:
		return preflightFailed
	case v1alpha1.ReasonSecretsMissing:
		return preflightMissing
	default:
		return preflightNotRun
	}
}

func condition(kind string, is bool, reason, message string) metav1.Condition {
	c := metav1.Condition{Type: kind, Status: metav1.ConditionFalse, Reason: reason, Message: message}
	if is {
		c.Status = metav1.ConditionTrue
	}
	return c
}

func (p *pass) set(c metav1.Condition) {
	c.ObservedGeneration = p.reg.Generation
	c.LastTransitionTime = p.now()
	meta.SetStatusCondition(&p.status.Conditions, c)
}
