// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// judgement is what both say of a dossier.
type judgement struct {
	Code     string
	Severity v1alpha1.Severity
	Path     string
	Message  string
}

var _ = Describe("The offline check", func() {
	It("says of a bad dossier what the operator says, word for word, and nothing of one that is filed", func(ctx SpecContext) {
		w := runningWorld(ctx)
		bad := w.registration("acme", "review")
		d := &bad.Spec.Dossier
		d.Documents.BusinessCertificate.ExpiryDate = "2001-12-31"
		d.SecurityAdministrator.ChineseProficiency = ""
		d.Contact.Email = "another@qq.com"
		secrets := w.secretsInFiles(map[string][]byte{
			"acme-identity/number":         []byte("11010519491231002"),
			"acme-identity-front/scan.jpg": scan[:len(scan)/2],
			"acme-identity-back/scan.jpg":  []byte("a text"),
			"acme-license-1/scan.pdf":      wordDocument(),
			"acme-license-2/scan.pdf":      {},
		})
		for _, secret := range secrets {
			Expect(admin.Create(ctx, secret.DeepCopy())).To(Succeed())
		}
		applied, err := applyYAML(ctx, bad)
		Expect(err).NotTo(HaveOccurred(), applied)
		shown := w.eventually(ctx, "acme", inPhase(pending), requires("CertificateExpired", at("spec.dossier.documents.businessCertificate.expiryDate")))
		var online []judgement
		for _, q := range shown.Status.Requirements {
			online = append(online, judgement{q.Code, q.Severity, q.Path, q.Message})
		}
		offline, exit := w.checkOffline(ctx, bad, secrets)
		Expect(exit).To(Equal(1))
		Expect(offline).To(ConsistOf(online))
		Expect(offline).To(HaveLen(7))

		good := w.registration("bohai", "review")
		var mended []*corev1.Secret
		for name, data := range sampleSecrets() {
			for key, value := range data {
				mended = append(mended, w.secretsInFiles(map[string][]byte{name + "/" + key: value})...)
			}
		}
		offline, exit = w.checkOffline(ctx, good, mended)
		Expect(exit).To(BeZero(), "%v", offline)
		Expect(offline).To(BeEmpty())
	})
})

// secretsInFiles are Secrets of one key each, by name/key.
func (w *world) secretsInFiles(content map[string][]byte) []*corev1.Secret {
	var secrets []*corev1.Secret
	for path, value := range content {
		name, key := filepath.Split(path)
		secret := &corev1.Secret{Data: map[string][]byte{key: value}}
		secret.APIVersion, secret.Kind = "v1", "Secret"
		secret.Namespace, secret.Name = w.namespace, filepath.Clean(name)
		secret.Labels = map[string]string{v1alpha1.SendToRegistrarLabel: "true"}
		secrets = append(secrets, secret)
	}
	return secrets
}

// checkOffline runs kubectl china-account check on files of these objects, with nothing
// of the cluster at hand.
func (w *world) checkOffline(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, secrets []*corev1.Secret) ([]judgement, int) {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	reg.APIVersion, reg.Kind = v1alpha1.GroupVersion.String(), "ChinaAccountRegistration"
	content, err := yaml.Marshal(reg)
	Expect(err).NotTo(HaveOccurred())
	for _, secret := range secrets {
		document, err := yaml.Marshal(secret)
		Expect(err).NotTo(HaveOccurred())
		content = slices.Concat(content, []byte("---\n"), document)
	}
	Expect(os.WriteFile(filepath.Join(dir, "all.yaml"), content, 0o600)).To(Succeed())

	command := exec.CommandContext(ctx, plane.Kubectl(), "china-account", "check", "-f", dir, "-o", "json")
	command.Env = []string{"PATH=" + filepath.Join(root, "bin") + ":" + os.Getenv("PATH"), "HOME=" + dir, "KUBECONFIG=/dev/null"}
	output, err := command.Output()
	if err != nil {
		Expect(err).To(BeAssignableToTypeOf(&exec.ExitError{}), "%s", output)
	}
	var printed struct{ Findings []judgement }
	Expect(json.Unmarshal(output, &printed)).To(Succeed(), "%s", output)
	return printed.Findings, command.ProcessState.ExitCode()
}
