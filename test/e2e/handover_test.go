// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"net/http"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("A leader that hangs", func() {
	It("answers no probe, and ends when it wakes after its time, without a write and without a filing", func(ctx SpecContext) {
		w := newWorld(ctx, "--hold", "1m")
		f := startFront()
		first := f.startOperator(soon...)
		Eventually(first.leads).Should(BeTrue())
		Expect(first.probe("/healthz")()).To(HaveHTTPStatus(http.StatusOK))
		second := startOperator(soon...)
		Eventually(second.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK))

		By("stopping it in the middle of filing")
		w.gateway.faults(registrar.Fault{Kind: registrar.FaultTimeout, Operations: []string{"fileAttempt"}, TakesEffect: true})
		w.apply(ctx, w.registration("acme", "review"))
		Eventually(func() int { return w.gateway.counters().Filings }).Should(Equal(1))
		first.Signal(syscall.SIGSTOP)
		w.gateway.faults()
		kubelet := http.Client{Timeout: time.Second} // its default
		_, err := kubelet.Get("http://" + tells(first.Session, servingProbes) + "/healthz")
		Expect(err).To(MatchError(ContainSubstring("Client.Timeout exceeded")), "a kubelet would end it")
		Eventually(second.leads).Should(BeTrue())
		w.eventually(ctx, "acme", through(pending, submitted))

		By("waking it while the other leads")
		before := len(f.writes())
		first.Signal(syscall.SIGCONT)
		Eventually(first, renewDeadline+time.Second).Should(gexec.Exit(1))
		Expect(said(first.Session)).To(ContainSubstring("leader election lost"))
		for _, late := range f.writes()[before:] {
			if !strings.HasSuffix(late.path, "/events") { // it says that it stopped leading
				Expect(late.status).To(Equal(http.StatusConflict), "%v", late)
			}
		}
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview))
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))
		second.stop()
	})
})

var _ = Describe("While the API server is away", func() {
	It("a leader gives up and ends, and a replica that waits goes on from there when it is back", func(ctx SpecContext) {
		w := newWorld(ctx)
		f := startFront()
		leader := f.startOperator(soon...)
		Eventually(leader.leads).Should(BeTrue())
		waiting := f.startOperator(soon...)
		Eventually(waiting.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK))
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(submitted))

		f.away()
		w.step(ctx, "acme")
		Eventually(leader, renewDeadline+retryPeriod+2*time.Second).Should(gexec.Exit(1))
		Expect(said(leader.Session)).To(ContainSubstring("leader election lost"))
		Expect(waiting.probe("/healthz")()).To(HaveHTTPStatus(http.StatusOK))
		Expect(waiting.leads()).To(BeFalse())
		f.back()
		Eventually(waiting.leads).Should(BeTrue())
		w.eventually(ctx, "acme", through(pending, submitted, underReview))
		waiting.stop()
	})

	It("the only operator waits, and goes on when it is back", func(ctx SpecContext) {
		w := newWorld(ctx)
		f := startFront()
		only := f.startOperator()
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(submitted))

		f.away()
		w.step(ctx, "acme")
		Eventually(only.Err).Should(gbytes.Say("Reconciler error"), "it noticed")
		f.back()
		w.eventually(ctx, "acme", through(pending, submitted, underReview))
		only.stop()
	})
})

var _ = Describe("Readiness", func() {
	It("waits for all that is watched, the last kind too, and nothing is done before", func(ctx SpecContext) {
		w := newWorld(ctx)
		f := startFront()
		release := f.holds("filingreports")
		o := f.startOperator()
		Eventually(o.probe("/healthz")).Should(HaveHTTPStatus(http.StatusOK))
		Consistently(o.probe("/readyz"), "1s").Should(HaveHTTPStatus(http.StatusInternalServerError))
		Expect(o.leads()).To(BeFalse())
		release()
		Eventually(o.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK))
		w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionTrue)
		o.stop()
	})

	It("comes also on an API server that streams no lists, as those before Kubernetes 1.34", func(ctx SpecContext) {
		w := newWorld(ctx)
		f := startFront()
		f.lets(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.RawQuery, "sendInitialEvents=true") {
				return false
			}
			http.Error(w, "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled", http.StatusUnprocessableEntity)
			return true
		})
		o := f.startOperator()
		Eventually(o.probe("/readyz")).Should(HaveHTTPStatus(http.StatusOK))
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(submitted))
		o.stop()
	})
})
