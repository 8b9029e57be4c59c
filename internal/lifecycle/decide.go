// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// Decide says what follows from an observation: the next status, at most one
// effect, the judgement of reports, and when to look again. It is total and pure.
//
// When the effect was carried out, Decide is asked once more with its Outcome,
// and then plans no other.
func Decide(o Observation) Decision {
	p := newPass(&o)
	p.hear()
	switch {
	case p.settled():
	case p.status.Phase == v1alpha1.PhaseActive:
		p.active()
	case p.status.Filing == nil:
		p.unfiled()
	case p.status.Filing.FiledTime == nil:
		p.intended()
	default:
		p.filed()
	}
	return p.decision()
}

func (p *pass) decision() Decision {
	p.handleAnnotations()
	p.listRequirements()
	p.summarise()
	if p.suspended() && p.next.IsZero() && !p.isOver() && !(p.isFiled() && p.o.Registrar.Followed) {
		p.poll() // preflight and following go on
	}
	p.fit()
	return Decision{
		Effect:    p.effect,
		Status:    *p.status,
		Finalizer: p.keepsFinalizer(),
		Verdicts:  p.hand.verdicts,
		NextLook:  p.next,
	}
}

// isOver: nothing more will happen, unless somebody asks.
func (p *pass) isOver() bool {
	return p.status.Phase == v1alpha1.PhaseActive || p.status.Phase == v1alpha1.PhaseRejected && isFinal(p.status)
}

// handleAnnotations repeats a refresh request in status when its look is done, which
// it is not while the registrar cannot be asked.
func (p *pass) handleAnnotations() {
	if refreshRequested(p.reg) && p.effect.Kind == EffectNone && p.view.Trouble == nil {
		p.status.LastHandledRefreshRequest = text.Cut(p.reg.Annotations[v1alpha1.RefreshRequestedAtAnnotation], maxAnnotation)
	}
}

// resendIsHandled repeats a request for another code in status: it was sent, or there
// is none to send.
func (p *pass) resendIsHandled() {
	p.status.LastHandledResendCodeRequest = text.Cut(p.reg.Annotations[v1alpha1.ResendCodeRequestedAtAnnotation], maxAnnotation)
}
