// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// story is one rule: what happens to a world, and where it ends.
type story struct {
	name  string
	build func() *world
	want  ending
}

// ending is what a user sees, and what the registrar has.
type ending struct {
	phase v1alpha1.RegistrationPhase
	lock  v1alpha1.DossierLock
	// filing reads "none", "intent 2" or "attempt 1".
	filing string
	// requires are the codes of all requirements, in order.
	requires []string
	// attempts that the registrar has, by their states.
	attempts []State
}

const (
	open   = v1alpha1.DossierOpen
	locked = v1alpha1.DossierLocked
)

func tell(t *testing.T, stories []story) {
	t.Helper()
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			w := s.build()
			w.mustEnd(t, s.want)
		})
	}
}

func (w *world) mustEnd(t *testing.T, want ending) {
	t.Helper()
	s := &w.reg.Status
	if s.Phase != want.phase || s.DossierLock != want.lock || w.filing() != want.filing {
		t.Errorf("ends %s, %s, %s; want %s, %s, %s", s.Phase, s.DossierLock, w.filing(), want.phase, want.lock, want.filing)
	}
	if got := codes(s); !slices.Equal(got, want.requires) {
		t.Errorf("requires %v, want %v", got, want.requires)
	}
	var attempts []State
	for _, a := range w.registrar.attempts {
		attempts = append(attempts, a.State)
	}
	if !slices.Equal(attempts, want.attempts) {
		t.Errorf("the registrar has %v, want %v", attempts, want.attempts)
	}
	if len(w.registrar.sins) > 0 {
		t.Errorf("the registrar saw what it must never see: %v", w.registrar.sins)
	}
}

func (w *world) filing() string {
	switch f := w.reg.Status.Filing; {
	case f == nil:
		return "none"
	case f.FiledTime == nil:
		return fmt.Sprintf("intent %d", f.Attempt)
	default:
		return fmt.Sprintf("attempt %d", f.Attempt)
	}
}

// intent has recorded the intent to file, and not acted on it.
func intent(changes ...func(*world)) *world {
	w := newWorld()
	w.pass(noFault)
	for _, change := range changes {
		change(w)
	}
	return w
}

// secondIntent has a rejected first attempt, and the intent for the next.
func secondIntent() *world {
	w := filedWorld(StateRejected, because(findings...))
	resubmit(1)(w)
	w.pass(noFault)
	return w
}

// exists is a key under which the registrar has attempts of ours already.
func exists(states ...State) func(*world) {
	return func(w *world) {
		w.registrar.owner = ourOwner
		for i, state := range states {
			a := Attempt{Number: int32(i + 1), State: state, Revision: 3, Digest: "v1:k0:older", FiledTime: monday.AddDate(0, 0, -3)}
			if state == StateActive {
				a.AccountID = "123456789012"
			}
			w.registrar.attempts = append(w.registrar.attempts, a)
		}
	}
}

func dossierIs(d DossierState) func(*world) { return func(w *world) { w.dossier = d } }

func refuses(r RefusalReason, findings ...v1alpha1.Finding) func(*world) {
	return func(w *world) { w.registrar.refusal = &Refusal{Reason: r, Findings: findings} }
}

func refresh(w *world) {
	w.reg.Annotations = map[string]string{v1alpha1.RefreshRequestedAtAnnotation: w.now.String()}
}

var decisionDue = []string{v1alpha1.RequirementDecision, v1alpha1.RequirementFirstContact}
