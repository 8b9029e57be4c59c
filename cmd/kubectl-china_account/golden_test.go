// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"

	"github.com/chinaaccount/china-account-operator/test/scans"
)

var update = flag.Bool("update", false, "write the golden outputs anew")

// verb is one run of the plugin in a phase.
type verb struct {
	args []string
	// input is typed on a terminal, and piped elsewhere.
	input string
	// reads: it changes nothing, which need not be asked.
	reads bool
}

// verbs are all that speak of a registration. There is no operator here, so that those
// that wait for it say that the time is up.
func verbs(dir string) []verb {
	soon := "--timeout=50ms"
	return []verb{
		{args: []string{"status", "acme"}, reads: true},
		{args: []string{"status", "acme", "--lang", "zh"}, reads: true},
		{args: []string{"status", "acme", "-o", "yaml"}, reads: true},
		{args: []string{"list"}, reads: true},
		{args: []string{"queue"}, reads: true},
		{args: []string{"events", "acme"}, reads: true},
		{args: []string{"check", "--live", "acme"}, reads: true},
		{args: []string{"agent-role", "acme", "--user", "agent-zhang"}, reads: true},
		{args: []string{"wait", "acme", "--for", "active", soon}, reads: true},
		{args: []string{"wait", "acme", "--for", "decision", soon}, reads: true},
		{args: []string{"attach", "acme", "--business-certificate", filepath.Join(dir, "license.pdf")}},
		{args: []string{"enter-code", "acme", "email", soon}, input: "123456\n"},
		{args: []string{"enter-code", "acme", "phone", soon}, input: "1234\n"},
		{args: []string{"resend-code", "acme", soon}},
		{args: []string{"resubmit", "acme", soon}},
		{args: []string{"withdraw", "acme"}},
		{args: []string{"suspend", "acme"}},
		{args: []string{"resume", "acme"}},
		{args: []string{"refresh", "acme", soon}},
		{args: []string{"forget", "acme"}, input: "y\n"},
		{args: []string{"dossier", "acme", "-o", filepath.Join(dir, "page"), soon}},
		{args: []string{"report", "acme", "under-review", soon}},
		{args: []string{"read-code", "acme", "phone"}},
		{args: []string{"release", "acme", soon}},
	}
}

func TestEveryVerbInEveryPhase(t *testing.T) {
	for _, p := range phases {
		for _, terminal := range []bool{false, true} {
			name := p.name
			if terminal {
				name += "-terminal"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, "golden-"+name)
				expectGolden(t, name, b.transcript(p, terminal))
			})
		}
	}
}

// transcript is what all verbs print in the phase.
func (b *bench) transcript(p phase, terminal bool) string {
	b.Helper()
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "license.pdf"), scans.PDF("SAMPLE"), 0o600); err != nil {
		b.Fatal(err)
	}
	var all strings.Builder
	b.put(p)
	untouched := b.everything()
	for _, v := range verbs(dir) {
		fmt.Fprintf(&all, "$ kubectl china-account %s\n", strings.Join(v.args, " "))
		all.WriteString(withoutAge(v, b.runVerb(v, terminal)))
		if !v.reads && b.everything() != untouched {
			b.put(p)
			untouched = b.everything()
		}
	}
	return b.steady(all.String(), dir)
}

// runVerb returns what is printed, and how it ends.
func (b *bench) runVerb(v verb, terminal bool) string {
	b.Helper()
	if terminal {
		shown, code := b.onTerminal(v.input, v.args...)
		return fmt.Sprintf("%s[exit code %d]\n\n", shown, code)
	}
	r := b.plugin(v.input, v.args...)
	if r.stderr != "" {
		r.stderr = "[standard error]\n" + r.stderr
	}
	return fmt.Sprintf("%s%s[exit code %d]\n\n", r.stdout, r.stderr, r.code)
}

// onTerminal runs the plugin on a pseudo-terminal, and returns what is seen on it.
func (b *bench) onTerminal(typed string, args ...string) (shown string, code int) {
	b.Helper()
	screen, terminal, err := pty.Open()
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = screen.Close() }()
	seen := make(chan string)
	go func() {
		var all bytes.Buffer
		_, _ = io.Copy(&all, screen) // a terminal that is closed reads as an error
		seen <- all.String()
	}()
	if _, err := screen.WriteString(typed); err != nil {
		b.Fatal(err)
	}
	code = b.run(terminal, terminal, terminal, args...)
	_ = terminal.Close()
	// What is typed is echoed when the terminal comes to it.
	return strings.Replace(strings.ReplaceAll(<-seen, "\r\n", "\n"), typed, "", 1), code
}

var (
	suffix = regexp.MustCompile(`(acme-\d-[a-z-]+)-[a-z0-9]{5}\b`)
	ageIs  = regexp.MustCompile(`(?m) (<invalid>|\d+[smhdy]\S*)$`)
)

// steady takes out what is another in each run.
func (b *bench) steady(text, dir string) string {
	text = strings.NewReplacer(b.namespace, "team-a", dir, "DIR", "\x1b", "␛").Replace(text)
	return suffix.ReplaceAllString(text, "$1-xxxxx")
}

// withoutAge takes out how long ago the object was really made.
func withoutAge(v verb, shown string) string {
	if v.args[0] != "list" {
		return shown
	}
	return ageIs.ReplaceAllString(shown, " AGE")
}

func expectGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("it prints otherwise now (go test ./cmd/kubectl-china_account -run EveryVerb -update writes it anew):\n%s", diff)
	}
}
