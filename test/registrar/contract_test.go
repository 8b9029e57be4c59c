// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	filing "github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

func TestTheGatewayIsThere(t *testing.T) {
	if err := start(t).Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnotherTokenIsNotTaken(t *testing.T) {
	e := start(t, func(c *registrar.Config) { c.Token = "another" })
	e.wantTrouble(e.Probe(e.ctx()), lifecycle.TroubleRefused)
	_, err := e.File(e.ctx(), applicantOf("review").Filing, 1, applicantOf("review").submission())
	e.wantTrouble(err, lifecycle.TroubleRefused)
}

func TestNothingIsFiledUnderAKeyThatNobodyUsed(t *testing.T) {
	e, a := start(t), applicantOf("review")
	if got, err := e.Newest(e.ctx(), a.Filing); got != nil || err != nil {
		t.Errorf("Newest = %+v, %v", got, err)
	}
	if got, err := e.Attempt(e.ctx(), a.Filing, 1); got != nil || err != nil {
		t.Errorf("Attempt = %+v, %v", got, err)
	}
}

func TestTheSameContentIsTheSameFiling(t *testing.T) {
	e, a := start(t), applicantOf("silent")
	first := e.file(a, 1)
	e.paces(1)
	if again := e.file(a, 1); again.Revision != first.Revision || again.Reference != first.Reference || !again.FiledTime.Equal(first.FiledTime) {
		t.Errorf("filed again the attempt is %+v, want %+v", again, first)
	}
	outcome, err := e.File(e.ctx(), a.Filing, 1, a.submission(renamed))
	e.wantRefusal(outcome, err, lifecycle.RefusedOtherContent)

	sameDigest := a.submission()
	sameDigest.Dossier.Documents[0].Parts = [][]byte{[]byte("%PDF-1.7 another scan")}
	outcome, err = e.File(e.ctx(), a.Filing, 1, sameDigest)
	e.wantRefusal(outcome, err, lifecycle.RefusedOtherContent)
}

func TestManyAtOnceFileOnce(t *testing.T) {
	e, a := start(t), applicantOf("review")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if outcome, err := e.File(t.Context(), a.Filing, 1, a.submission()); err != nil || outcome.Attempt == nil {
				t.Errorf("outcome %+v, %v", outcome, err)
			}
		})
	}
	wait.Wait()
	if got := e.counters(); got.Filings != 1 || got.DuplicateFilings != 0 || got.Requests["fileAttempt"] != 8 {
		t.Errorf("counters are %+v, want one filing of 8 requests", got)
	}
}

func TestAttemptsAreCountedByTheRegistrar(t *testing.T) {
	e, a := start(t), applicantOf("review")
	outcome, err := e.File(e.ctx(), a.Filing, 2, a.submission())
	e.wantRefusal(outcome, err, lifecycle.RefusedWrongAttempt)
	e.file(a, 1)
	for range 3 { // received, under review, verified: it is still open
		outcome, err = e.File(e.ctx(), a.Filing, 2, a.submission(renamed))
		e.wantRefusal(outcome, err, lifecycle.RefusedWrongAttempt)
		e.paces(1)
	}
	e.completeSignUp(a, 1)
	outcome, err = e.File(e.ctx(), a.Filing, 2, a.submission(renamed))
	e.wantRefusal(outcome, err, lifecycle.RefusedWrongAttempt)
}

func TestAnotherOwnerLearnsAndChangesNothing(t *testing.T) {
	e, a := start(t), applicantOf("review")
	before := e.file(a, 1)
	thief := a
	thief.Owner = "somebody-else"
	for _, n := range []int32{1, 2, 7} { // known and unknown attempts read alike
		if _, err := e.Attempt(e.ctx(), thief.Filing, n); !errors.Is(err, filing.ErrOtherOwner) {
			t.Errorf("Attempt %d: %v", n, err)
		}
		outcome, err := e.File(e.ctx(), thief.Filing, n, thief.submission())
		e.wantRefusal(outcome, err, lifecycle.RefusedOtherOwner)
		outcome, err = e.Withdraw(e.ctx(), thief.Filing, n)
		e.wantRefusal(outcome, err, lifecycle.RefusedOtherOwner)
		outcome, err = e.Resend(e.ctx(), thief.Filing, n, "phone-code-1")
		e.wantRefusal(outcome, err, lifecycle.RefusedOtherOwner)
		outcome, err = e.respond(thief, n, "phone-code-1", v1alpha1.ChallengePhoneCode, registrar.PhoneCode)
		e.wantRefusal(outcome, err, lifecycle.RefusedOtherOwner)
	}
	if _, err := e.Newest(e.ctx(), thief.Filing); !errors.Is(err, filing.ErrOtherOwner) {
		t.Errorf("Newest: %v", err)
	}
	if after := e.wantState(a, 1, lifecycle.StateReceived); after.Revision != before.Revision {
		t.Errorf("revision went from %d to %d", before.Revision, after.Revision)
	}
}

func TestATombstoneKeepsALateFilingOut(t *testing.T) {
	e, a := start(t), applicantOf("review")
	for range 2 {
		if got := e.attempt(e.Withdraw(e.ctx(), a.Filing, 1)); got.State != lifecycle.StateWithdrawn || got.Digest != "" {
			t.Errorf("withdrawing what is unknown leaves %+v", got)
		}
	}
	if late := e.file(a, 1); late.State != lifecycle.StateWithdrawn {
		t.Errorf("the late filing is answered with %+v, want withdrawn", late)
	}
	outcome, err := e.Withdraw(e.ctx(), a.Filing, 3)
	e.wantRefusal(outcome, err, lifecycle.RefusedWrongAttempt)
	if got := e.counters(); got.Filings != 0 {
		t.Errorf("%d filings were accepted", got.Filings)
	}
	if next := e.file(a, 2); next.State != lifecycle.StateReceived {
		t.Errorf("the next attempt is %+v", next)
	}
}

func TestWithdrawingWhileItIsUnderWay(t *testing.T) {
	e := start(t)
	for i, tag := range []string{"review.received", "review.review", "review.verified"} {
		a := applicantOf(tag)
		e.file(a, 1)
		e.paces(i)
		if got := e.attempt(e.Withdraw(e.ctx(), a.Filing, 1)); got.State != lifecycle.StateWithdrawn || len(got.Challenges) != 0 {
			t.Errorf("%s: withdrawn it is %+v", tag, got)
		}
		e.paces(10)
		e.wantState(a, 1, lifecycle.StateWithdrawn)
	}
}

func TestWhatIsDecidedIsNotWithdrawn(t *testing.T) {
	e := start(t)
	for _, tag := range []string{"immediate", "reject-once"} {
		a := applicantOf(tag)
		e.file(a, 1)
		e.paces(2)
		outcome, err := e.Withdraw(e.ctx(), a.Filing, 1)
		e.wantRefusal(outcome, err, lifecycle.RefusedState)
	}
}

func TestWrongCodesUseUpTriesOnce(t *testing.T) {
	e, a := start(t), applicantOf("review")
	e.file(a, 1)
	e.paces(2)
	wrong := func(code string, left int32) {
		t.Helper()
		outcome, err := e.respond(a, 1, "phone-code-1", v1alpha1.ChallengePhoneCode, code)
		e.wantRefusal(outcome, err, lifecycle.RefusedAnswer)
		for _, c := range e.wantState(a, 1, lifecycle.StateVerified).Challenges {
			if c.Type == v1alpha1.ChallengePhoneCode && *c.TriesLeft != left {
				t.Errorf("after %s %d tries are left, want %d", code, *c.TriesLeft, left)
			}
		}
	}
	wrong("0001", 4)
	wrong("0001", 4)
	wrong("0002", 3)
	wrong("0003", 2)
	wrong("0004", 1)
	wrong("0005", 0)
	wrong(registrar.PhoneCode, 0) // no tries left
	e.attempt(e.Resend(e.ctx(), a.Filing, 1, "phone-code-1"))
	wrong("0006", 4)
	e.attempt(e.respond(a, 1, "phone-code-1", v1alpha1.ChallengePhoneCode, registrar.PhoneCode))
	e.attempt(e.respond(a, 1, "phone-code-1", v1alpha1.ChallengePhoneCode, registrar.PhoneCode))
	outcome, err := e.respond(a, 1, "support-plan-1", v1alpha1.ChallengeSupportPlan, "Platinum")
	e.wantRefusal(outcome, err, lifecycle.RefusedAnswer)
	outcome, err = e.Resend(e.ctx(), a.Filing, 1, "support-plan-1")
	e.wantRefusal(outcome, err, lifecycle.RefusedState)
	outcome, err = e.respond(a, 1, "phone-code-7", v1alpha1.ChallengePhoneCode, registrar.PhoneCode)
	e.wantRefusal(outcome, err, lifecycle.RefusedUnknown)
}

func TestACodeExpiresAndIsSentAgain(t *testing.T) {
	e, a := start(t, func(c *registrar.Config) { c.CodeTTL = time.Minute }), applicantOf("email-code")
	e.file(a, 1)
	e.clock.Step(time.Minute)
	outcome, err := e.respond(a, 1, "email-code-1", v1alpha1.ChallengeEmailCode, registrar.EmailCode)
	e.wantRefusal(outcome, err, lifecycle.RefusedAnswer)
	sent := e.attempt(e.Resend(e.ctx(), a.Filing, 1, "email-code-1"))
	if want := e.clock.Now().Add(time.Minute); !sent.Challenges[0].ExpiresTime.Equal(want) {
		t.Errorf("sent again the code expires %s, want %s", sent.Challenges[0].ExpiresTime, want)
	}
	e.attempt(e.respond(a, 1, "email-code-1", v1alpha1.ChallengeEmailCode, registrar.EmailCode))
}

func TestUnfitDossiersAreRefusedAndCounted(t *testing.T) {
	tests := map[string]struct {
		change func(*dossier.Dossier)
		code   string
		path   string
	}{
		"a mistyped credit code": {code: "CreditCodeInvalid", path: "spec.dossier.company.unifiedSocialCreditCode",
			change: func(d *dossier.Dossier) { d.Spec.Company.UnifiedSocialCreditCode = "91310000MA1K35Y38Q" }},
		"a mistyped ID number": {code: "IdNumberInvalid", path: "spec.dossier.securityAdministrator.identification.numberFrom",
			change: func(d *dossier.Dossier) { d.IDNumber = "110105194912310021" }},
		"a landline as mobile": {code: "MobileInvalid", path: "spec.dossier.contact.mobile",
			change: func(d *dossier.Dossier) { d.Spec.Contact.Mobile = "+862112345678" }},
		"an expired certificate": {code: "CertificateExpired", path: "spec.dossier.documents.businessCertificate.expiryDate",
			change: func(d *dossier.Dossier) { d.Spec.Documents.BusinessCertificate.ExpiryDate = "2026-09-29" }},
		"a text file named png": {code: "DocumentFormatInvalid", path: "spec.dossier.documents.identification.files[0]",
			change: func(d *dossier.Dossier) { d.Documents[1].Parts = [][]byte{[]byte("hello")} }},
		"a scan of 10 MB": {code: "DocumentTooLarge", path: "spec.dossier.documents.businessCertificate.files[0]",
			change: func(d *dossier.Dossier) {
				d.Documents[0].Parts = [][]byte{[]byte("%PDF-"), make([]byte, 10_000_000-5)}
			}},
		"no scan of the ID": {code: "IdentificationMissing", path: "spec.dossier.documents.identification.files",
			change: func(d *dossier.Dossier) { d.Documents = d.Documents[:1] }},
	}
	e := start(t)
	filed := 0
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := &env{T: t, Client: e.Client, server: e.server}
			a := applicantOf("review." + strings.ReplaceAll(name, " ", "-"))
			outcome, err := e.File(e.ctx(), a.Filing, 1, a.submission(test.change))
			got := e.wantRefusal(outcome, err, lifecycle.RefusedContent)
			if len(got.Findings) != 1 || got.Findings[0].Code != test.code || got.Findings[0].Path != test.path {
				t.Errorf("findings are %+v, want %s at %s", got.Findings, test.code, test.path)
			}
			filed++
			if counters := e.counters(); counters.PreventableFilings != filed || counters.Filings != 0 {
				t.Errorf("counters are %+v, want %d preventable and none accepted", counters, filed)
			}
		})
	}
}

func TestAWaivedCreditCodeIsTaken(t *testing.T) {
	e, a := start(t), applicantOf("review")
	e.file(a, 1, func(d *dossier.Dossier) {
		d.Spec.Company.UnifiedSocialCreditCode = "91310000MA1K35Y38Q"
		d.Spec.Company.CreditCodeCheckCharacter = v1alpha1.CheckCharacterWaived
	})
}

func TestAKeyThatIsNotTheDossiersIsRefused(t *testing.T) {
	e, a := start(t), applicantOf("review")
	_, err := e.File(e.ctx(), a.Filing, 1, applicantOf("silent").submission())
	e.wantTrouble(err, lifecycle.TroubleInvalid)
}
