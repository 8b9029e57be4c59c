// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const statusField = "status.phase"

var noneAndAllPhases = append([]v1alpha1.RegistrationPhase{""}, v1alpha1.Phases()...)

var _ = Describe("The phase", func() {
	for _, from := range noneAndAllPhases {
		for _, to := range v1alpha1.Phases() {
			name := fmt.Sprintf("from %s to %s", named(from), to)
			if from.CanBecome(to) {
				It("goes "+name, func(ctx SpecContext) {
					o := reach(ctx, registration(), from)
					Expect(writeStatus(ctx, o, fields{"phase": to})).To(Succeed())
					Expect(get(current(ctx, o), statusField)).To(BeEquivalentTo(to))
				})
				continue
			}
			It("does not go "+name, func(ctx SpecContext) {
				o := reach(ctx, registration(), from)
				Expect(writeStatus(ctx, o, fields{"phase": to})).To(
					beRefusedFor(statusField, forbidden, "this phase does not follow from the one before"))
			})
		}
	}

	It("is one of the six", func(ctx SpecContext) {
		o := reach(ctx, registration(), v1alpha1.PhasePending)
		Expect(writeStatus(ctx, o, fields{"phase": "Approved"})).To(beRefusedFor(statusField, enum, `"Approved"`))
	})
})

func named(phase v1alpha1.RegistrationPhase) string {
	if phase == "" {
		return "none"
	}
	return string(phase)
}

// unsettings are the ways to write a status without a phase.
var unsettings = map[string]func(context.Context, object) error{
	"a replaced status without it": func(ctx context.Context, o object) error {
		return admin.Status().Update(ctx, edited(current(ctx, o), without(statusField)))
	},
	"a replaced status that is empty": func(ctx context.Context, o object) error {
		return admin.Status().Update(ctx, edited(current(ctx, o), set("status", fields{})))
	},
	"a write without any status": func(ctx context.Context, o object) error {
		return admin.Status().Update(ctx, edited(current(ctx, o), without("status")))
	},
	"a merge patch to null": func(ctx context.Context, o object) error {
		return writeStatus(ctx, o, fields{"phase": nil})
	},
	"a merge patch of all status to null": func(ctx context.Context, o object) error {
		return admin.Status().Patch(ctx, o.DeepCopy(), mergePatch(fields{"status": nil}))
	},
	"a JSON patch that removes it": func(ctx context.Context, o object) error {
		return admin.Status().Patch(ctx, o.DeepCopy(), jsonPatch(fields{"op": "remove", "path": "/status/phase"}))
	},
	"a JSON patch that removes all status": func(ctx context.Context, o object) error {
		return admin.Status().Patch(ctx, o.DeepCopy(), jsonPatch(fields{"op": "remove", "path": "/status"}))
	},
}

var _ = Describe("A phase that was reached", func() {
	for _, phase := range v1alpha1.Phases() {
		for way, unset := range unsettings {
			It(fmt.Sprintf("%s is not unset by %s", phase, way), func(ctx SpecContext) {
				o := reach(ctx, registration(), phase)
				Expect(unset(ctx, o)).To(beRefusedFor(statusField, forbidden, "status.phase is never unset"))
				Expect(get(current(ctx, o), statusField)).To(BeEquivalentTo(phase))
			})
		}
	}

	It("is not replaced by a JSON patch that removes it first", func(ctx SpecContext) {
		o := reach(ctx, registration(), v1alpha1.PhaseActive)
		Expect(admin.Status().Patch(ctx, o.DeepCopy(), jsonPatch(
			fields{"op": "remove", "path": "/status"},
			fields{"op": "add", "path": "/status", "value": fields{"phase": "Pending"}},
		))).To(beRefusedFor(statusField, forbidden, "does not follow"))
	})

	It("is not dropped by the owner who applies a status without it", func(ctx SpecContext) {
		o := created(ctx, registration())
		Expect(applyStatus(ctx, o, fields{"phase": "Pending", "awaiting": "Applicant"})).To(Succeed())
		Expect(applyStatus(ctx, o, fields{"awaiting": "Applicant"})).To(
			beRefusedFor(statusField, forbidden, "status.phase is never unset"))
	})

	It("is out of reach for who writes the object itself", func(ctx SpecContext) {
		o := reach(ctx, registration(), v1alpha1.PhaseRejected)
		Expect(change(ctx, o, set(statusField, "Active"), set("spec.suspend", true))).To(Succeed())
		Expect(change(ctx, o, without("status"), set("spec.suspend", false))).To(Succeed())
		Expect(admin.Patch(ctx, o.DeepCopy(), mergePatch(fields{"status": nil}))).To(Succeed())
		Expect(get(current(ctx, o), statusField)).To(Equal("Rejected"))
	})

	It("does not come with the object that is created", func(ctx SpecContext) {
		o := created(ctx, registration(set("status", fields{"phase": "Active", "observedGeneration": 1})))
		Expect(get(current(ctx, o), "status")).To(Equal(fields{"observedGeneration": int64(-1)}))
	})
})

var _ = Describe("A status without a phase", func() {
	It("may be written, also as nothing, before the first phase", func(ctx SpecContext) {
		o := created(ctx, registration())
		for _, write := range []string{"a replaced status that is empty", "a write without any status", "a merge patch to null"} {
			Expect(unsettings[write](ctx, o)).To(Succeed(), write)
		}
		Expect(writeStatus(ctx, o, fields{"phase": "Pending"})).To(Succeed())
	})
})

// applyStatus applies server-side, as the sole owner of what is in status.
func applyStatus(ctx context.Context, o object, status fields) error {
	applied := &unstructured.Unstructured{Object: fields{"status": status}}
	applied.SetGroupVersionKind(o.GroupVersionKind())
	applied.SetNamespace(o.GetNamespace())
	applied.SetName(o.GetName())
	return admin.Status().Apply(ctx, client.ApplyConfigurationFromUnstructured(applied), client.FieldOwner("operator"))
}
