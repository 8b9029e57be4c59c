// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/attach"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

func TestALargeScanMakesTheRoundTripByteForByte(t *testing.T) {
	t.Parallel()
	b := newBench(t, "round-trip")
	b.put(in("preflight-failed"))
	content := append(scans.PDF("SAMPLE"), bytes.Repeat([]byte("\n%"), 4_949_000)...)
	content = append(content, "\n%%EOF\n"...)
	path := filepath.Join(t.TempDir(), "license.pdf")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if len(content) < 9_890_000 || len(content) >= 10_000_000 {
		t.Fatalf("the scan has %d bytes", len(content))
	}
	r := b.plugin("", "attach", "acme", "--business-certificate", path)
	if r.code != exitDone {
		t.Fatalf("attach: %+v", r)
	}
	d, err := dossier.NewLoader(b.admin).Load(t.Context(), b.registration())
	if err != nil {
		t.Fatal(err)
	}
	var read bytes.Buffer
	if _, err := read.ReadFrom(d.Documents[0].Open()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read.Bytes(), content) {
		t.Errorf("%d bytes came back as %d others", len(content), read.Len())
	}
}

// breaksAfter lets so many writes through, and then nothing.
type breaksAfter struct {
	http.RoundTripper
	mu     *sync.Mutex
	writes *int
}

func (t breaksAfter) RoundTrip(r *http.Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.Method != http.MethodGet {
		if *t.writes == 0 {
			return nil, fmt.Errorf("the connection is lost")
		}
		*t.writes--
	}
	return t.RoundTripper.RoundTrip(r)
}

func TestAnAttachThatBreaksOffLeavesNothingHalfAttached(t *testing.T) {
	t.Parallel()
	b := newBench(t, "breaks-off")
	large := append(scans.PDF("SAMPLE"), bytes.Repeat([]byte("\n%"), 1_200_000)...)
	large = append(large, "\n%%EOF\n"...)
	dir := t.TempDir()
	for name, content := range map[string][]byte{"license.pdf": large, "front.jpg": scans.Sample(), "back.jpg": append(scans.Sample(), 0)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{
		"attach", "acme", "--business-certificate", filepath.Join(dir, "license.pdf"),
		"--identification", filepath.Join(dir, "front.jpg"), "--identification", filepath.Join(dir, "back.jpg"), "--id-number-stdin",
	}
	// 3 Secrets for the licence, 1 for both sides, 1 for the number, and the registration.
	for writes := range 6 {
		b.put(in("rejected"))
		before := b.registration()
		if code := b.runBreaking(writes, args...); code != exitFailed {
			t.Fatalf("a run that breaks after %d writes ends with %d", writes, code)
		}
		if after := b.registration(); after.ResourceVersion != before.ResourceVersion {
			t.Errorf("after %d writes the registration names %v", writes, after.DocumentSecretNames())
		}
		b.expectWhole(before, "before")
		if r := b.plugin("11010519491231002X\n", args...); r.code != exitDone {
			t.Fatalf("run again after %d writes: %+v", writes, r)
		}
		b.expectWhole(b.registration(), "run again")
		b.expectNoLeftovers(b.registration(), before)
	}
}

func (b *bench) runBreaking(writes int, args ...string) int {
	breaking := func(rt http.RoundTripper) http.RoundTripper { return breaksAfter{rt, &sync.Mutex{}, &writes} }
	return b.runThrough(breaking, "11010519491231002X\n", args...).code
}

// runThrough runs the plugin with something between it and the API server.
func (b *bench) runThrough(wrap func(http.RoundTripper) http.RoundTripper, stdin string, args ...string) result {
	var out, errs bytes.Buffer
	a := newApp(strings.NewReader(stdin), &out, &errs)
	a.kube.WrapConfigFn = func(config *rest.Config) *rest.Config {
		config.Wrap(wrap)
		return config
	}
	code := a.run(b.Context(), append(args, "-n", b.namespace, "--kubeconfig", b.kubeconfig))
	return result{code: code, stdout: out.String(), stderr: errs.String()}
}

func (b *bench) expectWhole(reg *v1alpha1.ChinaAccountRegistration, when string) {
	b.Helper()
	d, err := dossier.NewLoader(b.admin).Load(b.Context(), reg)
	if err != nil || len(d.Missing) > 0 || len(d.Documents) != 3 {
		b.Errorf("%s: %v of %d documents is missing: %v", when, d.Missing, len(d.Documents), err)
	}
}

// expectNoLeftovers: every Secret that was attached is named, by now or before.
func (b *bench) expectNoLeftovers(regs ...*v1alpha1.ChinaAccountRegistration) {
	b.Helper()
	named := map[string]bool{}
	for _, reg := range regs {
		for _, name := range reg.DocumentSecretNames() {
			named[name] = true
		}
	}
	list := &corev1.SecretList{}
	if err := b.admin.List(b.Context(), list, client.InNamespace(b.namespace)); err != nil {
		b.Fatal(err)
	}
	for _, secret := range list.Items {
		if secret.Annotations[attach.AttachedToAnnotation] != "" && !named[secret.Name] {
			b.Errorf("Secret %s is left over", secret.Name)
		}
	}
}

func TestAttachGivesNewContentNewSecrets(t *testing.T) {
	t.Parallel()
	b := newBench(t, "new-content")
	b.put(in("rejected"))
	path := filepath.Join(t.TempDir(), "license.pdf")
	attachOne := func(title string, more ...string) result {
		if err := os.WriteFile(path, scans.PDF(title), 0o600); err != nil {
			t.Fatal(err)
		}
		return b.plugin("", append([]string{"attach", "acme", "--business-certificate", path}, more...)...)
	}
	attachOne("FIRST")
	first := b.registration().Spec.Dossier.Documents.BusinessCertificate.Files[0].Parts[0].SecretKeyRef
	if first != (v1alpha1.SecretKeyReference{Name: "acme-business-certificate", Key: "business-certificate.pdf"}) {
		t.Errorf("names %v", first)
	}
	if r := attachOne("FIRST"); r.stdout != "chinaaccountregistration/acme names them already\n" {
		t.Errorf("the same again: %+v", r)
	}
	attachOne("SECOND", "--prune")
	second := b.registration().Spec.Dossier.Documents.BusinessCertificate.Files[0].Parts[0].SecretKeyRef
	if second.Name != "acme-business-certificate-v2" {
		t.Errorf("names %v", second)
	}
	err := b.admin.Get(t.Context(), client.ObjectKey{Namespace: b.namespace, Name: first.Name}, &corev1.Secret{})
	if !apierrors.IsNotFound(err) {
		t.Errorf("what is not named any more is still there: %v", err)
	}
}
