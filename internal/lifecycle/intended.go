// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import "github.com/chinaaccount/china-account-operator/api/v1alpha1"

// intended: an intent is recorded, and whether the filing reached the registrar is
// not known. Ask first; file only what the registrar does not know.
func (p *pass) intended() {
	switch {
	case !p.usableRegistrar():
		p.keepRequirements()
	case p.view.Trouble != nil:
		p.keepRequirements()
		p.troubled(p.view.Trouble)
	case p.view.OtherOwner:
		p.abandon()
		p.emailAlreadyFiled()
	case p.view.Current != nil:
		p.follow(p.view.Current)
	case p.view.Previous != nil && phaseOf[p.view.Previous.State] != v1alpha1.PhaseRejected:
		p.reopened(p.view.Previous)
	case p.byHand() && p.hand.claim != p.status.Filing.ClaimName:
		p.abandon()
		p.lookAgain()
	case p.wantsWithdrawal():
		p.withdraw()
	case p.deleting():
	case p.byHand() && p.hand.claimAccepted:
		p.requireClaimed()
		p.checkClaim()
	default:
		p.file()
	}
}

// reopened: the registrar has taken up the attempt before again, so that the next is
// not due any more.
func (p *pass) reopened(previous *Attempt) {
	p.abandon()
	if p.status.Filing == nil {
		p.lookAgain()
		return
	}
	p.follow(previous)
}

// file files the recorded content. Other content is checked and recorded first.
func (p *pass) file() {
	filing := p.status.Filing
	passed := p.checkDossier()
	switch {
	case !passed:
		p.status.DossierLock = v1alpha1.DossierOpen
	case p.suspended():
	case p.o.Owner == "":
		p.canFile()
	case p.refusedAsItIs():
		p.status.DossierLock = v1alpha1.DossierOpen
		p.requireRefused()
	case filing.Digest != p.o.Dossier.Digest || p.was.DossierLock != v1alpha1.DossierLocked:
		filing.Digest = p.o.Dossier.Digest
		p.status.DossierLock = v1alpha1.DossierLocked
		p.lookAgain()
	case p.byHand() && len(p.hand.verdicts) > 0 && p.o.Outcome == nil:
		p.lookAgain() // what was judged, a release say, is written before a claim is taken
	default:
		p.do(Effect{Kind: EffectFile, Attempt: filing.Attempt, Digest: filing.Digest, ClaimName: filing.ClaimName})
	}
}

// abandon gives up an intent of which nothing reached the registrar: the previous
// filing is restored, or none.
func (p *pass) abandon() {
	p.status.DossierLock = v1alpha1.DossierOpen
	if p.status.Phase == v1alpha1.PhasePending {
		p.status.Filing = nil
		return
	}
	previous := p.view.Previous
	if previous == nil {
		previous = p.remembered(p.status.Filing.Attempt - 1)
	}
	filing := p.status.Filing
	p.status.Filing = &v1alpha1.Filing{Key: filing.Key, Owner: filing.Owner, Attempt: previous.Number, RegistrarRef: filing.RegistrarRef}
	p.recordFiling(previous)
}

// remembered is what history knows of an attempt that the registrar did not tell of.
func (p *pass) remembered(n int32) *Attempt {
	a := &Attempt{Number: n, State: StateRejected, FiledTime: p.o.Now}
	for _, entry := range p.status.History {
		if entry.Attempt == n {
			a.FiledTime = entry.Time.Time
			break
		}
	}
	return a
}
