// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// strangeDigests are what this operator cannot compare with its own.
var strangeDigests = []string{"v0:0123456789abcdef:" + strings.Repeat("0", 64), "v2:0123456789abcdef:" + strings.Repeat("0", 64), "v1:fedcba9876543210:" + strings.Repeat("0", 64)}

var _ = Describe("Content that was signed by another release or another key", func() {
	It("is not filed again: not as filed, not as rejected, and only once from an intent", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})
		w.applyWithSecrets(ctx, "acme", "reject-once")
		w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked), requiresCode(v1alpha1.RequirementRegistrarUnreachable))
		w.signs(ctx, strangeDigests[0])
		w.gateway.faults()
		w.eventually(ctx, "acme", inPhase(submitted), HaveField("Status.Filing.Digest", Not(Equal(strangeDigests[0]))))
		Expect(w.gateway.counters().Filings).To(Equal(1))

		w.signsEach(ctx, submitted)
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(rejected), requiresCode(v1alpha1.RequirementResubmission))
		w.signsEach(ctx, rejected)
		Expect(w.gateway.counters().Filings).To(Equal(1))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		w.reach(ctx, "acme", active)
		Expect(w.gateway.counters().Filings).To(Equal(2))
	})

	It("and was refused is not sent again, before it changes", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "fault-422")
		for _, strange := range strangeDigests {
			w.eventually(ctx, "acme", inPhase(pending), lock(v1alpha1.DossierOpen), requiresCode("CompanyNotFound"))
			w.rewrite(ctx, func(s *v1alpha1.ChinaAccountRegistrationStatus) { s.RefusedDigest = strange })
			w.eventually(ctx, "acme", HaveField("Status.RefusedDigest", And(Not(Equal(strange)), Not(BeEmpty()))))
		}
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Company.LegalName = "爱客科技（北京）有限公司"
		})
		w.eventually(ctx, "acme", inPhase(submitted))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("is not filed from an intent while the key is lost, and goes on when it is restored", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.system = w.namespace + "-system"
		makeNamespace(ctx, w.system, nil)
		makeInstallationKey(ctx, w.system)
		w.makeRegistrar(ctx)
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}})
		w.startOperator()
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked), requiresCode(v1alpha1.RequirementRegistrarUnreachable))
		key := w.secret(ctx, w.system, dossier.InstallationKeySecretName)
		Expect(admin.Delete(ctx, key.DeepCopy())).To(Succeed())
		w.eventually(ctx, "acme", inPhase(pending), requiresCode(v1alpha1.RequirementInstallationKeyMissing))
		tried := w.gateway.requests("fileAttempt")()
		w.gateway.faults()
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(tried))

		key.ResourceVersion, key.UID = "", ""
		Expect(admin.Create(ctx, key)).To(Succeed())
		w.eventually(ctx, "acme", inPhase(active))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})
})

// signsEach has the filing signed by each stranger in turn, and looked at.
func (w *world) signsEach(ctx context.Context, phase v1alpha1.RegistrationPhase) {
	GinkgoHelper()
	for _, strange := range strangeDigests {
		w.signs(ctx, strange)
		w.gateway.moreRequests("getAttempt", 2)
		Expect(w.get(ctx, "acme")).To(And(inPhase(phase), HaveField("Status.Filing.FiledTime", Not(BeNil()))), strange)
	}
}

// signs writes a digest as if another release, or one with another key, had filed.
func (w *world) signs(ctx context.Context, digest string) {
	GinkgoHelper()
	w.rewrite(ctx, func(s *v1alpha1.ChinaAccountRegistrationStatus) { s.Filing.Digest = digest })
}

// rewrite changes status as no operator does; the operator's next write meets it.
func (w *world) rewrite(ctx context.Context, change func(*v1alpha1.ChinaAccountRegistrationStatus)) {
	GinkgoHelper()
	reg := w.get(ctx, "acme")
	before := reg.DeepCopy()
	change(&reg.Status)
	Expect(admin.Status().Patch(ctx, reg, client.MergeFrom(before))).To(Succeed())
}
