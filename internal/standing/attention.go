// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"cmp"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Row is a registration in a list of many.
type Row struct {
	Namespace string                     `json:"namespace"`
	Name      string                     `json:"name"`
	Region    v1alpha1.Region            `json:"region"`
	Phase     v1alpha1.RegistrationPhase `json:"phase"`
	Attempt   int32                      `json:"attempt,omitempty"`
	Awaiting  v1alpha1.Party             `json:"awaiting"`
	// Due is the code of what is due first, or the reason why it is not ready.
	Due string `json:"due"`
	// Claim by which an agent files, where one stands.
	Claim   string     `json:"claim,omitempty"`
	Account string     `json:"account,omitempty"`
	Since   time.Time  `json:"since,omitzero"`
	DueTime *time.Time `json:"dueTime,omitempty"`
	Overdue bool       `json:"overdue,omitempty"`
	Created time.Time  `json:"created"`

	attention int
}

// Attention is how urgently somebody has to act: the lower, the sooner.
const (
	attentionApplicant = iota
	attentionOverdue
	attentionAgent
	attentionOperator
	attentionRegistrar
	attentionNone
)

// RowOf is reg as one of many.
func RowOf(reg *v1alpha1.ChinaAccountRegistration) Row {
	status := &reg.Status
	row := Row{
		Namespace: reg.Namespace, Name: reg.Name, Region: reg.Spec.Region,
		Phase: status.Phase, Awaiting: status.Awaiting, Created: reg.CreationTimestamp.UTC(),
		Overdue: meta.IsStatusConditionTrue(status.Conditions, v1alpha1.ConditionOverdue),
	}
	if status.Filing != nil {
		row.Attempt, row.Claim = status.Filing.Attempt, status.Filing.ClaimName
	}
	if status.Account != nil {
		row.Account = status.Account.ID
	}
	if ready := meta.FindStatusCondition(status.Conditions, v1alpha1.ConditionReady); ready != nil {
		row.Due, row.Since = ready.Reason, ready.LastTransitionTime.UTC()
	}
	if len(status.Requirements) > 0 && status.Requirements[0].Severity == v1alpha1.SeverityError {
		first := status.Requirements[0]
		row.Due, row.Since = first.Code, first.SinceTime.UTC()
		if first.DueTime != nil {
			due := first.DueTime.UTC()
			row.DueTime = &due
		}
	}
	row.attention = attentionOf(reg, row.Overdue)
	return row
}

func attentionOf(reg *v1alpha1.ChinaAccountRegistration, overdue bool) int {
	status := &reg.Status
	switch {
	case reg.Spec.Suspend || status.Phase == v1alpha1.PhaseActive || status.Rejection != nil && status.Rejection.Final:
		return attentionNone
	case status.Awaiting == v1alpha1.PartyApplicant:
		return attentionApplicant
	case overdue:
		return attentionOverdue
	case status.Awaiting == v1alpha1.PartyAgent:
		return attentionAgent
	case status.Awaiting == v1alpha1.PartyRegistrar:
		return attentionRegistrar
	default:
		return attentionOperator
	}
}

// ByAttention orders what needs attention first: what the applicant must do, what is
// overdue, what the agent must do, and so on; of equals the earlier due, then the one
// that has waited longer.
func ByAttention(a, b Row) int {
	return cmp.Or(a.attention-b.attention, ByDueTime(a, b))
}

// ByDueTime orders the earlier due first, what is due at no time last; of equals the
// one that has waited longer.
func ByDueTime(a, b Row) int {
	return cmp.Or(
		compareDue(a.DueTime, b.DueTime),
		a.Since.Compare(b.Since),
		cmp.Compare(a.Namespace, b.Namespace),
		cmp.Compare(a.Name, b.Name),
	)
}

func compareDue(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	default:
		return a.Compare(*b)
	}
}
