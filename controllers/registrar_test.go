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
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("The Registrar of a registration", func() {
	It("is waited for while there is none, and used as soon as it is ready", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.startOperator(withPacing(idle))
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementRegistrarNotFound, "spec.registrarRef"),
			has(v1alpha1.ConditionReconciling, metav1.ConditionTrue, v1alpha1.RequirementRegistrarNotFound))
		w.makeRegistrar(ctx)
		w.eventually(ctx, "acme", inPhase(active))
	})

	DescribeTable("must be meant for the registration", func(ctx SpecContext, exclude func(*v1alpha1.Registrar), word string) {
		w := newWorld(ctx)
		w.makeRegistrar(ctx, exclude)
		w.startOperator()
		w.applyWithSecrets(ctx, "acme", "immediate")
		reg := w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementRegistrarNotUsable, "spec.registrarRef"),
			awaiting(v1alpha1.PartyApplicant), has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed))
		Expect(reg.Status.Requirements[0].Message).To(ContainSubstring(word))
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())
		w.patchRegistrar(ctx, func(r *v1alpha1.Registrar) {
			r.Spec.Regions, r.Spec.NamespaceSelector = nil, &metav1.LabelSelector{MatchLabels: w.own()}
		})
		w.eventually(ctx, "acme", inPhase(active))
	},
		Entry("and serve its Region", func(r *v1alpha1.Registrar) { r.Spec.Regions = []v1alpha1.Region{v1alpha1.RegionBeijing} }, "does not serve cn-northwest-1"),
		Entry("and allow its namespace", func(r *v1alpha1.Registrar) {
			r.Spec.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"world": "another"}}
		}, "may not be used from this namespace"),
	)

	It("may be deleted and come back while a filing is under way", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		Expect(admin.DeleteAllOf(ctx, &v1alpha1.Registrar{}, w.own())).To(Succeed())
		w.eventually(ctx, "acme", inPhase(underReview), requires(v1alpha1.RequirementRegistrarNotFound, "spec.registrarRef"), lock(v1alpha1.DossierLocked))
		w.step(ctx, "acme")
		w.makeRegistrar(ctx)
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active), onlyKeepsDocuments())
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	DescribeTable("is not ready, with the cure, and its token is sent nowhere",
		func(ctx SpecContext, spoil func(*corev1.Secret), cure string) {
			w := newWorld(ctx)
			if spoil != nil {
				w.makeToken(ctx, spoil)
			}
			Expect(admin.Create(ctx, w.registrar())).To(Succeed())
			w.startOperator()
			object := w.registrarIs(ctx, metav1.ConditionFalse)
			Expect(condition(object.Status.Conditions, v1alpha1.ConditionReady)).To(And(
				HaveField("Reason", "Refused"), HaveField("Message", ContainSubstring(cure))))
			w.applyWithSecrets(ctx, "acme", "immediate")
			reg := w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementRegistrarNotReady, "spec.registrarRef"),
				has(v1alpha1.ConditionReconciling, metav1.ConditionTrue, v1alpha1.RequirementRegistrarNotReady))
			Expect(reg.Status.Requirements[0].Message).To(ContainSubstring(cure))
			Expect(w.gateway.counters().Requests).To(BeEmpty())

			Expect(client.IgnoreNotFound(admin.Delete(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.system, Name: w.namespace}}))).To(Succeed())
			w.makeToken(ctx)
			w.probeAgain(ctx)
			w.eventually(ctx, "acme", inPhase(active))
		},
		Entry("without the token's Secret", nil, "there is none: create it with type registration.chinaaccount.dev/gateway-token"),
		Entry("where the Secret is of another type", func(s *corev1.Secret) { s.Type = corev1.SecretTypeOpaque }, "its type must be registration.chinaaccount.dev/gateway-token"),
		Entry("where the Secret names another host", func(s *corev1.Secret) { s.Data[v1alpha1.GatewayHostKey] = []byte("gateway.example.cn") }, "the token may be sent to \"gateway.example.cn\" only"),
		Entry("where the Secret names no host", func(s *corev1.Secret) { delete(s.Data, v1alpha1.GatewayHostKey) }, "set its key host"),
	)

	DescribeTable("says what is wrong with the gateway", func(ctx SpecContext, spoil func(*v1alpha1.Registrar), fault *registrar.Fault, reason, word string) {
		w := newWorld(ctx)
		if fault != nil {
			w.gateway.faults(*fault)
		}
		w.makeRegistrar(ctx, spoil)
		w.startOperator()
		object := w.registrarIs(ctx, metav1.ConditionFalse)
		Expect(condition(object.Status.Conditions, v1alpha1.ConditionReady)).To(And(
			HaveField("Reason", reason), HaveField("Message", ContainSubstring(word)), HaveField("ObservedGeneration", object.Generation)))
	},
		Entry("that nobody vouches for", func(r *v1alpha1.Registrar) { r.Spec.Gateway.CABundle = nil }, nil, "Refused", "signed by an authority that is not trusted"),
		Entry("that does not take the token", as, &registrar.Fault{Kind: registrar.Fault401}, "Refused", "it does not take our token"),
		Entry("that fails", as, &registrar.Fault{Kind: registrar.Fault500}, "Unreachable", "it answered 500"),
		Entry("that sends elsewhere", as, &registrar.Fault{Kind: registrar.FaultRedirect}, "Invalid", "redirects are not followed"),
		Entry("that is a web page", as, &registrar.Fault{Kind: registrar.FaultGarbage}, "Invalid", "GET status"),
	)

	It("by hand is ready at once", func(ctx SpecContext) {
		w := newWorld(ctx)
		w.makeManual(ctx)
		w.startOperator()
		Expect(condition(w.registrarIs(ctx, metav1.ConditionTrue).Status.Conditions, v1alpha1.ConditionReady).Reason).To(Equal(v1alpha1.ReasonByHand))
	})
})

// as is a Registrar as it is.
func as(*v1alpha1.Registrar) {}

func (w *world) patchRegistrar(ctx context.Context, change func(*v1alpha1.Registrar)) {
	GinkgoHelper()
	object := &v1alpha1.Registrar{}
	Expect(admin.Get(ctx, client.ObjectKey{Name: w.namespace}, object)).To(Succeed())
	before := object.DeepCopy()
	change(object)
	Expect(admin.Patch(ctx, object, client.MergeFrom(before))).To(Succeed())
}

// probeAgain changes the spec to no effect, which has the gateway probed at once.
func (w *world) probeAgain(ctx context.Context) {
	GinkgoHelper()
	w.patchRegistrar(ctx, func(r *v1alpha1.Registrar) {
		r.Spec.Regions = []v1alpha1.Region{v1alpha1.RegionBeijing, v1alpha1.RegionNingxia}
	})
}

// makeManual makes the world's Registrar one by hand.
func (w *world) makeManual(ctx context.Context) {
	GinkgoHelper()
	Expect(admin.Create(ctx, &v1alpha1.Registrar{
		ObjectMeta: metav1.ObjectMeta{Name: w.namespace, Labels: w.own()},
		Spec:       v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarManual},
	})).To(Succeed())
}
