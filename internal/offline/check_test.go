// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/offline"
)

func TestRegistrationWithAllItsSecretsHasNoFinding(t *testing.T) {
	if found := findings(t, registration(t)+secrets(t)); len(found) != 0 {
		t.Errorf("findings %v", found)
	}
}

func TestSecretThatIsNotAmongTheFilesIsAWarning(t *testing.T) {
	found := findings(t, registration(t))
	want := []string{
		"Warning SecretNotFound " + pathNumber, "Warning SecretNotFound " + pathLicense + ".parts[0]", "Warning SecretNotFound " + pathLicense + ".parts[1]",
		"Warning SecretNotFound " + pathFront + ".parts[0]", "Warning SecretNotFound spec.dossier.documents.identification.files[1].parts[0]",
		"Warning SecretNotFound " + pathPassword, "Warning SecretNotFound " + pathLetter + ".parts[0]",
	}
	if got := told(found); !slices.Equal(got, want) {
		t.Errorf("findings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, cure := range []string{"not among the files", "not checked", "-f", "--from acme-identity/number=PATH"} {
		if !strings.Contains(found[0].Message, cure) {
			t.Errorf("the message %q lacks %q", found[0].Message, cure)
		}
	}
}

func TestSecretThatIsThereSaysWhatItLacks(t *testing.T) {
	const label = `registration.chinaaccount.dev/send-to-registrar: "true"`
	given := secrets(t)
	identity := secret(t, "acme-identity", map[string]string{"number": idNumber})
	for name, test := range map[string]struct {
		text, path, severity, says string
	}{
		"the label":             {edited(t, given, "\n    "+label, " {}"), pathNumber, "Error", "lacks the label " + label},
		"the label's value":     {edited(t, given, label, `registration.chinaaccount.dev/send-to-registrar: "yes"`), pathNumber, "Error", "lacks the label"},
		"quotes at the label":   {edited(t, given, label, `registration.chinaaccount.dev/send-to-registrar: true`), pathNumber, "Error", "labels are strings in quotes"},
		"the key":               {given + identity, pathFront + ".parts[0]", "Error", `no key "front.jpg": add it, or name one that it has (["number"])`},
		"the content":           {given + secret(t, "acme-identity", map[string]string{"number": " \n"}), pathNumber, "Error", `key "number" of Secret "acme-identity" is empty`},
		"base64":                {given + edited(t, identity, "  number: ", "  number: '!"+"' #"), pathNumber, "Error", "base64"},
		"clear text, by SOPS":   {given + edited(t, identity, "  number: ", "  number: 'ENC[AES256_GCM,data:x]' #") + "sops: {version: 3.9.0}\n", pathNumber, "Warning", "encrypted by SOPS"},
		"the right namespace":   {strings.ReplaceAll(given, "  name: acme-", "  namespace: other\n  name: acme-"), pathNumber, "Warning", "not among the files of namespace default, but of other"},
		"the password":          {given + secret(t, "acme-signin", map[string]string{"password": "\n"}), pathPassword, "Error", "is empty"},
		"what a reviewer asked": {given + secret(t, "acme-authorization", map[string]string{"other.pdf": "x"}), pathLetter + ".parts[0]", "Error", "no key"},
	} {
		t.Run(name, func(t *testing.T) {
			found := findings(t, registration(t)+test.text)
			at := slices.IndexFunc(found, func(f offline.Finding) bool { return f.Path == test.path && f.Code == "SecretNotFound" })
			if at < 0 {
				t.Fatalf("no SecretNotFound at %s, but %v", test.path, told(found))
			}
			if f := found[at]; string(f.Severity) != test.severity || !strings.Contains(f.Message, test.says) {
				t.Errorf("%s %q, want %s with %q", f.Severity, f.Message, test.severity, test.says)
			}
		})
	}
}

func TestSecretsOfTheSameNamespaceAreRead(t *testing.T) {
	reg := registration(t, "namespace: default", "namespace: team-a")
	text := strings.ReplaceAll(secrets(t), "  name: acme-", "  namespace: team-a\n  name: acme-")
	if found := findings(t, reg+text); len(found) != 0 {
		t.Errorf("in one namespace: %v", told(found))
	}
	if found := findings(t, registration(t, "  namespace: default\n", "")+secrets(t)); len(found) != 0 {
		t.Errorf("without a namespace: %v", told(found))
	}
}

func TestPlainValuesOfASecretStandOverEncodedOnes(t *testing.T) {
	text := secrets(t) + edited(t, secret(t, "acme-signin", map[string]string{"password": ""}), "kind: Secret", "kind: Secret\nstringData: {password: x}")
	if found := findings(t, registration(t)+text); len(found) != 0 {
		t.Errorf("findings %v", told(found))
	}
}

func TestValueGivenByItselfStandsForItsSecret(t *testing.T) {
	number := "acme-identity/number=" + write(t, "number.txt", "11010519491231002X\n")
	found := told(findings(t, registration(t), number))
	if slices.ContainsFunc(found, func(f string) bool { return strings.HasSuffix(f, pathNumber) }) {
		t.Errorf("the number was given, and yet: %v", found)
	}
	other := findings(t, registration(t), number)[2]
	if !strings.Contains(other.Message, "given without this key") {
		t.Errorf("message %q", other.Message)
	}
	sops := edited(t, secret(t, "acme-identity", map[string]string{"number": ""}), "data:\n  number: \"\"", "data: {number: 'ENC[AES256_GCM,data:x]'}\nsops: {version: 3.9.0}")
	if found := told(findings(t, registration(t)+secrets(t)+sops, number)); slices.Contains(found, "Warning SecretNotFound "+pathNumber) || len(found) != 2 {
		t.Errorf("a value of a Secret that is encrypted: %v", found)
	}
	unlabelled := strings.ReplaceAll(secrets(t), "send-to-registrar", "send-to-nobody")
	if found := told(findings(t, registration(t)+unlabelled, number)); !slices.Contains(found, "Error SecretNotFound "+pathNumber) {
		t.Errorf("a value of a Secret that is among the files without its label: %v", found)
	}
	wrong := "acme-identity/number=" + write(t, "number.txt", "110105194912310021")
	if found := told(findings(t, registration(t)+secrets(t), wrong)); !slices.Equal(found, []string{"Error ResidentIDCheckFailed " + pathNumber}) {
		t.Errorf("a value over that of a manifest: %v", found)
	}
}

func TestScansAreJudgedAsTheOperatorJudgesThem(t *testing.T) {
	text := registration(t) + secrets(t) +
		secret(t, "acme-license-2", map[string]string{"license.pdf.part2": ""}) +
		secret(t, "acme-authorization", map[string]string{"letter.pdf": "GIF89a"})
	want := []string{"Error DocumentTruncated " + pathLicense, "Error DocumentIsGIF " + pathLetter}
	if got := told(findings(t, text)); !slices.Equal(got, want) {
		t.Errorf("findings %v, want %v", got, want)
	}
}

func TestEachRegistrationIsReportedByItsName(t *testing.T) {
	second := "---\n" + registration(t, "name: acme\n", "name: bohai\n", "namespace: default", "namespace: team-b", "cn-northwest-1", "cn-north-2")
	reports := check(t, registration(t)+secrets(t)+second)
	if len(reports) != 2 || reports[0].Registration != "default/acme" || reports[1].Registration != "team-b/bohai" {
		t.Fatalf("reports %+v", reports)
	}
	if len(reports[0].Findings) != 0 || told(reports[1].Findings)[0] != "Error SchemaInvalid spec.region" {
		t.Errorf("findings %v and %v", told(reports[0].Findings), told(reports[1].Findings))
	}
}

func TestAnAddressIsForOneRegistration(t *testing.T) {
	first := registration(t)
	second := edited(t, first, "name: acme\n", "name: bohai\n", "email: cloud@acme.example.cn", "email: Cloud@ACME.example.cn")
	for name, test := range map[string]struct {
		second string
		want   bool
	}{
		"another's":              {second, true},
		"another's elsewhere":    {edited(t, second, "cn-northwest-1", "cn-north-1"), true},
		"its own, a second time": {first, false},
	} {
		t.Run(name, func(t *testing.T) {
			reports := check(t, first+"\n---\n"+test.second)
			if len(reports) != 2 {
				t.Fatalf("%d reports", len(reports))
			}
			const finding = "Error EmailAlreadyFiled spec.dossier.account.email"
			if slices.Contains(told(reports[0].Findings), finding) || slices.Contains(told(reports[1].Findings), finding) != test.want {
				t.Errorf("the first %v, the second %v", told(reports[0].Findings), told(reports[1].Findings))
			}
		})
	}
}
