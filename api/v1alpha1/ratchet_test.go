// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// yesterdaysGroup has a copy of the registration's CRD that starts without rules.
const yesterdaysGroup = "yesterday.chinaaccount.dev"

// violation is what an object may hold that was stored before a rule was made.
type violation struct {
	edits []edit
	// field is blamed when it becomes worse, if there is something worse; mended
	// is a good value for it.
	field         string
	worse, mended any
}

// violations has one for each rule on a value.
func violations() map[string]violation {
	found := map[string]violation{
		"the check character": {[]edit{set(codeField, oneOffCode)}, codeField, "91310000MA1K35Y38R", companysCode},
		"the fapiao union": {
			[]edit{set("spec.dossier.fapiao", fields{"type": "SpecialVAT"})}, specialVATField, nil, get(full, specialVATField),
		},
		"the code's alphabet":     {[]edit{set(codeField, "91310000ma1k35y38p")}, codeField, "91310000ma1k35y38q", companysCode},
		"the code's authority":    {[]edit{set(codeField, "94310000MA1K35Y38P"), set(checkField, "Waived")}, codeField, "94310000MA1K35Y38Q", companysCode},
		"the code's region":       {[]edit{set(codeField, "91810000MA1K35Y38P"), set(checkField, "Waived")}, codeField, "91820000MA1K35Y38P", companysCode},
		"the code's organisation": {[]edit{set(codeField, "91310000MA1K35Y48P"), set(checkField, "Waived")}, codeField, "91310000MA1K35Y58P", companysCode},
	}
	for _, rule := range dossierValues {
		for _, field := range rule.fields {
			bad := rule.refused[len(rule.refused)-2:]
			found[rule.kind+" at "+field] = violation{[]edit{set(field, bad[0])}, field, bad[1], rule.taken[0]}
		}
	}
	return found
}

var _ = Describe("An object from before a rule", Ordered, func() {
	objects := map[string]object{}

	BeforeAll(func(ctx SpecContext) {
		install(ctx, withoutRules)
		for name, violation := range violations() {
			o := fullRegistration(append(violation.edits, func(o object) { o.SetAPIVersion(yesterdaysGroup + "/v1alpha1") })...)
			Eventually(func() error { var err error; objects[name], err = create(ctx, o); return err }, patience).Should(Succeed(), name)
			Expect(writeStatus(ctx, objects[name], fields{"phase": "Pending", "dossierLock": "Open"})).To(Succeed(), name)
		}
		install(ctx, func(*apiextensionsv1.JSONSchemaProps) {})
		lastRuleIn := objects["phone on a special VAT invoice at "+specialVATField+".registeredPhone"]
		Eventually(func() error {
			return wouldChange(ctx, lastRuleIn, set(specialVATField+".registeredPhone", ""))
		}, patience).ShouldNot(Succeed())
	})

	for name, violation := range violations() {
		It("takes labels, status and changes elsewhere, and can be mended: "+name, func(ctx SpecContext) {
			o := objects[name]
			expectUnrelatedWritesToPass(ctx, o, "with a value from before the rule")
			Expect(change(ctx, o, set("spec.suspend", false), set("spec.dossier.documents.businessCertificate.type", "Others"),
				set("spec.dossier.securityAdministrator.name", "陈宁"))).To(Succeed())
			if violation.worse != nil {
				Expect(wouldChange(ctx, o, set(violation.field, violation.worse))).To(
					beRefusedAlsoFor(violation.field, invalid, ""))
			}
			Expect(wouldChange(ctx, o, set(violation.field, violation.mended))).To(Succeed())
			Expect(writeStatus(ctx, o, fields{"dossierLock": "Locked", "filing": intent})).To(Succeed())
			Expect(writeStatus(ctx, o, fields{"phase": "Active", "filing": filed, "account": activated})).To(Succeed())
			expectUnrelatedWritesToPass(ctx, o, "once active")
		})
	}
})

// install puts up the registration's CRD in yesterday's group, its schema edited.
func install(ctx SpecContext, edit func(*apiextensionsv1.JSONSchemaProps)) {
	GinkgoHelper()
	crd := loadCRD("chinaaccountregistrations")
	crd.Name, crd.Spec.Group = crd.Spec.Names.Plural+"."+yesterdaysGroup, yesterdaysGroup
	crd.Spec.Names.ShortNames, crd.Spec.Names.Categories = nil, nil
	edit(crd.Spec.Versions[0].Schema.OpenAPIV3Schema)
	before := &apiextensionsv1.CustomResourceDefinition{}
	if err := admin.Get(ctx, client.ObjectKeyFromObject(crd), before); err == nil {
		crd.ResourceVersion = before.ResourceVersion
		Expect(admin.Update(ctx, crd)).To(Succeed())
		return
	}
	Expect(admin.Create(ctx, crd)).To(Succeed())
}

// withoutRules takes all CEL out of a schema.
func withoutRules(node *apiextensionsv1.JSONSchemaProps) {
	node.XValidations = nil
	if node.Items != nil {
		withoutRules(node.Items.Schema)
	}
	for name, property := range node.Properties {
		withoutRules(&property)
		node.Properties[name] = property
	}
}
