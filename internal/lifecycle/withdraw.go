// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// wantsWithdrawal: the applicant asked for it, or deletes the object with that policy.
func (p *pass) wantsWithdrawal() bool {
	return wantsBack(p.reg, p.status.Filing.Attempt) ||
		p.deleting() && p.reg.Spec.DeletionPolicy == v1alpha1.DeletionWithdraw
}

func (p *pass) withdraw() {
	attempt := p.status.Filing.Attempt
	switch {
	case p.suspended():
	case p.byHand():
		p.require(v1alpha1.Requirement{
			Code: v1alpha1.RequirementWithdrawByHand, Awaiting: v1alpha1.PartyAgent,
			Message: fmt.Sprintf("Withdraw attempt %d at the registrar and report Withdrawn; if it was not filed, report Released. Claim: %s.", attempt, p.status.Filing.ClaimName),
		})
	default:
		p.do(Effect{Kind: EffectWithdraw, Attempt: attempt})
	}
}

// keepsFinalizer: exactly while a filing is open, intents included, that deletion
// has to withdraw first.
func (p *pass) keepsFinalizer() bool {
	return p.reg.Spec.DeletionPolicy == v1alpha1.DeletionWithdraw && p.isOpen()
}

// isOpen: an intent is recorded, or the registrar has the filing and has not ended it.
func (p *pass) isOpen() bool {
	switch {
	case p.status.Filing == nil:
		return false
	case p.status.Filing.FiledTime == nil:
		return true
	default:
		return lockIn(p.status.Phase) == v1alpha1.DossierLocked
	}
}

// isFiled: the registrar has the recorded filing.
func (p *pass) isFiled() bool {
	return p.status.Filing != nil && p.status.Filing.FiledTime != nil
}
