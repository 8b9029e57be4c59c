// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/test/scans"
)

// result is what the plugin left behind.
type result struct {
	code           int
	stdout, stderr string
}

func plugin(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	return pluginReading(t, strings.NewReader(stdin), args...)
}

func pluginReading(t *testing.T, stdin io.Reader, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, stdin, &stdout, &stderr)
	return result{code: code, stdout: stdout.String(), stderr: stderr.String()}
}

// expect sees that a check ended with code, said nothing on standard error unless it
// is 2, and printed want.
func (r result) expect(t *testing.T, code int, want string) {
	t.Helper()
	if r.code != code || (r.stderr != "") != (code == exitFailed) {
		t.Errorf("exit code %d, standard error %q, want %d", r.code, r.stderr, code)
	}
	if r.stdout != want {
		t.Errorf("printed\n%s\nwant\n%s", r.stdout, want)
	}
}

// expectUsage sees that wrong usage says so on standard error alone.
func (r result) expectUsage(t *testing.T, says ...string) {
	t.Helper()
	if r.code != exitFailed || r.stdout != "" {
		t.Errorf("exit code %d, standard output %q", r.code, r.stdout)
	}
	for _, text := range says {
		if !strings.Contains(r.stderr, text) {
			t.Errorf("standard error %q lacks %q", r.stderr, text)
		}
	}
}

// registrationText is a registration that has nothing wrong but that its Secrets are
// not there, edited by pairs of old and new.
func registrationText(t *testing.T, edits ...string) string {
	t.Helper()
	content, err := os.ReadFile("../../config/samples/registration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(edits); i += 2 {
		if !strings.Contains(string(content), edits[i]) {
			t.Fatalf("the sample lacks %q", edits[i])
		}
	}
	return strings.NewReplacer(edits...).Replace(string(content))
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// decoded are the JSON values of a text, each on a line.
func decoded(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(text) {
		value := map[string]any{}
		if err := json.Unmarshal([]byte(line), &value); err != nil {
			t.Fatalf("%q is no JSON: %v", line, err)
		}
		all = append(all, value)
	}
	return all
}

// samplesOfSecrets are all that registrationText names, with nothing wrong in them.
func samplesOfSecrets(t *testing.T) string {
	t.Helper()
	pdf := scans.PDF("SAMPLE")
	half := len(pdf) / 2
	var text strings.Builder
	for _, s := range []struct {
		name, key string
		content   []byte
	}{
		{"acme-identity", "number", []byte("11010519491231002X")}, // the example of GB 11643, nobody's number
		{"acme-license-1", "scan.pdf", pdf[:half]},
		{"acme-license-2", "scan.pdf", pdf[half:]},
		{"acme-identity-front", "scan.jpg", pdf},
		{"acme-identity-back", "scan.jpg", pdf},
	} {
		fmt.Fprintf(&text, "---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s, labels: {registration.chinaaccount.dev/send-to-registrar: \"true\"}}\ndata: {%s: %s}\n",
			s.name, s.key, base64.StdEncoding.EncodeToString(s.content))
	}
	return text.String()
}
