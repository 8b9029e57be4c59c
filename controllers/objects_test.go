// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// Personal values of the fixtures. Persons and companies are invented.
const (
	idNumber       = "11010519491231002X"
	legalName      = "爱客科技（上海）有限公司"
	contactName    = "王小明"
	contactMobile  = "+8613800138000"
	adminName      = "李安"
	adminMobile    = "+8613900139000"
	chosenPassword = "Chosen-Password-4711"
	wrongPhoneCode = "1357"
)

// scan is a picture that preflight takes.
var scan = scans.Sample()

type edit = func(*v1alpha1.ChinaAccountRegistration)

// registration returns a registration whose e-mail address chooses the scenario.
func (w *world) registration(name, scenario string, edits ...edit) *v1alpha1.ChinaAccountRegistration {
	email := v1alpha1.EmailAddress(fmt.Sprintf("cloud+%s.%s.%s@acme.example.cn", scenario, w.namespace, name))
	reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name}}
	reg.Spec.Region = v1alpha1.RegionNingxia
	reg.Spec.RegistrarRef.Name = w.namespace
	reg.Spec.SupportPlan = "Business"
	reg.Spec.Dossier = v1alpha1.Dossier{
		Account: v1alpha1.Account{Email: email, Username: "acmechina"},
		Company: v1alpha1.Company{
			LegalName: legalName, UnifiedSocialCreditCode: "91310000MA1K35Y38P",
			Address: v1alpha1.Address{Province: "上海市", City: "上海市", District: "浦东新区", Street: "世纪大道100号", PostalCode: "200120"},
		},
		Contact: v1alpha1.Contact{Name: contactName, Email: email, Mobile: contactMobile},
		SecurityAdministrator: v1alpha1.SecurityAdministrator{
			Name: adminName, Email: "security@acme.example.cn", Mobile: adminMobile,
			ChineseProficiency: v1alpha1.ChineseProficiencyAttested,
			Identification:     v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard, NumberFrom: secretKey("identity", "number")},
		},
		Documents: v1alpha1.Documents{
			BusinessCertificate: v1alpha1.BusinessCertificate{Type: v1alpha1.CertificateBusinessLicense, Files: []v1alpha1.File{file("license", "scan")}},
			Identification:      v1alpha1.IdentificationDocument{Files: []v1alpha1.File{file("identity", "front"), file("identity", "back")}},
		},
		Fapiao:            v1alpha1.Fapiao{Type: v1alpha1.FapiaoNone},
		CustomerAgreement: v1alpha1.AgreementAccepted,
	}
	for _, change := range edits {
		change(reg)
	}
	return reg
}

func secretKey(name, key string) v1alpha1.SecretKeySource {
	return v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: name, Key: key}}
}

func file(name, key string) v1alpha1.File {
	return v1alpha1.File{Parts: []v1alpha1.SecretKeySource{secretKey(name, key)}}
}

// apply makes the registration and returns it.
func (w *world) apply(ctx context.Context, name, scenario string, edits ...edit) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	reg := w.registration(name, scenario, edits...)
	Expect(admin.Create(ctx, reg)).To(Succeed())
	return reg
}

// applyWithSecrets makes the registration with all that its dossier names.
func (w *world) applyWithSecrets(ctx context.Context, name, scenario string, edits ...edit) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	w.makeSecrets(ctx)
	return w.apply(ctx, name, scenario, edits...)
}

// makeSecrets makes the Secrets that every registration of the world names.
func (w *world) makeSecrets(ctx context.Context) {
	GinkgoHelper()
	w.makeSecret(ctx, "license", map[string][]byte{"scan": scan})
	w.makeSecret(ctx, "identity", map[string][]byte{"number": []byte(idNumber), "front": scan, "back": scan})
}

// released is a Secret that may be sent to the registrar.
func (w *world) released(name string, data map[string][]byte) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: w.namespace, Name: name, Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
		},
		Data: data,
	}
}

// makeSecret makes a Secret, or replaces its data.
func (w *world) makeSecret(ctx context.Context, name string, data map[string][]byte) {
	GinkgoHelper()
	err := admin.Create(ctx, w.released(name, data))
	if apierrors.IsAlreadyExists(err) {
		err = admin.Update(ctx, w.released(name, data))
	}
	Expect(err).NotTo(HaveOccurred())
}

func (w *world) secret(ctx context.Context, namespace, name string) *corev1.Secret {
	GinkgoHelper()
	secret := &corev1.Secret{}
	Expect(admin.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, secret)).To(Succeed())
	return secret
}

// giveCodes puts the codes that the reference gateway sends into a registration's Secret.
func (w *world) giveCodes(ctx context.Context, name string) {
	GinkgoHelper()
	w.makeSecret(ctx, name+"-codes", map[string][]byte{
		v1alpha1.EmailCodeKey: []byte(registrar.EmailCode), v1alpha1.PhoneCodeKey: []byte(registrar.PhoneCode),
	})
}

// personalValues are what must be in no status and no event.
func personalValues(registrations []v1alpha1.ChinaAccountRegistration) []string {
	values := []string{
		idNumber, legalName, contactName, contactMobile, contactMobile[3:], adminName, adminMobile, adminMobile[3:],
		"@acme.example.cn", "世纪大道", chosenPassword, registrar.EmailCode, gatewayToken,
	}
	for i := range registrations {
		values = append(values, string(registrations[i].Spec.Dossier.Account.Email))
	}
	return values
}
