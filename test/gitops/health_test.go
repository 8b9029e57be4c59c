// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"
	"sync"

	kstatus "github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/runtime/cel"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/lives"
)

const rowsNamespace = "rows"

// Every row has one registration for each variant, which Flux synced and the operator
// and the gateway brought there.
var _ = Describe("In each row of the table of conditions", Ordered, ContinueOnFailure, func() {
	var (
		says map[string]verdict
		late commits
	)

	BeforeAll(func(ctx SpecContext) {
		Expect(floor.MakeNamespace(ctx, rowsNamespace)).To(Succeed())
		of := newSource(ctx, rowsNamespace, "china-accounts")
		commitRows(ctx, of)
		syncRows(ctx, func(spec map[string]any) { spec["wait"] = false }) // on the way there
		driveRows(ctx)
		late = commitWhileFluxWaits(ctx)
		says = map[string]verdict{}
		for _, asked := range syncRows(ctx) {
			says[asked.name] = asked.answered(ctx).verdict()
		}
	})

	for _, r := range rows {
		It("Flux says "+string(r.notBlock)+" or "+string(r.gating)+": "+r.ofTheTable+" ("+r.name+")", func(ctx SpecContext) {
			for _, v := range variants {
				By(string(v))
				object := r.object(ctx, v)
				Expect(conditionsOf(object)).To(ConsistOf(r.conditions))
				Expect(withoutExpressions(object)).To(Equal(r.kstatus), "kstatus")
				Expect(byExpressions(ctx, v, object)).To(Equal(r.of(v)), "Flux' evaluator")
				Expect(says).To(HaveKeyWithValue(r.cast(v).Name, r.of(v)), "kustomize-controller")
			}
		})
	}

	It("a commit waits until Flux has waited for health, so that timeouts are short", func(ctx SpecContext) {
		Eventually(func(g Gomega) {
			k := observed(ctx, late.namespace, "acme")
			g.Expect(k.Status.LastAttemptedRevision).To(Equal(late.second))
			g.Expect(k.Status.History).To(ContainElement(And(
				HaveField("LastReconciledStatus", "HealthCheckFailed"), HaveField("Metadata", HaveKeyWithValue("revision", late.first)))))
		}).Should(Succeed())
	})

	It("activation-gates says what Flux finds out without expressions", func(ctx SpecContext) {
		for _, r := range rows {
			object := r.object(ctx, activationGates)
			Expect(byExpressions(ctx, activationGates, object)).To(Equal(withoutExpressions(object)), r.name)
		}
	})

	It("is in progress before the operator has seen the object or its last change", func(ctx SpecContext) {
		for _, v := range variants {
			for _, r := range rows {
				changed := r.object(ctx, v)
				changed.SetGeneration(changed.GetGeneration() + 1)
				Expect(byExpressions(ctx, v, changed)).To(Equal(waiting), r.name)
				Expect(withoutExpressions(changed)).To(Equal(waiting), r.name)
			}
			unseen := rows[0].object(ctx, v)
			Expect(unstructured.SetNestedMap(unseen.Object, map[string]any{"observedGeneration": int64(-1)}, "status")).To(Succeed())
			Expect(byExpressions(ctx, v, unseen)).To(Equal(waiting))
		}
	})
})

func (r row) cast(v variant) lives.Cast {
	return castOf(rowsNamespace, r.name+"-"+string(v)[:6], r.scenario)
}

func commitRows(ctx context.Context, of *source) {
	GinkgoHelper()
	for _, r := range rows {
		for _, v := range variants {
			reg, all := manifest(r.cast(v)), secrets(r.cast(v))
			if r.edit != nil {
				r.edit(reg)
			}
			if r.without {
				all = all[:len(all)-1]
			}
			of.commit(reg, all...)
		}
	}
	of.push(ctx)
	of.publish(ctx)
}

// syncRows has Flux look at all of them at the same time.
func syncRows(ctx context.Context, changes ...func(spec map[string]any)) []request {
	GinkgoHelper()
	var asked []request
	for _, r := range rows {
		for _, v := range variants {
			asked = append(asked, v.sync(ctx, rowsNamespace, r.cast(v).Name, changes...))
		}
	}
	return asked
}

func driveRows(ctx context.Context) {
	GinkgoHelper()
	var all sync.WaitGroup
	for _, r := range rows {
		for _, v := range variants {
			all.Go(func() {
				defer GinkgoRecover()
				r.drive(ctx, r.cast(v))
			})
		}
	}
	all.Wait()
}

// commits are two, of which the second comes while Flux waits for the account of the first.
type commits struct{ namespace, first, second string }

func commitWhileFluxWaits(ctx context.Context) commits {
	GinkgoHelper()
	of := newTeam(ctx, "team-waiting")
	of.commit(manifest(of.cast()), secrets(of.cast())...)
	of.push(ctx)
	first := of.publish(ctx)
	activationGates.sync(ctx, of.namespace, "acme")
	waits(ctx, of.namespace, "acme")
	of.commit(manifest(of.cast(), asBasic), secrets(of.cast())...)
	of.push(ctx)
	return commits{of.namespace, first, of.publish(ctx)}
}

// object is the row's registration as it is in the cluster.
func (r row) object(ctx context.Context, v variant) *unstructured.Unstructured {
	GinkgoHelper()
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("ChinaAccountRegistration"))
	Expect(floor.Onlooker.Get(ctx, client.ObjectKey{Namespace: rowsNamespace, Name: r.cast(v).Name}, object)).To(Succeed())
	return object
}

// conditionsOf are those that are True of the three that tools wait for.
func conditionsOf(object *unstructured.Unstructured) []string {
	GinkgoHelper()
	reg := &v1alpha1.ChinaAccountRegistration{}
	Expect(runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, reg)).To(Succeed())
	var held []string
	for _, kind := range []string{ready, reconciling, stalled} {
		if meta.IsStatusConditionTrue(reg.Status.Conditions, kind) {
			held = append(held, kind)
		}
	}
	return held
}

// withoutExpressions is what Flux makes of an object by itself.
func withoutExpressions(object *unstructured.Unstructured) verdict {
	GinkgoHelper()
	result, err := kstatus.Compute(object)
	Expect(err).NotTo(HaveOccurred())
	return verdict(result.Status)
}

// byExpressions is what Flux' own evaluator makes of it.
func byExpressions(ctx context.Context, v variant, object *unstructured.Unstructured) verdict {
	GinkgoHelper()
	evaluator, err := cel.NewStatusEvaluator(v.expressions())
	Expect(err).NotTo(HaveOccurred())
	result, err := evaluator.Evaluate(ctx, object)
	Expect(err).NotTo(HaveOccurred())
	return verdict(result.Status)
}
