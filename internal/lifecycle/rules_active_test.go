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
)

func changed(w *world) *world {
	w.reg.Generation++
	return w
}

// activeSince is an account of that age whose documents are still there.
func activeSince(age time.Duration, changes ...func(*world)) *world {
	w := newWorld(func(w *world) {
		w.now = monday.AddDate(0, 0, 1).Add(-age)
		w.held = []string{"acme-identity", "acme-license"}
	})
	w.settle()
	w.registrar.decide(StateActive)
	w.settle()
	for _, change := range changes {
		change(w)
	}
	w.settle()
	return w
}

func heldFor(age time.Duration) *world { return activeSince(age) }

func unfitFor(age time.Duration) *world {
	return activeSince(age, func(w *world) {
		w.held, w.unfit = nil, []Finding{{Code: "DocumentBlank", Severity: v1alpha1.SeverityError, Path: pathOfScan, Message: "Nothing is to be seen."}}
		w.reg.Generation++
	})
}

func TestAnActiveAccountIsHandedOver(t *testing.T) {
	t.Run("after it is recorded, once", func(t *testing.T) {
		w := filedWorld(StateReceived)
		w.registrar.decide(StateActive)
		if s := w.pass(noFault); s.planned.Effect.Kind != EffectNone || !s.final.NextLook.Equal(w.now) {
			t.Errorf("plans %q, then looks again at %s", s.planned.Effect.Kind, s.final.NextLook)
		}
		if s := w.pass(noFault); s.planned.Effect.Kind != EffectHandOver || w.handedOver.ID != "123456789012" {
			t.Errorf("plans %q, hands over %v", s.planned.Effect.Kind, w.handedOver)
		}
		if s := w.pass(noFault); s.planned.Effect.Kind != EffectNone || !s.final.NextLook.IsZero() {
			t.Errorf("plans %q again, and looks again at %s", s.planned.Effect.Kind, s.final.NextLook)
		}
	})
	t.Run("again when its ConfigMap is gone, also while suspended", func(t *testing.T) {
		w := filedWorld(StateActive).then(suspend)
		w.handedOver = v1alpha1.AccountStatus{}
		if w.settle(); w.handedOver.ID != "123456789012" {
			t.Error("is not restored")
		}
	})
	t.Run("anew when an agent corrects its number", func(t *testing.T) {
		w := byHandWorld().then().then(func(w *world) { w.report(v1alpha1.ReportClaimed, 1) })
		for _, id := range []string{"210987654321", "123456789012"} {
			w.then(func(w *world) {
				w.report(v1alpha1.ReportActive, 1, func(r *v1alpha1.FilingReport) { r.Spec.AccountID = id })
			})
		}
		if w.handedOver.ID != "123456789012" || w.reg.Status.Account.ID != "123456789012" {
			t.Errorf("handed over %v, recorded %v", w.handedOver, w.reg.Status.Account)
		}
	})
	t.Run("unless the name is another's, which is told and looked at again", func(t *testing.T) {
		w := filedWorld(StateReceived).with(func(w *world) { w.nameTaken = true })
		w.registrar.decide(StateActive)
		s := w.settle()
		q := requirementOf(t, w, v1alpha1.RequirementAccountConfigMapNameTaken)
		if q.Severity != v1alpha1.SeverityWarning || !strings.Contains(q.Message, "acme-account") || !s.final.NextLook.After(w.now) {
			t.Errorf("requires %+v, looks again at %s", q, s.final.NextLook)
		}
		if !meta.IsStatusConditionTrue(w.reg.Status.Conditions, v1alpha1.ConditionReady) || w.reg.Status.Awaiting != v1alpha1.PartyNone {
			t.Errorf("an active account awaits %s", w.reg.Status.Awaiting)
		}
		w.nameTaken, w.now = false, s.final.NextLook
		if w.settle(); w.handedOver.ID == "" || len(w.reg.Status.Requirements) > 0 {
			t.Errorf("handed over %v, requires %v", w.handedOver, codes(&w.reg.Status))
		}
	})
	t.Run("again after trouble, which hides nothing else", func(t *testing.T) {
		w := filedWorld(StateReceived).with(func(w *world) { w.held = []string{"acme-license"} })
		w.registrar.decide(StateActive)
		w.pass(noFault)
		s := w.pass(requestLost)
		requirementOf(t, w, v1alpha1.RequirementRegistrarUnreachable)
		requirementOf(t, w, v1alpha1.RequirementDocumentsNoLongerNeeded)
		if !s.final.NextLook.After(w.now) || w.reg.Status.Awaiting != v1alpha1.PartyNone {
			t.Errorf("looks again at %s, awaiting %s", s.final.NextLook, w.reg.Status.Awaiting)
		}
		w.now = s.final.NextLook
		if w.settle(); w.handedOver.ID == "" || !slices.Equal(codes(&w.reg.Status), []string{v1alpha1.RequirementDocumentsNoLongerNeeded}) {
			t.Errorf("handed over %v, requires %v", w.handedOver, codes(&w.reg.Status))
		}
	})
	t.Run("not when it is being deleted", func(t *testing.T) {
		w := filedWorld(StateActive).with(deleteHeld)
		w.handedOver = v1alpha1.AccountStatus{}
		if s := w.pass(noFault); s.planned.Effect.Kind != EffectNone {
			t.Errorf("plans %q", s.planned.Effect.Kind)
		}
	})
}

func TestDocumentsThatAreStillThereAreNamed(t *testing.T) {
	w := activeSince(0)
	q := requirementOf(t, w, v1alpha1.RequirementDocumentsNoLongerNeeded)
	if q.Severity != v1alpha1.SeverityWarning || !strings.Contains(q.Message, "acme-identity, acme-license") || w.reg.Status.Awaiting != v1alpha1.PartyNone {
		t.Errorf("requires %+v, awaiting %s", q, w.reg.Status.Awaiting)
	}
	w.held = w.held[:1]
	if w.then(); !strings.Contains(requirementOf(t, w, v1alpha1.RequirementDocumentsNoLongerNeeded).Message, "acme-license") {
		t.Error("looked for the documents again at once")
	}
	s := w.settle()
	w.now = s.final.NextLook
	if w.settle(); strings.Contains(requirementOf(t, w, v1alpha1.RequirementDocumentsNoLongerNeeded).Message, "acme-license") {
		t.Error("still names a Secret that is gone")
	}
	w.held = nil
	w.then(refresh)
	if s := w.settle(); len(w.reg.Status.Requirements) > 0 || !s.final.NextLook.IsZero() {
		t.Errorf("requires %v, looks again at %s", codes(&w.reg.Status), s.final.NextLook)
	}
}

func TestARenewedCertificateIsCheckedAndNothingIsFiled(t *testing.T) {
	renew := func(date string, unfit ...Finding) func(*world) {
		return func(w *world) {
			w.unfit = unfit
			w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) {
				s.Dossier.Documents.BusinessCertificate.ExpiryDate = date
			})
		}
	}
	current := func(w *world) (status, reason string) {
		c := meta.FindStatusCondition(w.reg.Status.Conditions, v1alpha1.ConditionCertificateCurrent)
		return string(c.Status), c.Reason
	}
	blank := Finding{Code: "DocumentBlank", Severity: v1alpha1.SeverityError, Path: pathOfScan, Message: "Nothing is to be seen."}

	early := filedWorld(StateReceived)
	early.registrar.decide(StateActive)
	early.pass(noFault)
	if early.then(renew("2046-10-05", blank)); !slices.Contains(codes(&early.reg.Status), "DocumentBlank") {
		t.Errorf("a change before the first look is not checked: %v", codes(&early.reg.Status))
	}

	w := activeSince(0, renew("2026-10-05"))
	q := requirementOf(t, w, v1alpha1.RequirementCertificateRenewalDue)
	if q.Severity != v1alpha1.SeverityWarning || q.DueTime == nil || !q.DueTime.Time.Equal(shanghai(t, "2026-10-06 00:00:00")) {
		t.Errorf("requires %+v", q)
	}
	w.then(renew("2046-10-05", blank))
	if status, reason := current(w); status != "False" || reason != v1alpha1.ReasonPreflightFailed || !slices.Contains(codes(&w.reg.Status), "DocumentBlank") {
		t.Errorf("an unfit certificate is %s %s: %v", status, reason, codes(&w.reg.Status))
	}
	if w.reg.Status.Awaiting != v1alpha1.PartyNone || !meta.IsStatusConditionTrue(w.reg.Status.Conditions, v1alpha1.ConditionReady) {
		t.Errorf("more than the certificate moves: awaiting %s", w.reg.Status.Awaiting)
	}
	w.then(func(w *world) { w.now = w.now.Add(time.Hour) })
	if _, reason := current(w); reason != v1alpha1.ReasonPreflightFailed {
		t.Errorf("it is %s without another look", reason)
	}
	w.unfit = nil
	w.then(refresh)
	if status, reason := current(w); status != "True" || reason != v1alpha1.ReasonCurrent {
		t.Errorf("a good certificate is %s %s", status, reason)
	}
	if n := len(w.registrar.attempts); n != 1 {
		t.Errorf("the registrar has %d attempts", n)
	}
}
