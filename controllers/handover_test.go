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
)

var _ = Describe("An active account", func() {
	It("is handed over in a ConfigMap that has all but the password", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate")
		reg := w.eventually(ctx, "acme", inPhase(active))
		id := reg.Status.Account.ID
		handed := w.handedOver(ctx, "acme", Not(BeNil()))
		Expect(handed.Data).To(Equal(map[string]string{
			"AWS_ACCOUNT_ID": id, "AWS_PARTITION": "aws-cn", "AWS_REGION": "cn-northwest-1", "AWS_ARN_PREFIX": "arn:aws-cn",
			"AWS_CONSOLE_URL": "https://console.amazonaws.cn/", "AWS_SIGN_IN_URL": "https://" + id + ".signin.amazonaws.cn/console/",
			"AWS_USER_NAME": "acmechina", "AWS_OPERATOR": "NWCD", "AWS_OPERATOR_HOTLINE": "1010 0966", "AWS_SUPPORT_PLAN": "Business",
		}))
		Expect(metav1.IsControlledBy(handed, reg)).To(BeTrue())
		Expect(metav1.GetControllerOf(handed).BlockOwnerDeletion).To(HaveValue(BeFalse()))
		Eventually(w.events, ctx).WithArguments(ctx).Should(ContainElement(And(HaveField("Reason", "Active"), HaveField("Note", ContainSubstring("ConfigMap acme-account hands it over")))))

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.SupportPlan = "Enterprise" })
		w.handedOver(ctx, "acme", HaveField("Data", HaveKeyWithValue("AWS_SUPPORT_PLAN", "Enterprise")))
	})

	It("has its ConfigMap restored when somebody edits, empties or deletes it, and keeps what others added", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(active))
		wanted := w.handedOver(ctx, "acme", Not(BeNil())).Data
		for _, spoil := range []func(*corev1.ConfigMap){
			func(c *corev1.ConfigMap) { c.Data["AWS_REGION"] = "us-east-1" },
			func(c *corev1.ConfigMap) { c.Data = nil },
			func(c *corev1.ConfigMap) { c.Labels = nil },
			func(c *corev1.ConfigMap) { c.OwnerReferences = nil },
		} {
			handed := w.handedOver(ctx, "acme", Not(BeNil()))
			spoil(handed)
			Expect(admin.Update(ctx, handed)).To(Succeed())
			w.handedOver(ctx, "acme", And(HaveField("Data", Equal(wanted)), HaveField("Labels", HaveKey(v1alpha1.ManagedByLabel)), HaveField("OwnerReferences", HaveLen(1))))
		}
		handed := w.handedOver(ctx, "acme", Not(BeNil()))
		handed.Data["TEAM"], handed.Labels["reconcile.fluxcd.io/watch"] = "retail", "Enabled"
		Expect(admin.Update(ctx, handed)).To(Succeed())
		Expect(admin.Delete(ctx, handed.DeepCopy())).To(Succeed())
		again := w.handedOver(ctx, "acme", HaveField("UID", Not(Equal(handed.UID))))
		Expect(again.Data).To(Equal(wanted))
		again.Data["TEAM"], again.Labels["reconcile.fluxcd.io/watch"] = "retail", "Enabled"
		Expect(admin.Update(ctx, again)).To(Succeed())
		w.refresh(ctx, "acme")
		w.handedOver(ctx, "acme", And(HaveField("Data", HaveKeyWithValue("TEAM", "retail")), HaveField("Labels", HaveKey("reconcile.fluxcd.io/watch"))))
	})

	It("leaves a ConfigMap alone that has its name, says so, and goes on when the name is free", func(ctx SpecContext) {
		w := runningWorld(ctx)
		taken := &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: "acme-account", Labels: map[string]string{v1alpha1.ManagedByLabel: v1alpha1.ManagedByOperator}},
			Data:       map[string]string{"theirs": "yes"},
		}
		Expect(admin.Create(ctx, taken)).To(Succeed())
		w.applyWithSecrets(ctx, "acme", "immediate")
		reg := w.eventually(ctx, "acme", inPhase(active), requires(v1alpha1.RequirementAccountConfigMapNameTaken, "metadata.name"), awaiting(v1alpha1.PartyNone),
			has(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonActive))
		Expect(reg.Status.Requirements).To(ContainElement(And(HaveField("Code", v1alpha1.RequirementAccountConfigMapNameTaken), HaveField("Severity", v1alpha1.SeverityWarning))))
		Expect(w.handedOver(ctx, "acme", Not(BeNil())).ResourceVersion).To(Equal(taken.ResourceVersion))
		Eventually(w.reasons(ctx)).Should(ContainElement(v1alpha1.RequirementAccountConfigMapNameTaken))

		Expect(admin.Delete(ctx, taken)).To(Succeed())
		w.handedOver(ctx, "acme", HaveField("Data", HaveKey("AWS_ACCOUNT_ID")))
		w.eventually(ctx, "acme", Not(requiresCode(v1alpha1.RequirementAccountConfigMapNameTaken)))
	})

	It("takes the ConfigMap of its earlier life, where nobody else does", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate")
		first := w.eventually(ctx, "acme", inPhase(active))
		w.handedOver(ctx, "acme", Not(BeNil()))
		w.delete(ctx, "acme") // no garbage is collected here: as with --cascade=orphan
		w.isGone(ctx, "acme")
		Eventually(w.reasons(ctx)).Should(ContainElement("AccountRetained"))
		w.apply(ctx, "acme", "immediate")
		second := w.eventually(ctx, "acme", inPhase(active))
		Expect(second.Status.Account.ID).To(Equal(first.Status.Account.ID))
		w.handedOver(ctx, "acme", HaveField("OwnerReferences", ConsistOf(HaveField("UID", second.UID))))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})
})

// handedOver waits until the account's ConfigMap matches, and returns it.
func (w *world) handedOver(ctx context.Context, name string, matcher matcher) *corev1.ConfigMap {
	GinkgoHelper()
	found := &corev1.ConfigMap{}
	Eventually(func(g Gomega) {
		g.Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name + "-account"}, found)).To(Succeed())
		g.Expect(found).To(matcher)
	}).Should(Succeed())
	return found.DeepCopy()
}
