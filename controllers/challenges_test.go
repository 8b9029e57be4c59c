// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("What the registrar asks for on the way", func() {
	It("takes a wrong code for one try, and then the right one", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", verified)
		w.makeSecret(ctx, "acme-codes", map[string][]byte{v1alpha1.PhoneCodeKey: []byte(wrongPhoneCode)})
		reg := w.eventually(ctx, "acme", inPhase(verified), HaveField("Status.Requirements", ContainElement(And(
			HaveField("Code", v1alpha1.RequirementPhoneCode), HaveField("Message", ContainSubstring("Tries left: 4."))))))
		Expect(reg.Status.Filing.Answers).To(ContainElement(HaveField("ChallengeID", "phone-code-1")))
		answers := w.gateway.requests("answerChallenge")()
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.gateway.requests("answerChallenge")()).To(Equal(answers), "the same code is not tried again")

		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active))
		Expect(w.secret(ctx, w.namespace, "acme-codes").Data).To(HaveKey(v1alpha1.PhoneCodeKey), "used codes are remembered, not deleted")
	})

	It("sends no code that cannot be one", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", verified)
		w.eventually(ctx, "acme", Not(requiresCode(v1alpha1.RequirementSupportPlan)))
		answers := w.gateway.requests("answerChallenge")()
		w.makeSecret(ctx, "acme-codes", map[string][]byte{v1alpha1.PhoneCodeKey: []byte("24 68")})
		w.eventually(ctx, "acme", requires(v1alpha1.RequirementCodeMalformed, "spec.verificationCodesSecretRef"))
		Expect(w.gateway.requests("answerChallenge")()).To(Equal(answers))
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active))
	})

	It("has a code sent again, once for each request", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", verified)
		w.annotate(ctx, "acme", v1alpha1.ResendCodeRequestedAtAnnotation, "first")
		w.eventually(ctx, "acme", HaveField("Status.LastHandledResendCodeRequest", "first"))
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.gateway.requests("resendChallenge")()).To(Equal(1))
		w.annotate(ctx, "acme", v1alpha1.ResendCodeRequestedAtAnnotation, "second")
		w.eventually(ctx, "acme", HaveField("Status.LastHandledResendCodeRequest", "second"))
		Expect(w.gateway.requests("resendChallenge")()).To(Equal(2))
	})

	It("asks for the support plan where none is chosen", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.SupportPlan = "" })
		w.giveCodes(ctx, "acme")
		w.reach(ctx, "acme", verified)
		w.eventually(ctx, "acme", requires(v1alpha1.RequirementSupportPlan, "spec.supportPlan"), Not(requiresCode(v1alpha1.RequirementPhoneCode)))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.SupportPlan = "Basic" })
		w.eventually(ctx, "acme", inPhase(active))
	})

	It("sends the documents that a reviewer asks for, as soon as they are good", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "more-documents")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		reg := w.eventually(ctx, "acme", inPhase(underReview), awaiting(v1alpha1.PartyApplicant),
			requires(v1alpha1.RequirementDocuments, `spec.supplementaryDocuments[?(@.challengeID=="documents-1")]`), lock(v1alpha1.DossierLocked))
		Expect(reg.Status.Requirements[0].Message).To(ContainSubstring("challengeID: documents-1"))

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.SupplementaryDocuments = []v1alpha1.SupplementaryDocument{{ChallengeID: "documents-1", Files: []v1alpha1.File{file("letter", "scan")}}}
		})
		w.eventually(ctx, "acme", requires(v1alpha1.RequirementSecretNotFound, "spec.supplementaryDocuments[0].files[0].parts[0]"))
		w.makeSecret(ctx, "letter", map[string][]byte{"scan": []byte("no scan at all")})
		w.eventually(ctx, "acme", requires("DocumentFormatNotAccepted", "spec.supplementaryDocuments[0].files[0]"))
		Expect(w.gateway.requests("answerChallenge")()).To(BeZero())
		w.makeSecret(ctx, "letter", map[string][]byte{"scan": scan})
		w.eventually(ctx, "acme", inPhase(underReview), awaiting(v1alpha1.PartyRegistrar))
		Expect(w.gateway.requests("answerChallenge")()).To(Equal(1))
		w.step(ctx, "acme")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
	})

	It("follows the open challenges, in whatever phase they come and go", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		reg := w.reach(ctx, "acme", underReview)
		w.gateway.force(reg.Status.Filing.Key, registrar.ForcedState{State: "underReview", Challenges: []string{"emailCode"}})
		w.eventually(ctx, "acme", inPhase(underReview), requiresCode(v1alpha1.RequirementEmailCode), awaiting(v1alpha1.PartyApplicant))
		w.gateway.force(reg.Status.Filing.Key, registrar.ForcedState{State: "active"})
		w.eventually(ctx, "acme", inPhase(active), onlyKeepsDocuments())
	})
})
