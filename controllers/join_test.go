// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("A registration whose e-mail address is filed already", func() {
	DescribeTable("joins its filing when it is deleted and made again", func(ctx SpecContext, phase v1alpha1.RegistrationPhase) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		before := w.reach(ctx, "acme", phase)
		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		Eventually(w.reasons(ctx)).Should(ContainElement(HaveSuffix("Retained")))

		w.apply(ctx, "acme", "review")
		reg := w.eventually(ctx, "acme", through(pending, phase))
		Expect(reg.UID).NotTo(Equal(before.UID))
		Expect(reg.Status.Filing.Reference).To(Equal(before.Status.Filing.Reference))
		Expect(reg.Status.History[1].Reason).To(Equal(v1alpha1.ReasonAdopted))
		Expect(reg.Status.Account).To(Equal(withTimesOf(reg.Status.Account, before.Status.Account)))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	},
		Entry("as submitted", submitted),
		Entry("under review", underReview),
		Entry("verified", verified),
		Entry("active", active),
	)

	It("joins before preflight, whatever its Secrets say by now", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		w.makeSecret(ctx, "license", map[string][]byte{"scan": []byte("no scan at all")})
		w.apply(ctx, "acme", "review")
		w.eventually(ctx, "acme", through(pending, underReview), lock(v1alpha1.DossierLocked))
	})

	It("is refused where the filing is somebody else's, and learns nothing of it", func(ctx SpecContext) {
		w := runningWorld(ctx)
		first := w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		w.apply(ctx, "rival", "review", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Account.Email = first.Spec.Dossier.Account.Email
		})
		reg := w.eventually(ctx, "rival", inPhase(pending), requires(v1alpha1.RequirementEmailAlreadyFiled, "spec.dossier.account.email"),
			awaiting(v1alpha1.PartyApplicant), has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed))
		Expect(reg.Status.Filing).To(BeNil())
		Expect(w.gateway.counters().Filings).To(Equal(1))

		w.patch(ctx, "rival", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Account.Email = "cloud+review.rival@acme.example.cn"
		})
		w.eventually(ctx, "rival", inPhase(submitted))
	})

	It("is refused where another registration is filed under its address, in whichever Region, by hand too", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeManual(ctx)
		w.startOperator()
		w.applyWithSecrets(ctx, "acme", "by-hand")
		first := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		shouted := v1alpha1.EmailAddress(strings.ToUpper(string(first.Spec.Dossier.Account.Email)))
		sameAddress := func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Region, reg.Spec.Dossier.Account.Email = v1alpha1.RegionBeijing, shouted
		}
		w.apply(ctx, "rival", "by-hand", sameAddress)
		w.eventually(ctx, "rival", requiresCode(v1alpha1.RequirementFileByHand))

		w.accepted(ctx, w.report(ctx, first, v1alpha1.ReportClaimed, 1, ""))
		w.refresh(ctx, "rival")
		w.eventually(ctx, "rival", inPhase(pending), requires(v1alpha1.RequirementEmailAlreadyFiled, "spec.dossier.account.email"),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed), awaiting(v1alpha1.PartyApplicant))
		Expect(w.get(ctx, "acme")).To(requiresCode(v1alpha1.RequirementFileByHand), "the first is not stopped by the other")

		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		w.refresh(ctx, "rival")
		w.eventually(ctx, "rival", requiresCode(v1alpha1.RequirementFileByHand))
	})

	It("joins a withdrawn filing only together with a resubmission", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review", withdrawnOnDeletion)
		w.reach(ctx, "acme", submitted)
		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")

		w.apply(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementResubmission, "spec.resubmitAfterAttempt"), awaiting(v1alpha1.PartyApplicant))
		w.gateway.moreRequests("getRegistration", 3)
		Expect(w.gateway.counters().Filings).To(Equal(1))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		reg := w.eventually(ctx, "acme", inPhase(submitted))
		Expect(reg.Status.Filing.Attempt).To(Equal(int32(2)))
	})
})

func withdrawnOnDeletion(reg *v1alpha1.ChinaAccountRegistration) {
	reg.Spec.DeletionPolicy = v1alpha1.DeletionWithdraw
}

// withTimesOf returns the account as it was before, learnt of when it was learnt of now.
func withTimesOf(now, before *v1alpha1.AccountStatus) *v1alpha1.AccountStatus {
	if before == nil || now == nil {
		return before
	}
	same := *before
	same.ActivatedTime = now.ActivatedTime
	return &same
}
