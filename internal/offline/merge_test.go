// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline_test

import (
	"slices"
	"strings"
	"testing"
)

// One mistake is one finding, of whoever says it best.
func TestOneMistakeIsToldOnce(t *testing.T) {
	const (
		code     = "spec.dossier.company.unifiedSocialCreditCode"
		province = "spec.dossier.company.address.province"
		postal   = "spec.dossier.company.address.postalCode"
		mobile   = "spec.dossier.contact.mobile"
		expiry   = "spec.dossier.documents.businessCertificate.expiryDate"
	)
	for name, test := range map[string]struct {
		edits []string
		want  []string
	}{
		"a mistyped credit code":            {[]string{"91310000MA1K35Y38P", "91310000MA1K35Y38Q"}, []string{"Error CreditCodeCheckFailed " + code}},
		"a credit code of another alphabet": {[]string{"91310000MA1K35Y38P", "91310000ma1k35y38p"}, []string{"Error CreditCodeMalformed " + code}},
		"a credit code that is very long":   {[]string{"91310000MA1K35Y38P", "91" + strings.Repeat("A", 68)}, []string{"Error CreditCodeMalformed " + code}},
		"a province in short":               {[]string{"province: 上海市", "province: 上海"}, []string{"Error ProvinceUnknown " + province}},
		"a postal code of five digits":      {[]string{`"200120"`, `"20012"`}, []string{"Error PostalCodeMalformed " + postal}},
		"a postal code without quotes":      {[]string{`"200120"`, `200120`}, []string{"Error SchemaInvalid " + postal}},
		"a mobile number of ten digits":     {[]string{`"+8613800138000"`, `"+861380013800"`}, []string{"Error MobileMalformed " + mobile}},
		"no mobile number":                  {[]string{"\n      mobile: \"+8613800138000\"", ""}, []string{"Error SchemaInvalid " + mobile}},
		"a date that is not":                {[]string{"2045-06-30", "2045-06-31"}, []string{"Error ExpiryDateInvalid " + expiry}},
		"a date that is over":               {[]string{"2045-06-30", "2025-06-30"}, []string{"Error CertificateExpired " + expiry}},
		"an e-mail address that is none":    {[]string{"cloud@acme.example.cn", "cloud@acme", "cloud@acme.example.cn", "cloud@acme"}, []string{"Error EmailMalformed spec.dossier.account.email", "Error EmailMalformed spec.dossier.contact.email"}},
		"no dossier":                        {[]string{"\n  dossier:", "\n  dossjer:"}, []string{"Error SchemaInvalid spec.dossier", "Error SchemaInvalid spec.dossjer"}},
		"no company": {[]string{"    company:\n", "    compani:\n"}, []string{
			"Error SchemaInvalid spec.dossier.compani", "Error SchemaInvalid spec.dossier.company",
		}},
		"no scan of the ID": {
			[]string{"        - parts: [{secretKeyRef: {name: acme-identity, key: front.jpg}}]\n        - parts: [{secretKeyRef: {name: acme-identity, key: back.jpg}}]\n", "", "files:\n    fapiao", "files: []\n    fapiao"},
			[]string{"Error DocumentMissing spec.dossier.documents.identification.files"},
		},
		"a reference to no Secret": {
			[]string{"key: number}", "key: num ber}"}, []string{"Error SchemaInvalid " + pathNumber + ".secretKeyRef.key"},
		},
		"a file without parts": {
			[]string{"- parts: [{secretKeyRef: {name: acme-identity, key: front.jpg}}]", "- parts: []"}, []string{"Error SchemaInvalid " + pathFront + ".parts"},
		},
		"a field that is there twice": {
			[]string{"username: acmechina", "username: acmechina\n      username: acmechina"}, []string{"Error SchemaInvalid spec.dossier.account.username"},
		},
		"a number that is too large": {[]string{"resubmitAfterAttempt: 1", "resubmitAfterAttempt: 3000000000"}, []string{"Error SchemaInvalid spec.resubmitAfterAttempt"}},
		"a name that is to be made":  {[]string{"name: acme", "generateName: acme-"}, []string{"Error SchemaInvalid metadata.generateName"}},
		"a version that there is not": {
			[]string{"registration.chinaaccount.dev/v1alpha1", "registration.chinaaccount.dev/v1"}, []string{"Error SchemaInvalid apiVersion"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(findings(t, registration(t, test.edits...)+secrets(t))); !slices.Equal(got, test.want) {
				t.Errorf("findings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestRulesThatWereNotAskedAreMentioned(t *testing.T) {
	text := registration(t, "cn-northwest-1", "cn-north-2", "name: by-hand", "name: By_Hand") + secrets(t)
	report := check(t, text)[0]
	if !report.RulesSkipped || !slices.Equal(told(report.Findings), []string{"Error SchemaInvalid spec.region"}) {
		t.Errorf("rules skipped: %t, findings %v", report.RulesSkipped, told(report.Findings))
	}
	if check(t, registration(t)+secrets(t))[0].RulesSkipped {
		t.Error("the rules of an object that fits its schema were skipped")
	}
}
