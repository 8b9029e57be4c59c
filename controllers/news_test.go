// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("A gateway that tells what changes", func() {
	It("is followed at once, without being asked again and again", func(ctx SpecContext) {
		w := newsWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
	})

	It("is asked about nothing that is as it was when the operator starts again", func(ctx SpecContext) {
		w := newsWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		reg := w.eventually(ctx, "acme", inPhase(underReview))

		asked := w.gateway.countReads(reg.Status.Filing.Key)
		w.restartOperator(withPacing(idle))
		w.annotate(ctx, "acme", "example.cn/note", "have a look") // which the operator does
		w.applyWithSecrets(ctx, "next", "review")
		w.eventually(ctx, "next", inPhase(submitted))
		Expect(asked.Load()).To(BeZero())
		Expect(w.get(ctx, "acme").Status).To(Equal(reg.Status))
	})

	It("tells what changed while nobody listened", func(ctx SpecContext) {
		w := newsWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.stopOperator()
		w.step(ctx, "acme")
		w.startOperator(withPacing(idle))
		w.eventually(ctx, "acme", inPhase(underReview))
	})

	It("loses nothing when the connection is cut, or when it has lost the place", func(ctx SpecContext) {
		w := newsWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(submitted))

		w.gateway.https.CloseClientConnections()
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))

		listed := w.gateway.requests("listRegistrations")()
		var relisted atomic.Bool
		w.gateway.answersInstead(func(rw http.ResponseWriter, req *http.Request) bool {
			if isNews(req) && !isChanges(req) {
				relisted.Store(true)
			}
			if !isChanges(req) || relisted.Load() { // an answer may be lost with its connection
				return false
			}
			rw.Header().Set("Content-Type", "application/problem+json")
			rw.WriteHeader(http.StatusGone)
			_, _ = rw.Write([]byte(`{"title": "Gone", "status": 410, "code": "cursorExpired"}`))
			return true
		})
		w.gateway.https.CloseClientConnections()
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
		Eventually(w.gateway.requests("listRegistrations")).Should(BeNumerically(">", listed))
	})

	It("says of a filing that it does not list that it is unknown", func(ctx SpecContext) {
		w := newsWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "fault-forgets")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.stopOperator()
		w.step(ctx, "acme")
		w.startOperator(withPacing(idle))
		w.eventually(ctx, "acme", inPhase(underReview), requiresCode(v1alpha1.RequirementRegistrarContradiction))
	})

	It("keeps the answer about open challenges until it changes", func(ctx SpecContext) {
		w := newsWorld(ctx, withPacing(quick))
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", verified)
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementPhoneCode))
		asked := w.gateway.countReads(reg.Status.Filing.Key)
		looked := len(w.audited("get", "secrets"))
		Eventually(func() []auditEntry { return w.audited("get", "secrets") }).Should(HaveLen(looked + 4))
		Expect(asked.Load()).To(BeNumerically("<=", 1), "one may have been on its way")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active))
	})
})

var _ = Describe("A gateway whose news are nonsense", func() {
	It("is said to be so on its Registrar, and is asked about each filing until they are mended", func(ctx SpecContext) {
		w := newsWorld(ctx, withPacing(quick))
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		w.gateway.answersInstead(func(rw http.ResponseWriter, req *http.Request) bool {
			if isNews(req) {
				rw.Header().Set("Content-Type", "application/json")
				_, _ = rw.Write([]byte(`{"items": "none"}`))
			}
			return isNews(req)
		})
		w.gateway.https.CloseClientConnections()
		w.registrarResponds(ctx, metav1.ConditionFalse, "Invalid")
		w.gateway.moreRequests("getAttempt", 3)

		w.gateway.answersInstead(nil)
		w.registrarResponds(ctx, metav1.ConditionTrue, v1alpha1.ReasonReachable)
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
	})
})

var _ = Describe("A gateway that tells nothing", func() {
	It("is asked about each filing, the less often the longer nothing changed", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		w.gateway.moreRequests("getAttempt", 3)
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
	})
})

// newsWorld is one whose operator looks at nothing again by itself.
func newsWorld(ctx context.Context, options ...operatorOption) *world {
	GinkgoHelper()
	w := newWorld(ctx)
	w.gateway.answersInstead(nil)
	w.makeRegistrar(ctx)
	w.startOperator(append([]operatorOption{withPacing(idle)}, options...)...)
	w.registrarIs(ctx, metav1.ConditionTrue)
	return w
}

// countReads counts from now on how often a filing is asked for.
func (g *gateway) countReads(key string) *atomic.Int32 {
	count := &atomic.Int32{}
	g.onRequest(func(req *http.Request) {
		if req.Method == http.MethodGet && strings.Contains(req.URL.Path, key) {
			count.Add(1)
		}
	})
	return count
}
