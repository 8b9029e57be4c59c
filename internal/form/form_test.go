// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package form

import (
	"reflect"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// leaves are the paths of all values under t, and what the API knows of their choices.
func leaves(t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[v1alpha1.SecretKeySource]() {
		return []string{path}
	}
	var all []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		all = append(all, leaves(t.Field(i).Type, path+"."+name)...)
	}
	return all
}

func TestEveryValueOfADossierHasItsPlaceInTheForm(t *testing.T) {
	has := map[string]bool{
		// Lifts a check of the operator's, and is not filed.
		"spec.dossier.company.creditCodeCheckCharacter": true,
	}
	for _, section := range Sections() {
		for _, field := range section.Fields {
			if has[field.Path] {
				t.Errorf("%s is there twice", field.Path)
			}
			has[field.Path] = true
		}
	}
	for _, path := range leaves(reflect.TypeFor[v1alpha1.Dossier](), "spec.dossier") {
		if !has[path] {
			t.Errorf("the form lacks %s", path)
		}
		delete(has, path)
	}
	delete(has, "spec.region")
	if len(has) > 0 {
		t.Errorf("no dossier has %v", has)
	}
}

func TestEverythingHasANameInBothLanguages(t *testing.T) {
	each(func(f Field) {
		for _, words := range append([]Words{f.Words}, choicesOf(f)...) {
			if words.English == "" || words.Chinese == "" {
				t.Errorf("%s is called %q and %q", f.Path, words.English, words.Chinese)
			}
		}
	})
}

func choicesOf(f Field) []Words {
	var all []Words
	for _, words := range f.Choices {
		all = append(all, words)
	}
	return all
}

func TestAPathIsCalledAfterItsField(t *testing.T) {
	for path, want := range map[string]Words{
		"spec.dossier.company.legalName":                                            {"Legal name", "公司名称"},
		"spec.dossier.documents.businessCertificate.files":                          {"Scan of the business certificate", "企业证件扫描件"},
		"spec.dossier.documents.identification.files[1].parts[0]":                   {"Scan of the ID, file 2", "身份证件扫描件，第2个文件"},
		"spec.dossier.securityAdministrator.identification.numberFrom.secretKeyRef": {"Number of the ID", "身份证件号码"},
		`spec.supplementaryDocuments[?(@.challengeID=="documents-1")]`:              {"Documents asked for by the reviewer", "审核人员要求的补充材料"},
		"spec.registrarRef.name":                                                    {"Registrar", "注册机构"},
	} {
		if got, found := NameOf(path); !found || got != want {
			t.Errorf("%s is called %v", path, got)
		}
	}
	for _, path := range []string{"", "spec", "spec.dossier.company.legalNames", "status.phase", "spec.dossier"} {
		if got, found := NameOf(path); found {
			t.Errorf("%q is called %v", path, got)
		}
	}
}
