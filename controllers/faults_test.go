// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("A registrar in trouble", func() {
	DescribeTable("leaves the registration where it was; both say so until it is over", func(ctx SpecContext, kind, reason string) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		w.gateway.faults(registrar.Fault{Kind: kind, Operations: []string{"getAttempt"}, RetryAfterSeconds: 1})
		reg := w.eventually(ctx, "acme", inPhase(underReview), lock(v1alpha1.DossierLocked), awaiting(v1alpha1.PartyRegistrar),
			requiresCode(v1alpha1.RequirementRegistrarUnreachable), requiresCode(v1alpha1.RequirementDecision),
			has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonUnderReview))
		Expect(reg.Status.Requirements).To(ContainElement(And(
			HaveField("Code", v1alpha1.RequirementRegistrarUnreachable), HaveField("Severity", v1alpha1.SeverityWarning),
			HaveField("Message", ContainSubstring("GET attempt 1 at "+w.gateway.host())))))
		w.registrarResponds(ctx, metav1.ConditionFalse, reason)
		probes := w.gateway.requests("getStatus")()
		w.gateway.moreRequests("getAttempt", 4)
		Expect(w.gateway.requests("getStatus")()).To(BeNumerically("<=", probes+1), "trouble brings on one probe, not one a request")

		w.gateway.faults()
		w.eventually(ctx, "acme", inPhase(underReview), Not(requiresCode(v1alpha1.RequirementRegistrarUnreachable)))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified))
		Expect(count(w.reasons(ctx)(), v1alpha1.RequirementRegistrarUnreachable)).To(Equal(1), "told once")
	},
		Entry("that fails", registrar.Fault500, "Unreachable"),
		Entry("that is too busy", registrar.Fault429, "Waiting"),
		Entry("that answers a web page", registrar.FaultGarbage, "Invalid"),
		Entry("that answers half a sentence", registrar.FaultTruncated, "Invalid"),
		Entry("that answers without end", registrar.FaultOversized, "Invalid"),
		Entry("that sends elsewhere", registrar.FaultRedirect, "Invalid"),
		Entry("that does not answer", registrar.FaultTimeout, "Unreachable"),
		Entry("that refuses the token", registrar.Fault401, "Refused"),
	)

	DescribeTable("is held where it contradicts itself, and followed when it does no more", func(ctx SpecContext, scenario, word string) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", scenario)
		w.reach(ctx, "acme", underReview)
		w.step(ctx, "acme")
		reg := w.eventually(ctx, "acme", inPhase(underReview), lock(v1alpha1.DossierLocked), requiresCode(v1alpha1.RequirementRegistrarContradiction),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRegistrarContradiction))
		Expect(condition(reg.Status.Conditions, v1alpha1.ConditionStalled).Message).To(ContainSubstring(word))
		w.gateway.moreRequests("getAttempt", 3)
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview), lacks(v1alpha1.ConditionStalled))
		w.step(ctx, "acme")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	},
		Entry("in a state that nobody knows", "fault-unknown-state", "awaitingSeal"),
		Entry("going backwards", "fault-backwards", "Submitted of attempt 1, which does not follow from UnderReview"),
	)

	It("that forgets a filing is held, and nothing is filed again", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "fault-forgets")
		w.reach(ctx, "acme", underReview)
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview), lock(v1alpha1.DossierLocked),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRegistrarContradiction))
		w.gateway.moreRequests("getAttempt", 3)
		w.refresh(ctx, "acme")
		w.restartOperator()
		w.gateway.moreRequests("getAttempt", 3)
		w.eventually(ctx, "acme", through(pending, submitted, underReview))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("is not ready while it fails altogether, and registrations go on when it is back", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", submitted)
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault500})
		w.registrarIs(ctx, metav1.ConditionFalse)
		w.eventually(ctx, "acme", inPhase(submitted), requires(v1alpha1.RequirementRegistrarNotReady, "spec.registrarRef"))
		w.gateway.faults()
		w.probeAgain(ctx)
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.eventually(ctx, "acme", Not(requiresCode(v1alpha1.RequirementRegistrarNotReady)))
		w.reach(ctx, "acme", active)
	})
})

// registrarResponds waits for the Registrar's condition Responding.
func (w *world) registrarResponds(ctx SpecContext, status metav1.ConditionStatus, reason string) {
	GinkgoHelper()
	Eventually(func(g Gomega) {
		object := &v1alpha1.Registrar{}
		g.Expect(admin.Get(ctx, client.ObjectKey{Name: w.namespace}, object)).To(Succeed())
		g.Expect(object.Status.Conditions).To(ContainElement(And(
			HaveField("Type", v1alpha1.ConditionResponding), HaveField("Status", status), HaveField("Reason", reason))))
	}).Should(Succeed())
}
