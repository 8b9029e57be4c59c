// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// These tests hold the JSON schemas of this folder against the samples with kubeconform,
// and run what docs/editors.md has one type.
package schemas_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/test/env"
)

const location = "config/schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"

// project is where the commands of the docs are run.
func project(t *testing.T) string {
	t.Helper()
	root, err := env.Root()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return root
}

// tool is a program that make builds.
func tool(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(project(t), "bin", name)
	NewWithT(t).Expect(path).To(BeARegularFile(), "`make bin/%s` builds it", name)
	return path
}

// judge has kubeconform say what it thinks of a manifest.
func judge(t *testing.T, manifest string) (string, error) {
	t.Helper()
	command := exec.Command(tool(t, "kubeconform"), "-strict", "-summary", "-skip", "Secret", "-schema-location", location)
	command.Dir = project(t)
	command.Stdin = strings.NewReader(manifest)
	said, err := command.CombinedOutput()
	return string(said), err
}

func sample(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(project(t), "config", "samples", name))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return string(content)
}

func TestEverySampleOfOursIsValid(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(project(t), "config", "samples", "*.yaml"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	judged := 0
	for _, path := range paths {
		for document := range strings.SplitSeq(sample(t, filepath.Base(path)), "\n---\n") {
			if !strings.Contains(document, "\napiVersion: registration.chinaaccount.dev/") {
				continue // Kubernetes' own kinds
			}
			judged++
			t.Run(filepath.Base(path), func(t *testing.T) {
				NewWithT(t).Expect(judge(t, document)).To(ContainSubstring("Valid: 1, Invalid: 0, Errors: 0, Skipped: 0"))
			})
		}
	}
	NewWithT(t).Expect(judged).To(BeNumerically(">=", 7), "a registration, a Registrar and five reports")
}

func TestAMistakeIsRefusedByName(t *testing.T) {
	tests := map[string]struct{ file, old, new, says string }{
		"a mistyped field":            {"registration.yaml", "      email: cloud@", "      emial: cloud@", "at '/spec/dossier/account': additional properties 'emial' not allowed"},
		"a value that is not one":     {"registration.yaml", "type: BusinessLicense", "type: BusinessLicence", "at '/spec/dossier/documents/businessCertificate/type': value must be one of"},
		"a field that is missing":     {"registration.yaml", "  region: cn-northwest-1", "", "at '/spec': missing property 'region'"},
		"a number for a text":         {"registration.yaml", "registrarRef: {name: default}", "registrarRef: {name: 3}", "at '/spec/registrarRef/name': got number, want string"},
		"no version of the kind":      {"registration.yaml", "/v1alpha1", "/v1alpha9", "could not find schema for ChinaAccountRegistration"},
		"a mistyped field, Registrar": {"registrar_gateway.yaml", "\n  gateway:", "\n  gatewya:", "additional properties 'gatewya' not allowed"},
		"a mistyped field, report":    {"filingreport_claimed.yaml", "attempt:", "atempt:", "additional properties 'atempt' not allowed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			manifest := sample(t, test.file)
			g.Expect(manifest).To(ContainSubstring(test.old))
			said, err := judge(t, strings.Replace(manifest, test.old, test.new, 1))
			g.Expect(err).To(HaveOccurred())
			g.Expect(said).To(ContainSubstring(test.says))
		})
	}
}
