// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// added is a field that the next release brings, at the end of the CRD's spec.
const (
	addedBefore = "              suspend:\n"
	added       = "              inTheNextRelease:\n                type: string\n                maxLength: 10\n"
)

var _ = eachHelm("sees a release through its life", func(h helm) {
	Describe("with registrations in it", Ordered, func() {
		var uid string
		in := func(ctx context.Context, verb string, arguments ...string) string {
			GinkgoHelper()
			return h.does(ctx, append([]string{verb, release, "--namespace", systemNamespace}, arguments...)...)
		}
		registrationStays := func(ctx context.Context) {
			GinkgoHelper()
			Expect(kubectlDoes(ctx, "", "get", "car", "acme", "--output", "jsonpath={.metadata.uid}")).To(Equal(uid))
			Expect(kubectlDoes(ctx, "", "get", "registrar", "default", "--output", "jsonpath={.spec.type}")).To(Equal("Manual"))
		}
		knowsTheField := func(ctx context.Context) bool {
			GinkgoHelper()
			_, err := kubectl(ctx, "", "patch", "car", "acme", "--type", "merge", "--patch", `{"spec":{"inTheNextRelease":"yes"}}`, "--dry-run=server")
			return err == nil // an unknown field is a warning
		}

		BeforeAll(func() {
			startPlane()
			startNode()
		})

		It("is installed and waited for, with the kinds and the Registrar", func(ctx SpecContext) {
			said := in(ctx, "install", chart, "--create-namespace", "--wait")
			Expect(said).To(ContainSubstring("kubectl get registrars"))
			kubectlDoes(ctx, "", "apply", "-k", filepath.Join(root, "config", "samples"))
			uid = kubectlDoes(ctx, "", "get", "car", "acme", "--output", "jsonpath={.metadata.uid}")
			Expect(uid).NotTo(BeEmpty())
			registrationStays(ctx)
		})

		It("is upgraded to the same, and the Registrar becomes its own", func(ctx SpecContext) {
			in(ctx, "upgrade", chart)
			registrationStays(ctx)
			Expect(h.does(ctx, "get", "manifest", release, "--namespace", systemNamespace)).To(ContainSubstring("kind: Registrar"))
		})

		It("is upgraded to a release whose kinds have more", func(ctx SpecContext) {
			Expect(knowsTheField(ctx)).To(BeFalse())
			in(ctx, "upgrade", nextRelease(), "--wait")
			Eventually(knowsTheField).WithContext(ctx).Should(BeTrue())
			registrationStays(ctx)
		})

		It("is rolled back to its first revision", func(ctx SpecContext) {
			in(ctx, "rollback", "1")
			Eventually(knowsTheField).WithContext(ctx).Should(BeFalse())
			registrationStays(ctx)
		})

		It("is uninstalled, and everything of its users stays", func(ctx SpecContext) {
			in(ctx, "uninstall")
			registrationStays(ctx)
			Expect(kubectlDoes(ctx, "", "get", "deployments,roles,clusterroles,validatingadmissionpolicies", "--all-namespaces",
				"--selector", "app.kubernetes.io/part-of=china-account-operator", "--output", "name")).To(BeEmpty())
		})

		It("is installed again, and takes up what stayed", func(ctx SpecContext) {
			in(ctx, "install", chart)
			registrationStays(ctx)
		})

		It("is uninstalled with all that it brought, where that was asked for", func(ctx SpecContext) {
			Expect(in(ctx, "upgrade", chart, "--set", "crds.keep=false")).To(ContainSubstring("deletes the CRDs and ALL registrations"))
			in(ctx, "uninstall")
			Eventually(func() string {
				output, _ := kubectl(ctx, "", "get", "crds", "--output", "name")
				return output
			}).WithContext(ctx).Should(BeEmpty())
		})
	})
})

// nextRelease is the chart with a higher version and a field more in its CRD.
func nextRelease() string {
	GinkgoHelper()
	next := filepath.Join(GinkgoT().TempDir(), "china-account-operator")
	Expect(os.CopyFS(next, os.DirFS(chart))).To(Succeed())
	replace(filepath.Join(next, "Chart.yaml"), "version: 0.1.0", "version: 0.2.0")
	replace(filepath.Join(next, "files", "crds", "registration.chinaaccount.dev_chinaaccountregistrations.yaml"), addedBefore, added+addedBefore)
	return next
}

func replace(path, from, to string) {
	GinkgoHelper()
	content, err := os.ReadFile(path)
	Expect(err).NotTo(HaveOccurred())
	Expect(strings.Contains(string(content), from)).To(BeTrue(), from)
	Expect(os.WriteFile(path, []byte(strings.ReplaceAll(string(content), from, to)), 0o600)).To(Succeed())
}
