// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("The operator, killed", func() {
	It("files once and ends Active, whenever it is killed in a life", func(ctx SpecContext) {
		w := runningWorld(ctx)
		By("after the intent is recorded: the registrar takes nothing yet")
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(pending), locked(), HaveField("Status.Filing.FiledTime", BeNil()), requires(v1alpha1.RequirementRegistrarUnreachable))
		Expect(w.gateway.counters().Filings).To(BeZero())
		w.crashAndRestart(func() {
			By("in the middle of filing: it arrives, and the answer does not come")
			w.gateway.faults(registrar.Fault{Kind: registrar.FaultTimeout, Operations: []string{"fileAttempt"}, TakesEffect: true})
		})
		Eventually(func() int { return w.gateway.counters().Filings }).Should(Equal(1))
		w.crashAndRestart(func() {
			w.eventually(ctx, "acme", through(pending), locked(), HaveField("Status.Filing.FiledTime", BeNil()))
			w.gateway.faults()
		})
		w.eventually(ctx, "acme", through(pending, submitted))

		By("in UnderReview, while the registrar verifies")
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.crashAndRestart(func() { w.step(ctx, "acme") })
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified), requires(v1alpha1.RequirementPhoneCode))

		By("in Verified, while the applicant enters the code")
		w.crashAndRestart(func() { w.giveCodes(ctx, "acme") })
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active), has(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonActive))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("joins a filing whose answer was lost, and sends it no second time", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.gateway.faults(registrar.Fault{Kind: registrar.FaultTimeout, Operations: []string{"fileAttempt"}, TakesEffect: true})
		w.apply(ctx, w.registration("acme", "review"))
		Eventually(func() int { return w.gateway.counters().Filings }).Should(Equal(1))
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault500, Operations: []string{"getAttempt"}})
		w.eventually(ctx, "acme", through(pending), locked(), requires(v1alpha1.RequirementRegistrarUnreachable))
		w.crashAndRestart(func() { w.gateway.faults() })
		reg := w.eventually(ctx, "acme", through(pending, submitted))
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1), "the attempt is looked up before it is sent")
		Expect(w.gateway.counters().Accepted).To(Equal(map[string]int{reg.Status.Filing.Key + "/1": 1}))
	})
})

var _ = Describe("The gateway, killed", func() {
	It("leaves the object where it was, which says so and goes on when it is back", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))

		kill(w.gateway.Session)
		w.eventually(ctx, "acme", inPhase(underReview), Or(
			requires(v1alpha1.RequirementRegistrarUnreachable), requires(v1alpha1.RequirementRegistrarNotReady)))
		w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionFalse, "connection refused")
		w.eventually(ctx, "acme", inPhase(underReview), locked(), requires(v1alpha1.RequirementRegistrarNotReady))

		w.gateway.start()
		w.step(ctx, "acme")
		w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionTrue)
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})
})
