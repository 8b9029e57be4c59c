// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

var _ = Describe("The fleet of docs/fleet.md", func() {
	It("is thirty registrations from one base, each with an address, a code and a name of its own", func(ctx SpecContext) {
		output, err := kubectl(ctx, "create", "namespace", "example-group")
		Expect(err).NotTo(HaveOccurred(), output)
		output, err = kubectl(ctx, "apply", "--server-side", "-k", "samples/fleet")
		Expect(err).NotTo(HaveOccurred(), output)

		fleet := &v1alpha1.ChinaAccountRegistrationList{}
		Expect(admin.List(ctx, fleet, client.InNamespace("example-group"))).To(Succeed())
		Expect(fleet.Items).To(HaveLen(30))
		keys, codes, users, scans := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
		for i := range fleet.Items {
			reg := &fleet.Items[i]
			d := reg.Spec.Dossier
			certificate := d.Documents.BusinessCertificate.Files[0].Parts[0].SecretKeyRef
			keys[registrar.Key(reg.Spec.Region, d.Account.Email)] = true
			codes[string(d.Company.UnifiedSocialCreditCode)] = true
			users[d.Account.Username] = true
			scans[certificate.Name] = true
			Expect(certificate.Name).To(HavePrefix(reg.Name), "the Secret that `attach` makes")
			Expect(findingsWithoutSecrets(reg)).To(BeEmpty(), reg.Name)
		}
		for _, distinct := range []map[string]bool{keys, codes, users, scans} {
			Expect(distinct).To(HaveLen(30))
		}
	})
})

// findingsWithoutSecrets are those on what the object says itself.
func findingsWithoutSecrets(reg *v1alpha1.ChinaAccountRegistration) []preflight.Finding {
	d := reg.Spec.Dossier
	unread := []string{"spec.dossier.securityAdministrator.identification.numberFrom"}
	for path, files := range map[string][]v1alpha1.File{"businessCertificate": d.Documents.BusinessCertificate.Files, "identification": d.Documents.Identification.Files} {
		for i, file := range files {
			for j := range file.Parts {
				unread = append(unread, fmt.Sprintf("spec.dossier.documents.%s.files[%d].parts[%d]", path, i, j))
			}
		}
	}
	return preflight.Check(preflight.Material{Registration: reg, Unread: unread}, time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC))
}
