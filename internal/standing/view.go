// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/form"
	"github.com/chinaaccount/china-account-operator/internal/region"
)

// View is how one registration stands. It is printed as JSON and YAML too: the keys
// are an interface. Times are in UTC, durations in whole seconds.
type View struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Company   string `json:"company"`
	// Region, and the registrar that operates it.
	Region    v1alpha1.Region `json:"region"`
	Registrar form.Words      `json:"registrar"`
	// Phase is empty before the operator has seen the object.
	Phase   v1alpha1.RegistrationPhase `json:"phase"`
	Attempt int32                      `json:"attempt,omitempty"`
	// Reason why it is not ready, as the condition Ready states it.
	Reason   string         `json:"reason"`
	Awaiting v1alpha1.Party `json:"awaiting"`
	// Seen: the operator has looked at the newest change of spec.
	Seen      bool `json:"seen"`
	Suspended bool `json:"suspended,omitempty"`
	Deleting  bool `json:"deleting,omitempty"`
	Overdue   bool `json:"overdue,omitempty"`
	// Claim by which an agent files, and the registrar's own number for the filing.
	Claim     string `json:"claim,omitempty"`
	Reference string `json:"reference,omitempty"`
	// SupportPlan that the applicant chose.
	SupportPlan v1alpha1.SupportPlan    `json:"supportPlan,omitempty"`
	Account     *v1alpha1.AccountStatus `json:"account,omitempty"`
	Timeline    []Step                  `json:"timeline"`
	Due         []Due                   `json:"due"`
	Rejection   *Rejection              `json:"rejection,omitempty"`
	Call        Call                    `json:"call"`
	// Next is what to do with an account that is active.
	Next []Advice `json:"next,omitempty"`
}

// Step is one phase that was reached.
type Step struct {
	Phase   v1alpha1.RegistrationPhase `json:"phase"`
	Attempt int32                      `json:"attempt,omitempty"`
	Reason  string                     `json:"reason,omitempty"`
	Time    time.Time                  `json:"time"`
	// Seconds that it took; so far, for the last.
	Seconds int64 `json:"seconds"`
	// Lasts: it is the last, and something follows.
	Lasts bool `json:"lasts,omitempty"`
}

// Due is one thing that is due now.
type Due struct {
	v1alpha1.Requirement `json:",inline"`
	// Field is what the path is called, where it is one of the form.
	Field *form.Words `json:"field,omitempty"`
	// BusinessDaysLeft until DueTime, and today not counted; nil without one.
	BusinessDaysLeft *int `json:"businessDaysLeft,omitempty"`
	// Late: DueTime has passed.
	Late bool `json:"late,omitempty"`
}

// Rejection is what the registrar found wrong with the newest attempt.
type Rejection struct {
	// Final: no other attempt is taken.
	Final    bool      `json:"final,omitempty"`
	Findings []Finding `json:"findings"`
	// Omitted is how many findings more there were.
	Omitted int32 `json:"omitted,omitempty"`
}

// Finding is one of them beside what stands at its path now.
type Finding struct {
	v1alpha1.Finding `json:",inline"`
	Field            *form.Words `json:"field,omitempty"`
	// Current is the value in spec; of what is kept in a Secret, its name and key. Empty
	// where there is nothing at the path.
	Current string `json:"current,omitempty"`
}

// Call says whom to call.
type Call struct {
	Hotline string `json:"hotline"`
	Mail    string `json:"mail"`
	Open    bool   `json:"open"`
	// Changes is when it opens or closes next.
	Changes time.Time `json:"changes"`
}

// Of says how reg stands at now. The calendar has the holidays of the registrars.
func Of(reg *v1alpha1.ChinaAccountRegistration, calendar *businessday.Calendar, now time.Time) View {
	status := &reg.Status
	operator := region.OperatorOf(reg.Spec.Region)
	open, changes := calendar.HotlineOpen(now)
	view := View{
		Namespace: reg.Namespace, Name: reg.Name, Company: reg.Spec.Dossier.Company.LegalName,
		Region: reg.Spec.Region, Registrar: form.Words{English: operator.Name, Chinese: operator.Chinese},
		Phase: status.Phase, Awaiting: status.Awaiting,
		Seen:      status.ObservedGeneration == reg.Generation,
		Suspended: reg.Spec.Suspend, Deleting: !reg.DeletionTimestamp.IsZero(),
		Overdue:     meta.IsStatusConditionTrue(status.Conditions, v1alpha1.ConditionOverdue),
		SupportPlan: reg.Spec.SupportPlan,
		Account:     status.Account,
		Timeline:    timeline(status, now),
		Rejection:   rejection(reg),
		Call:        Call{operator.Hotline, region.SupportMail, open, changes.UTC()},
	}
	if filing := status.Filing; filing != nil {
		view.Attempt, view.Claim, view.Reference = filing.Attempt, filing.ClaimName, filing.Reference
	}
	if ready := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionReady); ready != nil {
		view.Reason = ready.Reason
	}
	view.Due = make([]Due, 0, len(status.Requirements))
	for _, requirement := range status.Requirements {
		view.Due = append(view.Due, due(requirement, calendar, now))
	}
	if status.Phase == v1alpha1.PhaseActive {
		view.Next = Advise(reg)
	}
	return view
}

// IsOver tells whether nothing follows: the account is active, or no other attempt is taken.
func (v View) IsOver() bool {
	return v.Phase == v1alpha1.PhaseActive || v.Rejection != nil && v.Rejection.Final
}

func timeline(status *v1alpha1.ChinaAccountRegistrationStatus, now time.Time) []Step {
	steps := make([]Step, 0, len(status.History))
	over := status.Phase == v1alpha1.PhaseActive || status.Rejection != nil && status.Rejection.Final
	for i, entry := range status.History {
		step := Step{Phase: entry.Phase, Attempt: entry.Attempt, Reason: entry.Reason, Time: entry.Time.UTC()}
		switch {
		case i+1 < len(status.History):
			step.Seconds = seconds(status.History[i+1].Time.Sub(entry.Time.Time))
		case !over:
			step.Seconds, step.Lasts = seconds(now.Sub(entry.Time.Time)), true
		}
		steps = append(steps, step)
	}
	return steps
}

// seconds is never less than none: clocks differ.
func seconds(d time.Duration) int64 { return int64(max(0, d) / time.Second) }

func due(requirement v1alpha1.Requirement, calendar *businessday.Calendar, now time.Time) Due {
	d := Due{Requirement: requirement, Field: nameOf(requirement.Path)}
	if requirement.DueTime != nil {
		left := calendar.BusinessDaysUntil(now, requirement.DueTime.Time)
		d.BusinessDaysLeft = &left
		d.Late = now.After(requirement.DueTime.Time)
	}
	return d
}

func nameOf(path string) *form.Words {
	if name, found := form.NameOf(path); found {
		return &name
	}
	return nil
}

func rejection(reg *v1alpha1.ChinaAccountRegistration) *Rejection {
	rejected := reg.Status.Rejection
	if rejected == nil {
		return nil
	}
	r := &Rejection{Final: rejected.Final, Omitted: rejected.OmittedFindingsCount, Findings: make([]Finding, 0, len(rejected.Findings))}
	values := valuesOf(reg)
	for _, finding := range rejected.Findings {
		r.Findings = append(r.Findings, Finding{Finding: finding, Field: nameOf(finding.Path), Current: values.at(finding.Path)})
	}
	return r
}

// Condition returns a condition's status, Unknown where it is not set.
func Condition(reg *v1alpha1.ChinaAccountRegistration, kind string) metav1.ConditionStatus {
	if c := meta.FindStatusCondition(reg.Status.Conditions, kind); c != nil {
		return c.Status
	}
	return metav1.ConditionUnknown
}
