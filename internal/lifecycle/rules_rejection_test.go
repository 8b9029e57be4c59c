// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"slices"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func rejectedWorld() *world { return filedWorld(StateRejected, because(findings...)) }

func TestFilingAgainIsAnExplicitAct(t *testing.T) {
	mend := []string{"NameMismatch", v1alpha1.RequirementResubmission}
	unchanged := append(slices.Clone(mend), v1alpha1.RequirementDossierUnchanged)
	tell(t, []story{
		{"a change alone files nothing", func() *world { return rejectedWorld().then(dossierIs(DossierState{Digest: digestB})) },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", mend, []State{StateRejected}}},
		{"a change shows what is not ready", func() *world { return rejectedWorld().then(dossierIs(DossierState{Findings: tooLarge})) },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", append([]string{"DocumentTooLarge"}, mend...), []State{StateRejected}}},
		{"a resubmission of another attempt files nothing", func() *world { return rejectedWorld().then(resubmit(2)) },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", unchanged, []State{StateRejected}}},
		{"a resubmission files the next attempt", func() *world { return rejectedWorld().then(resubmit(1)) },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 2", decisionDue, []State{StateRejected, StateReceived}}},
		{"a resubmission that does not pass preflight files nothing", func() *world {
			return rejectedWorld().then(resubmit(1), dossierIs(DossierState{Findings: tooLarge}))
		}, ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{"DocumentTooLarge"}, []State{StateRejected}}},
		{"one resubmission files one attempt", func() *world {
			w := rejectedWorld().then(resubmit(1))
			w.registrar.decide(StateRejected, because(findings...))
			return w.then()
		}, ending{v1alpha1.PhaseRejected, open, "attempt 2", unchanged, []State{StateRejected, StateRejected}}},
		{"a resubmission that is to be withdrawn already files nothing", func() *world { return rejectedWorld().then(withdraw(2), resubmit(1)) },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{v1alpha1.RequirementWithdrawalRequested}, []State{StateRejected}}},
		{"a resubmission without the installation key files nothing", func() *world {
			return rejectedWorld().then(resubmit(1), func(w *world) { w.keyLost = true })
		}, ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{v1alpha1.RequirementInstallationKeyMissing}, []State{StateRejected}}},
		{"a resubmission while suspended files nothing", func() *world { return rejectedWorld().then(suspend, resubmit(1)) },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", nil, []State{StateRejected}}},
		{"an expired sign-up may be filed again", func() *world { return filedWorld(StateSignUpExpired).then(resubmit(1)) },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 2", decisionDue, []State{StateSignUpExpired, StateReceived}}},
	})
}

func TestARejectionThatIsReopenedOrFinal(t *testing.T) {
	reopened := func(state State) func() *world {
		return func() *world {
			w := rejectedWorld()
			w.registrar.decide(state)
			return w.then()
		}
	}
	final := func() *world { return filedWorld(StateRejected, because(findings...), finally) }
	ended := ending{v1alpha1.PhaseRejected, open, "attempt 1", nil, []State{StateRejected}}
	tell(t, []story{
		{"reopened for review", reopened(StateUnderReview),
			ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, []State{StateUnderReview}}},
		{"reopened and verified", reopened(StateVerified), ending{v1alpha1.PhaseVerified, locked, "attempt 1", nil, []State{StateVerified}}},
		{"reopened and active", reopened(StateActive), ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}}},
		{"said to be received again: held", reopened(StateReceived),
			ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{"NameMismatch", v1alpha1.RequirementResubmission, v1alpha1.RequirementRegistrarContradiction, v1alpha1.RequirementDossierUnchanged}, []State{StateReceived}}},
		{"a final rejection takes no resubmission", func() *world { return final().then(resubmit(1)) }, ended},
		{"a final rejection is not looked at again by itself", func() *world {
			w := final()
			w.registrar.decide(StateActive)
			return w.then()
		}, ending{v1alpha1.PhaseRejected, open, "attempt 1", nil, []State{StateActive}}},
		{"a final rejection is looked at when somebody asks", func() *world {
			w := final()
			w.registrar.decide(StateActive)
			return w.then(refresh)
		}, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}}},
	})
	t.Run("a refresh request outlives an outage", func(t *testing.T) {
		w := final()
		refresh(w)
		w.registrar.decide(StateActive)
		if s := w.pass(lookFails); s.final.NextLook.IsZero() || w.reg.Status.LastHandledRefreshRequest != "" {
			t.Errorf("handled %q, next look %s; want it to wait for the registrar", w.reg.Status.LastHandledRefreshRequest, s.final.NextLook)
		}
		w.then().mustEnd(t, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}})
		if w.reg.Status.LastHandledRefreshRequest == "" {
			t.Error("the request is not repeated in status when its look is done")
		}
	})
	t.Run("a final rejection never looks again, not even for the certificate", func(t *testing.T) {
		w := final().then(func(w *world) { w.reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = "2027-06-30" })
		if s := w.pass(noFault); !s.final.NextLook.IsZero() {
			t.Errorf("looks again at %s", s.final.NextLook)
		}
	})
}

func TestWhatDoesNotFollowIsHeldAndNeverFiledAgain(t *testing.T) {
	underReview := func(change func(*world)) func() *world {
		return func() *world { return filedWorld(StateUnderReview).then(change) }
	}
	held := func(attempts ...State) ending {
		return ending{v1alpha1.PhaseUnderReview, locked, "attempt 1",
			[]string{v1alpha1.RequirementDecision, v1alpha1.RequirementRegistrarContradiction}, attempts}
	}
	tell(t, []story{
		{"a state that nobody knows", underReview(func(w *world) { w.registrar.decide("archived") }), held("archived")},
		{"backwards", underReview(func(w *world) { w.registrar.decide(StateReceived) }), held(StateReceived)},
		{"the recorded filing is not known any more", underReview(func(w *world) { w.registrar.attempts = nil }), held()},
		{"the recorded filing is somebody else's", underReview(func(w *world) { w.registrar.owner = "somebody-else" }), held(StateUnderReview)},
		{"an older revision", underReview(func(w *world) { w.registrar.attempts[0].Revision = 1 }), held(StateUnderReview)},
		{"until it is itself again", func() *world {
			w := underReview(func(w *world) { w.registrar.decide("archived") })()
			w.registrar.decide(StateActive)
			return w.then()
		}, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}}},
	})
}

func TestTroubleKeepsTheRegistrationWhereItIs(t *testing.T) {
	for name, build := range map[string]func() *world{
		"new": func() *world { return newWorld() }, "intended": func() *world { return intent() },
		"submitted": func() *world { return filedWorld(StateReceived) }, "rejected": rejectedWorld,
		"verified": func() *world { return filedWorld(StateVerified, asking(phoneCode())) },
	} {
		for _, kind := range []TroubleKind{TroubleUnreachable, TroubleWaiting, TroubleInvalid, TroubleRefused, TroubleLocal} {
			t.Run(name+", "+string(kind), func(t *testing.T) {
				w := build()
				before := w.reg.Status.DeepCopy()
				o := w.observe()
				o.View = View{Trouble: &Trouble{Kind: kind, Message: "GET attempt 1 at gateway.example.cn: no answer", After: 0}}
				d := Decide(o)
				if d.Effect.Kind != EffectNone || d.NextLook.IsZero() || d.Status.Phase != before.Phase && before.Phase != "" || d.Status.DossierLock != before.DossierLock && before.Phase != "" {
					t.Errorf("plans %q, ends %s %s, next look %s", d.Effect.Kind, d.Status.Phase, d.Status.DossierLock, d.NextLook)
				}
				for _, code := range append(codes(before), v1alpha1.RequirementRegistrarUnreachable) {
					if !hasRequirement(d.Status.Requirements, code) {
						t.Errorf("%s is not required any more", code)
					}
				}
			})
		}
	}
}

func TestARegistrarThatAsksForAPauseGetsIt(t *testing.T) {
	w := filedWorld(StateReceived)
	o := w.observe()
	o.View = View{Trouble: &Trouble{Kind: TroubleWaiting, After: DefaultPacing().PollMin * 10}}
	if d := Decide(o); d.NextLook.Before(w.now.Add(DefaultPacing().PollMin * 10)) {
		t.Errorf("looks again at %s", d.NextLook)
	}
}

func TestARegistrarObjectThatCannotBeUsed(t *testing.T) {
	cases := map[string]struct {
		object        func(*RegistrarState)
		code          string
		pendingAwaits v1alpha1.Party
	}{
		"gone":                   {func(r *RegistrarState) { *r = RegistrarState{} }, v1alpha1.RequirementRegistrarNotFound, v1alpha1.PartyNone},
		"not ready":              {func(r *RegistrarState) { r.Ready = false }, v1alpha1.RequirementRegistrarNotReady, v1alpha1.PartyNone},
		"of another Region":      {func(r *RegistrarState) { r.ServesRegion = false }, v1alpha1.RequirementRegistrarNotUsable, v1alpha1.PartyApplicant},
		"of another's namespace": {func(r *RegistrarState) { r.AllowsNamespace = false }, v1alpha1.RequirementRegistrarNotUsable, v1alpha1.PartyApplicant},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			usable := w.object
			c.object(&w.object)
			w.then().mustEnd(t, ending{v1alpha1.PhasePending, open, "none", []string{c.code}, nil})
			if w.reg.Status.Awaiting != c.pendingAwaits {
				t.Errorf("awaits %s, want %s", w.reg.Status.Awaiting, c.pendingAwaits)
			}
			for _, build := range []func() *world{func() *world { return intent() }, func() *world { return filedWorld(StateReceived) }} {
				w := build()
				phase, filing := w.reg.Status.Phase, w.filing()
				c.object(&w.object)
				w.then().then().then()
				if w.reg.Status.Phase != phase || w.filing() != filing || w.reg.Status.DossierLock != locked {
					t.Errorf("%s %s becomes %s %s", phase, filing, w.reg.Status.Phase, w.filing())
				}
				w.object = usable
				w.then().mustEnd(t, ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}})
			}
		})
	}
}
