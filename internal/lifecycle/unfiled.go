// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// unfiled: no filing is recorded. Look first, because one may exist all the same:
// the object was recreated or restored. Only then prepare one.
func (p *pass) unfiled() {
	if p.deleting() {
		return
	}
	passed := p.checkDossier()
	switch {
	case !p.canFile():
	case p.view.OtherOwner:
		p.emailAlreadyFiled()
	case p.byHand() && p.hand.claimAccepted:
		p.joinClaim()
	case p.view.Newest == nil:
		p.prepare(1, passed)
	case p.view.Newest.State == StateWithdrawn:
		p.unfiledWithdrawn(passed)
	default:
		p.adopt(p.view.Newest)
	}
}

// unfiledWithdrawn: the key's newest attempt was withdrawn. It is joined only
// together with a resubmission, because filing again is an explicit act.
func (p *pass) unfiledWithdrawn(passed bool) {
	n := p.view.Newest.Number
	if p.resubmits(n) {
		p.prepare(n+1, passed)
		return
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementResubmission, Awaiting: v1alpha1.PartyApplicant, Path: "spec.resubmitAfterAttempt",
		Message: fmt.Sprintf("Attempt %d under this e-mail address was withdrawn.%s%d.", n, fileAgain, n),
	})
	p.poll()
}

// adopt joins a filing of ours that exists already, whatever its content.
func (p *pass) adopt(a *Attempt) {
	p.forgetDossier()
	if p.was.Phase == "" {
		p.lookAgain()
		return
	}
	p.status.Filing = &v1alpha1.Filing{Key: p.o.Key, Owner: p.o.Owner, Attempt: a.Number, RegistrarRef: p.reg.Spec.RegistrarRef.Name}
	p.follow(a)
	if p.held != "" {
		p.status.Filing = nil // or it would read as an intent, and be filed
	}
	if p.effect.Kind != EffectNone {
		p.effect = Effect{} // the filing is recorded first
		p.lookAgain()
	}
}

// forgetDossier: what was filed is joined, whatever the content is by now.
func (p *pass) forgetDossier() {
	p.requirements, p.preflight, p.next = nil, preflightNotRun, time.Time{}
}

// joinClaim joins a claim of an earlier life of this object, which an agent may be
// filing from right now: whatever the content is by now, the claim's holds.
func (p *pass) joinClaim() {
	p.forgetDossier()
	p.status.Filing = &v1alpha1.Filing{
		Key: p.o.Key, Owner: p.o.Owner, Attempt: p.hand.claimAttempt,
		Digest: p.hand.claimDigest, RegistrarRef: p.reg.Spec.RegistrarRef.Name, ClaimName: p.hand.claim,
	}
	p.status.DossierLock = v1alpha1.DossierLocked
	p.requireClaimed()
}

// prepare records the intent to file attempt n; the next pass files it.
func (p *pass) prepare(n int32, passed bool) {
	switch {
	case p.deleting() || p.suspended():
	case p.reg.Spec.WithdrawAttempt != nil && *p.reg.Spec.WithdrawAttempt == n:
		p.require(v1alpha1.Requirement{
			Code: v1alpha1.RequirementWithdrawalRequested, Awaiting: v1alpha1.PartyApplicant, Path: "spec.withdrawAttempt",
			Message: fmt.Sprintf("spec.withdrawAttempt names attempt %d, which would be filed next. Remove it to have it filed.", n),
		})
	case !passed:
	case p.refusedAsItIs():
		p.requireRefused()
	case p.byHand() && p.hand.candidate(n) == "":
		p.requireFileByHand(n)
	default:
		p.intend(n)
	}
}

func (p *pass) intend(n int32) {
	filing := &v1alpha1.Filing{
		Key: p.o.Key, Owner: p.o.Owner, Attempt: n,
		Digest: p.o.Dossier.Digest, RegistrarRef: p.reg.Spec.RegistrarRef.Name,
	}
	if p.byHand() {
		filing.ClaimName = p.hand.candidate(n)
	}
	p.status.Filing = filing
	p.status.DossierLock = v1alpha1.DossierLocked
	if p.status.Phase == v1alpha1.PhasePending {
		p.status.Rejection = nil
	}
	p.lookAgain()
}

// canFile tells whether the registrar can be asked at all, and says what is in the way.
func (p *pass) canFile() bool {
	switch {
	case !p.usableRegistrar():
		return false
	case p.view.Trouble != nil:
		p.troubled(p.view.Trouble)
		return false
	case p.o.Owner == "":
		p.waiting = v1alpha1.RequirementInstallationKeyMissing
		p.requireInstallationKey()
		return false
	}
	return true
}

func (p *pass) requireInstallationKey() {
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementInstallationKeyMissing, Awaiting: v1alpha1.PartyNone,
		Message: "The operator's Secret china-account-operator-keys is lost while registrations refer to it. An administrator has to restore it from the backup; until then nothing is joined, claimed, filed or answered.",
	})
	p.lookForMissing(p.since(v1alpha1.RequirementInstallationKeyMissing))
}

// usableRegistrar tells whether the Registrar is there, ready and meant for us.
func (p *pass) usableRegistrar() bool {
	name := p.reg.Spec.RegistrarRef.Name
	r := p.o.Registrar
	switch {
	case !r.Found:
		p.awaitRegistrar(v1alpha1.RequirementRegistrarNotFound,
			fmt.Sprintf("There is no Registrar %q. Create it, or name another in spec.registrarRef.", name))
	case !r.ServesRegion:
		p.requireUsable(fmt.Sprintf("Registrar %q does not serve %s. Name another in spec.registrarRef, or ask an administrator.", name, p.reg.Spec.Region))
	case !r.AllowsNamespace:
		p.requireUsable(fmt.Sprintf("Registrar %q may not be used from this namespace. Name another in spec.registrarRef, or ask an administrator.", name))
	case !r.Ready:
		p.awaitRegistrar(v1alpha1.RequirementRegistrarNotReady,
			fmt.Sprintf("Registrar %q is not ready: %s", name, r.Message))
	default:
		return true
	}
	return false
}

func (p *pass) requireUsable(message string) {
	if p.isFiled() {
		p.awaitRegistrar(v1alpha1.RequirementRegistrarNotUsable, message)
		return
	}
	p.preflight = preflightFailed
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementRegistrarNotUsable, Awaiting: v1alpha1.PartyApplicant, Path: "spec.registrarRef", Message: message,
	})
	p.poll()
}

// awaitRegistrar waits for a Registrar, whose changes are watched; the slow look is
// the last resort.
func (p *pass) awaitRegistrar(code, message string) {
	p.waiting = code
	severity := v1alpha1.SeverityError
	if p.isFiled() {
		severity = v1alpha1.SeverityWarning
	}
	p.require(v1alpha1.Requirement{
		Code: code, Awaiting: v1alpha1.PartyNone, Severity: severity, Path: "spec.registrarRef", Message: message,
	})
	p.lookForMissing(p.since(code))
}

func (p *pass) emailAlreadyFiled() {
	p.preflight = preflightFailed
	defer p.poll()
	if p.requires(v1alpha1.RequirementEmailAlreadyFiled) {
		return // preflight saw the other registration in this cluster
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementEmailAlreadyFiled, Awaiting: v1alpha1.PartyApplicant, Path: "spec.dossier.account.email",
		Message: "The registrar has a filing of somebody else under this e-mail address in this Region. Use another address.",
	})
}

func (p *pass) resubmits(n int32) bool {
	return p.reg.Spec.ResubmitAfterAttempt != nil && *p.reg.Spec.ResubmitAfterAttempt == n
}
