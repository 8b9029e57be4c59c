// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// The phases, in short.
const (
	pending     = v1alpha1.PhasePending
	submitted   = v1alpha1.PhaseSubmitted
	underReview = v1alpha1.PhaseUnderReview
	rejected    = v1alpha1.PhaseRejected
	verified    = v1alpha1.PhaseVerified
	active      = v1alpha1.PhaseActive
)

var _ = Describe("A registration through a gateway", func() {
	It("is active at once where the registrar validates it at once", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate")

		reg := w.eventually(ctx, "acme", inPhase(active), through(pending, active), onlyKeepsDocuments(), lock(v1alpha1.DossierOpen),
			has(v1alpha1.ConditionSubmitted, metav1.ConditionTrue, v1alpha1.ReasonFiled),
			has(v1alpha1.ConditionVerified, metav1.ConditionTrue, v1alpha1.ReasonVerified),
			has(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonActive))
		Expect(reg.Status.Account.ID).To(MatchRegexp(`^[0-9]{12}$`))
		Expect(reg.Status.Account.SignInURL).To(ContainSubstring(reg.Status.Account.ID))
		Eventually(w.reasons(ctx)).Should(Equal([]string{"Active"}))
	})

	It("is filed, reviewed, verified, completed with the phone code, and active", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")

		reg := w.eventually(ctx, "acme", inPhase(submitted), awaiting(v1alpha1.PartyRegistrar), lock(v1alpha1.DossierLocked),
			requiresCode(v1alpha1.RequirementDecision), has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonAwaitingDecision))
		Expect(reg.Status.Filing).To(And(HaveField("Attempt", int32(1)), HaveField("Digest", HavePrefix("v1:")),
			HaveField("Reference", HavePrefix("NWCD-")), HaveField("RegistrarRef", w.namespace), HaveField("DueTime", Not(BeNil()))))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview), has(v1alpha1.ConditionVerified, metav1.ConditionFalse, v1alpha1.ReasonUnderReview))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified), awaiting(v1alpha1.PartyApplicant), lock(v1alpha1.DossierLocked),
			requires(v1alpha1.RequirementPhoneCode, "spec.verificationCodesSecretRef"),
			has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.RequirementPhoneCode), lacks(v1alpha1.ConditionStalled))
		w.giveCodes(ctx, "acme")

		reg = w.eventually(ctx, "acme", inPhase(active), onlyKeepsDocuments(), awaiting(v1alpha1.PartyNone), lock(v1alpha1.DossierOpen),
			through(pending, submitted, underReview, verified, active))
		Expect(w.gateway.counters().Accepted).To(Equal(map[string]int{reg.Status.Filing.Key + "/1": 1}))
		Eventually(w.reasons(ctx)).Should(Equal([]string{"Submitted", "UnderReview", "Verified", "PhoneCodeRequired", "Active"}))
		Expect(w.events(ctx)).To(HaveEach(HaveField("Action", Not(BeEmpty()))))
	})

	It("answers the e-mail code while it is received", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "email-code")
		w.eventually(ctx, "acme", inPhase(submitted), awaiting(v1alpha1.PartyApplicant),
			requires(v1alpha1.RequirementEmailCode, "spec.verificationCodesSecretRef"))
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(submitted), awaiting(v1alpha1.PartyRegistrar))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active))
	})

	It("needs nobody where sign-up completes by itself", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "verified-only")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified), has(v1alpha1.ConditionReconciling, metav1.ConditionTrue, v1alpha1.ReasonCompletingSignUp))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
	})

	It("is rejected with findings, mended, filed again when asked, and active", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "reject-once")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.step(ctx, "acme")
		reg := w.eventually(ctx, "acme", inPhase(rejected), awaiting(v1alpha1.PartyApplicant), lock(v1alpha1.DossierOpen),
			requires("NameMismatch", "spec.dossier.company.legalName"),
			requires("DocumentNotReadable", "spec.dossier.documents.businessCertificate.files[0]"),
			requires(v1alpha1.RequirementResubmission, "spec.resubmitAfterAttempt"),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRejected))
		Expect(reg.Status.Rejection.Final).To(BeFalse())

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Company.LegalName = "爱客科技（北京）有限公司"
		})
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1), "a change alone files nothing")

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		reg = w.eventually(ctx, "acme", inPhase(submitted), lock(v1alpha1.DossierLocked))
		Expect(reg.Status.Filing.Attempt).To(Equal(int32(2)))
		Expect(reg.Status.Rejection).To(BeNil())
		w.reach(ctx, "acme", active)
		Expect(w.gateway.counters().Accepted).To(Equal(map[string]int{reg.Status.Filing.Key + "/1": 1, reg.Status.Filing.Key + "/2": 1}))
		Expect(w.reasons(ctx)()).To(ContainElements("Rejected", "NameMismatch", "DocumentNotReadable", "ResubmissionRequired"))
	})

	It("rests where it is rejected for good, whatever is asked", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "reject-final")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.step(ctx, "acme")
		reg := w.eventually(ctx, "acme", inPhase(rejected), has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRejectedFinally))
		Expect(reg.Status.Rejection.Final).To(BeTrue())
		Expect(reg.Status.Rejection.Findings).To(ConsistOf(HaveField("Code", "EntityNotEligible")))

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		w.refresh(ctx, "acme")
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))
		w.eventually(ctx, "acme", inPhase(rejected))
	})

	It("follows a registrar that reopens what it rejected", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "reopen")
		w.eventually(ctx, "acme", inPhase(submitted))
		for _, phase := range []v1alpha1.RegistrationPhase{underReview, rejected, underReview, verified} {
			w.step(ctx, "acme")
			w.eventually(ctx, "acme", inPhase(phase))
		}
		w.giveCodes(ctx, "acme")
		reg := w.eventually(ctx, "acme", through(pending, submitted, underReview, rejected, underReview, verified, active))
		Expect(reg.Status.History[4].Reason).To(Equal(v1alpha1.ReasonReopened))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("is rejected when the sign-up expires, and may be filed again", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "expire")
		w.reach(ctx, "acme", verified)
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(rejected), requires(v1alpha1.RequirementResubmission, "spec.resubmitAfterAttempt"),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.FindingSignUpExpired))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		w.reach(ctx, "acme", active)
	})

	It("waits for a registrar that is silent", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "silent")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.gateway.moreRequests("getAttempt", 3)
		w.eventually(ctx, "acme", through(pending, submitted))
	})
})
