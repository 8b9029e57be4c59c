// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// shape is a registration with some optional fields and not others.
type shape struct {
	name  string
	edits []edit
	base  object
}

func shapes() []shape {
	found := []shape{{"every optional field", nil, full}, {"no optional field", nil, minimal}}
	for _, field := range optionalWhereRulesLook() {
		found = append(found,
			shape{"every optional field but " + field, []edit{absence(field)}, full},
			shape{"no optional field but " + field, []edit{presence(field)}, minimal})
	}
	return found
}

// optionalWhereRulesLook are the optional fields of what the root rules compare.
func optionalWhereRulesLook() []string {
	return slices.DeleteFunc(optionalFields(), func(field string) bool {
		return slices.ContainsFunc(neverLocked, func(path string) bool { return strings.HasPrefix(field, path) })
	})
}

// A root rule runs on every write, whatever it changes. One that fails, or that
// errs on an absent field, would keep the operator from recording what happened.
var _ = Describe("No object is wedged: from the first look to Active, labels and status are written", func() {
	for _, shape := range shapes() {
		It("with "+shape.name, func(ctx SpecContext) {
			o := created(ctx, edited(shape.base, shape.edits...))
			for _, at := range life {
				Expect(writeStatus(ctx, o, at.status)).To(Succeed(), at.name)
				expectUnrelatedWritesToPass(ctx, o, at.name)
			}
		})
	}
})

func expectUnrelatedWritesToPass(ctx context.Context, o object, when string) {
	GinkgoHelper()
	now := current(ctx, o)
	Expect(admin.Update(ctx, now)).To(Succeed(), "the same again, %s", when)
	Expect(admin.Status().Update(ctx, now)).To(Succeed(), "the same status again, %s", when)
	Expect(admin.Patch(ctx, now, mergePatch(fields{"metadata": fields{
		"labels": fields{"seen": "yes"}, "annotations": fields{"note": when}, "finalizers": []string{"example.cn/held"},
	}}))).To(Succeed(), "metadata, %s", when)
}

var _ = Describe("An optional field of an open dossier is added and removed", func() {
	for _, field := range optionalWhereRulesLook() {
		if staysOnceFiled(variation{name: field}) {
			continue
		}
		It("again and again, in each phase: "+field, func(ctx SpecContext) {
			o := created(ctx, registration())
			for _, at := range life {
				Expect(writeStatus(ctx, o, at.status)).To(Succeed(), at.name)
				if get(current(ctx, o), "status.dossierLock") == "Locked" {
					continue
				}
				Expect(change(ctx, o, presence(field))).To(Succeed(), "added, %s", at.name)
				Expect(change(ctx, o, absence(field))).To(Succeed(), "removed, %s", at.name)
			}
		})
	}
})
