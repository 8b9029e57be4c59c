// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"context"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	namespace = "team-a"
	idNumber  = "11010519491231002X"
)

func ref(name, key string) v1alpha1.SecretKeySource {
	return v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: name, Key: key}}
}

func fileOf(parts ...v1alpha1.SecretKeySource) v1alpha1.File { return v1alpha1.File{Parts: parts} }

// registration names three Secrets: identity, licence (two parts in two Secrets, of
// which one is identity too).
func registration() *v1alpha1.ChinaAccountRegistration {
	reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "acme"}}
	reg.Spec.Region = v1alpha1.RegionNingxia
	reg.Spec.Dossier = v1alpha1.Dossier{
		Account: v1alpha1.Account{Email: "cloud@acme.example.cn", Username: "acmechina"},
		Company: v1alpha1.Company{
			LegalName: "爱客科技（上海）有限公司", UnifiedSocialCreditCode: "91310000MA1K35Y38P",
			CreditCodeCheckCharacter: v1alpha1.CheckCharacterEnforced,
			Address: v1alpha1.Address{
				Province: "上海市", City: "上海市", District: "浦东新区", Street: "世纪大道100号", PostalCode: "200120",
			},
		},
		Contact: v1alpha1.Contact{Name: "王小明", Email: "cloud@acme.example.cn", Mobile: "+8613800138000"},
		SecurityAdministrator: v1alpha1.SecurityAdministrator{
			Name: "李安", Email: "security@acme.example.cn", Mobile: "+8613900139000", Landline: "+862112345678",
			ChineseProficiency: v1alpha1.ChineseProficiencyAttested,
			Identification: v1alpha1.Identification{
				Type: v1alpha1.IdentificationResidentIdentityCard, NumberFrom: ref("identity", "number"),
			},
		},
		Documents: v1alpha1.Documents{
			BusinessCertificate: v1alpha1.BusinessCertificate{
				Type: v1alpha1.CertificateBusinessLicense, ExpiryDate: "2045-06-30",
				Files: []v1alpha1.File{fileOf(ref("licence-1", "scan"), ref("licence-2", "scan"))},
			},
			Identification: v1alpha1.IdentificationDocument{
				Files: []v1alpha1.File{fileOf(ref("identity", "front")), fileOf(ref("identity", "back"))},
			},
		},
		Fapiao: v1alpha1.Fapiao{Type: v1alpha1.FapiaoSpecialVAT, SpecialVAT: &v1alpha1.SpecialVATDetails{
			RegisteredAddress: "上海市浦东新区世纪大道100号", RegisteredPhone: "021-12345678",
			BankName: "中国银行上海分行", BankAccountNumber: "4532012345678",
		}},
		CustomerAgreement: v1alpha1.AgreementAccepted,
	}
	return reg
}

// released is a Secret with the label that lets it be sent.
func released(name string, data map[string]string) *corev1.Secret {
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: name, UID: types.UID("uid-" + name),
			Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
		},
		Data: map[string][]byte{},
	}
	for key, value := range data {
		secret.Data[key] = []byte(value)
	}
	return secret
}

// dossierSecrets are all that registration names.
func dossierSecrets() map[string]*corev1.Secret {
	return map[string]*corev1.Secret{
		"identity":  released("identity", map[string]string{"number": idNumber, "front": "FRONT", "back": "BACK"}),
		"licence-1": released("licence-1", map[string]string{"scan": "%PDF-1.7 first half, "}),
		"licence-2": released("licence-2", map[string]string{"scan": "second half"}),
	}
}

func objects(secrets map[string]*corev1.Secret) []client.Object {
	var all []client.Object
	for _, secret := range secrets {
		all = append(all, secret)
	}
	return all
}

func clientWith(objects ...client.Object) client.WithWatch {
	return fake.NewClientBuilder().WithObjects(objects...).Build()
}

// counting counts the Gets of each Secret.
func counting(c client.WithWatch, gets map[string]int) client.WithWatch {
	return interceptor.NewClient(c, interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, obj client.Object, opts ...client.GetOption) error {
			gets[key.Name]++
			return c.Get(ctx, key, obj, opts...)
		},
	})
}

// failingGet answers every Get with err.
func failingGet(err error) client.WithWatch {
	return interceptor.NewClient(clientWith(), interceptor.Funcs{
		Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
			return err
		},
	})
}

// testKey is a key of known bytes.
func testKey(t interface{ Fatal(...any) }, fill byte) *InstallationKey {
	key, err := NewInstallationKey(bytes.Repeat([]byte{fill}, installationKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func loaded(t *testing.T) *Dossier {
	t.Helper()
	d, err := NewLoader(clientWith(objects(dossierSecrets())...)).Load(t.Context(), registration())
	if err != nil {
		t.Fatal(err)
	}
	return d
}
