// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func withdrawing(w *world) { w.reg.Spec.DeletionPolicy = v1alpha1.DeletionWithdraw }

// deleteHeld deletes an object that something else's finalizer keeps.
func deleteHeld(w *world) { w.reg.DeletionTimestamp = &metav1.Time{Time: w.now} }

func TestAFilingIsWithdrawnWhenTheApplicantAsks(t *testing.T) {
	withdrawn := ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{v1alpha1.RequirementResubmission}, []State{StateWithdrawn}}
	tell(t, []story{
		{"received", func() *world { return filedWorld(StateReceived).then(withdraw(1)) }, withdrawn},
		{"under review", func() *world { return filedWorld(StateUnderReview).then(withdraw(1)) }, withdrawn},
		{"verified, and its codes are not asked for any more", func() *world {
			return filedWorld(StateVerified, asking(phoneCode())).then(withdraw(1))
		}, withdrawn},
		{"an intent that never arrived: a tombstone stands in its way", func() *world { return intent(withdraw(1)).then() }, withdrawn},
		{"another attempt: nothing", func() *world { return filedWorld(StateUnderReview).then(withdraw(2)) },
			ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, []State{StateUnderReview}}},
		{"suspended: nothing", func() *world { return filedWorld(StateUnderReview).then(suspend, withdraw(1)) },
			ending{v1alpha1.PhaseUnderReview, locked, "attempt 1", []string{v1alpha1.RequirementDecision}, []State{StateUnderReview}}},
		{"active already: nothing", func() *world { return filedWorld(StateActive).then(withdraw(1)) },
			ending{v1alpha1.PhaseActive, open, "attempt 1", nil, []State{StateActive}}},
		{"before it is filed: it is not filed", func() *world { return newWorld(withdraw(1)).then() },
			ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementWithdrawalRequested}, nil}},
		{"withdrawn, then resubmitted", func() *world { return filedWorld(StateReceived).then(withdraw(1)).then(resubmit(1)) },
			ending{v1alpha1.PhaseSubmitted, locked, "attempt 2", decisionDue, []State{StateWithdrawn, StateReceived}}},
		{"a filing that arrives after its withdrawal is answered with withdrawn", func() *world {
			w := intent()
			w.pass(requestLate)
			w.then(withdraw(1))
			w.registrar.arrive(w.now, ourOwner)
			return w.then()
		}, withdrawn},
	})
}

func TestAWithdrawalThatIsRefusedIsShownAndTheFilingFollowed(t *testing.T) {
	w := filedWorld(StateVerified)
	withdraw(1)(w)
	o := w.observe()
	o.Outcome = &Outcome{Effect: Decide(o).Effect, Refusal: &Refusal{Reason: RefusedState}}
	d := Decide(o)
	if d.Status.Phase != v1alpha1.PhaseVerified || !hasRequirement(d.Status.Requirements, v1alpha1.RequirementWithdrawalRefused) || d.NextLook.IsZero() {
		t.Errorf("ends %s, requires %v, next look %s", d.Status.Phase, codes(&d.Status), d.NextLook)
	}
}

func TestDeletion(t *testing.T) {
	for name, c := range map[string]struct {
		build func() *world
		gone  bool
		has   []State
	}{
		"Retain lets the object go and leaves the filing": {func() *world { w := filedWorld(StateUnderReview); w.delete(); return w }, true, []State{StateUnderReview}},
		"Withdraw withdraws first":                        {func() *world { return filedWorld(StateUnderReview).then(withdrawing).then((*world).delete) }, true, []State{StateWithdrawn}},
		"Withdraw of an intent leaves a tombstone":        {func() *world { return newWorld(withdrawing).looked().then((*world).delete) }, true, []State{StateWithdrawn}},
		"Withdraw is held while suspended":                {func() *world { return filedWorld(StateUnderReview).then(withdrawing, suspend).then((*world).delete) }, false, []State{StateUnderReview}},
		"Withdraw waits for a registrar out of reach": {func() *world {
			w := filedWorld(StateUnderReview).then(withdrawing)
			w.delete()
			w.pass(lookFails)
			return w
		}, false, []State{StateUnderReview}},
		"Retain frees an object whose registrar is out of reach": {func() *world {
			w := filedWorld(StateUnderReview).then(withdrawing)
			w.delete()
			w.reg.Spec.DeletionPolicy = v1alpha1.DeletionRetain
			w.pass(lookFails)
			return w
		}, true, []State{StateUnderReview}},
		"an active account is never closed":        {func() *world { w := filedWorld(StateActive).then(withdrawing); w.delete(); return w }, true, []State{StateActive}},
		"a rejected filing needs no withdrawal":    {func() *world { w := rejectedWorld().then(withdrawing); w.delete(); return w }, true, []State{StateRejected}},
		"nothing is filed for an object that goes": {func() *world { return newWorld().with(deleteHeld).then() }, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := c.build()
			var has []State
			for _, a := range w.registrar.attempts {
				has = append(has, a.State)
			}
			if w.gone != c.gone || len(has) != len(c.has) || len(has) > 0 && has[0] != c.has[0] {
				t.Errorf("gone %t, the registrar has %v; want gone %t, %v", w.gone, has, c.gone, c.has)
			}
		})
	}
}

// looked makes one pass.
func (w *world) looked() *world {
	w.pass(noFault)
	return w
}

// with changes the world, and nobody looks.
func (w *world) with(change func(*world)) *world {
	change(w)
	return w
}
