// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	dossierField = "spec.dossier"
	lockedCure   = "wait for the registrar's decision, or set spec.withdrawAttempt to status.filing.attempt"
)

// variation is one change to a registration.
type variation struct {
	name          string
	before, after []edit
}

// variations change each leaf at and below a path, add and remove each optional
// field, and make each list longer or shorter.
func variations(path string) []variation {
	found := append(changedLeaves(path), resizedLists(path, get(full, path))...)
	for _, field := range optionalFields() {
		if field == path || strings.HasPrefix(field, path+".") {
			present, absent := presence(field), absence(field)
			found = append(found,
				variation{field + " is removed", nil, []edit{absent}},
				variation{field + " is added", []edit{absent}, []edit{present}})
		}
	}
	return found
}

func changedLeaves(path string) []variation {
	var found []variation
	for _, leaf := range leaves(path, get(full, path)) {
		if get(other, leaf) != get(full, leaf) {
			found = append(found, variation{leaf + " is changed", nil, []edit{set(leaf, get(other, leaf))}})
		}
	}
	return found
}

func resizedLists(path string, value any) []variation {
	var found []variation
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			found = append(found, resizedLists(path+"."+name, field)...)
		}
	case []any:
		found = append(found, variation{path + " is longer", nil, []edit{set(path, append(slices.Clone(value), get(other, path+"[0]")))}})
		if len(value) > 1 {
			found = append(found, variation{path + " is shorter", nil, []edit{set(path, value[1:])}})
		}
	}
	return found
}

// specialVATField stands or falls with the type of the invoice.
const specialVATField = "spec.dossier.fapiao.specialVAT"

func presence(field string) edit {
	if field == specialVATField {
		return set("spec.dossier.fapiao", get(full, "spec.dossier.fapiao"))
	}
	return set(field, get(full, field))
}

func absence(field string) edit {
	if field == specialVATField {
		return set("spec.dossier.fapiao", fields{"type": "Ordinary"})
	}
	return without(field)
}

// isNoChange tells whether a field is added or removed that has its default in
// the fixture.
func isNoChange(v variation) bool {
	field := "spec.dossier.company.creditCodeCheckCharacter"
	return v.name == field+" is removed" || v.name == field+" is added"
}

var _ = Describe("A locked dossier", func() {
	for _, path := range []string{"spec.dossier", "spec.region", "spec.registrarRef"} {
		for _, variation := range variations(path) {
			if isNoChange(variation) {
				continue
			}
			It("stays: refused where "+variation.name, func(ctx SpecContext) {
				o := locked(ctx, fullRegistration(variation.before...))
				Expect(change(ctx, o, variation.after...)).To(beRefusedAlsoFor(dossierField, forbidden, lockedCure))
			})
		}
	}

	It("stays for every way of writing", func(ctx SpecContext) {
		o := locked(ctx, registration())
		street := fields{"spec": fields{"dossier": fields{"company": fields{"address": fields{"street": "世纪大道200号"}}}}}
		Expect(admin.Patch(ctx, o.DeepCopy(), mergePatch(street))).To(beRefusedFor(dossierField, forbidden, lockedCure))
		Expect(admin.Patch(ctx, o.DeepCopy(), jsonPatch(fields{
			"op": "replace", "path": "/spec/dossier/company/address/street", "value": "世纪大道200号",
		}))).To(beRefusedFor(dossierField, forbidden, lockedCure))
	})

	It("takes the explicit default of an absent field for no change", func(ctx SpecContext) {
		o := locked(ctx, registration())
		Expect(change(ctx, o,
			set("spec.registrarRef", fields{"name": "default"}),
			set("spec.dossier.fapiao", fields{"type": "None"}),
			set("spec.dossier.company.creditCodeCheckCharacter", "Enforced"),
		)).To(Succeed())
		Expect(change(ctx, o,
			without("spec.registrarRef"), without("spec.dossier.fapiao"), without("spec.dossier.company.creditCodeCheckCharacter"),
		)).To(Succeed())
	})

	It("opens again when the operator says so, and closes again", func(ctx SpecContext) {
		o := locked(ctx, registration())
		rename := set("spec.dossier.contact.name", "赵强")
		Expect(wouldChange(ctx, o, rename)).To(beRefusedFor(dossierField, forbidden, lockedCure))
		Expect(writeStatus(ctx, o, fields{"dossierLock": "Open"})).To(Succeed())
		Expect(wouldChange(ctx, o, rename)).To(Succeed())
		Expect(writeStatus(ctx, o, fields{"dossierLock": "Locked"})).To(Succeed())
		Expect(wouldChange(ctx, o, rename)).To(beRefusedFor(dossierField, forbidden, lockedCure))
		Expect(writeStatus(ctx, o, fields{"dossierLock": nil})).To(Succeed())
		Expect(wouldChange(ctx, o, rename)).To(Succeed())
	})

	It("is not opened by who edits it: their status is not taken", func(ctx SpecContext) {
		o := locked(ctx, registration())
		Expect(change(ctx, o, set("status.dossierLock", "Open"), set("spec.dossier.contact.name", "赵强"))).To(
			beRefusedFor(dossierField, forbidden, lockedCure))
	})

	It("is Open or Locked", func(ctx SpecContext) {
		o := created(ctx, registration())
		Expect(writeStatus(ctx, o, fields{"dossierLock": "Ajar"})).To(beRefusedFor("status.dossierLock", enum, `"Ajar"`))
	})
})

var _ = Describe("An open dossier", func() {
	for _, path := range []string{"spec.dossier", "spec.region", "spec.registrarRef"} {
		for _, variation := range variations(path) {
			It("changes where "+variation.name, func(ctx SpecContext) {
				o := created(ctx, fullRegistration(variation.before...))
				Expect(wouldChange(ctx, o, variation.after...)).To(Succeed(), "no lock")
				Expect(writeStatus(ctx, o, fields{"phase": v1alpha1.PhasePending, "dossierLock": v1alpha1.DossierOpen})).To(Succeed())
				Expect(change(ctx, o, variation.after...)).To(Succeed(), "Open")
			})
		}
	}
})

// neverLocked are the fields beside the dossier, all of them optional.
var neverLocked = []string{
	"spec.supplementaryDocuments", "spec.passwordFrom", "spec.supportPlan", "spec.verificationCodesSecretRef",
	"spec.resubmitAfterAttempt", "spec.withdrawAttempt", "spec.suspend", "spec.deletionPolicy",
}

var _ = Describe("While the dossier is locked", func() {
	It("all of spec is either locked or listed as never locked", func() {
		for name := range get(full, "spec").(map[string]any) {
			Expect(append([]string{"spec.dossier", "spec.region", "spec.registrarRef"}, neverLocked...)).To(ContainElement("spec." + name))
		}
	})

	for _, path := range neverLocked {
		for _, variation := range variations(path) {
			It("the rest may change where "+variation.name, func(ctx SpecContext) {
				o := locked(ctx, fullRegistration(variation.before...))
				Expect(writeStatus(ctx, o, fields{"filing": filed})).To(Succeed())
				Expect(change(ctx, o, variation.after...)).To(Succeed())
			})
		}
	}

	It("labels, annotations and finalizers are added, changed and removed", func(ctx SpecContext) {
		o := locked(ctx, registration())
		for _, value := range []any{"one", "two", nil} {
			Expect(admin.Patch(ctx, o.DeepCopy(), mergePatch(fields{"metadata": fields{
				"labels":      fields{"team": value},
				"annotations": fields{v1alpha1.RefreshRequestedAtAnnotation: value},
			}}))).To(Succeed())
		}
		for _, finalizers := range []any{[]string{v1alpha1.WithdrawFinalizer}, []string{v1alpha1.WithdrawFinalizer, "example.cn/other"}, nil} {
			Expect(admin.Patch(ctx, o.DeepCopy(), mergePatch(fields{"metadata": fields{"finalizers": finalizers}}))).To(Succeed())
		}
	})

	It("the object can be deleted", func(ctx SpecContext) {
		o := locked(ctx, registration())
		Expect(admin.Delete(ctx, o)).To(Succeed())
	})
})
