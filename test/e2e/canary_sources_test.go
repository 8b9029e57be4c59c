// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// audited are the lines of the audit log about the world.
func (w *world) audited() []byte {
	GinkgoHelper()
	content, err := os.ReadFile(auditLog)
	Expect(err).NotTo(HaveOccurred())
	var ours []byte
	for line := range bytes.Lines(content) {
		if bytes.Contains(line, []byte(w.namespace)) {
			ours = append(ours, line...)
		}
	}
	return withoutEcho(ours)
}

// errorTexts are what kubectl and the plugin say of what is wrong, but for the values
// that the API server repeats to whoever applied them.
func (w *world) errorTexts(ctx context.Context) []byte {
	GinkgoHelper()
	texts, spoils := "", []func(*v1alpha1.Dossier){
		func(d *v1alpha1.Dossier) { d.Contact.Mobile = v1alpha1.MobileNumber(contactMobile[3:]) },
		func(d *v1alpha1.Dossier) { d.SecurityAdministrator.Email = officerName },
		func(d *v1alpha1.Dossier) {
			d.Company.UnifiedSocialCreditCode = v1alpha1.UnifiedSocialCreditCode(creditCode[:17] + "1")
		},
		func(d *v1alpha1.Dossier) { d.Company.Address.PostalCode = street },
	}
	for _, spoil := range spoils {
		reg := w.registration("echo", "review")
		spoil(&reg.Spec.Dossier)
		output, err := applyYAML(ctx, reg)
		Expect(err).To(HaveOccurred())
		Expect(output).To(ContainSubstring("Invalid value"))
		texts += output
	}
	dir := GinkgoT().TempDir()
	for _, object := range w.secretsInFiles(map[string][]byte{"bad/number": []byte(idNumber[:17] + "1"), "bad/scan": append(wordDocument(), scanMark...)}) {
		writeYAML(filepath.Join(dir, object.Name+".yaml"), object)
	}
	bad := w.badDossier("danyang")
	bad.APIVersion, bad.Kind = v1alpha1.GroupVersion.String(), "ChinaAccountRegistration"
	writeYAML(filepath.Join(dir, "registration.yaml"), bad)
	for _, format := range [][]string{nil, {"-o", "json"}} {
		check := run("kubectl-china_account", append([]string{"check", "-f", dir}, format...)...)
		Expect(said(check)).To(ContainSubstring("CertificateExpired"))
		texts += said(check)
	}
	return withoutEcho([]byte(texts))
}

func writeYAML(path string, object any) {
	GinkgoHelper()
	content, err := yaml.Marshal(object)
	Expect(err).NotTo(HaveOccurred())
	Expect(os.WriteFile(path, content, 0o600)).To(Succeed())
}

// startVerboseOperator logs as much as it may. Its log counts as no usual one.
func startVerboseOperator(metrics string) *operator {
	GinkgoHelper()
	log, err := os.Create(filepath.Join(logDir, fmt.Sprintf("verbose-manager-%d.log", processes.Add(1))))
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(log.Close)
	return &operator{launch("manager", log, slices.Concat([]string{
		"--kubeconfig", operatorKubeconfig, "--health-probe-bind-address", "0", "--metrics-bind-address", metrics,
		"--zap-log-level", verbosity, "--registrar-timeout", "1s",
	}, watched(), quick)...)}
}

// freeAddress is one that nobody listens on: the operator does not tell which port it
// chose for metrics.
func freeAddress() string {
	GinkgoHelper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	defer listener.Close()
	return listener.Addr().String()
}

// numbers are the samples of the Go runtime and the process, which have any value.
var numbers = regexp.MustCompile(`(?m)^(go|process)_.*$`)

func scrape(address string) []byte {
	GinkgoHelper()
	response, err := http.Get("http://" + address + "/metrics")
	Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(content).To(ContainSubstring("china_account"))
	return numbers.ReplaceAll(content, nil)
}
