// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"slices"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestEveryLifeThroughAGateway(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{newWorld()},
		faults: []fault{lookFails, requestLost, answerLost, crash},
		events: slices.Concat(dossiers(), registrarDecides(), []event{resubmits(1), doesNotResubmit(), timePasses()}),
	})
}

func TestEveryLifeWithALateOrRefusedFiling(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{newWorld()},
		faults: []fault{requestLate, answerLost, crash},
		events: []event{
			dossierBecomes("A", DossierState{Digest: digestA}), dossierBecomes("B", DossierState{Digest: digestB}),
			refusesNext(Refusal{Reason: RefusedContent, Findings: findings}), resubmits(1), arrives(), refreshes(),
			registrarSays(StateRejected, true, []State{StateReceived}, because(findings...)),
			registrarSays(StateActive, true, []State{StateReceived}),
		},
	})
}

func TestEveryLifeThatIsSuspendedOrWithdrawn(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{newWorld()},
		faults: []fault{requestLate, answerLost, lookFails},
		events: []event{
			dossierBecomes("A", DossierState{Digest: digestA}),
			dossierBecomes("wrong", DossierState{Digest: digestA, Findings: tooLarge}),
			registrarSays(StateVerified, true, []State{StateReceived}),
			registrarSays(StateRejected, true, []State{StateReceived, StateVerified}, because(findings...)),
			registrarSays(StateActive, true, []State{StateVerified}),
			resubmits(1), withdraws(1), doesNotWithdraw(), suspends(true), suspends(false), arrives(),
		},
	})
}

func TestEveryLifeThatIsDeletedOrRecreated(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{newWorld(), newWorld(func(w *world) { w.reg.Spec.Suspend = true })},
		faults: []fault{requestLate, answerLost, crash},
		events: []event{
			registrarSays(StateUnderReview, true, []State{StateReceived}),
			registrarSays(StateRejected, true, []State{StateReceived, StateUnderReview}, because(findings...)),
			registrarSays(StateActive, true, []State{StateReceived, StateUnderReview}),
			resubmits(1), withdraws(2), doesNotWithdraw(), deletionPolicy(v1alpha1.DeletionWithdraw), deletionPolicy(v1alpha1.DeletionRetain),
			deletes(), recreates(), arrives(), suspends(false),
		},
	})
}

func TestEveryLifeWithARegistrarThatContradictsItself(t *testing.T) {
	forgets := event{"the registrar forgets everything", func(w *world) bool {
		known := len(w.registrar.attempts) > 0
		w.registrar.forgotten, w.registrar.attempts = w.registrar.attempts, nil
		return known
	}, false}
	remembers := event{"the registrar remembers", func(w *world) bool {
		if len(w.registrar.attempts) > 0 || len(w.registrar.forgotten) == 0 {
			return false
		}
		w.registrar.forgotten, w.registrar.attempts = nil, w.registrar.forgotten
		return true
	}, true}
	reverts := event{"the registrar answers with an older revision", func(w *world) bool {
		newest := w.registrar.newest()
		if newest == nil || newest.Revision < 2 {
			return false
		}
		w.registrar.attempts[len(w.registrar.attempts)-1].Revision = 1
		return true
	}, false}
	catchesUp := event{"the registrar catches up with its revisions", func(w *world) bool {
		f := w.reg.Status.Filing
		if f == nil || w.revisionOf(f) <= 0 {
			return false
		}
		w.registrar.attempts[len(w.registrar.attempts)-1].Revision = f.Revision + 1
		return true
	}, true}
	elsewhere := newWorld(func(w *world) {
		w.registrar.owner = "owner-of-somebody-else"
		w.registrar.attempts = []Attempt{{Number: 1, State: StateReceived, Revision: 1, FiledTime: monday}}
	})
	explore(t, exploration{
		begin:  []*world{newWorld(), elsewhere},
		faults: []fault{answerLost},
		events: slices.Concat(registrarDecides(), []event{
			resubmits(1), forgets, remembers, reverts, catchesUp,
			registrarSays("archived", false, []State{StateReceived, StateRejected, StateActive}),
			registrarSays(StateReceived, true, []State{"archived", StateUnderReview, StateRejected}),
			registrarSays(StateUnderReview, true, []State{StateRejected, StateVerified, StateSignUpExpired}),
			refusesNext(Refusal{Reason: RefusedWrongAttempt}), refusesNext(Refusal{Reason: RefusedOtherContent}), refusesNext(Refusal{Reason: RefusedOtherOwner}),
		}),
	})
}

func TestEveryLifeWhereTheRegistrarComesAndGoes(t *testing.T) {
	usable := newWorld().object
	notReady, notAllowed := usable, usable
	notReady.Ready, notReady.Message = false, "It does not answer."
	notAllowed.AllowsNamespace = false
	explore(t, exploration{
		begin:  []*world{newWorld()},
		faults: []fault{lookFails, requestLost, answerLost},
		events: []event{
			objectBecomes("usable", true, usable), objectBecomes("gone", false, RegistrarState{}),
			objectBecomes("not ready", false, notReady), objectBecomes("not for this namespace", false, notAllowed),
			dossierBecomes("A", DossierState{Digest: digestA}), dossierBecomes("missing", DossierState{Missing: missing}),
			registrarSays(StateUnderReview, true, []State{StateReceived}),
			registrarSays(StateRejected, true, []State{StateUnderReview}, because(findings...)),
			registrarSays(StateActive, true, []State{StateUnderReview}),
			resubmits(1),
		},
	})
}

func TestEveryLifeWhereTheInstallationKeyIsLost(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{newWorld()},
		faults: []fault{lookFails, requestLost, answerLost},
		events: []event{
			keyBecomes(true), keyBecomes(false), resubmits(1), deletes(), recreates(),
			dossierBecomes("A", DossierState{Digest: digestA}),
			dossierBecomes("A under another installation key", DossierState{Digest: digestOtherKey}),
			registrarSays(StateRejected, true, []State{StateReceived}, because(findings...)),
			registrarSays(StateActive, true, []State{StateReceived}),
		},
	})
}
