// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

func shanghai(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.ParseInLocation("2006-01-02 15:04:05", text, businessday.Shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func startingAt(at time.Time) *world {
	return newWorld(func(w *world) {
		w.now = at
		w.create("uid-1")
	})
}

func TestTheDecisionIsDueAfterTwoBusinessDays(t *testing.T) {
	for _, c := range []struct {
		name, filed, due string
		basis            v1alpha1.DueBasis
	}{
		{"in an ordinary week", "2026-09-28 10:00:00", "2026-09-30 23:59:59", v1alpha1.DuePublished},
		{"on the eve of National Day", "2026-09-30 09:00:00", "2026-10-09 23:59:59", v1alpha1.DuePublished},
		{"on New Year's Eve, when next year's holidays are not announced", "2026-12-31 09:00:00", "2027-01-05 23:59:59", v1alpha1.DueProvisional},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := startingAt(shanghai(t, c.filed)).then()
			if f := w.reg.Status.Filing; !f.DueTime.Time.Equal(shanghai(t, c.due)) || f.DueBasis != c.basis {
				t.Errorf("due %s %s, want %s %s", f.DueTime, f.DueBasis, c.due, c.basis)
			}
		})
	}
	t.Run("unless the registrar says otherwise", func(t *testing.T) {
		word := shanghai(t, "2026-10-20 18:00:00")
		w := filedWorld(StateUnderReview, func(a *Attempt) { a.DueTime = word })
		if f := w.reg.Status.Filing; !f.DueTime.Time.Equal(word) || f.DueBasis != v1alpha1.DuePublished {
			t.Errorf("due %s %s, want %s", f.DueTime, f.DueBasis, word)
		}
	})
}

func TestOverdueNamesTheHotlineAndWhetherItIsOpen(t *testing.T) {
	for _, c := range []struct {
		name, now string
		region    v1alpha1.Region
		says      string
		next      string
	}{
		{"at midnight of the holiday", "2026-10-01 00:00:00", v1alpha1.RegionNingxia, "call NWCD, whose hotline 1010 0966 is closed now and opens at 2026-10-08 09:00", ""},
		{"when the hotline opens after the holiday", "2026-10-08 09:00:00", v1alpha1.RegionNingxia, "call NWCD, whose hotline 1010 0966 is open now, until 20:00", ""},
		{"Beijing's registrar", "2026-10-08 09:30:00", v1alpha1.RegionBeijing, "call Sinnet, whose hotline 1010 0766 is open now, until 20:00", ""},
		{"shortly before the hotline closes", "2026-10-08 19:59:50", v1alpha1.RegionBeijing, "is open now", "2026-10-08 20:00:00"},
		{"shortly before the hotline opens", "2026-10-09 08:59:50", v1alpha1.RegionBeijing, "is closed now", "2026-10-09 09:00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(func(w *world) { w.reg.Spec.Region = c.region }).then()
			w.now = shanghai(t, c.now)
			s := w.settle()
			q := requirementOf(t, w, v1alpha1.RequirementDecision)
			if !strings.Contains(q.Message, "overdue") || !strings.Contains(q.Message, c.says) || !strings.Contains(q.Message, "support@amazonaws.com.cn") {
				t.Errorf("says %q, want %q", q.Message, c.says)
			}
			if !meta.IsStatusConditionTrue(w.reg.Status.Conditions, v1alpha1.ConditionOverdue) {
				t.Error("is not Overdue")
			}
			if c.next != "" && !s.final.NextLook.Equal(shanghai(t, c.next)) {
				t.Errorf("looks again at %s, want %s", s.final.NextLook, c.next)
			}
		})
	}
}

func TestNothingIsOverdue(t *testing.T) {
	late := func(w *world) { w.now = monday.AddDate(0, 0, 14) }
	for name, w := range map[string]*world{
		"in the last second of the due day": filedWorld(StateReceived).then(func(w *world) { w.now = shanghai(t, "2026-09-30 23:59:59") }),
		"while the applicant owes a code":   filedWorld(StateReceived, asking(Challenge{ID: "mail-1", Type: v1alpha1.ChallengeEmailCode})).then(late),
		"when it is verified":               filedWorld(StateVerified).then(late),
		"when it is rejected":               rejectedWorld().then(late),
		"when it is active":                 filedWorld(StateActive).then(late),
		"before it is filed":                newWorld(suspend).then(late),
	} {
		t.Run(name, func(t *testing.T) {
			if !meta.IsStatusConditionFalse(w.reg.Status.Conditions, v1alpha1.ConditionOverdue) {
				t.Errorf("is overdue: %v", codes(&w.reg.Status))
			}
		})
	}
}

func TestTheOperatorLooksWhenTheDueTimePasses(t *testing.T) {
	w := filedWorld(StateReceived).then(func(w *world) { w.now = shanghai(t, "2026-09-30 23:59:50") })
	if s := w.pass(noFault); !s.final.NextLook.Equal(shanghai(t, "2026-10-01 00:00:00")) {
		t.Errorf("looks again at %s", s.final.NextLook)
	}
}

func TestTheCertificateMovesByItselfAndAlone(t *testing.T) {
	for _, c := range []struct {
		name, expires, status, reason, next string
	}{
		{"long-term", "", "True", v1alpha1.ReasonLongTerm, ""},
		{"valid: looked at 90 days before its last day", "2026-12-31", "True", v1alpha1.ReasonCurrent, "2026-10-02 00:00:00"},
		{"in its last 90 days: looked at when they are 30", "2026-12-27", "True", v1alpha1.ReasonExpiresIn90Days, "2026-11-27 00:00:00"},
		{"in its last 30 days: looked at when they are 7", "2026-10-28", "True", v1alpha1.ReasonExpiresIn30Days, "2026-10-21 00:00:00"},
		{"in its last 7 days: looked at when it has expired", "2026-10-05", "True", v1alpha1.ReasonExpiresIn7Days, "2026-10-06 00:00:00"},
		{"good until the end of its last day", "2026-09-28", "True", v1alpha1.ReasonExpiresIn7Days, "2026-09-29 00:00:00"},
		{"expired", "2026-09-27", "False", v1alpha1.ReasonExpired, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := filedWorld(StateActive)
			w.reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = c.expires
			before := w.reg.Status.DeepCopy()
			s := w.pass(noFault)
			current := meta.FindStatusCondition(w.reg.Status.Conditions, v1alpha1.ConditionCertificateCurrent)
			spokenOf := slices.Contains(codes(&w.reg.Status), v1alpha1.RequirementCertificateRenewalDue)
			if near := c.reason != v1alpha1.ReasonCurrent && c.reason != v1alpha1.ReasonLongTerm; spokenOf != near {
				t.Errorf("is %s, and a renewal is due: %t", c.reason, spokenOf)
			}
			if string(current.Status) != c.status || current.Reason != c.reason {
				t.Errorf("is %s %s, want %s %s", current.Status, current.Reason, c.status, c.reason)
			}
			if want := c.next; want == "" && !s.final.NextLook.IsZero() || want != "" && !s.final.NextLook.Equal(shanghai(t, want)) {
				t.Errorf("looks again at %s, want %q", s.final.NextLook, want)
			}
			if s.planned.Effect.Kind != EffectNone || w.reg.Status.Phase != before.Phase || w.reg.Status.DossierLock != before.DossierLock || w.reg.Status.Awaiting != v1alpha1.PartyNone {
				t.Errorf("more moves than the certificate: %s", describe(&w.reg.Status))
			}
		})
	}
}
