// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

const (
	sampleName = "acme"
	// sampleAgent is who reports in the samples.
	sampleAgent = "agent-zhang"
)

var _ = Describe("The samples", Ordered, func() {
	BeforeAll(func(ctx SpecContext) {
		output, err := kubectl(ctx, "apply", "--server-side", "-k", "samples")
		Expect(err).NotTo(HaveOccurred(), output)
	})

	It("hold a registration that finds all it names in the sample Secrets", func(ctx SpecContext) {
		read := sampleDossier(ctx)
		Expect(read.Missing).To(BeEmpty())
		Expect(read.Documents).To(HaveLen(3))
	})

	It("pass preflight but for the scans, so that a sample is never filed", func(ctx SpecContext) {
		read := sampleDossier(ctx)
		material := read.Material(sampleRegistration(ctx))
		Expect(preflight.Check(material, time.Date(2026, 9, 30, 1, 0, 0, 0, time.UTC))).To(
			And(HaveLen(3), HaveEach(HaveField("Code", preflight.CodeDocumentFormatNotAccepted))))
	})

	It("hold no verification code that a registrar could be sent", func(ctx SpecContext) {
		applied(ctx, "secret_codes.yaml")
		for _, challenge := range []v1alpha1.ChallengeType{v1alpha1.ChallengeEmailCode, v1alpha1.ChallengePhoneCode} {
			code, found, err := dossier.NewLoader(admin).LoadCode(ctx, sampleRegistration(ctx), challenge)
			Expect(err).NotTo(HaveOccurred())
			Expect(found).To(BeTrue())
			Expect(code).To(HavePrefix("SAMPLE"))
		}
	})

	It("hold a Registrar of type Gateway, and its token in the operator's namespace", func(ctx SpecContext) {
		applied(ctx, "registrar_gateway.yaml")
	})

	It("hold reports that an agent may create in their own name, on the sample registration's filing", func(ctx SpecContext) {
		bind(ctx, "china-account-filing-agent", sampleAgent)
		for _, name := range []string{"claimed", "submitted", "rejected", "verified", "active"} {
			Eventually(ctx, func() (string, error) { return report(ctx, name, sampleAgent) }, patience).Should(ContainSubstring("created"), name)
		}
		reports := &v1alpha1.FilingReportList{}
		Expect(admin.List(ctx, reports, client.InNamespace(metav1.NamespaceDefault))).To(Succeed())
		filed := sampleRegistration(ctx).Spec
		Expect(reports.Items).To(And(HaveLen(5),
			HaveEach(HaveField("Spec.FilingKey", registrar.Key(filed.Region, filed.Dossier.Account.Email)))))
	})

	It("hold reports that another agent may not create", func(ctx SpecContext) {
		const other = "agent-wang"
		bind(ctx, "china-account-filing-agent", other)
		Eventually(ctx, func() string {
			output, _ := report(ctx, "claimed", other, "--dry-run=server")
			return output
		}, patience).Should(ContainSubstring("must be your own user name"))
	})
})

func sampleRegistration(ctx SpecContext) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	registration := &v1alpha1.ChinaAccountRegistration{}
	Expect(admin.Get(ctx, client.ObjectKey{Namespace: metav1.NamespaceDefault, Name: sampleName}, registration)).To(Succeed())
	return registration
}

func sampleDossier(ctx SpecContext) *dossier.Dossier {
	GinkgoHelper()
	read, err := dossier.NewLoader(admin).Load(ctx, sampleRegistration(ctx))
	Expect(err).NotTo(HaveOccurred())
	return read
}

func applied(ctx SpecContext, file string) {
	GinkgoHelper()
	output, err := kubectl(ctx, "apply", "--server-side", "-f", filepath.Join("samples", file))
	Expect(err).NotTo(HaveOccurred(), output)
}

// report creates a sample report as the user.
func report(ctx SpecContext, name, user string, more ...string) (string, error) {
	file := filepath.Join("samples", "filingreport_"+name+".yaml")
	return kubectl(ctx, append([]string{"create", "-f", file, "--as", user}, more...)...)
}
