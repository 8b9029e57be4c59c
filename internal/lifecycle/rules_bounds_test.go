// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestStatusStaysWithinItsBounds(t *testing.T) {
	var many []Finding
	var told []v1alpha1.Finding
	for i := range 100 {
		path := fmt.Sprintf("spec.dossier.%d", i)
		many = append(many, Finding{Code: "Wrong", Severity: v1alpha1.SeverityError, Path: path, Message: strings.Repeat("错", 2000)})
		told = append(told, v1alpha1.Finding{Code: "Wrong", Path: path, Message: "Wrong."})
	}
	t.Run("32 requirements, each of at most 1024 bytes of UTF-8", func(t *testing.T) {
		s := newWorld(dossierIs(DossierState{Findings: many})).then().reg.Status
		if len(s.Requirements) != v1alpha1.MaxRequirements {
			t.Errorf("%d requirements", len(s.Requirements))
		}
		if m := s.Requirements[0].Message; len(m) > 1024 || len(m) < 1000 || !utf8.ValidString(m) {
			t.Errorf("a message of %d bytes, valid %t", len(m), utf8.ValidString(m))
		}
	})
	t.Run("what blocks comes before what warns", func(t *testing.T) {
		warned := []Finding{{Code: "ExpiresSoon", Severity: v1alpha1.SeverityWarning}, {Code: "Wrong", Severity: v1alpha1.SeverityError}}
		if got := codes(&newWorld(dossierIs(DossierState{Findings: warned})).then().reg.Status); !slices.Equal(got, []string{"Wrong", "ExpiresSoon"}) {
			t.Errorf("requires %v", got)
		}
	})
	t.Run("warnings block nothing", func(t *testing.T) {
		warned := DossierState{Digest: digestA, Findings: []Finding{{Code: "ExpiresSoon", Severity: v1alpha1.SeverityWarning}}}
		newWorld(dossierIs(warned)).then().mustEnd(t, ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}})
	})
	t.Run("32 findings of a rejection, the others counted", func(t *testing.T) {
		r := filedWorld(StateRejected, because(told...), func(a *Attempt) { a.OmittedFindings = 5 }).reg.Status.Rejection
		if len(r.Findings) != v1alpha1.MaxRejectionFindings || r.OmittedFindingsCount != 68+5 {
			t.Errorf("%d findings, %d omitted", len(r.Findings), r.OmittedFindingsCount)
		}
	})
	t.Run("two findings of one code without a path are both shown", func(t *testing.T) {
		w := filedWorld(StateRejected, because(
			v1alpha1.Finding{Code: "NotReadable", Message: "Page 1."}, v1alpha1.Finding{Code: "NotReadable", Message: "Page 2."}))
		if got := codes(&w.reg.Status); !slices.Equal(got, []string{"NotReadable", "NotReadable", v1alpha1.RequirementResubmission, v1alpha1.RequirementDossierUnchanged}) {
			t.Errorf("requires %v", got)
		}
	})
	t.Run("64 entries of history, decisions kept", func(t *testing.T) {
		w := newWorld().then()
		for n := int32(1); n <= 40; n++ {
			w.registrar.decide(StateUnderReview)
			w.then()
			w.registrar.decide(StateRejected)
			w.then(resubmit(n))
		}
		history := w.reg.Status.History
		rejections := 0
		for _, h := range history {
			if h.Phase == v1alpha1.PhaseRejected {
				rejections++
			}
		}
		if len(history) != v1alpha1.MaxHistory || rejections != 40 || history[0].Phase != v1alpha1.PhasePending || w.reg.Status.Filing.Attempt != 41 {
			t.Errorf("%d entries with %d rejections, from %s, attempt %d", len(history), rejections, history[0].Phase, w.reg.Status.Filing.Attempt)
		}
	})
	t.Run("32 remembered answers, the newest kept", func(t *testing.T) {
		w := filedWorld(StateVerified, asking(phoneCode()))
		w.registrar.accepts = "right"
		for i := range 40 {
			w.then(answered("phone-1", fmt.Sprintf("wrong-%d", i)))
		}
		answers := w.reg.Status.Filing.Answers
		if len(answers) != v1alpha1.MaxAnswers || answers[len(answers)-1].Digest != "wrong-39" {
			t.Errorf("%d answers, the last %s", len(answers), answers[len(answers)-1].Digest)
		}
	})
	t.Run("a registrar's longest words", func(t *testing.T) {
		long := strings.Repeat("x", 5000)
		w := filedWorld(StateUnderReview, func(a *Attempt) { a.Reference = long }).then(func(w *world) { w.registrar.decide(State(long)) })
		if f := w.reg.Status.Filing; len(f.Reference) > 128 {
			t.Errorf("a reference of %d bytes", len(f.Reference))
		}
		if q := requirementOf(t, w, v1alpha1.RequirementRegistrarContradiction); len(q.Message) > 512 {
			t.Errorf("a message of %d bytes", len(q.Message))
		}
	})
}

func TestDecidingChangesNothingThatWasObserved(t *testing.T) {
	for name, build := range map[string]func() *world{
		"new": func() *world { return newWorld() }, "intended": func() *world { return intent() }, "rejected": rejectedWorld,
		"by hand": func() *world { w := claimedWorld(); w.report(v1alpha1.ReportActive, 1); return w },
		"verified": func() *world {
			return filedWorld(StateVerified, asking(phoneCode())).with(answered("phone-1", "right"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := build().observe()
			before := o.Registration.DeepCopy()
			first, second := Decide(o), Decide(o)
			if !reflect.DeepEqual(before, o.Registration) {
				t.Error("the registration was changed")
			}
			if !reflect.DeepEqual(first, second) {
				t.Error("the same observation led to another decision")
			}
		})
	}
}
