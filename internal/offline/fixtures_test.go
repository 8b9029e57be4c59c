// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

const (
	idNumber = "11010519491231002X" // the example of GB 11643, nobody's number

	pathNumber   = "spec.dossier.securityAdministrator.identification.numberFrom"
	pathLicense  = "spec.dossier.documents.businessCertificate.files[0]"
	pathFront    = "spec.dossier.documents.identification.files[0]"
	pathPassword = "spec.passwordFrom"
	pathLetter   = "spec.supplementaryDocuments[0].files[0]"
)

// today is when nothing in the fixture has expired.
var today = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)

// registration is the text of one with every field of the spec set, edited. edits are
// pairs of what stands there and what stands there instead.
func registration(t *testing.T, edits ...string) string {
	t.Helper()
	content, err := os.ReadFile("../../api/v1alpha1/testdata/registration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return edited(t, string(content), append([]string{"generateName: acme-", "name: acme"}, edits...)...)
}

func edited(t *testing.T, text string, edits ...string) string {
	t.Helper()
	for i := 0; i+1 < len(edits); i += 2 {
		if !strings.Contains(text, edits[i]) {
			t.Fatalf("the text lacks %q", edits[i])
		}
		text = strings.Replace(text, edits[i], edits[i+1], 1)
	}
	return text
}

// secret is the text of a labelled one with its values in base64.
func secret(t *testing.T, name string, values map[string]string) string {
	t.Helper()
	data := map[string]string{}
	for key, value := range values {
		data[key] = base64.StdEncoding.EncodeToString([]byte(value))
	}
	content, err := yaml.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Secret", "data": data,
		"metadata": map[string]any{"name": name, "labels": map[string]string{v1alpha1.SendToRegistrarLabel: "true"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return "---\n" + string(content)
}

// secrets are all that registration names, with nothing wrong in them.
func secrets(t *testing.T) string {
	t.Helper()
	scan := string(scans.PDF("SAMPLE"))
	half := len(scan) / 2
	return secret(t, "acme-identity", map[string]string{"number": idNumber, "front.jpg": scan, "back.jpg": scan}) +
		secret(t, "acme-license-1", map[string]string{"license.pdf.part1": scan[:half]}) +
		secret(t, "acme-license-2", map[string]string{"license.pdf.part2": scan[half:]}) +
		secret(t, "acme-authorization", map[string]string{"letter.pdf": string(scans.PDF("SAMPLE LETTER"))}) +
		secret(t, "acme-signin", map[string]string{"password": "not-a-real-password\n"})
}

// write puts content into a file of a new folder, and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// check checks texts, as from standard input, with single values.
func check(t *testing.T, text string, values ...string) []offline.Report {
	t.Helper()
	input, err := offline.Read(offline.Sources{Paths: []string{offline.Stdin}, Stdin: strings.NewReader(text), Values: values})
	if err != nil {
		t.Fatal(err)
	}
	reports, err := offline.Check(t.Context(), input, today)
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

// findings are those of the only registration.
func findings(t *testing.T, text string, values ...string) []offline.Finding {
	t.Helper()
	reports := check(t, text, values...)
	if len(reports) != 1 {
		t.Fatalf("%d reports, want 1", len(reports))
	}
	return reports[0].Findings
}

// told is how tests name a finding.
func told(found []offline.Finding) []string {
	var all []string
	for _, f := range found {
		all = append(all, string(f.Severity)+" "+f.Code+" "+f.Path)
	}
	return all
}
