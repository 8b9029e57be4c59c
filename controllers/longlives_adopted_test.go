// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("A registration that is made again", func() {
	DescribeTable("adopts its filing through all attempts, and files nothing", func(ctx SpecContext, live func(SpecContext, *world), attempt int32, phase v1alpha1.RegistrationPhase) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "reject-once")
		live(ctx, w)
		before := w.get(ctx, "acme")
		filings, asked := w.gateway.counters().Filings, w.gateway.requests("fileAttempt")()

		w.loseAll(ctx)
		w.applyWithSecrets(ctx, "acme", "reject-once", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.ResubmitAfterAttempt = before.Spec.ResubmitAfterAttempt
		})
		w.makeRegistrar(ctx)
		w.startOperator()
		reg := w.eventually(ctx, "acme", through(pending, phase))
		Expect(reg.UID).NotTo(Equal(before.UID))
		Expect(reg.Status.History[1]).To(And(HaveField("Reason", v1alpha1.ReasonAdopted), HaveField("Attempt", attempt)))
		Expect(reg.Status.Filing).To(And(HaveField("Owner", before.Status.Filing.Owner), HaveField("Digest", before.Status.Filing.Digest),
			HaveField("Reference", before.Status.Filing.Reference), HaveField("FiledTime.Time", BeTemporally("==", before.Status.Filing.FiledTime.Time))))
		Expect(reg.Status.Rejection).To(Equal(before.Status.Rejection))
		w.refresh(ctx, "acme")
		Expect(w.gateway.counters().Filings).To(Equal(filings))
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(asked))
	},
		Entry("rejected once", rejectedOnce, int32(1), rejected),
		Entry("rejected, and under review again", func(ctx SpecContext, w *world) { resubmitted(ctx, w); w.reach(ctx, "acme", underReview) }, int32(2), underReview),
		Entry("rejected, and active", func(ctx SpecContext, w *world) { resubmitted(ctx, w); w.reach(ctx, "acme", active) }, int32(2), active),
	)

	It("does not take an old request for another filing for a new one", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "reject-once")
		resubmitted(ctx, w)
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.WithdrawAttempt = new(int32(2)) })
		w.eventually(ctx, "acme", inPhase(rejected), has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.FindingWithdrawn))
		w.loseAll(ctx)
		w.applyWithSecrets(ctx, "acme", "reject-once", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		w.makeRegistrar(ctx)
		w.startOperator()
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementResubmission, "spec.resubmitAfterAttempt"))
		w.gateway.moreRequests("getRegistration", 3)
		Expect(w.gateway.counters().Filings).To(Equal(2))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(2)) })
		Expect(w.eventually(ctx, "acme", inPhase(submitted)).Status.Filing.Attempt).To(Equal(int32(3)))
	})
})

var _ = Describe("Another tenant", func() {
	It("with the same e-mail address and the same files is refused, learns nothing, and withdraws nothing", func(ctx SpecContext) {
		w := runningWorld(ctx)
		first := w.applyWithSecrets(ctx, "acme", "review")
		filed := w.reach(ctx, "acme", underReview)

		other := newWorld(ctx)
		own := other.gateway
		other.gateway = w.gateway
		other.makeRegistrar(ctx)
		other.startOperator()
		other.registrarIs(ctx, metav1.ConditionTrue)
		other.applyWithSecrets(ctx, "acme", "review", withdrawnOnDeletion, func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier = *first.Spec.Dossier.DeepCopy()
			reg.Spec.WithdrawAttempt = new(int32(1))
		})
		reg := other.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementEmailAlreadyFiled, "spec.dossier.account.email"), lock(v1alpha1.DossierOpen))
		w.gateway.moreRequests("getRegistration", 2)
		Expect(other.get(ctx, "acme").ResourceVersion).To(Equal(reg.ResourceVersion))
		Expect(reg.Status.Filing).To(BeNil())
		Expect(reg.Finalizers).To(BeEmpty())
		for _, words := range append(printed(reg.Status), printed(other.events(ctx))...) {
			for _, secret := range []string{filed.Status.Filing.Reference, filed.Status.Filing.Digest, filed.Status.Filing.Owner, w.namespace, "UnderReview"} {
				Expect(words).NotTo(ContainSubstring(secret))
			}
		}
		other.delete(ctx, "acme")
		other.isGone(ctx, "acme")
		Expect(w.gateway.requests("withdrawAttempt")()).To(BeZero())
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))
		other.stopOperator()
		other.gateway = own
		w.step(ctx, "acme")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active))
	})
})

func rejectedOnce(ctx SpecContext, w *world) {
	w.eventually(ctx, "acme", inPhase(submitted))
	w.step(ctx, "acme")
	w.eventually(ctx, "acme", inPhase(underReview))
	w.step(ctx, "acme")
	w.eventually(ctx, "acme", inPhase(rejected), requiresCode(v1alpha1.RequirementResubmission))
}

// resubmitted has the second attempt filed.
func resubmitted(ctx SpecContext, w *world) {
	rejectedOnce(ctx, w)
	w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
	w.eventually(ctx, "acme", inPhase(submitted))
}

// loseAll leaves the installation key, and what the registrar has.
func (w *world) loseAll(ctx context.Context) {
	GinkgoHelper()
	w.stopOperator()
	w.delete(ctx, "acme")
	w.isGone(ctx, "acme")
	Expect(admin.DeleteAllOf(ctx, &v1alpha1.Registrar{}, w.own())).To(Succeed())
	Expect(admin.DeleteAllOf(ctx, &corev1.Secret{}, client.InNamespace(w.namespace))).To(Succeed())
}
