// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// in returns the phase of that name.
func in(name string) phase {
	for _, p := range phases {
		if p.name == name {
			return p
		}
	}
	panic("no phase " + name)
}

func TestWrongUseSaysWhatToDoAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, "wrong-use")
	license := filepath.Join(t.TempDir(), "license.pdf")
	if err := os.WriteFile(license, scans.PDF("SAMPLE"), 0o600); err != nil {
		t.Fatal(err)
	}
	stands := ""
	for _, test := range []struct {
		phase string
		args  []string
		code  int
		says  string
	}{
		{"new", []string{"status"}, exitFailed, "it takes the name of one registration"},
		{"new", []string{"status", "acme", "bohai"}, exitFailed, "got 2 arguments"},
		{"new", []string{"status", "bohai"}, exitFailed, "there is none of that name: compare with 'kubectl china-account list -n wrong-use'"},
		{"new", []string{"status", "no/name"}, exitFailed, "no registration can have the name"},
		{"new", []string{"status", "acme", "--lang", "fr"}, exitFailed, "--lang: must be en or zh"},
		{"new", []string{"status", "acme", "-o", "xml"}, exitFailed, "the other forms are json, yaml"},
		{"new", []string{"list", "-l", "a=b=c"}, exitFailed, "--selector"},
		{"new", []string{"list", "acme"}, exitFailed, "it takes no arguments"},
		{"new", []string{"wait", "acme"}, exitFailed, "--for must be active or decision"},
		{"new", []string{"wait", "acme", "--for", "ready"}, exitFailed, "--for must be active or decision"},
		{"new", []string{"wait", "acme", "--for", "active", "--timeout", "0"}, exitFailed, "--timeout"},
		{"new", []string{"wait", "bohai", "--for", "active"}, exitFailed, "there is none of that name"},
		{"new", []string{"attach", "acme"}, exitFailed, "name what to attach"},
		{"new", []string{"attach", "acme", "--business-certificate", "absent.pdf"}, exitFailed, "read absent.pdf: no such file"},
		{"new", []string{"attach", "acme", "--business-certificate", "golden_test.go"}, exitNo, "Nothing was attached: mend the files first."},
		{"new", []string{"attach", "acme", "--supplementary", "letter.pdf"}, exitFailed, "CHALLENGE=FILE"},
		{"new", []string{"attach", "acme", "--business-certificate", license, "--dry-run=server"}, exitFailed, "--dry-run must be"},
		{"new", []string{"attach", "acme", "--business-certificate", license, "-o", "yaml"}, exitFailed, "-o is for --dry-run=client"},
		{"new", []string{"attach", "acme", "--id-number-stdin"}, exitFailed, "standard input has nothing"},
		{"under-review", []string{"attach", "acme", "--business-certificate", license}, exitFailed, "the dossier is locked while attempt 1 is under way"},
		{"verified", []string{"enter-code", "acme", "sms"}, exitFailed, "phone or email"},
		{"verified", []string{"enter-code", "acme", "phone", "1234"}, exitFailed, "it takes the name"},
		{"verified", []string{"enter-code", "acme", "phone"}, exitFailed, "standard input has nothing"},
		{"verified", []string{"enter-code", "acme", "email"}, exitFailed, "does not ask for the 6-digit code"},
		{"verified", []string{"resend-code", "acme"}, exitFailed, "ask the agent"},
		{"active", []string{"withdraw", "acme"}, exitFailed, "the account is active"},
		{"active", []string{"resubmit", "acme"}, exitFailed, "only what was rejected is filed again"},
		{"rejected-finally", []string{"resubmit", "acme"}, exitFailed, "takes no other attempt"},
		{"active", []string{"forget", "acme"}, exitFailed, "--yes deletes without asking"},
		{"verified", []string{"forget", "acme"}, exitFailed, "until it is Active"},
		{"claimed", []string{"dossier", "acme"}, exitNo, "agent-li claimed it"},
		{"awaits-agent", []string{"dossier", "acme", "-o", license}, exitFailed, "is not written over"},
		{"awaits-agent", []string{"dossier", "acme", "-o", "nowhere/page"}, exitFailed, "there is no folder nowhere"},
		{"awaits-agent", []string{"report", "acme", "claimed"}, exitFailed, "submitted, under-review"},
		{"awaits-agent", []string{"report", "acme", "submitted"}, exitFailed, "no agent has claimed it"},
		{"claimed", []string{"report", "acme", "rejected"}, exitFailed, "a rejection has findings"},
		{"claimed", []string{"report", "acme", "rejected", "--finding", "the name is wrong"}, exitFailed, "PATH=CODE:MESSAGE"},
		{"claimed", []string{"report", "acme", "rejected", "--finding", "company.nam=NameMismatch"}, exitFailed, "its path is none of a registration"},
		{"claimed", []string{"report", "acme", "active"}, exitFailed, "--account-id with 12 digits"},
		{"claimed", []string{"report", "acme", "active", "--account-id", "1234"}, exitFailed, "--account-id with 12 digits"},
		{"claimed", []string{"report", "acme", "submitted", "--account-id", "123456789012"}, exitFailed, "for active alone"},
		{"claimed", []string{"report", "acme", "submitted", "--final"}, exitFailed, "for rejected alone"},
		{"claimed", []string{"report", "acme", "active", "--account-id", "123456789012", "--challenge", "phone-code"}, exitFailed, "--challenge is for"},
		{"claimed", []string{"report", "acme", "verified", "--challenge", "sms"}, exitFailed, "phone-code, email-code"},
		{"claimed", []string{"report", "acme", "verified", "--challenge", "documents"}, exitFailed, "the message says which documents"},
		{"claimed", []string{"report", "acme", "submitted", "--time", "yesterday"}, exitFailed, "--time must be like"},
		{"claimed", []string{"report", "acme", "submitted", "--time", "2030-01-01T00:00:00Z"}, exitFailed, "in the future"},
		{"new", []string{"release", "acme"}, exitFailed, "no claim stands"},
		{"new", []string{"check", "--live", "acme", "-f", "x.yaml"}, exitFailed, "leave -f and --from out"},
		{"new", []string{"init", "No_Name"}, exitFailed, "no registration can have the name"},
		{"new", []string{"init", "acme", "--credit-code", "91310000MA1K35Y38Q"}, exitFailed, "--credit-code: CreditCodeCheckFailed"},
		{"new", []string{"init", "acme", "--region", "cn-east-1"}, exitFailed, "--region: must be one of"},
		{"new", []string{"init", "acme", "--dir", "nowhere"}, exitFailed, "there is no folder nowhere"},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			b.T = t
			if test.phase != stands { // what comes before has changed nothing
				b.put(in(test.phase))
				stands = test.phase
			}
			before := b.everything()
			r := b.plugin("", test.args...)
			if r.code != test.code || !strings.Contains(r.stderr, test.says) {
				t.Errorf("ends with %d and %q, want %d and %q", r.code, r.stderr, test.code, test.says)
			}
			if after := b.everything(); after != before {
				stands = ""
				t.Errorf("changed\n%s\nto\n%s", before, after)
			}
		})
	}
}

// everything is what stands in the namespace, by version.
func (b *bench) everything() string {
	b.Helper()
	var all strings.Builder
	for _, list := range []client.ObjectList{&v1alpha1.ChinaAccountRegistrationList{}, &v1alpha1.FilingReportList{}, &corev1.SecretList{}} {
		if err := b.admin.List(b.Context(), list, client.InNamespace(b.namespace)); err != nil {
			b.Fatal(err)
		}
		switch list := list.(type) {
		case *v1alpha1.ChinaAccountRegistrationList:
			for _, o := range list.Items {
				fmt.Fprintln(&all, o.Name, o.ResourceVersion)
			}
		case *v1alpha1.FilingReportList:
			for _, o := range list.Items {
				fmt.Fprintln(&all, o.Name, o.ResourceVersion)
			}
		case *corev1.SecretList:
			for _, o := range list.Items {
				fmt.Fprintln(&all, o.Name, o.ResourceVersion)
			}
		}
	}
	return all.String()
}

func TestAServerThatIsNotThereIsToldInASentence(t *testing.T) {
	for name, args := range map[string][]string{
		"no such context":   {"list", "--context", "nowhere"},
		"no such file":      {"list", "--kubeconfig", "/nowhere"},
		"nobody answers":    {"list", "--server", "https://127.0.0.1:1", "--request-timeout", "1s"},
		"a malformed proxy": {"list", "--server", "https://127.0.0.1:1", "--proxy-url", "::"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBECONFIG", "/dev/null")
			var out, errs bytes.Buffer
			code := newApp(strings.NewReader(""), &out, &errs).run(t.Context(), args)
			if code != exitFailed || !strings.HasPrefix(errs.String(), "error: ") || out.Len() > 0 {
				t.Errorf("ends with %d, %q, %q", code, out.String(), errs.String())
			}
		})
	}
}

func TestForgetLeavesWhatAnotherRegistrationNeeds(t *testing.T) {
	t.Parallel()
	b := newBench(t, "forget")
	b.put(in("active"))
	other := b.registration().DeepCopy()
	other.Name, other.ResourceVersion, other.UID = "bohai", "", ""
	other.Status = v1alpha1.ChinaAccountRegistrationStatus{}
	other.Spec.Dossier.Account.Email = "cloud@bohai.example.cn"
	other.Spec.Dossier.Documents.Identification.Files = other.Spec.Dossier.Documents.BusinessCertificate.Files
	b.make(other)
	r := b.plugin("", "forget", "acme", "--yes")
	if r.code != exitDone || !strings.Contains(r.stderr, "secret/acme-license-1 stays: another registration names it") {
		t.Errorf("%+v", r)
	}
	want := "secret/acme-identity-back deleted\nsecret/acme-identity-front deleted\n"
	if !strings.HasSuffix(r.stdout, want) {
		t.Errorf("printed %q", r.stdout)
	}
	if r := b.plugin("", "forget", "acme", "--yes"); r.stdout != "chinaaccountregistration/acme: nothing is left to forget\n" {
		t.Errorf("again: %+v", r)
	}
}

func TestManyRegistrationsAreReadPageByPage(t *testing.T) {
	t.Parallel()
	b := newBench(t, "many")
	b.put(in("new"))
	many := 2*chunk + 1
	if text := os.Getenv("PLUGIN_REGISTRATIONS"); text != "" {
		if _, err := fmt.Sscan(text, &many); err != nil {
			t.Fatal(err)
		}
	}
	b.makeMany(many - 1)
	begun := time.Now()
	r := b.plugin("", "list", "-o", "name")
	if lines := strings.Count(r.stdout, "\n"); lines != many {
		t.Errorf("%d of %d are listed", lines, many)
	}
	listed := time.Since(begun)
	begun = time.Now()
	if r := b.plugin("", "status", "acme"); r.code != exitDone {
		t.Errorf("%+v", r)
	}
	status := time.Since(begun)
	t.Logf("of %d registrations: list %v, status %v", many, listed, status)
	if status > time.Second {
		t.Errorf("status takes %v among %d registrations", status, many)
	}
}

func (b *bench) makeMany(n int) {
	b.Helper()
	model := b.registration()
	var all sync.WaitGroup
	failures := make(chan error, 1)
	for worker := range 16 {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := worker; i < n; i += 16 {
				reg := model.DeepCopy()
				reg.Name, reg.ResourceVersion, reg.UID = fmt.Sprintf("acme-%05d", i), "", ""
				reg.Spec.Dossier.Account.Email = v1alpha1.EmailAddress(fmt.Sprintf("cloud-%d@acme.example.cn", i))
				if err := b.admin.Create(b.Context(), reg); err != nil {
					select {
					case failures <- err:
					default:
					}
					return
				}
			}
		}()
	}
	all.Wait()
	select {
	case err := <-failures:
		b.Fatal(err)
	default:
	}
}
