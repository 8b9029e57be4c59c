// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

func finalizers(names ...string) matcher { return HaveField("Finalizers", ConsistOf(names)) }

var _ = Describe("Withdrawing", func() {
	It("is asked for in spec; the registration may be mended and filed again", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.WithdrawAttempt = new(int32(1)) })
		reg := w.eventually(ctx, "acme", inPhase(rejected), lock(v1alpha1.DossierOpen), requiresCode(v1alpha1.RequirementResubmission),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.FindingWithdrawn))
		Expect(reg.Status.Rejection.Findings).To(ConsistOf(HaveField("Code", v1alpha1.FindingWithdrawn)))
		Expect(w.gateway.standing(reg.Status.Filing.Key).Attempts[0].State).To(Equal(contract.Withdrawn))
		Expect(w.gateway.requests("withdrawAttempt")()).To(Equal(1))

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		Expect(w.reach(ctx, "acme", active).Status.Filing.Attempt).To(Equal(int32(2)))
	})

	It("holds an attempt back that was never filed", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.WithdrawAttempt = new(int32(1)) })
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementWithdrawalRequested, "spec.withdrawAttempt"))
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.WithdrawAttempt = nil })
		w.eventually(ctx, "acme", inPhase(active))
	})
})

var _ = Describe("Deleting a registration", func() {
	It("withdraws first with policy Withdraw; the finalizer is there exactly while a filing is open", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.apply(ctx, "acme", "review", withdrawnOnDeletion)
		w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementSecretNotFound), finalizers())
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})
		w.makeSecrets(ctx)
		w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked), finalizers(v1alpha1.WithdrawFinalizer))
		w.gateway.faults()
		reg := w.reach(ctx, "acme", verified)
		Expect(reg).To(finalizers(v1alpha1.WithdrawFinalizer))

		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		Expect(w.gateway.standing(reg.Status.Filing.Key).Attempts[0].State).To(Equal(contract.Withdrawn))
		Eventually(w.reasons(ctx)).Should(ContainElement("Rejected"))
		Expect(w.reasons(ctx)()).NotTo(ContainElement("FilingRetained"))
	})

	It("has nothing to withdraw of an active account, which stays", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate", withdrawnOnDeletion)
		w.eventually(ctx, "acme", inPhase(active), finalizers())
		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		Eventually(w.events, ctx).WithArguments(ctx).Should(ContainElement(And(
			HaveField("Reason", "AccountRetained"), HaveField("Note", ContainSubstring("the account stays")))))
		Expect(w.gateway.requests("withdrawAttempt")()).To(BeZero())
	})

	It("leaves an intent's attempt a tombstone, so that a late filing is withdrawn", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})
		w.applyWithSecrets(ctx, "acme", "review", withdrawnOnDeletion)
		reg := w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked))
		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		Expect(w.gateway.standing(reg.Status.Filing.Key).Attempts).To(ConsistOf(HaveField("State", contract.Withdrawn)))
		Expect(w.gateway.counters().Filings).To(BeZero())
	})

	It("is held by suspend, and let go of by policy Retain", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review", withdrawnOnDeletion)
		w.reach(ctx, "acme", underReview)
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = true })
		w.delete(ctx, "acme")
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.get(ctx, "acme")).To(finalizers(v1alpha1.WithdrawFinalizer))
		Expect(w.gateway.requests("withdrawAttempt")()).To(BeZero())

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.DeletionPolicy = v1alpha1.DeletionRetain })
		w.isGone(ctx, "acme")
		Expect(w.gateway.requests("withdrawAttempt")()).To(BeZero())
		Eventually(w.reasons(ctx)).Should(ContainElement("FilingRetained"))
	})

	It("goes at once with policy Retain, and tells that the filing stays", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		reg := w.reach(ctx, "acme", underReview)
		Expect(reg).To(finalizers())
		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		Eventually(w.reasons(ctx)).Should(ContainElement("FilingRetained"))
		Expect(count(w.reasons(ctx)(), "FilingRetained")).To(Equal(1))
		Expect(w.gateway.standing(reg.Status.Filing.Key).Attempts[0].State).To(Equal(contract.UnderReview))
	})
})

var _ = Describe("Suspending a registration", func() {
	It("goes on with preflight, and files, answers and withdraws nothing until it is over", func(ctx SpecContext) {
		w := runningWorld(ctx)
		suspended := has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonSuspended)
		suspend := func(suspend bool) {
			w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = suspend })
		}
		w.apply(ctx, "acme", "review", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = true })
		w.eventually(ctx, "acme", suspended, requiresCode(v1alpha1.RequirementSecretNotFound), has(v1alpha1.ConditionSuspended, metav1.ConditionTrue, v1alpha1.ReasonSuspended))
		w.makeSecrets(ctx)
		w.eventually(ctx, "acme", suspended, inPhase(pending), has(v1alpha1.ConditionPreflightPassed, metav1.ConditionTrue, v1alpha1.ReasonPassed))
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())
		suspend(false)
		w.reach(ctx, "acme", underReview)

		suspend(true)
		w.giveCodes(ctx, "acme")
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified), suspended)
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.gateway.requests("answerChallenge")()).To(BeZero())
		suspend(false)
		w.eventually(ctx, "acme", inPhase(active))
	})
})
