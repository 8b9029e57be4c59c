// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/lives"
)

// newTeam is a namespace with a repository of its own, so that one spec's commits are not
// another's.
func newTeam(ctx context.Context, name string) *source {
	GinkgoHelper()
	Expect(floor.MakeNamespace(ctx, name)).To(Succeed())
	return newSource(ctx, name, "china-accounts")
}

// cast is the team's only registration.
func (s *source) cast() lives.Cast { return castOf(s.namespace, "acme", "silent") }

// sync commits the registration and has Flux apply it, and from then on its commits.
func (s *source) sync(ctx context.Context, edits ...func(*v1alpha1.ChinaAccountRegistration)) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	s.commit(manifest(s.cast(), edits...), secrets(s.cast())...)
	s.push(ctx)
	s.publish(ctx)
	reviewDoesNotBlock.sync(ctx, s.namespace, "acme")
	return s.eventually(ctx, inPhase(v1alpha1.PhaseSubmitted))
}

// change commits the registration anew and waits until Flux has dealt with that.
func (s *source) change(ctx context.Context, edits ...func(*v1alpha1.ChinaAccountRegistration)) kustomization {
	GinkgoHelper()
	s.commit(manifest(s.cast(), edits...), secrets(s.cast())...)
	s.push(ctx)
	return synced(ctx, s.namespace, "acme", s.publish(ctx))
}

func (s *source) eventually(ctx context.Context, matchers ...types.GomegaMatcher) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	return registration(ctx, s.namespace, "acme", matchers...)
}

var _ = Describe("A registration that Flux syncs", func() {
	It("waits for Secrets that something else delivers late, and then is healthy", func(ctx SpecContext) {
		of := newTeam(ctx, "team-late")
		of.commit(manifest(of.cast()))
		of.push(ctx)
		of.publish(ctx)
		asked := reviewDoesNotBlock.sync(ctx, of.namespace, "acme")
		waits(ctx, of.namespace, "acme")
		of.eventually(ctx, inPhase(v1alpha1.PhasePending), is(v1alpha1.ReasonSecretsMissing))
		for _, late := range secrets(of.cast()) {
			Expect(floor.Onlooker.Create(ctx, late.(*corev1.Secret))).To(Succeed())
		}
		Expect(asked.answered(ctx).verdict()).To(Equal(healthy))
		of.eventually(ctx, inPhase(v1alpha1.PhaseSubmitted))
	})

	It("shows what the API server says to a commit that edits a locked dossier, applies none of it, and goes on when it is reverted", func(ctx SpecContext) {
		of := newTeam(ctx, "team-locked")
		before := of.sync(ctx)
		of.commit(manifest(of.cast(), inAnotherStreet, asBasic), append(secrets(of.cast()), codes(of.cast()))...)
		of.push(ctx)
		refused := synced(ctx, of.namespace, "acme", of.publish(ctx))
		Expect(refused.ready()).To(And(HaveField("Status", metav1.ConditionFalse), HaveField("Reason", "ReconciliationFailed"),
			HaveField("Message", ContainSubstring("ChinaAccountRegistration/team-locked/acme dry-run failed (Invalid)")),
			HaveField("Message", ContainSubstring("spec.dossier: Forbidden: the dossier, the region and the registrar are locked while a filing is under way: wait for the registrar's decision, or set spec.withdrawAttempt to status.filing.attempt"))))
		Expect(of.eventually(ctx).Spec).To(Equal(before.Spec), "the support plan of the same commit was not applied either")
		gone(ctx, codes(of.cast())) // nor the Secret

		Expect(of.change(ctx, asBasic).verdict()).To(Equal(healthy), "what is not locked may change")
		Expect(of.eventually(ctx)).To(And(HaveField("UID", before.UID), HaveField("Spec.SupportPlan", BeEquivalentTo("Basic"))))
	})

	It("is filed again by the commit that mends what was rejected and says so", func(ctx SpecContext) {
		of := newTeam(ctx, "team-corrected")
		of.sync(ctx)
		decide(ctx, of.cast(), contract.Rejected)
		of.eventually(ctx, inPhase(v1alpha1.PhaseRejected))
		Expect(reconciled(ctx, of.namespace, "acme").verdict()).To(Equal(failed))

		Expect(of.change(ctx, inAnotherStreet).verdict()).To(Equal(failed), "a change alone files nothing")
		Expect(of.change(ctx, inAnotherStreet, resubmit).verdict()).To(Equal(healthy))
		of.eventually(ctx, inPhase(v1alpha1.PhaseSubmitted), HaveField("Status.Filing.Attempt", BeEquivalentTo(2)))
	})

	It("is withdrawn by a commit, to be filed with what was locked", func(ctx SpecContext) {
		of := newTeam(ctx, "team-moved")
		of.sync(ctx)
		of.change(ctx, withdraw)
		of.eventually(ctx, inPhase(v1alpha1.PhaseRejected))
		of.change(ctx, withdraw, inAnotherStreet, resubmit)
		of.eventually(ctx, inPhase(v1alpha1.PhaseSubmitted), HaveField("Status.Filing.Attempt", BeEquivalentTo(2)))
	})

	DescribeTable("goes with what is pruned, and its filing stays", func(ctx SpecContext, name string, remove func(context.Context, *source)) {
		of := newTeam(ctx, "team-"+name)
		of.sync(ctx)
		decide(ctx, of.cast(), contract.UnderReview)
		of.eventually(ctx, inPhase(v1alpha1.PhaseUnderReview))

		remove(ctx, of)
		for _, object := range append(secrets(of.cast()), manifest(of.cast())) {
			gone(ctx, object.(client.Object))
		}
		standing, err := floor.Gateway.Standing(ctx, of.cast().Key())
		Expect(err).NotTo(HaveOccurred())
		Expect(standing.Attempts).To(ConsistOf(HaveField("State", contract.UnderReview)))

		of.commit(manifest(of.cast()), secrets(of.cast())...)
		of.push(ctx)
		of.publish(ctx)
		reviewDoesNotBlock.sync(ctx, of.namespace, "acme")
		Expect(of.eventually(ctx, inPhase(v1alpha1.PhaseUnderReview)).Status.Filing.Attempt).To(BeEquivalentTo(1), "one that comes back joins its filing")
	},
		Entry("when its files are emptied", "pruned", func(ctx context.Context, of *source) {
			of.write("registrations/acme/registration.yaml")
			of.write("registrations/acme/secrets.yaml")
			of.push(ctx)
			of.publish(ctx)
		}),
		Entry("when its Kustomization is deleted", "deleted", func(ctx context.Context, of *source) {
			Expect(floor.Onlooker.Delete(ctx, kustomizationNamed(of.namespace, "acme"))).To(Succeed())
		}),
	)

	It("stays when its folder is removed: Flux then has nothing to apply", func(ctx SpecContext) {
		of := newTeam(ctx, "team-unfiled")
		of.sync(ctx)
		of.git(ctx, of.clone, "rm", "-r", "--quiet", "registrations/acme")
		of.write("README.md")
		of.push(ctx)
		of.publish(ctx)
		told := eventually(ctx, of.namespace, "acme", HaveField("Status.Conditions", ContainElement(HaveField("Reason", "ArtifactFailed"))))
		Expect(told.ready().Message).To(ContainSubstring("kustomization path not found"))
		of.eventually(ctx, inPhase(v1alpha1.PhaseSubmitted))
	})

	It("has what kubectl and the plugin wrote taken back, unless it is annotated to be merged", func(ctx SpecContext) {
		of := newTeam(ctx, "team-edited")
		of.sync(ctx)
		suspendByPlugin(ctx, of.cast())
		reconciled(ctx, of.namespace, "acme")
		Expect(of.eventually(ctx).Spec.Suspend).To(BeFalse())

		of.change(ctx, merged)
		suspendByPlugin(ctx, of.cast())
		reconciled(ctx, of.namespace, "acme")
		Expect(of.eventually(ctx).Spec.Suspend).To(BeTrue())
	})
})

// What force does is why the docs say never: it deletes for any answer "Invalid".
var _ = Describe("With force, against the docs", func() {
	force := func(ctx context.Context, name string, edits ...func(*v1alpha1.ChinaAccountRegistration)) (*source, *v1alpha1.ChinaAccountRegistration) {
		GinkgoHelper()
		of := newTeam(ctx, name)
		before := of.sync(ctx, edits...)
		reviewDoesNotBlock.sync(ctx, name, "acme", func(spec map[string]any) { spec["force"] = true }).answered(ctx)
		return of, before
	}

	It("an edit of a locked dossier makes another object, which says what was never filed", func(ctx SpecContext) {
		of, before := force(ctx, "team-recreated")
		of.change(ctx, inAnotherStreet)
		after := of.eventually(ctx, inPhase(v1alpha1.PhaseSubmitted), HaveField("UID", Not(Equal(before.UID))))
		Expect(after.Spec.Dossier.Company.Address.Street).To(Equal(anotherStreet))
		Expect(after.Status.Filing.Attempt).To(BeEquivalentTo(1))
		Expect(after.Status.Filing.FiledTime).To(Equal(before.Status.Filing.FiledTime), "nothing else was filed")
		Expect(after.Status.History).NotTo(Equal(before.Status.History), "what was before is lost")
	})

	It("the same edit withdraws the filing of one that is withdrawn when deleted", func(ctx SpecContext) {
		withdrawing := func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.DeletionPolicy = v1alpha1.DeletionWithdraw }
		of, _ := force(ctx, "team-withdrawn", withdrawing)
		of.change(ctx, withdrawing, inAnotherStreet)
		Eventually(func(g Gomega) {
			standing, err := floor.Gateway.Standing(ctx, of.cast().Key())
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(standing.Attempts).To(ContainElement(HaveField("State", contract.Withdrawn)))
		}).Should(Succeed())
	})

	It("a mistyped postal code deletes the registration, and none comes back", func(ctx SpecContext) {
		of, _ := force(ctx, "team-mistyped")
		told := of.change(ctx, func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Dossier.Company.Address.PostalCode = "000000" })
		Expect(told.ready().Message).To(ContainSubstring("must be a mainland postal code of 6 digits"))
		gone(ctx, manifest(of.cast()))
	})
})

const anotherStreet = "示例路2号"

func inAnotherStreet(reg *v1alpha1.ChinaAccountRegistration) {
	reg.Spec.Dossier.Company.Address.Street = anotherStreet
}

func asBasic(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.SupportPlan = "Basic" }

func resubmit(reg *v1alpha1.ChinaAccountRegistration) {
	reg.Spec.ResubmitAfterAttempt = new(int32(1))
}

func withdraw(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.WithdrawAttempt = new(int32(1)) }

func merged(reg *v1alpha1.ChinaAccountRegistration) {
	reg.Annotations = map[string]string{"kustomize.toolkit.fluxcd.io/ssa": "Merge"}
}

func suspendByPlugin(ctx context.Context, cast lives.Cast) {
	GinkgoHelper()
	plugin(ctx, "suspend", cast.Name, "-n", cast.Namespace)
	Expect(registration(ctx, cast.Namespace, cast.Name).Spec.Suspend).To(BeTrue())
}

func gone(ctx context.Context, object client.Object) {
	GinkgoHelper()
	Eventually(func() bool {
		return apierrors.IsNotFound(floor.Onlooker.Get(ctx, client.ObjectKeyFromObject(object), object))
	}).Should(BeTrue(), object.GetName())
}
