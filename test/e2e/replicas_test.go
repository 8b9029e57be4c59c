// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// A lease with which a replica takes over within some 5 s, and no leader loses it to a
// busy machine.
const (
	leaseDuration = 4 * time.Second
	renewDeadline = 3 * time.Second
	retryPeriod   = 500 * time.Millisecond
	// longestRetry: those that wait try again after up to 2.2 retry periods.
	longestRetry = retryPeriod * 22 / 10
)

var soon = []string{
	"--leader-elect", "--leader-elect-lease-duration", leaseDuration.String(),
	"--leader-elect-renew-deadline", renewDeadline.String(), "--leader-elect-retry-period", retryPeriod.String(),
}

var _ = Describe("Two replicas", func() {
	It("take over from each other without a second filing", func(ctx SpecContext) {
		w := newWorld(ctx)
		first := startOperator(append(soon, "--metrics-bind-address", "127.0.0.1:0")...)
		Eventually(first.leads).Should(BeTrue())
		second := startOperator(soon...)
		Eventually(second.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK), "it could take over")
		Expect(second.leads()).To(BeFalse())

		By("killing the leader in the middle of filing")
		w.gateway.faults(registrar.Fault{Kind: registrar.FaultTimeout, Operations: []string{"fileAttempt"}, TakesEffect: true})
		w.apply(ctx, w.registration("acme", "review"))
		Eventually(func() int { return w.gateway.counters().Filings }).Should(Equal(1))
		killed := time.Now()
		kill(first.Session)
		w.gateway.faults()
		Eventually(second.leads).Should(BeTrue())
		Expect(time.Since(killed)).To(And(
			BeNumerically(">", leaseDuration-2*retryPeriod), // no two lead at once
			BeNumerically("<", leaseDuration+2*longestRetry+time.Second)))
		w.eventually(ctx, "acme", through(pending, submitted))

		By("asking the leader to end")
		third := startOperator(soon...)
		Eventually(third.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK))
		w.step(ctx, "acme")
		holder := leaseHolder(ctx)
		asked := time.Now()
		second.stop()
		Expect(leaseHolder(ctx)).NotTo(Equal(holder), "the lease is given back, and not waited for")
		Eventually(third.leads).Should(BeTrue())
		Expect(time.Since(asked)).To(BeNumerically("<", 5*time.Second))
		w.eventually(ctx, "acme", through(pending, submitted, underReview))
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))
		Expect(w.gateway.counters().Filings).To(Equal(1))
		third.stop()
	})
})

// leaseHolder is the replica that leads, by the name that it gives itself.
func leaseHolder(ctx context.Context) string {
	GinkgoHelper()
	lease := &coordinationv1.Lease{}
	Expect(admin.Get(ctx, client.ObjectKey{Namespace: systemNamespace, Name: operatorName}, lease)).To(Succeed())
	return ptr.Deref(lease.Spec.HolderIdentity, "")
}

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
