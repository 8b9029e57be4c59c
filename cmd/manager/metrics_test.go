// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func TestMetricsAreForAllUnlessTheyAreSecure(t *testing.T) {
	g := NewWithT(t)
	served, err := servedMetrics(&options{metricsAddress: ":8080"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(served.BindAddress).To(Equal(":8080"))
	g.Expect(served.SecureServing).To(BeFalse())

	served, err = servedMetrics(&options{metricsAddress: ":8443", metricsSecure: true})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(served.SecureServing).To(BeTrue())
	g.Expect(served.FilterProvider).NotTo(BeNil())
	g.Expect(served.CertDir).To(BeEmpty())
}

func TestMetricsHaveTheCertificateThatIsAskedFor(t *testing.T) {
	g, dir := NewWithT(t), t.TempDir()
	_, err := servedMetrics(&options{metricsCertDir: dir})
	g.Expect(err).To(And(MatchError(errUsage), MatchError(ContainSubstring("--metrics-secure"))))

	g.Expect(os.WriteFile(filepath.Join(dir, "tls.crt"), nil, 0o600)).To(Succeed())
	_, err = servedMetrics(&options{metricsSecure: true, metricsCertDir: dir})
	g.Expect(err).To(MatchError(ContainSubstring("tls.key")))

	g.Expect(os.WriteFile(filepath.Join(dir, "tls.key"), nil, 0o600)).To(Succeed())
	served, err := servedMetrics(&options{metricsSecure: true, metricsCertDir: dir})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(served.CertDir).To(Equal(dir))
}
