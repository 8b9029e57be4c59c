// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"testing"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestEachSceneAppliesARegistrationOfTheAPIsFields(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			g := NewWithT(t)
			values := newStage(s, nil, nil, documents{}).values
			values.ResubmitAfterAttempt = 1
			values.Supplement = &supplement{"documents-1", secretKey{"letter", "letter.pdf"}}
			path, err := writeManifest(t.TempDir(), "registration.yaml", "registration.yaml", values)
			g.Expect(err).NotTo(HaveOccurred())
			content, err := os.ReadFile(path)
			g.Expect(err).NotTo(HaveOccurred())
			reg := &v1alpha1.ChinaAccountRegistration{}
			g.Expect(yaml.UnmarshalStrict(content, reg)).To(Succeed())
			g.Expect(reg.Name).To(Equal(s.name))
			g.Expect(reg.Spec.SupplementaryDocuments).To(HaveLen(1))
		})
	}
}
