// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/canary"
	"github.com/chinaaccount/china-account-operator/test/registrar"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// Values that are found nowhere else, so that they are noticed where they do not
// belong. Persons and companies are invented.
const (
	idNumber      = "11010519491231002X"
	creditCode    = "91310000MA1K35Y38P" // the sample's
	legalName     = "金丝雀科技（上海）有限公司"
	contactName   = "金小雀"
	contactMobile = "+8613876501234"
	officerName   = "雀大安"
	officerEmail  = "canary-officer@canary.example.cn"
	officerMobile = "+8613976504321"
	landline      = "+862187650987"
	street        = "金丝雀大道4711号"
	userName      = "canary-user"
	scanMark      = "CANARY-BYTES-OF-A-SCAN"
	gatewayToken  = "canary-token-of-the-gateway"
)

// marked are the values that no log, status or event may hold.
type marked struct {
	mu      sync.Mutex
	marks   []canary.Mark
	checker *canary.Checker // of these marks; nil: of fewer
}

var personal = marked{marks: []canary.Mark{
	{Name: "ID number", Value: idNumber}, {Name: "credit code", Value: creditCode}, {Name: "legal name", Value: legalName},
	{Name: "contact's name", Value: contactName}, {Name: "contact's mobile", Value: contactMobile[3:]},
	{Name: "officer's name", Value: officerName}, {Name: "officer's mobile", Value: officerMobile[3:]},
	{Name: "officer's e-mail", Value: officerEmail}, {Name: "landline", Value: landline[3:]}, {Name: "street", Value: street},
	{Name: "user name", Value: userName}, {Name: "e-mail domain", Value: "@canary.example.cn"}, {Name: "scan", Value: scanMark},
	{Name: "gateway's token", Value: gatewayToken},
	{Name: "e-mail code", Value: registrar.EmailCode}, {Name: "phone code", Value: registrar.PhoneCode},
}}

// remember adds a value that was made in the run.
func (m *marked) remember(name, value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if mark := (canary.Mark{Name: name, Value: value}); !slices.Contains(m.marks, mark) {
		m.marks, m.checker = append(m.marks, mark), nil
	}
}

// knows tells whether there is a mark of this name.
func (m *marked) knows(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.marks, func(mark canary.Mark) bool { return mark.Name == name })
}

// in returns what a text holds of the values, but for those of some names.
func (m *marked) in(content []byte, but ...string) []canary.Find {
	m.mu.Lock()
	if m.checker == nil {
		var err error
		if m.checker, err = canary.New(m.marks...); err != nil {
			panic(err) // whoever adds a mark sees it at once
		}
	}
	checker := m.checker
	m.mu.Unlock()
	return slices.DeleteFunc(checker.Search(content), func(f canary.Find) bool { return slices.Contains(but, f.Mark) })
}

// scan is a picture that preflight takes, with a mark behind it.
var scan = append(scans.Sample(), scanMark...)

// registration is the sample in config/samples, with marked values, a name and a
// scenario, which the e-mail address chooses.
func (w *world) registration(name, scenario string) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	content, err := os.ReadFile(filepath.Join(root, "config", "samples", "registration.yaml"))
	Expect(err).NotTo(HaveOccurred())
	reg := &v1alpha1.ChinaAccountRegistration{}
	Expect(yaml.UnmarshalStrict(content, reg)).To(Succeed())
	reg.Namespace, reg.Name = w.namespace, name
	reg.Spec.RegistrarRef.Name = w.namespace
	d := &reg.Spec.Dossier
	d.Account.Email = v1alpha1.EmailAddress(fmt.Sprintf("canary+%s.%s.%s@canary.example.cn", scenario, w.namespace, name))
	d.Account.Username, d.Company.LegalName, d.Company.Address.Street = userName, legalName, street
	d.Contact = v1alpha1.Contact{Name: contactName, Email: d.Account.Email, Mobile: contactMobile}
	officer := &d.SecurityAdministrator
	officer.Name, officer.Email, officer.Mobile, officer.Landline = officerName, officerEmail, officerMobile, landline
	return reg
}

// sampleSecrets are those that the sample names, with scans that are none but pass.
func sampleSecrets() map[string]map[string][]byte {
	half := len(scan) / 2
	return map[string]map[string][]byte{
		"acme-identity":       {"number": []byte(idNumber)},
		"acme-identity-front": {"scan.jpg": scan},
		"acme-identity-back":  {"scan.jpg": scan},
		"acme-license-1":      {"scan.pdf": scan[:half]},
		"acme-license-2":      {"scan.pdf": scan[half:]},
	}
}

// apply applies a registration with kubectl, and what it names if that is not there yet.
func (w *world) apply(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) {
	GinkgoHelper()
	for name, data := range sampleSecrets() {
		w.makeSecret(ctx, name, data)
	}
	output, err := applyYAML(ctx, reg)
	Expect(err).NotTo(HaveOccurred(), output)
}

// applyYAML applies an object with kubectl, and returns what kubectl said.
func applyYAML(ctx context.Context, object any) (string, error) {
	GinkgoHelper()
	content, err := yaml.Marshal(object)
	Expect(err).NotTo(HaveOccurred())
	return kubectl(ctx, string(content), "apply", "--server-side", "-f", "-")
}

// makeSecret makes a Secret that may be sent to the registrar, or replaces its data.
func (w *world) makeSecret(ctx context.Context, name string, data map[string][]byte) {
	GinkgoHelper()
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: w.namespace, Name: name, Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
		},
		Data: data,
	}
	err := admin.Create(ctx, secret)
	if apierrors.IsAlreadyExists(err) {
		err = admin.Update(ctx, secret)
	}
	Expect(err).NotTo(HaveOccurred())
}

// giveCodes puts the codes that the gateway sends into a registration's Secret.
func (w *world) giveCodes(ctx context.Context, name string) {
	GinkgoHelper()
	w.makeSecret(ctx, name+"-codes", map[string][]byte{
		v1alpha1.EmailCodeKey: []byte(registrar.EmailCode), v1alpha1.PhoneCodeKey: []byte(registrar.PhoneCode),
	})
}
