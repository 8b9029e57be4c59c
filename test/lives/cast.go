// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lives

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	reference "github.com/chinaaccount/china-account-operator/test/registrar"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// Persons and companies are invented.
const (
	legalName = "示例破坏（宁夏）有限公司"
	// correctedName is what it says after a correction.
	correctedName = "示例破坏试验（宁夏）有限公司"
	idNumber      = "11010519491231002X"
)

// scan is a picture that preflight takes. What follows it makes it another one.
var scan = scans.Sample()

// Cast is one registration and where it lives.
type Cast struct {
	Life
	Namespace, Name string
	// Registrar that it names.
	Registrar string
}

// Email is the account's address, whose tag chooses the gateway's scenario.
func (c Cast) Email() v1alpha1.EmailAddress {
	scenario := c.Scenario
	if scenario == "" {
		scenario = "by-hand"
	}
	return v1alpha1.EmailAddress(fmt.Sprintf("crash+%s.%s.%s@acme.example.cn", scenario, c.Namespace, c.Name))
}

// Key is the filing's key.
func (c Cast) Key() string { return registrar.Key(v1alpha1.RegionNingxia, c.Email()) }

// Registration is what its applicant applies first.
func (c Cast) Registration() *v1alpha1.ChinaAccountRegistration {
	reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: c.Namespace, Name: c.Name}}
	reg.Spec.Region = v1alpha1.RegionNingxia
	reg.Spec.RegistrarRef.Name = c.Registrar
	if c.habits.deletes {
		reg.Spec.DeletionPolicy = v1alpha1.DeletionWithdraw
	}
	part := func(name, key string) v1alpha1.SecretKeySource {
		return v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: c.Name + "-" + name, Key: key}}
	}
	reg.Spec.Dossier = v1alpha1.Dossier{
		Account: v1alpha1.Account{Email: c.Email(), Username: "acmechina"},
		Company: v1alpha1.Company{
			LegalName: legalName, UnifiedSocialCreditCode: "91640100MADEM00110",
			Address: v1alpha1.Address{Province: "宁夏回族自治区", City: "银川市", District: "金凤区", Street: "示例路1号", PostalCode: "750001"},
		},
		Contact: v1alpha1.Contact{Name: "王小明", Email: c.Email(), Mobile: "+8613800138000"},
		SecurityAdministrator: v1alpha1.SecurityAdministrator{
			Name: "李安", Email: "security@acme.example.cn", Mobile: "+8613900139000", ChineseProficiency: v1alpha1.ChineseProficiencyAttested,
			Identification: v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard, NumberFrom: part("identity", "number")},
		},
		Documents: v1alpha1.Documents{
			BusinessCertificate: v1alpha1.BusinessCertificate{
				Type:  v1alpha1.CertificateBusinessLicense,
				Files: []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{part("license-1", "scan"), part("license-2", "scan")}}},
			},
			Identification: v1alpha1.IdentificationDocument{Files: []v1alpha1.File{
				{Parts: []v1alpha1.SecretKeySource{part("identity", "front")}}, {Parts: []v1alpha1.SecretKeySource{part("identity", "back")}},
			}},
		},
		Fapiao:            v1alpha1.Fapiao{Type: v1alpha1.FapiaoNone},
		CustomerAgreement: v1alpha1.AgreementAccepted,
	}
	return reg
}

// Secrets of the dossier, by what follows the registration's name.
const (
	identity      = "identity"
	licenseBegins = "license-1"
	licenseEnds   = "license-2"
	letter        = "letter"
	codes         = "codes"
)

// secret is one of its Secrets as it is first made.
func (c Cast) secret(name string) *corev1.Secret {
	half := len(scan) / 2
	data := map[string]map[string][]byte{
		identity:      {"number": []byte(idNumber), "front": scan, "back": scan},
		licenseBegins: {"scan": scan[:half]},
		licenseEnds:   {"scan": scan[half:]},
		letter:        {"scan": scan},
		codes: {
			v1alpha1.EmailCodeKey: []byte(reference.EmailCode), v1alpha1.PhoneCodeKey: []byte(reference.PhoneCode),
		},
	}[name]
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: c.Namespace, Name: c.Name + "-" + name, Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
		},
		Data: data,
	}
}
