// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"testing"

	kstatus "github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/runtime/conditions"
	"github.com/fluxcd/pkg/runtime/conditions/check"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// filedWorld has its first filing at the registrar, in this state.
func filedWorld(state State, changes ...func(*Attempt)) *world {
	w := newWorld()
	w.settle()
	if state != StateReceived || len(changes) > 0 {
		w.registrar.decide(state, changes...)
		w.settle()
	}
	return w
}

// then settles the world after a change of it.
func (w *world) then(changes ...func(*world)) *world {
	for _, change := range changes {
		change(w)
	}
	w.settle()
	return w
}

func resubmit(n int32) func(*world) {
	return func(w *world) {
		w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.ResubmitAfterAttempt = &n })
	}
}

func withdraw(n int32) func(*world) {
	return func(w *world) {
		w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.WithdrawAttempt = &n })
	}
}

func suspend(w *world) {
	w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.Suspend = true })
}

func phoneCode() Challenge { return Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode} }

// The rows of the conditions table in the order of the design, first match first.
var conditionRows = map[string]struct {
	build func() *world
	want  kstatus.Status
	ready string
}{
	"active":               {func() *world { return filedWorld(StateActive) }, kstatus.CurrentStatus, v1alpha1.ReasonActive},
	"active and suspended": {func() *world { return filedWorld(StateActive).then(suspend) }, kstatus.CurrentStatus, v1alpha1.ReasonActive},

	"suspended before it is filed": {func() *world { return newWorld().then(suspend) }, kstatus.InProgressStatus, v1alpha1.ReasonSuspended},
	"suspended with findings": {func() *world {
		return newWorld().then(suspend, func(w *world) { w.dossier.Findings = tooLarge })
	}, kstatus.InProgressStatus, v1alpha1.ReasonSuspended},
	"suspended while rejected": {func() *world { return filedWorld(StateRejected, because(findings...)).then(suspend) }, kstatus.InProgressStatus, v1alpha1.ReasonSuspended},

	"held because the registrar says what nobody knows": {func() *world { return filedWorld("archived") }, kstatus.FailedStatus, v1alpha1.ReasonRegistrarContradiction},

	"open intent, our work": {func() *world {
		w := newWorld()
		w.pass(noFault)
		w.pass(requestLost)
		return w
	}, kstatus.InProgressStatus, v1alpha1.ReasonFiling},
	"open intent, claimed by an agent": {func() *world {
		w := byHandWorld()
		w.report(v1alpha1.ReportClaimed, 1)
		return w.then()
	}, kstatus.InProgressStatus, v1alpha1.ReasonAwaitingAgent},

	"rejected":         {func() *world { return filedWorld(StateRejected, because(findings...)) }, kstatus.FailedStatus, v1alpha1.ReasonRejected},
	"rejected finally": {func() *world { return filedWorld(StateRejected, because(findings...), finally) }, kstatus.FailedStatus, v1alpha1.ReasonRejectedFinally},
	"withdrawn":        {func() *world { return filedWorld(StateReceived).then(withdraw(1)) }, kstatus.FailedStatus, v1alpha1.FindingWithdrawn},
	"sign-up expired":  {func() *world { return filedWorld(StateSignUpExpired) }, kstatus.FailedStatus, v1alpha1.FindingSignUpExpired},
	"rejected, resubmission asked for, a Secret missing": {func() *world {
		return filedWorld(StateRejected, because(findings...)).then(resubmit(1), func(w *world) { w.dossier = DossierState{Missing: missing} })
	}, kstatus.InProgressStatus, v1alpha1.ReasonSecretsMissing},
	"rejected, resubmission asked for, with findings": {func() *world {
		return filedWorld(StateRejected, because(findings...)).then(resubmit(1), func(w *world) { w.dossier.Findings = tooLarge })
	}, kstatus.FailedStatus, v1alpha1.ReasonPreflightFailed},

	"pending with findings only the applicant can mend": {func() *world {
		return newWorld().then(func(w *world) { w.dossier.Findings = tooLarge })
	}, kstatus.FailedStatus, v1alpha1.ReasonPreflightFailed},
	"pending with findings and a missing Secret": {func() *world {
		return newWorld().then(func(w *world) { w.dossier = DossierState{Findings: tooLarge, Missing: missing} })
	}, kstatus.FailedStatus, v1alpha1.ReasonPreflightFailed},
	"pending, the e-mail address is somebody else's": {func() *world {
		return newWorld().then(func(w *world) { w.registrar.owner = "somebody-else" })
	}, kstatus.FailedStatus, v1alpha1.ReasonPreflightFailed},

	"pending, a Secret missing": {func() *world {
		return newWorld().then(func(w *world) { w.dossier = DossierState{Missing: missing} })
	}, kstatus.InProgressStatus, v1alpha1.ReasonSecretsMissing},
	"pending, no Registrar": {func() *world {
		return newWorld().then(func(w *world) { w.object = RegistrarState{} })
	}, kstatus.InProgressStatus, v1alpha1.RequirementRegistrarNotFound},
	"pending, Registrar not ready": {func() *world {
		return newWorld().then(func(w *world) { w.object.Ready = false })
	}, kstatus.InProgressStatus, v1alpha1.RequirementRegistrarNotReady},
	"pending, installation key lost": {func() *world {
		return newWorld().then(func(w *world) { w.keyLost = true })
	}, kstatus.InProgressStatus, v1alpha1.RequirementInstallationKeyMissing},
	"pending, registrar out of reach": {func() *world {
		w := newWorld()
		w.pass(lookFails)
		return w
	}, kstatus.InProgressStatus, v1alpha1.RequirementRegistrarUnreachable},
	"pending, awaits the agent": {func() *world { return byHandWorld().then() }, kstatus.InProgressStatus, v1alpha1.ReasonAwaitingAgent},

	"submitted": {func() *world { return filedWorld(StateReceived) }, kstatus.InProgressStatus, v1alpha1.ReasonAwaitingDecision},
	"submitted, awaits the e-mail code": {func() *world {
		return filedWorld(StateReceived, asking(Challenge{ID: "mail-1", Type: v1alpha1.ChallengeEmailCode}))
	}, kstatus.InProgressStatus, v1alpha1.RequirementEmailCode},
	"under review":                   {func() *world { return filedWorld(StateUnderReview) }, kstatus.InProgressStatus, v1alpha1.ReasonUnderReview},
	"verified, awaits the applicant": {func() *world { return filedWorld(StateVerified, asking(phoneCode())) }, kstatus.InProgressStatus, v1alpha1.RequirementPhoneCode},
	"verified, our work":             {func() *world { return filedWorld(StateVerified) }, kstatus.InProgressStatus, v1alpha1.ReasonCompletingSignUp},
}

func TestEachRowOfTheConditionsTableComputesToItsStatus(t *testing.T) {
	for name, row := range conditionRows {
		t.Run(name, func(t *testing.T) {
			w := row.build()
			object := toUnstructured(t, w.reg)
			result, err := kstatus.Compute(object)
			if err != nil {
				t.Fatal(err)
			}
			if result.Status != row.want {
				t.Errorf("kstatus computes %s (%s), want %s", result.Status, result.Message, row.want)
			}
			if ready := meta.FindStatusCondition(w.reg.Status.Conditions, v1alpha1.ConditionReady); ready.Reason != row.ready || ready.Message == "" {
				t.Errorf("Ready has reason %s and message %q, want reason %s and a message", ready.Reason, ready.Message, row.ready)
			}
			checkConformance(t, object)
		})
	}
}

// checkConformance runs the checks that Flux holds its own controllers to. All of
// them apply. Of negative polarity, by their meaning, are Reconciling and Stalled:
// Overdue and Suspended are abnormal when True as well, but they are always there,
// and an active account may be suspended.
func checkConformance(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	context := &check.Conditions{NegativePolarity: []string{v1alpha1.ConditionStalled, v1alpha1.ConditionReconciling}}
	for name, checker := range map[string]*check.Checker{
		"reconciled": check.NewChecker(nil, context), "in progress": check.NewInProgressChecker(nil),
	} {
		checker.DisableFetch = true
		fail, warn := checker.Check(t.Context(), conditions.UnstructuredGetter(object))
		if fail != nil || warn != nil {
			t.Errorf("checked as %s: fails %v, warns %v", name, fail, warn)
		}
	}
}

func TestANewObjectThatNobodyLookedAtIsInProgress(t *testing.T) {
	computes(t, newWorld().reg, kstatus.InProgressStatus)
}

func TestAChangeThatNobodyLookedAtYetIsInProgress(t *testing.T) {
	for name, row := range conditionRows {
		t.Run(name, func(t *testing.T) {
			w := row.build()
			w.reg.Generation++
			computes(t, w.reg, kstatus.InProgressStatus)
		})
	}
}

func computes(t *testing.T, reg *v1alpha1.ChinaAccountRegistration, want kstatus.Status) {
	t.Helper()
	result, err := kstatus.Compute(toUnstructured(t, reg))
	if err != nil || result.Status != want {
		t.Errorf("kstatus computes %v, %v, want %s", result, err, want)
	}
}

func toUnstructured(t *testing.T, reg *v1alpha1.ChinaAccountRegistration) *unstructured.Unstructured {
	t.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(reg)
	if err != nil {
		t.Fatal(err)
	}
	object := &unstructured.Unstructured{Object: content}
	object.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("ChinaAccountRegistration"))
	return object
}
