// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func answered(id, digest string) func(*world) {
	return func(w *world) { w.answers[id] = AnswerState{Digest: digest} }
}

func requirementOf(t *testing.T, w *world, code string) v1alpha1.Requirement {
	t.Helper()
	for _, q := range w.reg.Status.Requirements {
		if q.Code == code {
			return q
		}
	}
	t.Fatalf("%s is not required, but %v", code, codes(&w.reg.Status))
	return v1alpha1.Requirement{}
}

func TestEachChallengeBecomesARequirement(t *testing.T) {
	for _, c := range []struct {
		challenge  v1alpha1.ChallengeType
		code, path string
		says       []string
	}{
		{v1alpha1.ChallengeEmailCode, v1alpha1.RequirementEmailCode, "spec.verificationCodesSecretRef", []string{"6-digit", "email-code", `"acme-codes"`, v1alpha1.SendToRegistrarLabel}},
		{v1alpha1.ChallengePhoneCode, v1alpha1.RequirementPhoneCode, "spec.verificationCodesSecretRef", []string{"4-digit", "phone-code", `"acme-codes"`, v1alpha1.SendToRegistrarLabel}},
		{v1alpha1.ChallengeSupportPlan, v1alpha1.RequirementSupportPlan, "spec.supportPlan", []string{"Basic, Developer, Business or Enterprise"}},
		{v1alpha1.ChallengeDocuments, v1alpha1.RequirementDocuments, `spec.supplementaryDocuments[?(@.challengeID=="c-1")]`, []string{"challengeID: c-1", "An extract."}},
		{"videoCall", v1alpha1.RequirementChallenge, "", []string{`"videoCall"`, "Call"}},
	} {
		for _, state := range []State{StateReceived, StateUnderReview, StateVerified} {
			t.Run(string(c.challenge)+" while "+string(state), func(t *testing.T) {
				expires := monday.AddDate(0, 0, 2)
				w := filedWorld(state, asking(Challenge{ID: "c-1", Type: c.challenge, Message: "An extract.", ExpiresTime: expires}))
				q := requirementOf(t, w, c.code)
				if q.Path != c.path || q.Awaiting != v1alpha1.PartyApplicant || w.reg.Status.Awaiting != v1alpha1.PartyApplicant {
					t.Errorf("requires from %s at %q, want from the applicant at %q", q.Awaiting, q.Path, c.path)
				}
				if c.challenge != "videoCall" && (q.DueTime == nil || !q.DueTime.Time.Equal(expires)) {
					t.Errorf("due %v, want %s", q.DueTime, expires)
				}
				for _, word := range c.says {
					if !strings.Contains(q.Message, word) {
						t.Errorf("says %q, want it to name %q", q.Message, word)
					}
				}
				if hasRequirement(w.reg.Status.Requirements, v1alpha1.RequirementDecision) {
					t.Error("a decision is expected of a registrar that waits for the applicant")
				}
			})
		}
	}
}

func TestAnAnswer(t *testing.T) {
	verified := func() *world {
		return filedWorld(StateVerified, asking(Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode, TriesLeft: triesLeft(3)}))
	}
	strict := func(w *world) { w.registrar.accepts = "right" }
	asks := []string{v1alpha1.RequirementPhoneCode}
	tell(t, []story{
		{"that is there is sent", func() *world { return verified().then(answered("phone-1", "right")) },
			ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}}},
		{"that has findings is not sent", func() *world {
			return verified().then(func(w *world) {
				w.answers["phone-1"] = AnswerState{Digest: "right", Findings: []Finding{{Code: "CodeMalformed", Severity: v1alpha1.SeverityError, Message: "4 digits."}}}
			})
		}, ending{v1alpha1.PhaseVerified, locked, "attempt 1", []string{v1alpha1.RequirementPhoneCode, "CodeMalformed"}, []State{StateVerified}}},
		{"that is wrong is asked for again", func() *world { return verified().then(strict, answered("phone-1", "wrong")) },
			ending{v1alpha1.PhaseVerified, locked, "attempt 1", asks, []State{StateVerified}}},
		{"after a wrong one is sent", func() *world {
			return verified().then(strict, answered("phone-1", "wrong")).then(answered("phone-1", "right"))
		}, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}}},
		{"is not sent while suspended", func() *world { return verified().then(suspend, answered("phone-1", "right")) },
			ending{v1alpha1.PhaseVerified, locked, "attempt 1", asks, []State{StateVerified}}},
		{"in a challenge that expired with the sign-up is not asked for", func() *world {
			w := verified()
			w.registrar.decide(StateSignUpExpired, asking())
			return w.then()
		}, ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{v1alpha1.RequirementResubmission}, []State{StateSignUpExpired}}},
	})

	t.Run("that was used is never sent twice", func(t *testing.T) {
		w := verified().then(strict, answered("phone-1", "wrong"))
		for range 5 {
			w.then(func(w *world) { w.now = w.now.Add(time.Minute) })
		}
		if left := *w.registrar.attempts[0].Challenges[0].TriesLeft; left != 2 {
			t.Errorf("%d tries left, want 2", left)
		}
		if q := requirementOf(t, w, v1alpha1.RequirementPhoneCode); !strings.Contains(q.Message, "Tries left: 2.") {
			t.Errorf("says %q", q.Message)
		}
	})
	t.Run("whose fate is not known is sent again, which uses up no try", func(t *testing.T) {
		w := verified().with(answered("phone-1", "right"))
		if s := w.pass(requestLost); s.planned.Effect.Kind != EffectAnswer || len(w.reg.Status.Filing.Answers) != 0 {
			t.Errorf("plans %q, remembers %v", s.planned.Effect.Kind, w.reg.Status.Filing.Answers)
		}
		w.then().mustEnd(t, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}})
	})
	t.Run("is sent one in a pass", func(t *testing.T) {
		w := filedWorld(StateVerified, asking(phoneCode(), Challenge{ID: "plan-1", Type: v1alpha1.ChallengeSupportPlan}))
		w.with(answered("phone-1", "right")).with(answered("plan-1", "right"))
		if s := w.pass(noFault); s.planned.Effect.ChallengeID != "phone-1" || !s.final.NextLook.Equal(w.now) || s.final.Effect.Kind != EffectNone {
			t.Errorf("plans %+v, then looks again at %s", s.planned.Effect, s.final.NextLook)
		}
		w.then().mustEnd(t, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}})
	})
}

func TestACodeIsSentAgainOnceForEachRequest(t *testing.T) {
	ask := func(value string) func(*world) {
		return func(w *world) { w.reg.Annotations = map[string]string{v1alpha1.ResendCodeRequestedAtAnnotation: value} }
	}
	w := filedWorld(StateReceived, asking(Challenge{ID: "mail-1", Type: v1alpha1.ChallengeEmailCode})).with(ask("first"))
	if s := w.pass(noFault); s.planned.Effect.Kind != EffectResend || s.planned.Effect.ChallengeID != "mail-1" {
		t.Errorf("plans %+v", s.planned.Effect)
	}
	if s := w.pass(noFault); s.planned.Effect.Kind != EffectNone || w.reg.Status.LastHandledResendCodeRequest != "first" {
		t.Errorf("plans %q again, handled %q", s.planned.Effect.Kind, w.reg.Status.LastHandledResendCodeRequest)
	}
	ask("second")(w)
	if s := w.pass(requestLost); s.planned.Effect.Kind != EffectResend || w.reg.Status.LastHandledResendCodeRequest != "first" {
		t.Errorf("plans %q, handled %q; want to try again what was lost", s.planned.Effect.Kind, w.reg.Status.LastHandledResendCodeRequest)
	}
	suspend(w)
	if s := w.pass(noFault); s.planned.Effect.Kind != EffectNone {
		t.Errorf("plans %q while suspended", s.planned.Effect.Kind)
	}
	calm := filedWorld(StateUnderReview).then(ask("third"))
	if calm.reg.Status.LastHandledResendCodeRequest != "third" {
		t.Error("a request without an open code is never done with")
	}
}

func TestManyFindingsDoNotHideAChallenge(t *testing.T) {
	var open []Challenge
	w := filedWorld(StateUnderReview)
	for i := range 8 {
		id := fmt.Sprintf("documents-%d", i)
		open = append(open, Challenge{ID: id, Type: v1alpha1.ChallengeDocuments})
		var wrong []Finding
		for file := range 5 {
			wrong = append(wrong, Finding{Code: "DocumentTooLarge", Severity: v1alpha1.SeverityError, Path: fmt.Sprintf("%s.files[%d]", id, file)})
		}
		w.answers[id] = AnswerState{Findings: wrong}
	}
	w.registrar.decide(StateUnderReview, asking(append(open, phoneCode())...))
	w.then()
	requirementOf(t, w, v1alpha1.RequirementPhoneCode)
}

func TestAChallengeThatIsOver(t *testing.T) {
	code := func(change func(*Challenge)) *world {
		c := Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode}
		change(&c)
		return filedWorld(StateVerified, asking(c))
	}
	says := func(t *testing.T, w *world, words ...string) {
		t.Helper()
		q := requirementOf(t, w, v1alpha1.RequirementPhoneCode)
		for _, word := range words {
			if !strings.Contains(q.Message, word) {
				t.Errorf("says %q, want it to name %q", q.Message, word)
			}
		}
	}
	t.Run("is sent nothing where no try is left, and says how to have another", func(t *testing.T) {
		w := code(func(c *Challenge) { c.TriesLeft = triesLeft(0) }).then(answered("phone-1", "right"))
		says(t, w, "No tries are left", "resend-code")
		if answers := w.reg.Status.Filing.Answers; len(answers) > 0 || w.reg.Status.Phase != v1alpha1.PhaseVerified {
			t.Errorf("sent %v, is %s", answers, w.reg.Status.Phase)
		}
		w.registrar.attempts[0].Challenges[0].TriesLeft = triesLeft(5)
		w.then().mustEnd(t, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}})
	})
	t.Run("by its time says so, and is sent an answer all the same: the clock may be wrong", func(t *testing.T) {
		w := code(func(c *Challenge) { c.ExpiresTime = monday })
		says(t, w, "expired on 2026-09-28 10:00 GMT+8", "resend-code")
		w.then(answered("phone-1", "right")).mustEnd(t, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}})
	})
	t.Run("says so at the minute", func(t *testing.T) {
		w := filedWorld(StateVerified, asking(Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode, ExpiresTime: monday.Add(5 * time.Second)}))
		if s := w.pass(noFault); !s.final.NextLook.Equal(monday.Add(5 * time.Second)) {
			t.Errorf("looks again at %s", s.final.NextLook)
		}
	})
	t.Run("asks for documents: the registrar is to be called", func(t *testing.T) {
		w := filedWorld(StateUnderReview, asking(Challenge{ID: "documents-1", Type: v1alpha1.ChallengeDocuments, ExpiresTime: monday}))
		if q := requirementOf(t, w, v1alpha1.RequirementDocuments); !strings.Contains(q.Message, "Call NWCD") {
			t.Errorf("says %q", q.Message)
		}
	})
	t.Run("is the one of two codes that is sent again", func(t *testing.T) {
		w := filedWorld(StateReceived, asking(Challenge{ID: "mail-1", Type: v1alpha1.ChallengeEmailCode}, Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode, TriesLeft: triesLeft(0)}))
		w.reg.Annotations = map[string]string{v1alpha1.ResendCodeRequestedAtAnnotation: "now"}
		if s := w.pass(noFault); s.planned.Effect.ChallengeID != "phone-1" {
			t.Errorf("plans %+v", s.planned.Effect)
		}
	})
}

func TestDocumentsForNoRequestAreSpokenOf(t *testing.T) {
	w := filedWorld(StateUnderReview, asking(Challenge{ID: "documents-2", Type: v1alpha1.ChallengeDocuments}))
	w.reg.Status.Filing.Answers = []v1alpha1.Answer{{ChallengeID: "documents-1", Digest: "letter"}}
	supplement := func(ids ...string) func(*world) {
		return func(w *world) {
			w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) {
				s.SupplementaryDocuments = nil
				for _, id := range ids {
					s.SupplementaryDocuments = append(s.SupplementaryDocuments, v1alpha1.SupplementaryDocument{ChallengeID: id})
				}
			})
		}
	}
	const hint = "The challengeID of spec.supplementaryDocuments[1] is of no request."
	if q := requirementOf(t, w.then(supplement("documents-1", "document-2")), v1alpha1.RequirementDocuments); !strings.Contains(q.Message, hint) {
		t.Errorf("says %q", q.Message)
	}
	if q := requirementOf(t, w.then(supplement("documents-1")), v1alpha1.RequirementDocuments); strings.Contains(q.Message, "is of no request") {
		t.Errorf("an earlier request's documents are spoken of: %q", q.Message)
	}
}

func TestWithoutTheInstallationKeyAnAnswerWaits(t *testing.T) {
	w := filedWorld(StateVerified, asking(phoneCode(), Challenge{ID: "plan-1", Type: v1alpha1.ChallengeSupportPlan}))
	w.then(func(w *world) { w.keyLost = true })
	if q := requirementOf(t, w, v1alpha1.RequirementPhoneCode); q.Awaiting != v1alpha1.PartyNone {
		t.Errorf("asks the %s for a code that cannot be sent", q.Awaiting)
	}
	requirementOf(t, w, v1alpha1.RequirementInstallationKeyMissing)
	w.keyLost = false
	w.then(answered("phone-1", "right"), answered("plan-1", "right"))
	w.mustEnd(t, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}})
}
