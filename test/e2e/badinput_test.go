// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("An object that cannot be valid", func() {
	DescribeTable("is refused at apply with the field and the reason", func(ctx SpecContext, spoil func(*v1alpha1.Dossier), words ...string) {
		w := newWorld(ctx)
		reg := w.registration("acme", "review")
		spoil(&reg.Spec.Dossier)
		output, err := applyYAML(ctx, reg)
		Expect(err).To(HaveOccurred())
		for _, word := range words {
			Expect(output).To(ContainSubstring(word))
		}
		Expect(client.IgnoreNotFound(admin.Get(ctx, client.ObjectKeyFromObject(reg), reg))).To(Succeed())
		Expect(reg.UID).To(BeEmpty(), "it is not there")
	},
		Entry("a credit code with a typing error", func(d *v1alpha1.Dossier) { d.Company.UnifiedSocialCreditCode = "91310000MA1K35Y39P" },
			"spec.dossier.company", "check character"),
		Entry("a mobile without its country code", func(d *v1alpha1.Dossier) { d.Contact.Mobile = "13876501234" },
			"spec.dossier.contact.mobile", "+86"),
		Entry("an agreement that is not accepted", func(d *v1alpha1.Dossier) { d.CustomerAgreement = "" },
			"spec.dossier.customerAgreement", "Required value"),
	)
})

var _ = Describe("A document that cannot be valid", func() {
	It("leaves the registration Pending with path and cure, and is filed once it is mended", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.apply(ctx, w.withCertificate(ctx, "office", map[string][]byte{"office": wordDocument()}))
		w.apply(ctx, w.withCertificate(ctx, "large", inParts("large", 11_000_000)))
		unlabelled := w.withCertificate(ctx, "unlabelled", map[string][]byte{"unlabelled": scan})
		w.label(ctx, "unlabelled", nil)
		w.apply(ctx, unlabelled)
		for name, finding := range map[string]struct{ code, path, cure string }{
			"office":     {"DocumentIsOffice", certificateFile, "must be jpg, jpeg, bmp, png or pdf: export it as PDF"},
			"large":      {"DocumentTooLarge", certificateFile, "smaller than 10 MB (10,000,000 bytes), its parts joined: scan it again in a lower resolution"},
			"unlabelled": {"SecretNotFound", certificateFile + ".parts[0]", `lacks the label ` + v1alpha1.SendToRegistrarLabel + `: "true"`},
		} {
			w.eventually(ctx, name, inPhase(pending), HaveField("Status.DossierLock", v1alpha1.DossierOpen),
				HaveField("Status.Awaiting", v1alpha1.PartyApplicant), requires(finding.code, at(finding.path), saying(finding.cure)))
			shown, err := kubectl(ctx, "", "describe", "car", name, "-n", w.namespace)
			Expect(err).NotTo(HaveOccurred(), shown)
			Expect(shown).To(And(ContainSubstring(finding.code), ContainSubstring(finding.path), ContainSubstring(finding.cure)))
		}
		Expect(w.gateway.counters()).To(And(HaveField("Filings", 0), HaveField("Requests", Not(HaveKey("fileAttempt")))))

		w.makeSecret(ctx, "office", map[string][]byte{"scan.png": scan})
		w.apply(ctx, w.withCertificate(ctx, "large", map[string][]byte{"small-1": scan[:20], "small-2": scan[20:]}))
		w.label(ctx, "unlabelled", map[string]string{v1alpha1.SendToRegistrarLabel: "true"})
		for _, name := range []string{"office", "large", "unlabelled"} {
			w.eventually(ctx, name, through(pending, submitted))
		}
		Expect(w.gateway.counters()).To(And(HaveField("Filings", 3), HaveField("Requests", HaveKeyWithValue("fileAttempt", 3))))
	})
})

var _ = Describe("A registrar that does not answer properly", func() {
	It("or too late, leaves the object where it was, and is told of on it and on the Registrar", func(ctx SpecContext) {
		w := newWorld(ctx, "--hold", "1m")
		w.operator = startOperator("--registrar-timeout", "2s")
		w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionTrue)
		w.holdsStill(ctx, registrar.FaultTimeout, "no whole answer within 2s")
	})

	DescribeTable("leaves the object where it was, and is told of on it and on the Registrar", func(ctx SpecContext, fault, words string) {
		runningWorld(ctx).holdsStill(ctx, fault, words)
	},
		Entry("but with a web page", registrar.FaultGarbage, "it answered 200 with something"),
		Entry("but hangs up after a while", registrar.FaultTimeout, "the connection broke off"),
		Entry("but that it is busy", registrar.Fault503, "it answered 503"),
	)
})

// holdsStill takes a registration into review, has the gateway fail, and sees that
// nothing moves until it answers properly again.
func (w *world) holdsStill(ctx context.Context, fault, words string) {
	GinkgoHelper()
	w.apply(ctx, w.registration("acme", "review"))
	w.eventually(ctx, "acme", inPhase(submitted))
	w.step(ctx, "acme")
	before := w.eventually(ctx, "acme", inPhase(underReview))

	w.gateway.faults(registrar.Fault{Kind: fault, Operations: []string{"getAttempt"}, RetryAfterSeconds: 1})
	w.annotate(ctx, "acme", v1alpha1.RefreshRequestedAtAnnotation) // or nobody would ask
	w.eventually(ctx, "acme", inPhase(underReview), locked(), requires(v1alpha1.RequirementRegistrarUnreachable, saying(words)),
		HaveField("Status.History", Equal(before.Status.History)))
	w.registrarSays(ctx, v1alpha1.ConditionResponding, metav1.ConditionFalse, words)

	w.gateway.faults()
	w.step(ctx, "acme")
	w.eventually(ctx, "acme", through(pending, submitted, underReview, verified))
	w.registrarSays(ctx, v1alpha1.ConditionResponding, metav1.ConditionTrue)
	Expect(w.gateway.counters().Filings).To(Equal(1))
}

const certificateFile = "spec.dossier.documents.businessCertificate.files[0]"

// withCertificate returns a registration whose certificate is one file of these
// Secrets, in the order of their names, which it makes.
func (w *world) withCertificate(ctx context.Context, name string, parts map[string][]byte) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	reg := w.registration(name, "review")
	file := v1alpha1.File{}
	for _, secret := range slices.Sorted(maps.Keys(parts)) {
		w.makeSecret(ctx, secret, map[string][]byte{"scan.png": parts[secret]})
		file.Parts = append(file.Parts, v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: secret, Key: "scan.png"}})
	}
	reg.Spec.Dossier.Documents.BusinessCertificate.Files = []v1alpha1.File{file}
	return reg
}

// label replaces a Secret's labels.
func (w *world) label(ctx context.Context, name string, labels map[string]string) {
	GinkgoHelper()
	secret := &corev1.Secret{}
	Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, secret)).To(Succeed())
	secret.Labels = labels
	Expect(admin.Update(ctx, secret)).To(Succeed())
}

// wordDocument is the least that a .docx holds.
func wordDocument() []byte {
	GinkgoHelper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"} {
		file, err := archive.Create(name)
		Expect(err).NotTo(HaveOccurred())
		_, err = file.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>`))
		Expect(err).NotTo(HaveOccurred())
	}
	Expect(archive.Close()).To(Succeed())
	return b.Bytes()
}

// inParts is a scan of so many bytes, cut into parts that a Secret can hold.
func inParts(name string, size int) map[string][]byte {
	whole := append(bytes.Clone(scan), make([]byte, size-len(scan))...)
	parts := map[string][]byte{}
	for part := range slices.Chunk(whole, 1_000_000) {
		parts[fmt.Sprintf("%s-%02d", name, len(parts))] = part
	}
	return parts
}
