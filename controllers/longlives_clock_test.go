// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	testclock "k8s.io/utils/clock/testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

const aYear = 365 * 24 * time.Hour

// steady is a pacing of which the longest pause shows within a second.
var steady = lifecycle.Pacing{
	PollMin: 20 * time.Millisecond, PollMax: 150 * time.Millisecond,
	MissingMin: 20 * time.Millisecond, MissingMax: 150 * time.Millisecond,
}

var _ = Describe("A clock that jumps", func() {
	It("forward and back in every phase changes no phase, files nothing twice and brings on no storm of looks", func(ctx SpecContext) {
		start := time.Now()
		clock := testclock.NewFakePassiveClock(start)
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator(withClock(clock), withPacing(steady))
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked), requiresCode(v1alpha1.RequirementRegistrarUnreachable))
		jumps := func(phase v1alpha1.RegistrationPhase) {
			GinkgoHelper()
			filed := w.get(ctx, "acme").Status.Filing
			for _, jump := range []time.Duration{aYear, -aYear} {
				clock.SetTime(start.Add(jump))
				w.gateway.moreRequests("getAttempt", 2)
				reg := w.get(ctx, "acme")
				Expect(reg).To(And(inPhase(phase), lock(v1alpha1.DossierLocked)), jump.String())
				Expect(reg.Status.Filing).To(And(HaveField("FiledTime", Equal(filed.FiledTime)), HaveField("DueTime", Equal(filed.DueTime)), HaveField("DueBasis", filed.DueBasis)))
			}
			clock.SetTime(start)
		}
		jumps(pending)
		w.gateway.faults()
		w.eventually(ctx, "acme", inPhase(submitted))
		jumps(submitted)
		w.reach(ctx, "acme", underReview)
		jumps(underReview)

		clock.SetTime(start.Add(-aYear)) // a life of a year ago is looked at as one of a year
		w.refresh(ctx, "acme")
		before := w.gateway.requests("getAttempt")()
		Consistently(w.gateway.requests("getAttempt")).WithTimeout(1500 * time.Millisecond).WithPolling(glance).Should(BeNumerically("<=", before+13))
		clock.SetTime(start)
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
		jumps(verified)
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("by nine months finds the decision overdue, tells of it once, and goes on", func(ctx SpecContext) {
		clock := testclock.NewFakePassiveClock(time.Now())
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator(withClock(clock))
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		Eventually(w.reasons(ctx)).Should(ContainElement("UnderReview")) // an event follows its status
		told := len(w.events(ctx))
		for range 3 {
			clock.SetTime(clock.Now().Add(90 * 24 * time.Hour))
			Expect(w.refresh(ctx, "acme")).To(And(inPhase(underReview), awaiting(v1alpha1.PartyRegistrar), has(v1alpha1.ConditionOverdue, metav1.ConditionTrue, v1alpha1.ReasonDecisionOverdue)))
		}
		Expect(w.events(ctx)).To(HaveLen(told), "what belongs to every life is no event")
		reg := w.get(ctx, "acme")
		Expect(clock.Now().Sub(condition(reg.Status.Conditions, v1alpha1.ConditionOverdue).LastTransitionTime.Time)).To(BeNumerically(">", 170*24*time.Hour))
		w.step(ctx, "acme")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active), has(v1alpha1.ConditionOverdue, metav1.ConditionFalse, v1alpha1.ReasonNotOverdue))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})
})
