// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestAnObjectLooksBeforeItFiles(t *testing.T) {
	missingDossier := dossierIs(DossierState{Missing: missing})
	tell(t, []story{
		{"nothing under its key: it files attempt 1", func() *world { return newWorld().then() },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"ours is under review: it joins, whatever the content", func() *world { return newWorld(exists(StateUnderReview)).then() },
			ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, []State{StateUnderReview}}},
		{"ours is verified: it joins without preflight", func() *world { return newWorld(exists(StateVerified), missingDossier).then() },
			ending{v1alpha1.PhaseVerified, locked, "attempt 1", nil, []State{StateVerified}}},
		{"ours is active: it joins the account", func() *world { return newWorld(exists(StateRejected, StateActive), missingDossier).then() },
			ending{v1alpha1.PhaseActive, open, "attempt 2", nil, []State{StateRejected, StateActive}}},
		{"ours is rejected: it joins, and asks before it files again", func() *world { return newWorld(exists(StateRejected)).then() },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{v1alpha1.RequirementResubmission}, []State{StateRejected}}},
		{"ours is in a state that nobody knows: it joins nothing", func() *world { return newWorld(exists("archived")).then() },
			ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementRegistrarContradiction}, []State{"archived"}}},
		{"ours was withdrawn: it waits for a resubmission", func() *world { return newWorld(exists(StateWithdrawn)).then() },
			ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementResubmission}, []State{StateWithdrawn}}},
		{"ours was withdrawn, and a resubmission is asked for: it files the next attempt",
			func() *world { return newWorld(exists(StateWithdrawn)).then(resubmit(1)) },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 2", decisionDue, []State{StateWithdrawn, StateReceived}}},
		{"ours was withdrawn, and the next is refused: it is as before",
			func() *world {
				return newWorld(exists(StateWithdrawn), refuses(RefusedContent, findings...)).then(resubmit(1))
			},
			ending{v1alpha1.PhasePending, open, "none", []string{"NameMismatch"}, []State{StateWithdrawn}}},
		{"the key is somebody else's", func() *world { return newWorld(func(w *world) { w.registrar.owner = "somebody-else" }).then() },
			ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementEmailAlreadyFiled}, nil}},
		{"the installation key is lost: nothing is joined", func() *world {
			return newWorld(exists(StateUnderReview), func(w *world) { w.keyLost = true }).then()
		}, ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementInstallationKeyMissing}, []State{StateUnderReview}}},
		{"suspended: it joins all the same", func() *world { return newWorld(exists(StateUnderReview), suspend).then() },
			ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, []State{StateUnderReview}}},
	})
}

func TestAnIntentIsRecordedBeforeItIsActedOn(t *testing.T) {
	w := newWorld()
	s := w.pass(noFault)
	if s.planned.Effect.Kind != EffectNone {
		t.Errorf("plans %s in the pass that records the intent", s.planned.Effect.Kind)
	}
	w.mustEnd(t, ending{v1alpha1.PhasePending, locked, "intent 1", nil, nil})
	s = w.pass(noFault)
	if want := (Effect{Kind: EffectFile, Attempt: 1, Digest: digestA}); s.planned.Effect != want {
		t.Errorf("plans %+v, want %+v", s.planned.Effect, want)
	}
}

func TestAnOpenIntent(t *testing.T) {
	lost := func(f fault) func(*world) { return func(w *world) { w.pass(f) } }
	tell(t, []story{
		{"the filing arrived, and its answer was lost: it is followed", func() *world { return intent(lost(answerLost)).then() },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"the filing did not arrive: it is filed again", func() *world { return intent(lost(requestLost)).then() },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"the operator crashed after filing: it is followed", func() *world { return intent(lost(crash)).then() },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"the content changed and fails: unlocked, the intent is kept", func() *world {
			return intent().then(dossierIs(DossierState{Digest: digestB, Findings: tooLarge}))
		}, ending{v1alpha1.PhasePending, open, "intent 1", []string{"DocumentTooLarge"}, nil}},
		{"a Secret went away: unlocked, the intent is kept", func() *world { return intent().then(dossierIs(DossierState{Missing: missing})) },
			ending{v1alpha1.PhasePending, open, "intent 1", []string{codeMissing}, nil}},
		{"suspended and failing: unlocked, so that it can be mended", func() *world {
			return intent(suspend).then(dossierIs(DossierState{Missing: missing}))
		}, ending{v1alpha1.PhasePending, open, "intent 1", []string{codeMissing}, nil}},
		{"what failed was mended: it is filed", func() *world {
			return intent().then(dossierIs(DossierState{Missing: missing})).then(dossierIs(DossierState{Digest: digestB}))
		}, ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"suspended: nothing is filed", func() *world { return intent(suspend).then() }, ending{v1alpha1.PhasePending, locked, "intent 1", nil, nil}},
		{"suspended, but it had arrived: it is followed", func() *world { return intent(lost(crash), suspend).then() },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"the installation key is lost: nothing is filed", func() *world { return intent(func(w *world) { w.keyLost = true }).then() },
			ending{v1alpha1.PhasePending, locked, "intent 1", []string{v1alpha1.RequirementInstallationKeyMissing}, nil}},
		{"the installation key is lost, but it had arrived: it is followed with the recorded owner", func() *world {
			return intent(lost(crash), func(w *world) { w.keyLost = true }).then()
		}, ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"the registrar is out of reach: it stays where it is", func() *world { return intent(lost(lookFails)) },
			ending{v1alpha1.PhasePending, locked, "intent 1", []string{v1alpha1.RequirementRegistrarUnreachable}, nil}},
		{"the registrar reopens the attempt before: that one is followed, and no other filed", func() *world {
			w := secondIntent()
			w.registrar.decide(StateUnderReview)
			return w.then()
		}, ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, []State{StateUnderReview}}},
	})
}

func TestOtherContentIsCheckedAndRecordedBeforeItIsFiled(t *testing.T) {
	for name, digest := range map[string]string{
		"a Secret changed": digestB, "the installation key is another, so it is not known what changed": digestOtherKey,
	} {
		t.Run(name, func(t *testing.T) {
			w := intent(dossierIs(DossierState{Digest: digest}))
			s := w.pass(noFault)
			if s.planned.Effect.Kind != EffectNone || w.reg.Status.Filing.Digest != digest || w.reg.Status.DossierLock != locked {
				t.Errorf("plans %q, records %s %s; want nothing, and %s Locked", s.planned.Effect.Kind, w.reg.Status.Filing.Digest, w.reg.Status.DossierLock, digest)
			}
			if s = w.pass(noFault); s.planned.Effect.Kind != EffectFile || s.planned.Effect.Digest != digest {
				t.Errorf("then plans %+v, want to file %s", s.planned.Effect, digest)
			}
		})
	}
}

func TestAFilingThatIsRefusedLeavesWhatWasBefore(t *testing.T) {
	tell(t, []story{
		{"422 with findings: they are required, and no filing is recorded", func() *world { return newWorld(refuses(RefusedContent, findings...)).then() },
			ending{v1alpha1.PhasePending, open, "none", []string{"NameMismatch"}, nil}},
		{"422 without findings", func() *world { return newWorld(refuses(RefusedContent)).then() },
			ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementContentRefused}, nil}},
		{"422 of the second attempt: the first is restored", func() *world {
			w := secondIntent()
			refuses(RefusedContent, findings...)(w)
			return w.then()
		}, ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{"NameMismatch"}, []State{StateRejected}}},
		{"somebody else's key", func() *world { return newWorld(refuses(RefusedOtherOwner)).then() },
			ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementEmailAlreadyFiled}, nil}},
		{"409, other content under this attempt: that one is joined", func() *world {
			w := intent(dossierIs(DossierState{Digest: digestB}))
			w.pass(noFault)
			exists(StateReceived)(w)
			return w.then()
		}, ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
		{"409 to the attempt that is next: held", func() *world { return newWorld(refuses(RefusedWrongAttempt)).then() },
			ending{v1alpha1.PhasePending, locked, "intent 1", []string{v1alpha1.RequirementRegistrarContradiction}, nil}},
	})
}

func TestAnAttemptThatTheRegistrarCountsOtherwiseIsJoined(t *testing.T) {
	w := intent()
	o := w.observe()
	newest := Attempt{Number: 3, State: StateUnderReview, Revision: 7, FiledTime: monday}
	o.Outcome = &Outcome{Effect: Decide(o).Effect, Refusal: &Refusal{Reason: RefusedWrongAttempt}, Attempt: &newest}
	status := Decide(o).Status
	if status.Phase != v1alpha1.PhaseUnderReview || status.Filing.Attempt != 3 || status.Filing.Revision != 7 {
		t.Errorf("ends %s with attempt %d, want to join attempt 3 under review", status.Phase, status.Filing.Attempt)
	}
}

func TestRefusedContentIsSentAgainOnlyAfterAChangeOrARefresh(t *testing.T) {
	refused := func() *world { return newWorld(refuses(RefusedContent, findings...)).then() }
	submitted := ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}
	tell(t, []story{
		{"not after any number of looks", func() *world { return refused().then().then().then() },
			ending{v1alpha1.PhasePending, open, "none", []string{"NameMismatch"}, nil}},
		{"after a change", func() *world { return refused().then(dossierIs(DossierState{Digest: digestB})) }, submitted},
		{"after a refresh request", func() *world { return refused().then(refresh) }, submitted},
	})
}

func TestAnOutcomeThatTellsNothingIsLookedInto(t *testing.T) {
	w := intent()
	o := w.observe()
	o.Outcome = &Outcome{Effect: Decide(o).Effect}
	if d := Decide(o); d.Effect.Kind != EffectNone || !d.NextLook.After(w.now) || d.Status.DossierLock != locked {
		t.Errorf("plans %q, next look %s, %s", d.Effect.Kind, d.NextLook, d.Status.DossierLock)
	}
}
