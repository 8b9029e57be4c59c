// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/lives"
)

// row is one of the design's table of conditions, and what Flux makes of it: without
// expressions (kstatus), and with those of each variant.
type row struct {
	name, ofTheTable          string
	kstatus, notBlock, gating verdict
	// conditions that are True, of those that say who acts.
	conditions []string
	// scenario of the gateway; "silent" decides nothing by itself.
	scenario string
	// edit what is committed first.
	edit func(*v1alpha1.ChinaAccountRegistration)
	// without the last Secret.
	without bool
	// drive it from what was committed to the row.
	drive func(context.Context, lives.Cast)
}

func (r row) of(v variant) verdict {
	if v == reviewDoesNotBlock {
		return r.notBlock
	}
	return r.gating
}

const (
	ready       = v1alpha1.ConditionReady
	reconciling = v1alpha1.ConditionReconciling
	stalled     = v1alpha1.ConditionStalled
)

// These are what the table's rows are called, here and in docs/gitops-flux.md.
const (
	pendingAtWork  = "Pending: the operator's work; Secrets, the Registrar or its readiness missing"
	pendingByAgent = "Pending: awaits the agent, or a code"
	pendingFinding = "Pending: findings only the applicant can mend"
	underWay       = "Submitted, UnderReview"
	rejected       = "Rejected (final or not); held because the registrar contradicts itself"
	verifiedWaits  = "Verified, awaiting the applicant"
	verifiedAtWork = "Verified, the operator's work"
	suspended      = "suspended, before Active"
	active         = "Active"
)

var rows = []row{
	{name: "secrets-missing", ofTheTable: pendingAtWork, kstatus: waiting, notBlock: waiting, gating: waiting, conditions: []string{reconciling},
		scenario: "silent", without: true, drive: comesToBe(v1alpha1.PhasePending, v1alpha1.ReasonSecretsMissing)},
	{name: "registrar-missing", ofTheTable: pendingAtWork, kstatus: waiting, notBlock: waiting, gating: waiting, conditions: []string{reconciling},
		scenario: "silent", edit: atRegistrar("nowhere"), drive: comesToBe(v1alpha1.PhasePending, v1alpha1.RequirementRegistrarNotFound)},
	{name: "resubmitted", ofTheTable: pendingAtWork, kstatus: waiting, notBlock: waiting, gating: waiting, conditions: []string{reconciling},
		scenario: "silent", without: true, drive: resubmittedWithoutASecret},
	{name: "awaits-agent", ofTheTable: pendingByAgent, kstatus: waiting, notBlock: healthy, gating: waiting,
		scenario: "silent", edit: atRegistrar("default"), drive: comesToBe(v1alpha1.PhasePending, v1alpha1.ReasonAwaitingAgent)},
	{name: "findings", ofTheTable: pendingFinding, kstatus: failed, notBlock: failed, gating: failed, conditions: []string{stalled},
		scenario: "silent", edit: withAnExpiredCertificate, drive: comesToBe(v1alpha1.PhasePending, v1alpha1.ReasonPreflightFailed)},
	{name: "submitted", ofTheTable: underWay, kstatus: waiting, notBlock: healthy, gating: waiting,
		scenario: "silent", drive: comesToBe(v1alpha1.PhaseSubmitted, v1alpha1.ReasonAwaitingDecision)},
	{name: "mail-code", ofTheTable: underWay, kstatus: waiting, notBlock: healthy, gating: waiting,
		scenario: "email-code", drive: comesToBe(v1alpha1.PhaseSubmitted, v1alpha1.RequirementEmailCode)},
	{name: "under-review", ofTheTable: underWay, kstatus: waiting, notBlock: healthy, gating: waiting,
		scenario: "silent", drive: decided(contract.UnderReview, v1alpha1.PhaseUnderReview, v1alpha1.ReasonUnderReview)},
	{name: "rejected", ofTheTable: rejected, kstatus: failed, notBlock: failed, gating: failed, conditions: []string{stalled},
		scenario: "silent", drive: decided(contract.Rejected, v1alpha1.PhaseRejected, v1alpha1.ReasonRejected)},
	{name: "held", ofTheTable: rejected, kstatus: failed, notBlock: failed, gating: failed, conditions: []string{stalled},
		scenario: "silent", drive: contradicted},
	{name: "code-due", ofTheTable: verifiedWaits, kstatus: waiting, notBlock: healthy, gating: waiting,
		scenario: "silent", drive: decided(contract.Verified, v1alpha1.PhaseVerified, v1alpha1.RequirementPhoneCode, "phoneCode")},
	{name: "completing", ofTheTable: verifiedAtWork, kstatus: waiting, notBlock: healthy, gating: waiting, conditions: []string{reconciling},
		scenario: "silent", drive: decided(contract.Verified, v1alpha1.PhaseVerified, v1alpha1.ReasonCompletingSignUp)},
	{name: "suspended", ofTheTable: suspended, kstatus: waiting, notBlock: healthy, gating: waiting,
		scenario: "silent", edit: suspend, drive: comesToBe(v1alpha1.PhasePending, v1alpha1.ReasonSuspended)},
	{name: "active", ofTheTable: active, kstatus: healthy, notBlock: healthy, gating: healthy, conditions: []string{ready},
		scenario: "immediate", drive: comesToBe(v1alpha1.PhaseActive, v1alpha1.ReasonActive)},
}

func atRegistrar(name string) func(*v1alpha1.ChinaAccountRegistration) {
	return func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.RegistrarRef.Name = name }
}

func withAnExpiredCertificate(reg *v1alpha1.ChinaAccountRegistration) {
	reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = "2020-06-30"
}

func suspend(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = true }

func comesToBe(phase v1alpha1.RegistrationPhase, reason string) func(context.Context, lives.Cast) {
	return func(ctx context.Context, cast lives.Cast) {
		registration(ctx, cast.Namespace, cast.Name, inPhase(phase), is(reason))
	}
}

func decided(state contract.State, phase v1alpha1.RegistrationPhase, reason string, challenges ...string) func(context.Context, lives.Cast) {
	return func(ctx context.Context, cast lives.Cast) {
		decide(ctx, cast, state, challenges...)
		registration(ctx, cast.Namespace, cast.Name, inPhase(phase), is(reason))
	}
}

// contradicted has the registrar go back on what it said.
func contradicted(ctx context.Context, cast lives.Cast) {
	decided(contract.UnderReview, v1alpha1.PhaseUnderReview, v1alpha1.ReasonUnderReview)(ctx, cast)
	decided(contract.Received, v1alpha1.PhaseUnderReview, v1alpha1.ReasonRegistrarContradiction)(ctx, cast)
}

// resubmittedWithoutASecret has a Secret that Git does not, and that is gone again when
// another attempt is asked for.
func resubmittedWithoutASecret(ctx context.Context, cast lives.Cast) {
	late := secrets(cast)[2].(*corev1.Secret)
	Expect(floor.Onlooker.Create(ctx, late)).To(Succeed())
	decided(contract.Rejected, v1alpha1.PhaseRejected, v1alpha1.ReasonRejected)(ctx, cast)
	Expect(floor.Onlooker.Delete(ctx, late)).To(Succeed())
	Expect(floor.Onlooker.Patch(ctx, manifest(cast), client.RawPatch(types.MergePatchType, []byte(`{"spec":{"resubmitAfterAttempt":1}}`)))).To(Succeed())
	registration(ctx, cast.Namespace, cast.Name, inPhase(v1alpha1.PhaseRejected), is(v1alpha1.ReasonSecretsMissing))
}
