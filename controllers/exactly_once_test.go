// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"net/http"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("Filing exactly once", func() {
	It("records intent and lock before the gateway hears of the filing", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		var atFiling *v1alpha1.ChinaAccountRegistration
		w.gateway.onRequest(func(req *http.Request) {
			if !isFiling(req) {
				return
			}
			reg := &v1alpha1.ChinaAccountRegistration{}
			if admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: "acme"}, reg) == nil && atFiling == nil {
				atFiling = reg
			}
		})
		w.startOperator()
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(submitted))
		w.stopOperator()

		Expect(atFiling).To(And(inPhase(pending), lock(v1alpha1.DossierLocked)))
		Expect(atFiling.Status.Filing).To(And(HaveField("Attempt", int32(1)), HaveField("FiledTime", BeNil()), HaveField("Digest", HavePrefix("v1:"))))
	})

	DescribeTable("files once where the filing arrived and its answer was lost", func(ctx SpecContext, kind string) {
		w := runningWorld(ctx)
		w.gateway.faults(registrar.Fault{Kind: kind, Operations: []string{"fileAttempt"}, Count: 1, TakesEffect: true})
		w.applyWithSecrets(ctx, "acme", "review")
		w.eventually(ctx, "acme", inPhase(submitted), through(pending, submitted))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	},
		Entry("with the connection", registrar.FaultDisconnected),
		Entry("as the registrar failed", registrar.Fault500),
		Entry("as nonsense came instead", registrar.FaultGarbage),
	)

	DescribeTable("gets over a registrar that fails from the first filing on", func(ctx SpecContext, scenario string) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", scenario)
		w.reach(ctx, "acme", active)
		Expect(w.gateway.counters().Filings).To(Equal(1))
	},
		Entry("with 500", "fault-500"),
		Entry("with 429", "fault-429"),
		Entry("with nonsense", "fault-garbage"),
		Entry("without an answer", "fault-timeout"),
	)

	It("files once where the operator ends in the middle of filing", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator()
		var once sync.Once
		w.gateway.onRequest(func(req *http.Request) {
			if isFiling(req) {
				once.Do(w.operator.cancel)
			}
		})
		w.applyWithSecrets(ctx, "acme", "review")
		Eventually(w.gateway.requests("fileAttempt")).Should(Equal(1))
		w.restartOperator()
		w.eventually(ctx, "acme", through(pending, submitted))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("goes on after a restart in every phase, and tells nothing twice", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator()
		w.apply(ctx, "acme", "review")
		w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementSecretNotFound))
		w.stopOperator()
		w.makeSecrets(ctx)
		w.startOperator()
		w.eventually(ctx, "acme", inPhase(submitted))
		Eventually(w.reasons(ctx)).Should(ContainElement("Submitted"))
		for _, phase := range []v1alpha1.RegistrationPhase{underReview, verified} {
			w.stopOperator()
			w.step(ctx, "acme")
			w.startOperator()
			w.eventually(ctx, "acme", inPhase(phase))
			Eventually(w.reasons(ctx)).Should(ContainElement(string(phase)))
		}
		w.stopOperator()
		w.giveCodes(ctx, "acme")
		w.startOperator()
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
		Eventually(w.reasons(ctx)).Should(ContainElement("Active"))
		w.restartOperator()
		w.refresh(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
		Expect(w.gateway.counters().Filings).To(Equal(1))
		for _, phase := range []string{"Submitted", "UnderReview", "Verified", "Active"} {
			Expect(count(w.reasons(ctx)(), phase)).To(Equal(1), phase)
		}
	})

	It("files nothing that was changed since it was looked at", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		var once sync.Once
		w.gateway.onRequest(func(req *http.Request) {
			// The intent is recorded, and the last look before the filing is under way.
			if req.Method != http.MethodGet || !strings.HasSuffix(req.URL.Path, "/attempts/1") {
				return
			}
			once.Do(func() {
				suspended := []byte(`{"spec":{"suspend":true}}`)
				reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: "acme"}}
				_ = admin.Patch(ctx, reg, client.RawPatch(types.MergePatchType, suspended))
			})
		})
		w.startOperator()
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(pending), has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonSuspended))
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = false })
		w.eventually(ctx, "acme", inPhase(active))
	})

	It("files and tells once though two operators work at once", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator()
		first := w.operator
		w.startOperator()
		DeferCleanup(func() {
			first.cancel()
			Eventually(first.ended).Should(Receive(Succeed()))
		})
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", active)
		reg := w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
		Expect(w.gateway.counters().Accepted).To(Equal(map[string]int{reg.Status.Filing.Key + "/1": 1}))
		for _, phase := range []string{"Submitted", "UnderReview", "Verified", "Active"} {
			Eventually(w.reasons(ctx)).Should(ContainElement(phase))
			Expect(count(w.reasons(ctx)(), phase)).To(Equal(1), phase)
		}
	})

	It("does not send refused content again before it changes, nor take it for filed", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "fault-422")
		reg := w.eventually(ctx, "acme", inPhase(pending), lock(v1alpha1.DossierOpen), requires("CompanyNotFound", "spec.dossier.company.legalName"),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed))
		Expect(reg.Status.Filing).To(BeNil())
		Expect(reg.Status.RefusedDigest).To(HavePrefix("v1:"))
		w.gateway.moreRequests("getRegistration", 3)
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))

		w.refresh(ctx, "acme")
		Eventually(w.gateway.requests("fileAttempt")).Should(Equal(2), "asked for, it is sent as it is")
		w.eventually(ctx, "acme", lock(v1alpha1.DossierOpen), requiresCode("CompanyNotFound"))

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Company.LegalName = "爱客科技（北京）有限公司"
		})
		reg = w.eventually(ctx, "acme", inPhase(submitted))
		Expect(reg.Status.RefusedDigest).To(BeEmpty())
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("checks and records again what changed between the intent and the filing", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})
		w.applyWithSecrets(ctx, "acme", "review")
		intent := w.eventually(ctx, "acme", inPhase(pending), lock(v1alpha1.DossierLocked), requiresCode(v1alpha1.RequirementRegistrarUnreachable))
		other := append([]byte{}, scan...)
		w.makeSecret(ctx, "license", map[string][]byte{"scan": append(other, 0)})
		w.eventually(ctx, "acme", HaveField("Status.Filing.Digest", Not(Equal(intent.Status.Filing.Digest))))
		w.makeSecret(ctx, "license", map[string][]byte{"scan": []byte("no scan at all")})
		w.eventually(ctx, "acme", lock(v1alpha1.DossierOpen), requiresCode("DocumentFormatNotAccepted"), HaveField("Status.Filing.FiledTime", BeNil()))
		Expect(w.gateway.counters().Filings).To(BeZero())

		w.makeSecret(ctx, "license", map[string][]byte{"scan": scan})
		w.gateway.faults()
		reg := w.eventually(ctx, "acme", inPhase(submitted))
		Expect(reg.Status.Filing.Digest).To(Equal(w.gateway.standing(reg.Status.Filing.Key).Attempts[0].Digest))
	})
})

func count(words []string, word string) int {
	n := 0
	for _, w := range words {
		if w == word {
			n++
		}
	}
	return n
}
