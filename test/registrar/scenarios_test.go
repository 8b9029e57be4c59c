// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"testing"

	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	filing "github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

func TestImmediateActivation(t *testing.T) {
	e, a := start(t), applicantOf("immediate")
	got := e.file(a, 1)
	if got.State != lifecycle.StateActive || len(got.AccountID) != 12 {
		t.Errorf("filing is answered with %+v, want it active with a 12-digit account", got)
	}
}

func TestReviewThenSignUpThenActive(t *testing.T) {
	e, a := start(t), applicantOf("review.2")
	if got := e.file(a, 1); got.State != lifecycle.StateReceived || got.Reference == "" || got.Digest != a.submission().Digest {
		t.Errorf("filing is answered with %+v", got)
	}
	e.paces(1)
	e.wantState(a, 1, lifecycle.StateUnderReview)
	e.paces(1)
	if got := open(e.wantState(a, 1, lifecycle.StateVerified)); got != "phoneCode supportPlan" {
		t.Errorf("verified asks for %q", got)
	}
	e.paces(100)
	e.wantState(a, 1, lifecycle.StateVerified) // nothing goes on without answers
	if got := e.completeSignUp(a, 1); got.State != lifecycle.StateActive || len(got.Challenges) != 0 {
		t.Errorf("after sign-up the attempt is %+v", got)
	}
}

func TestTheEmailCodeIsDueBeforeReview(t *testing.T) {
	e, a := start(t), applicantOf("email-code")
	if got := e.file(a, 1); got.State != lifecycle.StateReceived || open(got) != "emailCode" {
		t.Fatalf("filing is answered with %+v", got)
	}
	e.paces(5)
	e.wantState(a, 1, lifecycle.StateReceived)
	e.attempt(e.respond(a, 1, "email-code-1", v1alpha1.ChallengeEmailCode, registrar.EmailCode))
	e.wantState(a, 1, lifecycle.StateReceived)
	e.paces(1)
	e.wantState(a, 1, lifecycle.StateUnderReview)
}

func TestMoreDocumentsAreAskedForInReview(t *testing.T) {
	e, a := start(t), applicantOf("more-documents")
	e.file(a, 1)
	e.paces(3)
	if got := open(e.wantState(a, 1, lifecycle.StateUnderReview)); got != "documents" {
		t.Fatalf("review asks for %q", got)
	}
	send := func(content string) (*lifecycle.Outcome, error) {
		return e.Answer(e.ctx(), a.Filing, 1, filing.Answer{
			ChallengeID: "documents-1", Type: v1alpha1.ChallengeDocuments, Digest: digestOf(content),
			Documents: []dossier.Document{document(dossier.RoleSupplementary, "spec.supplementaryDocuments[0].files[0]", []byte(content))},
		})
	}
	outcome, err := send("no scan at all")
	e.wantRefusal(outcome, err, lifecycle.RefusedAnswer)
	e.attempt(send("\xff\xd8\xff letter"))
	e.attempt(send("\xff\xd8\xff letter"))
	e.paces(1)
	e.wantState(a, 1, lifecycle.StateVerified)
	if got := e.completeSignUp(a, 1); got.State != lifecycle.StateActive {
		t.Errorf("after sign-up the attempt is %s", got.State)
	}
}

func TestARejectedAttemptIsFollowedByAnother(t *testing.T) {
	e, a := start(t), applicantOf("reject-once")
	e.file(a, 1)
	e.paces(2)
	got := e.wantState(a, 1, lifecycle.StateRejected)
	if len(got.Findings) != 2 || got.Findings[0].Code != "NameMismatch" || got.Findings[0].Path != "spec.dossier.company.legalName" || got.Final {
		t.Fatalf("rejection is %+v", got)
	}
	outcome, err := e.File(e.ctx(), a.Filing, 3, a.submission(renamed))
	e.wantRefusal(outcome, err, lifecycle.RefusedWrongAttempt)
	e.file(a, 2, renamed)
	e.paces(2)
	e.wantState(a, 2, lifecycle.StateVerified)
	if got := e.completeSignUp(a, 2); got.State != lifecycle.StateActive {
		t.Errorf("after sign-up attempt 2 is %s", got.State)
	}
	newest, err := e.Newest(e.ctx(), a.Filing)
	if err != nil || newest.Number != 2 {
		t.Errorf("newest attempt is %+v, %v; want 2", newest, err)
	}
}

func TestAFinalRejectionIsFollowedByNone(t *testing.T) {
	e, a := start(t), applicantOf("reject-final")
	e.file(a, 1)
	e.paces(2)
	if got := e.wantState(a, 1, lifecycle.StateRejected); !got.Final || len(got.Findings) != 1 {
		t.Errorf("rejection is %+v, want it final", got)
	}
	outcome, err := e.File(e.ctx(), a.Filing, 2, a.submission(renamed))
	e.wantRefusal(outcome, err, lifecycle.RefusedWrongAttempt)
}

func TestARejectionMayBeReopened(t *testing.T) {
	e, a := start(t), applicantOf("reopen")
	e.file(a, 1)
	e.paces(2)
	e.wantState(a, 1, lifecycle.StateRejected)
	e.paces(3)
	if got := e.wantState(a, 1, lifecycle.StateUnderReview); len(got.Findings) != 0 {
		t.Errorf("reopened attempt has findings %+v", got.Findings)
	}
	e.paces(1)
	e.wantState(a, 1, lifecycle.StateVerified)
}

func TestARejectionIsNotReopenedAfterAnotherFiling(t *testing.T) {
	e, a := start(t), applicantOf("reopen")
	e.file(a, 1)
	e.paces(2)
	e.file(a, 2, renamed)
	e.paces(10)
	e.wantState(a, 1, lifecycle.StateRejected)
	e.wantState(a, 2, lifecycle.StateVerified)
}

func TestSignUpExpiresUnlessItIsCompleted(t *testing.T) {
	e, late, early := start(t), applicantOf("expire.late"), applicantOf("expire.early")
	e.file(late, 1)
	e.file(early, 1)
	e.paces(2)
	if got := e.completeSignUp(early, 1); got.State != lifecycle.StateActive {
		t.Errorf("sign-up completed in time leaves the attempt %s", got.State)
	}
	e.paces(3)
	e.wantState(early, 1, lifecycle.StateActive)
	e.wantState(late, 1, lifecycle.StateSignUpExpired)
	e.file(late, 2)
}

func TestVerifiedWithoutChallengesBecomesActive(t *testing.T) {
	e, a := start(t), applicantOf("verified-only")
	e.file(a, 1)
	e.paces(2)
	if got := e.wantState(a, 1, lifecycle.StateVerified); len(got.Challenges) != 0 {
		t.Errorf("verified asks for %q", open(got))
	}
	e.paces(1)
	e.wantState(a, 1, lifecycle.StateActive)
}

func TestSilenceLastsForEver(t *testing.T) {
	e, a := start(t), applicantOf("silent")
	e.file(a, 1)
	e.paces(10000)
	e.wantState(a, 1, lifecycle.StateReceived)
}

func TestStatesOutOfTheContractComeAndGo(t *testing.T) {
	tests := map[string]lifecycle.State{
		"fault-unknown-state": "awaitingSeal",
		"fault-backwards":     lifecycle.StateReceived,
	}
	for tag, state := range tests {
		t.Run(tag, func(t *testing.T) {
			e, a := start(t), applicantOf(tag)
			e.file(a, 1)
			e.paces(1)
			e.wantState(a, 1, lifecycle.StateUnderReview)
			e.paces(1)
			e.wantState(a, 1, state)
			e.paces(3)
			e.wantState(a, 1, lifecycle.StateUnderReview)
			e.paces(1)
			e.wantState(a, 1, lifecycle.StateVerified)
		})
	}
}

func TestAForgottenFilingFiledAgainIsCountedAsDuplicate(t *testing.T) {
	e, a := start(t), applicantOf("fault-forgets")
	e.file(a, 1)
	e.paces(2)
	if got, err := e.Attempt(e.ctx(), a.Filing, 1); got != nil || err != nil {
		t.Fatalf("attempt is %+v, %v; want it forgotten", got, err)
	}
	if got := e.counters().DuplicateFilings; got != 0 {
		t.Fatalf("%d duplicates before anything was filed again", got)
	}
	e.file(a, 1)
	if got := e.counters(); got.DuplicateFilings != 1 || got.Accepted[a.Key+"/1"] != 2 {
		t.Errorf("counters are %+v, want one duplicate", got)
	}
}

func TestContentIsRefusedUntilItChanges(t *testing.T) {
	e, a := start(t), applicantOf("fault-422")
	for range 3 {
		outcome, err := e.File(e.ctx(), a.Filing, 1, a.submission())
		if got := e.wantRefusal(outcome, err, lifecycle.RefusedContent); len(got.Findings) != 1 {
			t.Errorf("refusal is %+v, want a finding", got)
		}
		if newest, err := e.Newest(e.ctx(), a.Filing); newest != nil || err != nil {
			t.Errorf("newest attempt is %+v, %v; a refusal leaves none", newest, err)
		}
	}
	e.file(a, 1, renamed)
	if got := e.counters(); got.PreventableFilings != 0 {
		t.Errorf("%d preventable filings: what only the registrar can know counts for none", got.PreventableFilings)
	}
}

func TestFaultyAnswersHealAndTheFilingIsThere(t *testing.T) {
	tests := map[string]lifecycle.TroubleKind{
		"fault-500":     lifecycle.TroubleUnreachable,
		"fault-429":     lifecycle.TroubleWaiting,
		"fault-garbage": lifecycle.TroubleInvalid,
		"fault-timeout": lifecycle.TroubleUnreachable,
	}
	for tag, kind := range tests {
		t.Run(tag, func(t *testing.T) {
			// Held answers are let go by the clock, so it is a real one here.
			e, a := start(t, func(c *registrar.Config) { c.Clock = clock.RealClock{} }), applicantOf(tag)
			_, err := e.File(e.ctx(), a.Filing, 1, a.submission())
			e.wantTrouble(err, kind)
			for range 2 {
				_, err := e.Attempt(e.ctx(), a.Filing, 1)
				e.wantTrouble(err, kind)
			}
			got := e.wantState(a, 1, lifecycle.StateReceived)
			if again := e.file(a, 1); again.Revision != got.Revision {
				t.Errorf("filed again the attempt is %+v, want it unchanged", again)
			}
			if counters := e.counters(); counters.Filings != 1 || counters.DuplicateFilings != 0 {
				t.Errorf("counters are %+v, want one filing", counters)
			}
		})
	}
}

func (e *env) wantTrouble(err error, kind lifecycle.TroubleKind) {
	e.Helper()
	if err == nil || filing.Trouble(err).Kind != kind {
		e.Fatalf("error %v, want one of kind %s", err, kind)
	}
}
