// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/region"
)

// The registrars promise first contact within 1 business day (FAQ Q2) and the
// result within 2 (FAQ Q9).
const (
	firstContactDays = 1
	decisionDays     = 2
)

// recordDueTime writes down when the decision is due: the registrar's own word, or
// the business days from filing. Once it is made, none is due.
func (p *pass) recordDueTime(a *Attempt) {
	filing := p.status.Filing
	if !p.awaitsDecision() {
		filing.DueTime, filing.DueBasis = nil, ""
		return
	}
	if !a.DueTime.IsZero() {
		filing.DueTime = &metav1.Time{Time: a.DueTime}
		filing.DueBasis = v1alpha1.DuePublished
		return
	}
	due, provisional := p.o.Calendar.Deadline(filing.FiledTime.Time, decisionDays)
	filing.DueTime = &metav1.Time{Time: due}
	filing.DueBasis = v1alpha1.DuePublished
	if provisional {
		filing.DueBasis = v1alpha1.DueProvisional
	}
}

// expectDecision says what is due from the registrar, and whom to call when it is late.
func (p *pass) expectDecision() {
	if !p.awaitsDecision() || p.awaitsApplicant() {
		return
	}
	filing := p.status.Filing
	due := filing.DueTime.Time
	message := fmt.Sprintf("%s judges the dossier and writes its result to the registration's e-mail address (FAQ Q9). Until then there is nothing to do.", region.OperatorOf(p.reg.Spec.Region).Name)
	if p.overdue() {
		message = "The decision is overdue: look for its mail, among junk too, then " + p.whomToCall()
	} else {
		p.lookAt(due.Add(time.Second))
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementDecision, Awaiting: v1alpha1.PartyRegistrar, Message: message, DueTime: filing.DueTime,
	})
	if p.status.Phase == v1alpha1.PhaseSubmitted {
		p.expectFirstContact()
	}
}

// expectFirstContact is a warning: whether somebody called, no machine can tell.
func (p *pass) expectFirstContact() {
	due, _ := p.o.Calendar.Deadline(p.status.Filing.FiledTime.Time, firstContactDays)
	message := fmt.Sprintf("%s may call or write to spec.dossier.contact (FAQ Q2).", region.OperatorOf(p.reg.Spec.Region).Name)
	if p.o.Now.After(due) {
		message = "If nobody got in touch by now, " + p.whomToCall()
	} else {
		p.lookAt(due.Add(time.Second))
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementFirstContact, Awaiting: v1alpha1.PartyRegistrar, Severity: v1alpha1.SeverityWarning,
		Message: message, DueTime: &metav1.Time{Time: due},
	})
}

// whomToCall names the hotline and whether it is open now, and looks again when
// that changes.
func (p *pass) whomToCall() string {
	operator := region.OperatorOf(p.reg.Spec.Region)
	open, next := p.o.Calendar.HotlineOpen(p.o.Now)
	p.lookAt(next)
	hours := "is closed now and opens at " + next.In(businessday.Shanghai).Format("2006-01-02 15:04 GMT+8")
	if open {
		hours = "is open now, until " + next.In(businessday.Shanghai).Format("15:04 GMT+8")
	}
	return fmt.Sprintf("call %s, whose hotline %s %s; or write to %s.", operator.Name, operator.Hotline, hours, region.SupportMail)
}

// overdue: the decision is due from the registrar, and its time has passed.
func (p *pass) overdue() bool {
	return p.awaitsDecision() && !p.awaitsApplicant() && p.status.Filing.DueTime != nil && p.o.Now.After(p.status.Filing.DueTime.Time)
}

// awaitsApplicant: an answer is due, without which the registrar does not go on.
func (p *pass) awaitsApplicant() bool {
	return slices.ContainsFunc(p.requirements, func(q v1alpha1.Requirement) bool {
		return q.Severity == v1alpha1.SeverityError && q.Awaiting == v1alpha1.PartyApplicant
	})
}

// awaitsDecision: the registrar has the filing, and has not decided.
func (p *pass) awaitsDecision() bool {
	return p.status.Phase == v1alpha1.PhaseSubmitted || p.status.Phase == v1alpha1.PhaseUnderReview
}
