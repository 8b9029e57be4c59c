// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// check holds one step against what must always be true.
func (e *explorer) check(i int, before, after *world, s step) {
	all := slices.Concat(
		checkTransition(before, s), checkEffect(before, s), checkLock(before, s), checkResubmission(before, s), checkRequirements(s),
		checkFinalizer(before, s), checkVerdicts(before, after, s), checkUnasked(s), after.registrar.sins,
	)
	if goes := !before.reg.DeletionTimestamp.IsZero() && !s.final.Finalizer; !goes {
		all = slices.Concat(all, checkAttention(before, s), checkReadiness(before, s))
	}
	for _, broken := range all {
		e.failf(i, "then a pass: %s\n\tfrom %s\n\tto %s, planned %q", broken, describe(&before.reg.Status), describe(&s.final.Status), s.planned.Effect.Kind)
	}
}

// checkUnasked: where the registrar tells of changes and has told of none, a pass that
// does not ask decides the same as one that does.
func checkUnasked(s step) (broken []string) {
	asked := s.observed
	filing, current := asked.Registration.Status.Filing, asked.View.Current
	if !Needs(asked.Registration, asked.Now).Rests || current == nil || current.Revision != filing.Revision {
		return nil
	}
	asked.Outcome, asked.Registrar.Followed, asked.View.Latest = nil, true, filing.Revision
	unasked := asked
	unasked.View.Current, unasked.View.Unchanged = nil, true
	is, should := Decide(unasked), Decide(asked)
	if !reflect.DeepEqual(is, should) {
		broken = append(broken, "without asking, something else is decided than with: "+cmp.Diff(should, is))
	}
	return broken
}

func checkTransition(before *world, s step) (broken []string) {
	was, is := before.reg.Status.Phase, s.final.Status.Phase
	if !was.CanBecome(is) || is == "" {
		broken = append(broken, fmt.Sprintf("%q became %q", was, is))
	}
	wasAttempt, isAttempt := before.reg.Status.Filing, s.final.Status.Filing
	if was == v1alpha1.PhaseRejected && is == v1alpha1.PhaseSubmitted && before.lastRejected() == isAttempt.Attempt {
		broken = append(broken, "a rejected attempt became Submitted again")
	}
	if wasAttempt != nil && wasAttempt.FiledTime != nil && (isAttempt == nil || isAttempt.Attempt < wasAttempt.Attempt) {
		broken = append(broken, "a recorded filing was forgotten")
	}
	if wasAttempt != nil && isAttempt != nil && wasAttempt.Attempt == isAttempt.Attempt && wasAttempt.FiledTime != nil && isAttempt.Revision < wasAttempt.Revision {
		broken = append(broken, "an older word of the registrar was followed")
	}
	return broken
}

// lastRejected is the attempt that the recorded phase speaks of.
func (w *world) lastRejected() int32 {
	h := w.reg.Status.History
	return h[len(h)-1].Attempt
}

func checkEffect(before *world, s step) (broken []string) {
	e, status := s.planned.Effect, &before.reg.Status
	if s.outcome != nil && s.final.Effect.Kind != EffectNone {
		broken = append(broken, "two effects in one pass")
	}
	if e.Kind == EffectHandOver && (status.Phase != v1alpha1.PhaseActive || status.Account == nil) {
		broken = append(broken, "handed over what is not recorded")
	}
	if e.Kind == EffectNone || e.Kind == EffectHandOver {
		return broken
	}
	if before.reg.Spec.Suspend {
		broken = append(broken, "an effect while suspended")
	}
	if status.Filing == nil {
		return append(broken, "an effect without a recorded filing or intent")
	}
	if e.Kind != EffectFile {
		return broken
	}
	switch {
	case status.Filing.FiledTime != nil, status.Filing.Attempt != e.Attempt, status.Filing.Digest != e.Digest,
		status.DossierLock != v1alpha1.DossierLocked:
		broken = append(broken, "filed without a recorded and locked intent of this content")
	case e.Digest == before.refused:
		broken = append(broken, "refused content was filed again unchanged")
	case s.observed.View.Trouble != nil:
		broken = append(broken, "filed without having looked")
	case s.observed.View.Current != nil:
		broken = append(broken, "filed what the registrar has already")
	case s.observed.Dossier == nil || !s.observed.Dossier.passes() || s.observed.Dossier.Digest != e.Digest:
		broken = append(broken, "filed what was not checked")
	case s.observed.Owner == "":
		broken = append(broken, "filed without the installation key")
	case e.Attempt > 1 && e.Attempt == status.Filing.Attempt && status.Phase != v1alpha1.PhaseRejected && status.Phase != v1alpha1.PhasePending:
		broken = append(broken, "filed while another attempt is under way")
	}
	return broken
}

// checkLock: what is about to be filed, or is judged, does not change on the way.
func checkLock(before *world, s step) (broken []string) {
	status := &s.final.Status
	f := status.Filing
	isNew := f != nil && f.FiledTime == nil && before.filing() != fmt.Sprintf("intent %d", f.Attempt)
	if isNew && (f.Digest == "" || status.DossierLock != v1alpha1.DossierLocked) {
		broken = append(broken, "an intent is recorded without its content or its lock")
	}
	if f != nil && f.FiledTime != nil && isUnderWay(stateIn(status.Phase)) && status.DossierLock != v1alpha1.DossierLocked {
		broken = append(broken, "the dossier is open while the filing is under way")
	}
	if status.Phase == v1alpha1.PhaseActive && status.DossierLock != v1alpha1.DossierOpen {
		broken = append(broken, "the dossier of an active account is locked")
	}
	return broken
}

func stateIn(phase v1alpha1.RegistrationPhase) State {
	for state, p := range phaseOf {
		if p == phase && isUnderWay(state) {
			return state
		}
	}
	return ""
}

// checkResubmission: another attempt is an explicit act.
func checkResubmission(before *world, s step) (broken []string) {
	was, is := before.reg.Status.Filing, s.final.Status.Filing
	if is == nil || is.FiledTime != nil || was != nil && was.Attempt == is.Attempt || is.Attempt == 1 {
		return nil
	}
	joins := before.byHand() && was == nil // a claim of an earlier life
	if number(before.reg.Spec.ResubmitAfterAttempt) != is.Attempt-1 && !joins {
		broken = append(broken, fmt.Sprintf("an intent for attempt %d, and nobody asked", is.Attempt))
	}
	return broken
}

// checkAttention: somebody is told what to do, or the operator comes back by itself.
func checkAttention(before *world, s step) (broken []string) {
	status, next := &s.final.Status, s.final.NextLook
	switch {
	case isTerminal(status):
		// Only somebody's refresh request finds a reason to look at it again.
		rests := s.observed.View.Trouble == nil && !isBeingHandedOver(s) && !slices.Contains(codes(status), v1alpha1.RequirementRegistrarContradiction)
		if rests && (!next.IsZero() || len(status.Requirements) > 0) {
			broken = append(broken, "an ended life is looked at again, or requires something")
		}
	case next.IsZero() && !before.byHand() && status.Filing != nil && status.Phase != v1alpha1.PhaseRejected:
		broken = append(broken, "the registrar is not asked again")
	case next.IsZero() && !requiresAHuman(status):
		broken = append(broken, "nobody is told what to do, and the operator does not come back")
	}
	return broken
}

// isBeingHandedOver: a life that just ended is handed over yet.
func isBeingHandedOver(s step) bool {
	was, is := s.observed.Registration.Status, s.final.Status
	return is.Phase == v1alpha1.PhaseActive && (was.Phase != is.Phase || s.outcome != nil && s.outcome.Trouble != nil || s.observed.HandOver == HandOverNotRead)
}

// checkRequirements: awaiting is whom the first blocking requirement names.
func checkRequirements(s step) (broken []string) {
	status := &s.final.Status
	want := v1alpha1.PartyNone
	if len(status.Requirements) > 0 && status.Requirements[0].Severity == v1alpha1.SeverityError {
		want = status.Requirements[0].Awaiting
	}
	if status.Awaiting != want {
		broken = append(broken, fmt.Sprintf("awaiting %s, and %s is required", status.Awaiting, want))
	}
	for i, q := range status.Requirements {
		if slices.ContainsFunc(status.Requirements[:i], func(p v1alpha1.Requirement) bool {
			return p.Code == q.Code && p.Path == q.Path && p.Message == q.Message
		}) {
			broken = append(broken, "requires "+q.Code+" twice")
		}
	}
	return broken
}

func requiresAHuman(s *v1alpha1.ChinaAccountRegistrationStatus) bool {
	return slices.ContainsFunc(s.Requirements, func(q v1alpha1.Requirement) bool {
		return q.Awaiting == v1alpha1.PartyApplicant || q.Awaiting == v1alpha1.PartyAgent
	})
}

// isTerminal: a final rejection, or an active account (certificates here never expire).
func isTerminal(s *v1alpha1.ChinaAccountRegistrationStatus) bool {
	return s.Phase == v1alpha1.PhaseActive || s.Phase == v1alpha1.PhaseRejected && isFinal(s)
}

// isAtAnEnd: the life ended; or the applicant is asked for another attempt or
// address; or, by hand, the filing lies with the registrar, of which agents report.
func (w *world) isAtAnEnd() bool {
	s := &w.reg.Status
	return w.gone || s.Phase == v1alpha1.PhaseActive || s.Phase == v1alpha1.PhaseRejected ||
		slices.Contains(codes(s), v1alpha1.RequirementResubmission) || slices.Contains(codes(s), v1alpha1.RequirementEmailAlreadyFiled) ||
		w.byHand() && isUnderWay(stateIn(s.Phase))
}

// checkReadiness holds the conditions against the design's table, row by row.
func checkReadiness(before *world, s step) (broken []string) {
	status := &s.final.Status
	is := inGoodOrder
	for _, kind := range []string{v1alpha1.ConditionReady, v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if meta.IsStatusConditionTrue(status.Conditions, kind) {
			is += kind
		}
	}
	if want := rowOf(before, s); is != want {
		broken = append(broken, fmt.Sprintf("is %q, want %q", is, want))
	}
	for _, c := range status.Conditions {
		if c.Reason == "" || c.ObservedGeneration != before.reg.Generation || c.LastTransitionTime.IsZero() {
			broken = append(broken, "condition "+c.Type+" lacks its reason, generation or time")
		}
	}
	return broken
}

// rowOf is the design's table again, from status and spec alone: which of Ready,
// Reconciling and Stalled is True, and no other.
func rowOf(w *world, s step) string {
	status := &s.final.Status
	filing := status.Filing
	switch {
	case status.Phase == v1alpha1.PhaseActive:
		return v1alpha1.ConditionReady
	case w.reg.Spec.Suspend:
		return inGoodOrder
	case slices.Contains(codes(status), v1alpha1.RequirementRegistrarContradiction):
		return v1alpha1.ConditionStalled
	case filing != nil && filing.FiledTime == nil && w.byHand() && status.Awaiting == v1alpha1.PartyAgent:
		return inGoodOrder
	case filing != nil && filing.FiledTime == nil:
		return v1alpha1.ConditionReconciling
	case status.Phase == v1alpha1.PhaseRejected && (isFinal(status) || number(w.reg.Spec.ResubmitAfterAttempt) != filing.Attempt):
		return v1alpha1.ConditionStalled
	case status.Phase == v1alpha1.PhaseRejected, status.Phase == v1alpha1.PhasePending:
		return rowOfPending(status)
	case status.Phase == v1alpha1.PhaseVerified && status.Awaiting != v1alpha1.PartyApplicant && status.Awaiting != v1alpha1.PartyAgent:
		return v1alpha1.ConditionReconciling
	default:
		return inGoodOrder
	}
}

func rowOfPending(status *v1alpha1.ChinaAccountRegistrationStatus) string {
	mends := func(q v1alpha1.Requirement) bool {
		return q.Awaiting == v1alpha1.PartyApplicant && q.Severity == v1alpha1.SeverityError && q.Code != codeMissing
	}
	switch {
	case slices.ContainsFunc(status.Requirements, mends):
		return v1alpha1.ConditionStalled
	case status.Awaiting == v1alpha1.PartyAgent:
		return inGoodOrder
	default:
		return v1alpha1.ConditionReconciling
	}
}

func checkFinalizer(before *world, s step) (broken []string) {
	f := s.final.Status.Filing
	open := f != nil && (f.FiledTime == nil || isUnderWay(stateIn(s.final.Status.Phase)))
	if s.final.Finalizer != (open && before.reg.Spec.DeletionPolicy == v1alpha1.DeletionWithdraw) {
		broken = append(broken, fmt.Sprintf("finalizer %t", s.final.Finalizer))
	}
	return broken
}

func codes(s *v1alpha1.ChinaAccountRegistrationStatus) (list []string) {
	for _, q := range s.Requirements {
		list = append(list, q.Code)
	}
	return list
}

func describe(s *v1alpha1.ChinaAccountRegistrationStatus) string {
	filing := "no filing"
	if f := s.Filing; f != nil {
		filing = fmt.Sprintf("attempt %d filed %t %s", f.Attempt, f.FiledTime != nil, f.Digest)
	}
	return fmt.Sprintf("%s %s, %s, requires %s", s.Phase, s.DossierLock, filing, strings.Join(codes(s), ", "))
}
