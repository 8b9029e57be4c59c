// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// soon has a replica take over within some 5 s, and no leader lose its lease to a busy
// machine.
var soon = []string{
	"--leader-elect", "--leader-elect-lease-duration", "4s", "--leader-elect-renew-deadline", "3s", "--leader-elect-retry-period", "500ms",
}

var _ = Describe("Two replicas", func() {
	It("take over from each other without a second filing", func(ctx SpecContext) {
		w := newWorld(ctx)
		first := startOperator(soon...)
		Eventually(first.leads).Should(BeTrue())
		second := startOperator(soon...)
		Eventually(second.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK), "it could take over")
		Expect(second.leads()).To(BeFalse())

		By("killing the leader in the middle of filing")
		w.gateway.faults(registrar.Fault{Kind: registrar.FaultTimeout, Operations: []string{"fileAttempt"}, TakesEffect: true})
		w.apply(ctx, w.registration("acme", "review"))
		Eventually(func() int { return w.gateway.counters().Filings }).Should(Equal(1))
		kill(first.Session)
		w.gateway.faults()
		Eventually(second.leads).Should(BeTrue())
		w.eventually(ctx, "acme", through(pending, submitted))

		By("asking the leader to end")
		third := startOperator(soon...)
		Eventually(third.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK))
		second.stop()
		Eventually(third.leads, "4s").Should(BeTrue(), "the lease is given back, and not waited for")
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview))
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})
})

var _ = Describe("The operator, asked to end", func() {
	It("does so within 5 s, even while a registrar keeps it waiting", func(ctx SpecContext) {
		w := runningWorld(ctx, "--hold", "1m")
		w.gateway.faults(registrar.Fault{Kind: registrar.FaultTimeout, Operations: []string{"fileAttempt"}})
		w.apply(ctx, w.registration("acme", "review"))
		Eventually(w.gateway.requests("fileAttempt")).Should(Equal(1))
		w.operator.stop()

		w.gateway.faults()
		w.operator = startOperator()
		w.eventually(ctx, "acme", through(pending, submitted))
		Expect(w.gateway.counters().Filings).To(Equal(1))
		w.operator.stop()
	})
})
