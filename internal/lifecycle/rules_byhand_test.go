// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"slices"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// hears adds a report a minute after the last, and settles.
func (w *world) hears(kind v1alpha1.FilingReportType, attempt int32, changes ...func(*v1alpha1.FilingReport)) *world {
	w.now = w.now.Add(time.Minute)
	w.report(kind, attempt, changes...)
	return w.then()
}

// claimedWorld has an agent's claim (report-1) of attempt 1 that was taken.
func claimedWorld() *world { return byHandWorld().then().hears(v1alpha1.ReportClaimed, 1) }

func accountID(id string) func(*v1alpha1.FilingReport) {
	return func(r *v1alpha1.FilingReport) { r.Spec.AccountID = id }
}

func TestFilingByHand(t *testing.T) {
	fileByHand := []string{v1alpha1.RequirementFileByHand}
	underReview := []string{v1alpha1.RequirementDecision}
	mend := []string{"NameMismatch", v1alpha1.RequirementResubmission, v1alpha1.RequirementDossierUnchanged}
	tell(t, []story{
		{"what passes preflight awaits an agent", func() *world { return byHandWorld().then() },
			ending{v1alpha1.PhasePending, open, "none", fileByHand, nil}},
		{"a claim locks the dossier", claimedWorld, ending{v1alpha1.PhasePending, locked, "intent 1", fileByHand, nil}},
		{"a release by another agent unlocks it", func() *world { return claimedWorld().hears(v1alpha1.ReportReleased, 1) },
			ending{v1alpha1.PhasePending, open, "none", fileByHand, nil}},
		{"after a release another claim is taken", func() *world {
			return claimedWorld().hears(v1alpha1.ReportReleased, 1).hears(v1alpha1.ReportClaimed, 1)
		}, ending{v1alpha1.PhasePending, locked, "intent 1", fileByHand, nil}},
		{"Submitted", func() *world { return claimedWorld().hears(v1alpha1.ReportSubmitted, 1) },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, nil}},
		{"the first outcome may be any: UnderReview", func() *world { return claimedWorld().hears(v1alpha1.ReportUnderReview, 1) },
			ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", underReview, nil}},
		{"the first outcome may be any: Active", func() *world { return claimedWorld().hears(v1alpha1.ReportActive, 1) },
			ending{v1alpha1.PhaseActive, open, "attempt 1", nil, nil}},
		{"Rejected", func() *world { return claimedWorld().hears(v1alpha1.ReportRejected, 1) },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", mend, nil}},
		{"Withdrawn", func() *world { return claimedWorld().hears(v1alpha1.ReportWithdrawn, 1) },
			ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{v1alpha1.RequirementResubmission}, nil}},
		{"after a resubmission an agent is awaited again", func() *world {
			return claimedWorld().hears(v1alpha1.ReportRejected, 1).then(resubmit(1))
		}, ending{v1alpha1.PhaseRejected, open, "attempt 1", fileByHand, nil}},
		{"the next attempt is claimed", func() *world {
			return claimedWorld().hears(v1alpha1.ReportRejected, 1).then(resubmit(1)).hears(v1alpha1.ReportClaimed, 2)
		}, ending{v1alpha1.PhaseRejected, locked, "intent 2", fileByHand, nil}},
		{"a claim of the next attempt that is released restores the one before", func() *world {
			return claimedWorld().hears(v1alpha1.ReportRejected, 1).then(resubmit(1)).hears(v1alpha1.ReportClaimed, 2).hears(v1alpha1.ReportReleased, 2)
		}, ending{v1alpha1.PhaseRejected, open, "attempt 1", fileByHand, nil}},
		{"while suspended the outcome of a standing claim is taken", func() *world {
			return claimedWorld().then(suspend).hears(v1alpha1.ReportUnderReview, 1)
		}, ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", underReview, nil}},
		{"a withdrawal is asked of an agent", func() *world { return claimedWorld().hears(v1alpha1.ReportUnderReview, 1).then(withdraw(1)) },
			ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementWithdrawByHand, v1alpha1.RequirementDecision}, nil}},
		{"a withdrawal of a claim is asked of an agent", func() *world { return claimedWorld().then(withdraw(1)) },
			ending{v1alpha1.PhasePending, locked, "intent 1", []string{v1alpha1.RequirementWithdrawByHand}, nil}},
		{"a claim that was deleted is over", func() *world { return claimedWorld().then(func(w *world) { w.reports = nil }) },
			ending{v1alpha1.PhasePending, open, "none", fileByHand, nil}},
		{"the dossier of a claim that is not taken yet goes missing: unlocked, the intent is kept", func() *world {
			w := byHandWorld().then()
			w.report(v1alpha1.ReportClaimed, 1)
			w.pass(noFault)
			return w.then(dossierIs(DossierState{Missing: missing}))
		}, ending{v1alpha1.PhasePending, open, "intent 1", []string{codeMissing}, nil}},
	})
}

func TestAReportIsRefusedWithTheReason(t *testing.T) {
	rejected := func() *world { return claimedWorld().hears(v1alpha1.ReportRejected, 1) }
	for _, c := range []struct {
		name  string
		build func() *world
		want  string
	}{
		{"a second claim", func() *world { return claimedWorld().hears(v1alpha1.ReportClaimed, 1) }, v1alpha1.ReportReasonAlreadyClaimed},
		{"a claim of an attempt that is not next", func() *world { return byHandWorld().hears(v1alpha1.ReportClaimed, 2) }, v1alpha1.ReportReasonWrongAttempt},
		{"a claim of the next attempt while one is under way", func() *world {
			return claimedWorld().hears(v1alpha1.ReportUnderReview, 1).hears(v1alpha1.ReportClaimed, 2)
		}, v1alpha1.ReportReasonAlreadyFiled},
		{"a claim after a final rejection", func() *world {
			return claimedWorld().hears(v1alpha1.ReportRejected, 1, func(r *v1alpha1.FilingReport) { r.Spec.Final = true }).hears(v1alpha1.ReportClaimed, 2)
		}, v1alpha1.ReportReasonFinal},
		{"a claim that nobody asked for", func() *world { return rejected().hears(v1alpha1.ReportClaimed, 2) }, v1alpha1.ReportReasonNotRequested},
		{"a claim while the object is deleted", func() *world { return byHandWorld(deleteHeld, withdrawing).hears(v1alpha1.ReportClaimed, 1) }, v1alpha1.ReportReasonRegistrationDeleting},
		{"a claim while suspended", func() *world { return byHandWorld().then(suspend).hears(v1alpha1.ReportClaimed, 1) }, v1alpha1.ReportReasonSuspended},
		{"a claim of what is to be withdrawn", func() *world { return byHandWorld(withdraw(1)).hears(v1alpha1.ReportClaimed, 1) }, v1alpha1.ReportReasonWithdrawalRequested},
		{"a claim of what does not pass preflight", func() *world {
			return byHandWorld(dossierIs(DossierState{Findings: tooLarge})).hears(v1alpha1.ReportClaimed, 1)
		}, v1alpha1.ReportReasonPreflightFailed},
		{"a claim that was released before it was taken", func() *world {
			w := byHandWorld().then()
			w.report(v1alpha1.ReportClaimed, 1)
			w.report(v1alpha1.ReportReleased, 1)
			w.then()
			w.reports = w.reports[:1]
			return w
		}, v1alpha1.ReportReasonNoSuchClaim},
		{"an outcome that names no claim", func() *world { return claimedWorld().hears(v1alpha1.ReportActive, 1, ofClaim("no-such")) }, v1alpha1.ReportReasonNoSuchClaim},
		{"an outcome of another attempt than its claim", func() *world {
			return claimedWorld().hears(v1alpha1.ReportUnderReview, 1).hears(v1alpha1.ReportActive, 2)
		}, v1alpha1.ReportReasonWrongAttempt},
		{"an outcome that goes backwards", func() *world {
			return claimedWorld().hears(v1alpha1.ReportVerified, 1).hears(v1alpha1.ReportSubmitted, 1)
		}, v1alpha1.ReportReasonDoesNotFollow},
		{"a rejected attempt that is submitted again", func() *world { return rejected().hears(v1alpha1.ReportSubmitted, 1) }, v1alpha1.ReportReasonDoesNotFollow},
		{"an outcome of the attempt before, when the next is claimed", func() *world {
			return rejected().then(resubmit(1)).hears(v1alpha1.ReportClaimed, 2).hears(v1alpha1.ReportActive, 1, ofClaim("report-1"))
		}, v1alpha1.ReportReasonWrongAttempt},
		{"a release of what is filed", func() *world {
			return claimedWorld().hears(v1alpha1.ReportUnderReview, 1).hears(v1alpha1.ReportReleased, 1)
		}, v1alpha1.ReportReasonAlreadyFiled},
		{"a release that names no claim", func() *world { return claimedWorld().hears(v1alpha1.ReportReleased, 1, ofClaim("no-such")) }, v1alpha1.ReportReasonNoSuchClaim},
		{"a report under another key", func() *world {
			return byHandWorld().hears(v1alpha1.ReportClaimed, 1, func(r *v1alpha1.FilingReport) { r.Spec.FilingKey = "another" })
		}, v1alpha1.ReportReasonWrongAttempt},
		{"a report where a gateway files", func() *world { return newWorld().hears(v1alpha1.ReportClaimed, 1) }, v1alpha1.ReportReasonNotByHand},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.build()
			last := w.reports[len(w.reports)-1]
			if status, reason := w.verdict(last.Name); status != metav1.ConditionFalse || reason != c.want {
				t.Errorf("%s is judged %s %s, want False %s", last.Name, status, reason, c.want)
			}
		})
	}
}

func TestReportsAreTheRecord(t *testing.T) {
	t.Run("a recreated object reads them again", func(t *testing.T) {
		w := claimedWorld().hears(v1alpha1.ReportUnderReview, 1)
		w.create("uid-2")
		w.then().mustEnd(t, ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, nil})
	})
	t.Run("a recreated object joins a claim of its earlier life, whatever the content", func(t *testing.T) {
		w := claimedWorld()
		w.create("uid-2")
		w.dossier = DossierState{Missing: missing}
		w.then().mustEnd(t, ending{v1alpha1.PhasePending, locked, "intent 1", []string{v1alpha1.RequirementFileByHand}, nil})
		if f := w.reg.Status.Filing; f.ClaimName != "report-1" || f.Digest != digestA {
			t.Errorf("joins claim %s of %s, want report-1 of %s", f.ClaimName, f.Digest, digestA)
		}
		w.hears(v1alpha1.ReportActive, 1).mustEnd(t, ending{v1alpha1.PhaseActive, open, "attempt 1", nil, nil})
	})
	t.Run("a later report of the same type corrects reference and account", func(t *testing.T) {
		w := claimedWorld().hears(v1alpha1.ReportActive, 1, accountID("111111111111"), withReference("A")).
			hears(v1alpha1.ReportActive, 1, ofClaim("report-1"), accountID("222222222222"), withReference("B"))
		if s := w.reg.Status; s.Account.ID != "222222222222" || s.Filing.Reference != "B" || s.Account.SignInURL != "https://222222222222.signin.amazonaws.cn/console/" {
			t.Errorf("account %+v, reference %s", s.Account, s.Filing.Reference)
		}
		if _, reason := w.verdict("report-3"); reason != v1alpha1.ReportReasonCorrected {
			t.Errorf("judged %s", reason)
		}
	})
	t.Run("an agent's time of filing counts", func(t *testing.T) {
		friday := metav1.NewTime(monday.AddDate(0, 0, -3))
		w := claimedWorld().hears(v1alpha1.ReportSubmitted, 1, func(r *v1alpha1.FilingReport) { r.Spec.ReportedTime = &friday })
		if got := w.reg.Status.Filing.FiledTime; !got.Equal(&friday) {
			t.Errorf("filed %s, want %s", got, friday)
		}
	})
	t.Run("those of an earlier e-mail address are not this filing's", func(t *testing.T) {
		w := claimedWorld().hears(v1alpha1.ReportActive, 1)
		for i := range w.reports {
			w.reports[i].Spec.FilingKey = "of-another-address"
		}
		w.create("uid-2")
		w.then().mustEnd(t, ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementFileByHand}, nil})
	})
	t.Run("those of another registration mean that the address is taken", func(t *testing.T) {
		w := claimedWorld()
		w.reports[0].Spec.RegistrationRef.Name = "somebody-else"
		w.create("uid-2")
		w.then().mustEnd(t, ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementEmailAlreadyFiled}, nil})
		w.hears(v1alpha1.ReportClaimed, 1)
		if status, _ := w.verdict("report-2"); status != metav1.ConditionFalse {
			t.Errorf("a claim of it is judged %q", status)
		}
	})
	t.Run("a claim that another registration gave back leaves nothing", func(t *testing.T) {
		w := claimedWorld().hears(v1alpha1.ReportReleased, 1)
		for i := range w.reports {
			w.reports[i].Spec.RegistrationRef.Name = "somebody-else"
		}
		w.create("uid-2")
		w.then().mustEnd(t, ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementFileByHand}, nil})
	})
	t.Run("none is judged while there is no Registrar", func(t *testing.T) {
		w := claimedWorld()
		manual := w.object
		w.object = RegistrarState{}
		w.hears(v1alpha1.ReportUnderReview, 1)
		o := w.observe()
		o.View.Reports = w.reports
		if d := Decide(o); len(d.Verdicts) > 0 {
			t.Errorf("judges %+v", d.Verdicts)
		}
		w.object = manual
		w.then().mustEnd(t, ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, nil})
	})
}

func TestOfTwoClaimsWithinOneSecondOneIsTakenAndOneRefused(t *testing.T) {
	for name, order := range map[string][]string{"in the order of names": {"a", "b"}, "against it": {"b", "a"}} {
		t.Run(name, func(t *testing.T) {
			w := byHandWorld().then()
			for _, claim := range order {
				w.report(v1alpha1.ReportClaimed, 1, func(r *v1alpha1.FilingReport) {
					r.Name = claim
					r.CreationTimestamp = metav1.NewTime(monday)
				})
				w.then()
			}
			if status, _ := w.verdict(order[0]); status != metav1.ConditionTrue {
				t.Errorf("the first is judged %q", status)
			}
			if status, _ := w.verdict(order[1]); status != metav1.ConditionFalse {
				t.Errorf("the second is judged %q", status)
			}
		})
	}
}

func TestByHandTheAgentEntersTheCode(t *testing.T) {
	w := claimedWorld().hears(v1alpha1.ReportVerified, 1, withChallenges(v1alpha1.ReportedChallenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode}))
	if q := requirementOf(t, w, v1alpha1.RequirementPhoneCode); q.Awaiting != v1alpha1.PartyApplicant {
		t.Errorf("awaits %s before the code is there", q.Awaiting)
	}
	w.then(answered("phone-1", "right"))
	if q := requirementOf(t, w, v1alpha1.RequirementPhoneCode); q.Awaiting != v1alpha1.PartyAgent {
		t.Errorf("awaits %s when the code is there", q.Awaiting)
	}
}

func TestAClaimGoesStaleWithTheSecrets(t *testing.T) {
	claimed := func() *world {
		return byHandWorld().then().then(func(w *world) { w.report(v1alpha1.ReportClaimed, 1) })
	}
	for name, c := range map[string]struct {
		becomes DossierState
		stale   bool
	}{
		"when one changes":                         {DossierState{Digest: digestB}, true},
		"when one is gone":                         {DossierState{Missing: missing}, true},
		"not when they are as they were":           {DossierState{Digest: digestA}, false},
		"not when the installation key is another": {DossierState{Digest: digestOtherKey}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := claimed().then(dossierIs(c.becomes))
			if got := slices.Contains(codes(&w.reg.Status), v1alpha1.RequirementClaimStale); got != c.stale {
				t.Errorf("stale: %t, want %t", got, c.stale)
			}
			if w.reg.Status.Awaiting != v1alpha1.PartyAgent || w.reg.Status.DossierLock != locked {
				t.Errorf("awaiting %s, %s", w.reg.Status.Awaiting, w.reg.Status.DossierLock)
			}
			// The agent may have filed it before: its word counts.
			w.then(func(w *world) { w.report(v1alpha1.ReportActive, 1) })
			if w.reg.Status.Phase != v1alpha1.PhaseActive {
				t.Errorf("is %s", w.reg.Status.Phase)
			}
		})
	}
}
