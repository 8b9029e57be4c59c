// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("A Secret that its owner did not release", func() {
	It("is not sent out, wherever a registration names it, until it is", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.makeSecret(ctx, "another", map[string][]byte{"value": scan})
		w.label(ctx, "another", map[string]string{v1alpha1.SendToRegistrarLabel: "yes"})
		named := map[string]func(*v1alpha1.ChinaAccountRegistration) (path string){
			"number": func(reg *v1alpha1.ChinaAccountRegistration) string {
				reg.Spec.Dossier.SecurityAdministrator.Identification.NumberFrom = from("another")
				return "spec.dossier.securityAdministrator.identification.numberFrom"
			},
			"scan": func(reg *v1alpha1.ChinaAccountRegistration) string {
				reg.Spec.Dossier.Documents.Identification.Files[1].Parts[0] = from("another")
				return "spec.dossier.documents.identification.files[1].parts[0]"
			},
			"password": func(reg *v1alpha1.ChinaAccountRegistration) string {
				reg.Spec.PasswordFrom = new(from("another"))
				return "spec.passwordFrom"
			},
		}
		for name, names := range named {
			reg := w.registration(name, "review")
			path := names(reg)
			w.apply(ctx, reg)
			w.eventually(ctx, name, inPhase(pending), requires(v1alpha1.RequirementSecretNotFound, at(path)))
		}
		w.gateway.moreRequests("getRegistration", 4)
		Expect(w.gateway.requests("fileAttempt")()).To(BeZero())

		w.makeSecret(ctx, "another", map[string][]byte{"value": []byte("a Password of 1 person, released")})
		w.eventually(ctx, "password", through(pending, submitted))
	})

	It("is not sent out as an answer either: as a code, or as a document that was asked for", func(ctx SpecContext) {
		began := time.Now()
		w := runningWorld(ctx)
		coded, asked := w.registration("coded", "email-code"), w.registration("asked", "more-documents")
		coded.Spec.VerificationCodesSecretRef = &v1alpha1.SecretReference{Name: "another"}
		w.makeSecret(ctx, "another", map[string][]byte{"value": scan, v1alpha1.EmailCodeKey: []byte(registrar.EmailCode)})
		w.label(ctx, "another", nil)
		w.apply(ctx, coded)
		w.apply(ctx, asked)
		w.eventually(ctx, "coded", inPhase(submitted), requires(v1alpha1.RequirementEmailCode))
		w.eventually(ctx, "asked", inPhase(submitted))
		w.step(ctx, "asked")
		w.answerWith(ctx, "asked", "another")
		w.eventually(ctx, "asked", inPhase(underReview), requires(v1alpha1.RequirementSecretNotFound, at("spec.supplementaryDocuments[0].files[0].parts[0]")))
		Expect(w.secretsRead(began)).To(ContainElement("another"), "it was looked at")
		w.looksAgain(ctx, "coded", 2)
		w.looksAgain(ctx, "asked", 2)
		w.eventually(ctx, "coded", inPhase(submitted), requires(v1alpha1.RequirementEmailCode))
		Expect(w.gateway.requests("answerChallenge")()).To(BeZero())

		w.label(ctx, "another", map[string]string{v1alpha1.SendToRegistrarLabel: "true"})
		Eventually(w.gateway.requests("answerChallenge")).Should(Equal(2))
	})

	It("is not found in another namespace, not even by a name that leads there", func(ctx SpecContext) {
		w := runningWorld(ctx)
		there := &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: metav1.NamespaceDefault, Name: w.namespace, Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
			},
			Data: map[string][]byte{"value": scan},
		}
		Expect(admin.Create(ctx, there)).To(Succeed())
		DeferCleanup(func(ctx SpecContext) { Expect(admin.Delete(ctx, there)).To(Succeed()) })
		reg := w.registration("acme", "review")
		part := &reg.Spec.Dossier.Documents.Identification.Files[1].Parts[0]
		for _, name := range []string{"default/" + w.namespace, "../default/" + w.namespace, "..", "default%2f" + w.namespace, w.namespace + "?"} {
			*part = from(name)
			output, err := applyYAML(ctx, reg)
			Expect(err).To(HaveOccurred(), name)
			Expect(output).To(ContainSubstring("no Secret can have this name"))
		}
		*part = from(w.namespace)
		w.apply(ctx, reg)
		w.eventually(ctx, "acme", inPhase(pending), requires(v1alpha1.RequirementSecretNotFound, at("spec.dossier.documents.identification.files[1].parts[0]")))
	})
})

var _ = Describe("The operator's own Secrets", func() {
	It("are sent to no registrar, even where an administrator labels them and registers in the operator's namespace", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(submitted)) // there is a key
		for _, own := range []client.Object{installationKey(), tokenSecret(w.namespace, w.gateway.address)} {
			labels(ctx, own, `"true"`)
			DeferCleanup(func(ctx SpecContext) { labels(ctx, own, "null") })
		}
		reg := w.registration("acme", "review")
		reg.Namespace = systemNamespace
		reg.Spec.Dossier.Account.Email = "canary+review.system@acme.example.cn"
		reg.Spec.Dossier.SecurityAdministrator.Identification.NumberFrom = secretKey(dossier.InstallationKeySecretName, dossier.InstallationKeyIDKey)
		reg.Spec.Dossier.Documents.Identification.Files[0].Parts[0] = secretKey(dossier.InstallationKeySecretName, dossier.InstallationKeyKey)
		reg.Spec.Dossier.Documents.Identification.Files[1].Parts[0] = secretKey(w.namespace, v1alpha1.GatewayTokenKey)
		reg.Spec.PasswordFrom = new(secretKey(w.namespace, v1alpha1.GatewayTokenKey))
		Expect(admin.Create(ctx, reg)).To(Succeed())
		DeferCleanup(func(ctx SpecContext) { Expect(admin.Delete(ctx, reg)).To(Succeed()) })
		if installed == byNamespace { // it is not told of what is in its own
			w.apply(ctx, w.registration("later", "review"))
			w.eventually(ctx, "later", inPhase(submitted))
			Expect(admin.Get(ctx, client.ObjectKeyFromObject(reg), reg)).To(Succeed())
			Expect(reg.Status).To(Equal(v1alpha1.ChinaAccountRegistrationStatus{ObservedGeneration: -1}), "as the API server made it")
			return
		}
		Eventually(func(g Gomega) {
			g.Expect(admin.Get(ctx, client.ObjectKeyFromObject(reg), reg)).To(Succeed())
			for _, path := range []string{
				"spec.dossier.securityAdministrator.identification.numberFrom", "spec.passwordFrom",
				"spec.dossier.documents.identification.files[0].parts[0]", "spec.dossier.documents.identification.files[1].parts[0]",
			} {
				g.Expect(reg).To(requires(v1alpha1.RequirementSecretNotFound, at(path)), func() string { return describe(reg) })
			}
		}).Should(Succeed())
	})
})

func from(secret string) v1alpha1.SecretKeySource { return secretKey(secret, "value") }

func secretKey(secret, key string) v1alpha1.SecretKeySource {
	return v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: secret, Key: key}}
}

// labels sets or removes the label that releases a Secret.
func labels(ctx context.Context, secret client.Object, value string) {
	GinkgoHelper()
	patch := fmt.Sprintf(`{"metadata":{"labels":{%q:%s}}}`, v1alpha1.SendToRegistrarLabel, value)
	Expect(admin.Patch(ctx, secret, client.RawPatch(types.MergePatchType, []byte(patch)))).To(Succeed())
}

// answerWith names a Secret as the document that the reviewer asks for.
func (w *world) answerWith(ctx context.Context, name, secret string) {
	GinkgoHelper()
	reg := w.eventually(ctx, name, inPhase(underReview), requires(v1alpha1.RequirementDocuments, saying("challengeID: documents-1")))
	patch := client.MergeFrom(reg.DeepCopy())
	reg.Spec.SupplementaryDocuments = []v1alpha1.SupplementaryDocument{{
		ChallengeID: "documents-1", Files: []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{from(secret)}}},
	}}
	Expect(admin.Patch(ctx, reg, patch)).To(Succeed())
}
