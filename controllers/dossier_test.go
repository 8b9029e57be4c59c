// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"bytes"
	"image"
	"image/png"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const licensePart = "spec.dossier.documents.businessCertificate.files[0].parts[0]"

var _ = Describe("The dossier of a registration", func() {
	DescribeTable("waits for a Secret, and does not tell why it cannot be read", func(ctx SpecContext, deliver func(*world) *corev1.Secret) {
		w := runningWorld(ctx)
		w.makeSecrets(ctx)
		Expect(admin.Delete(ctx, w.released("license", nil))).To(Succeed())
		if made := deliver(w); made != nil {
			Expect(admin.Create(ctx, made)).To(Succeed())
		}
		w.apply(ctx, "acme", "immediate")
		reg := w.eventually(ctx, "acme", inPhase(pending), lock(v1alpha1.DossierOpen), awaiting(v1alpha1.PartyApplicant),
			requires(v1alpha1.RequirementSecretNotFound, licensePart),
			has(v1alpha1.ConditionPreflightPassed, metav1.ConditionFalse, v1alpha1.ReasonSecretsMissing),
			has(v1alpha1.ConditionReconciling, metav1.ConditionTrue, v1alpha1.ReasonSecretsMissing), lacks(v1alpha1.ConditionStalled))
		Expect(reg.Status.Requirements[0].Message).To(Equal(
			`Secret "license" with key "scan" is not there, or lacks the label registration.chinaaccount.dev/send-to-registrar: "true". It is looked for again.`))
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())

		w.makeSecret(ctx, "license", map[string][]byte{"scan": scan})
		w.eventually(ctx, "acme", inPhase(active))
	},
		Entry("that is absent", func(*world) *corev1.Secret { return nil }),
		Entry("without the label", func(w *world) *corev1.Secret {
			secret := w.released("license", map[string][]byte{"scan": scan})
			secret.Labels = nil
			return secret
		}),
		Entry("without the key", func(w *world) *corev1.Secret {
			return w.released("license", map[string][]byte{"another": scan})
		}),
	)

	DescribeTable("stays Pending with path and cure while a document is bad, and is filed when it is mended",
		func(ctx SpecContext, secret, key, content, code, path, cure string) {
			w := runningWorld(ctx)
			w.makeSecrets(ctx)
			data := w.secret(ctx, w.namespace, secret).Data
			good := data[key]
			data[key] = []byte(content)
			w.makeSecret(ctx, secret, data)
			w.apply(ctx, "acme", "immediate")
			reg := w.eventually(ctx, "acme", inPhase(pending), requires(code, path), awaiting(v1alpha1.PartyApplicant),
				has(v1alpha1.ConditionPreflightPassed, metav1.ConditionFalse, v1alpha1.ReasonPreflightFailed),
				has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed), lacks(v1alpha1.ConditionReconciling))
			Expect(reg.Status.Requirements[0].Message).To(ContainSubstring(cure))
			Expect(reg.Status.Filing).To(BeNil())
			Expect(w.gateway.requests("fileAttempt")()).To(BeZero())
			Eventually(w.reasons(ctx)).Should(ContainElement(code))

			data[key] = good
			w.makeSecret(ctx, secret, data)
			w.eventually(ctx, "acme", inPhase(active), has(v1alpha1.ConditionPreflightPassed, metav1.ConditionTrue, v1alpha1.ReasonPassed))
			Expect(count(w.reasons(ctx)(), code)).To(Equal(1), "told once, however often it was looked at")
		},
		Entry("of another format", "license", "scan", "GIF89a", "DocumentIsGIF",
			"spec.dossier.documents.businessCertificate.files[0]", "must be jpg, jpeg, bmp, png or pdf: save it as PNG"),
		Entry("cut", "license", "scan", string(scan[:len(scan)/2]), "DocumentTruncated",
			"spec.dossier.documents.businessCertificate.files[0]", "the file ends too early"),
		Entry("blank", "identity", "front", blank(), "DocumentBlank",
			"spec.dossier.documents.identification.files[0]", "nothing can be seen on it"),
		Entry("empty", "identity", "back", "", "DocumentEmpty",
			"spec.dossier.documents.identification.files[1]", "put the scan into the Secret again"),
		Entry("an ID number that is mistyped", "identity", "number", "110105194912310021", "ResidentIDCheckFailed",
			"spec.dossier.securityAdministrator.identification.numberFrom", "compare the Secret's content with the card"),
	)

	It("has one requirement a finding, files nothing, and is filed at once when it is mended and a look is asked for", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.makeSecrets(ctx)
		w.makeSecret(ctx, "identity", map[string][]byte{"number": []byte("11010519491231002"), "front": scan[:len(scan)/2], "back": []byte("a text")})
		w.makeSecret(ctx, "license", map[string][]byte{"scan": []byte(blank())})
		w.apply(ctx, "acme", "immediate", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = "2001-12-31"
		})
		reg := w.eventually(ctx, "acme", inPhase(pending), awaiting(v1alpha1.PartyApplicant), lock(v1alpha1.DossierOpen),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed))
		var due []string
		for _, q := range reg.Status.Requirements {
			due = append(due, q.Code)
		}
		Expect(due).To(ConsistOf("ResidentIDMalformed", "DocumentTruncated", "DocumentFormatNotAccepted", "DocumentBlank", "CertificateExpired"))
		Eventually(w.reasons(ctx)).Should(ContainElements(due))
		Expect(w.gateway.counters()).To(HaveField("Filings", 0))
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())

		w.makeSecrets(ctx)
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = ""
		})
		w.refresh(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active), onlyKeepsDocuments())
		Expect(w.gateway.counters()).To(HaveField("Filings", 1))
	})

	It("shows a warning once, and is filed all the same", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.SecurityAdministrator.ChineseProficiency = ""
		})
		w.eventually(ctx, "acme", inPhase(submitted))
		w.reach(ctx, "acme", underReview)
		Expect(count(w.reasons(ctx)(), "ChineseProficiencyNotAttested")).To(Equal(1))
	})

	It("joins a file from its parts, and judges the whole", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.makeSecrets(ctx)
		w.makeSecret(ctx, "part", map[string][]byte{"p": make([]byte, 950_000)})
		w.makeSecret(ctx, "halves", map[string][]byte{"first": scan[:500], "second": scan[500:]})
		parts := []v1alpha1.SecretKeySource{secretKey("license", "scan")}
		for len(parts) < 12 {
			parts = append(parts, secretKey("part", "p"))
		}
		w.apply(ctx, "acme", "immediate", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Documents.BusinessCertificate.Files[0].Parts = parts
		})
		w.eventually(ctx, "acme", inPhase(pending), requires("DocumentTooLarge", "spec.dossier.documents.businessCertificate.files[0]"))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Documents.BusinessCertificate.Files[0].Parts = []v1alpha1.SecretKeySource{secretKey("halves", "second"), secretKey("halves", "first")}
		})
		w.eventually(ctx, "acme", inPhase(pending), requires("DocumentFormatNotAccepted", "spec.dossier.documents.businessCertificate.files[0]"))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Spec.Dossier.Documents.BusinessCertificate.Files[0].Parts = []v1alpha1.SecretKeySource{secretKey("halves", "first"), secretKey("halves", "second")}
		})
		w.eventually(ctx, "acme", inPhase(active))
	})

	It("makes the sign-in Secret before the filing, names its filing, and never changes it", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		reg := w.eventually(ctx, "acme", inPhase(submitted))
		made := w.secret(ctx, w.namespace, "acme-signin")
		Expect(made.Annotations).To(HaveKeyWithValue(v1alpha1.FilingKeyAnnotation, reg.Status.Filing.Key))
		Expect(made.Data).To(And(HaveKey(v1alpha1.PasswordKey), HaveKeyWithValue(v1alpha1.UsernameKey, []byte("acmechina"))))
		Expect(made.OwnerReferences).To(BeEmpty(), "it outlives the registration")
		Expect(made.CreationTimestamp.Time).NotTo(BeTemporally(">", reg.Status.Filing.FiledTime.Time))

		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		w.apply(ctx, "acme", "review")
		w.reach(ctx, "acme", active)
		Expect(w.secret(ctx, w.namespace, "acme-signin").ResourceVersion).To(Equal(made.ResourceVersion))
	})

	It("leaves another's Secret of the sign-in's name alone, and says how to go on", func(ctx SpecContext) {
		w := runningWorld(ctx)
		Expect(admin.Create(ctx, &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: "acme-signin"}, Data: map[string][]byte{"other": []byte("kept")},
		})).To(Succeed())
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementSignInSecretNameTaken, "metadata.name"),
			has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed))
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())

		w.makeSecret(ctx, "chosen", map[string][]byte{"password": []byte(chosenPassword)})
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) {
			source := secretKey("chosen", "password")
			reg.Spec.PasswordFrom = &source
		})
		w.eventually(ctx, "acme", inPhase(active))
		Expect(w.secret(ctx, w.namespace, "acme-signin").Data).To(Equal(map[string][]byte{"other": []byte("kept")}))
	})

	It("waits for the password that it names, and makes none", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate", func(reg *v1alpha1.ChinaAccountRegistration) {
			source := secretKey("chosen", "password")
			reg.Spec.PasswordFrom = &source
		})
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementSecretNotFound, "spec.passwordFrom"))
		w.makeSecret(ctx, "chosen", map[string][]byte{"password": []byte(chosenPassword)})
		w.eventually(ctx, "acme", inPhase(active))
		err := admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: "acme-signin"}, &corev1.Secret{})
		Expect(client.IgnoreNotFound(err)).To(Succeed())
		Expect(err).To(HaveOccurred())
	})
})

// blank is a scan on which nothing can be seen.
func blank() string {
	var b bytes.Buffer
	Expect(png.Encode(&b, image.NewGray(image.Rect(0, 0, 800, 800)))).To(Succeed())
	return b.String()
}
