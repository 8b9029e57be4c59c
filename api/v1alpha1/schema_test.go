// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

func loadCRD(plural string) *apiextensionsv1.CustomResourceDefinition {
	crd := &apiextensionsv1.CustomResourceDefinition{}
	load(filepath.Join(crdDir, "registration.chinaaccount.dev_"+plural+".yaml"), crd)
	return crd
}

func specSchema(plural string) apiextensionsv1.JSONSchemaProps {
	return loadCRD(plural).Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
}

// optionalFields are the paths of the registration's optional fields, outer ones
// first. Those inside of list items are none of them.
func optionalFields() []string {
	var found []string
	visit("spec", specSchema("chinaaccountregistrations"), func(path string, _ apiextensionsv1.JSONSchemaProps, required bool) {
		if !required && !strings.Contains(path, "[") {
			found = append(found, path)
		}
	})
	return found
}

// visit calls back for each field below a node, in the order of their names.
func visit(path string, node apiextensionsv1.JSONSchemaProps, each func(string, apiextensionsv1.JSONSchemaProps, bool)) {
	if node.Items != nil {
		visit(path+"[0]", *node.Items.Schema, each)
	}
	for _, name := range slices.Sorted(maps.Keys(node.Properties)) {
		field := path + "." + name
		each(field, node.Properties[name], slices.Contains(node.Required, name))
		visit(field, node.Properties[name], each)
	}
}

// leaves are the paths of all scalars at and below a value.
func leaves(path string, value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			found = append(found, leaves(path+"."+name, value[name])...)
		}
	case []any:
		for i := range value {
			found = append(found, leaves(fmt.Sprintf("%s[%d]", path, i), value[i])...)
		}
	default:
		found = []string{path}
	}
	return found
}

var _ = Describe("The fixture that the other tests change field by field", func() {
	It("has every field of the schema", func() {
		visit("spec", specSchema("chinaaccountregistrations"), func(path string, _ apiextensionsv1.JSONSchemaProps, _ bool) {
			Expect(get(full, path)).NotTo(BeNil(), path)
			Expect(get(other, path)).NotTo(BeNil(), path)
		})
	})

	It("differs from the other one at every leaf that can", func() {
		onlyOneValue := []string{"spec.dossier.customerAgreement", "spec.dossier.securityAdministrator.chineseProficiency", "spec.dossier.fapiao.type"}
		for _, path := range leaves("spec", full.Object["spec"]) {
			if slices.Contains(onlyOneValue, path) {
				continue
			}
			Expect(get(other, path)).NotTo(Equal(get(full, path)), path)
		}
	})

	It("has optional fields to leave out", func() {
		Expect(optionalFields()).To(ContainElements(
			"spec.dossier.company.creditCodeCheckCharacter", "spec.dossier.company.address.district",
			"spec.dossier.documents.businessCertificate.expiryDate", "spec.dossier.fapiao", "spec.dossier.fapiao.specialVAT",
			"spec.dossier.securityAdministrator.chineseProficiency", "spec.dossier.securityAdministrator.landline",
			"spec.registrarRef", "spec.suspend",
		))
	})
})
