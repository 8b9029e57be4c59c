// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// exampleIn is the moment of a life that a command's examples are for.
var exampleIn = map[string]string{
	"init": "new", "attach": "preflight-failed", "check": "awaits-agent", "id": "new", "file": "new",
	"status": "active", "list": "rejected", "events": "submitted", "wait": "active",
	"enter-code": "verified", "resend-code": "submitted", "resubmit": "rejected", "withdraw": "submitted",
	"suspend": "under-review", "resume": "suspended", "refresh": "secrets-missing", "forget": "active",
	"queue": "awaits-agent", "agent-role": "awaits-agent", "dossier": "awaits-agent", "read-code": "verified",
	"report": "claimed", "release": "claimed",
}

func TestEveryCommandHasExamplesThatWork(t *testing.T) {
	t.Parallel()
	b := newBench(t, "examples")
	b.binary = buildPlugin(t)
	commands := 0
	walk(rootCommand(newApp(strings.NewReader(""), io.Discard, io.Discard)), func(command *cobra.Command) {
		commands++
		b.T = t
		for _, example := range examplesOf(command) {
			t.Run(strings.TrimPrefix(example, "kubectl china-account "), func(t *testing.T) {
				b.T = t
				b.runExample(command.Name(), example)
			})
		}
	})
	if commands != len(exampleIn) {
		t.Errorf("%d commands, and examples for %d", commands, len(exampleIn))
	}
}

// buildPlugin builds it as `make build` does: one with the race detector in it takes a
// second to start.
func buildPlugin(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kubectl-china_account")
	command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", path, ".")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return path
}

func walk(command *cobra.Command, do func(*cobra.Command)) {
	for _, child := range command.Commands() {
		do(child)
		walk(child, do)
	}
}

// examplesOf are the commands of its help. Each has a comment above it.
func examplesOf(command *cobra.Command) []string {
	var examples []string
	for text := range strings.SplitSeq(command.Example, "\n\n") {
		comment, example, found := strings.Cut(text, "\n")
		if !found || !strings.HasPrefix(comment, "  # ") {
			return []string{"false # " + command.Name() + " has an example without a comment"}
		}
		examples = append(examples, strings.TrimSpace(strings.ReplaceAll(example, "\\\n", "")))
	}
	return examples
}

// runExample runs it in a shell on a terminal, in a folder that has the files of all
// examples. An answer of no is one too.
func (b *bench) runExample(name, example string) {
	b.Helper()
	moment := exampleIn[name]
	if strings.HasPrefix(example, "kubectl china-account dossier acme --supplementary") {
		moment = "documents-given"
	}
	b.put(in(moment))
	b.make(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: b.namespace, Name: "acme-codes", Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"}},
		Data:       map[string][]byte{v1alpha1.PhoneCodeKey: []byte("1234")},
	})
	ctx, cancel := context.WithCancel(b.Context())
	standIn := make(chan error)
	go func() { standIn <- b.standInForTheOperator(ctx) }()
	shown, code := b.shell(example)
	cancel()
	if err := <-standIn; err != nil {
		b.Fatal(err)
	}
	if code != exitDone && code != exitNo || strings.Contains(shown, "error: ") {
		b.Errorf("%s\nends with %d:\n%s", example, code, shown)
	}
}

func (b *bench) shell(script string) (shown string, code int) {
	b.Helper()
	command := exec.CommandContext(b.Context(), "bash", "-o", "pipefail", "-c", fmt.Sprintf(`
kubectl() {
	if [[ $1 != china-account ]]; then %q --kubeconfig %q "$@"; return; fi
	shift
	%q "$@" -n %q --kubeconfig %q
}
%s`, plane.Kubectl(), b.kubeconfig, b.binary, b.namespace, b.kubeconfig, script))
	command.Dir = exampleFolder(b.T)
	command.Env = append(os.Environ(), "PATH="+command.Dir+":"+os.Getenv("PATH"))
	screen, err := pty.Start(command)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = screen.Close() }()
	typed := strings.Repeat("\n", 30)
	switch {
	case strings.Contains(script, "enter-code"):
		typed = "1234\n"
	case strings.Contains(script, "forget"):
		typed = "y\n"
	}
	if _, err := screen.WriteString(typed); err != nil {
		b.Fatal(err)
	}
	var all bytes.Buffer
	_, _ = io.Copy(&all, screen) // a terminal that is closed reads as an error
	_ = command.Wait()
	return all.String(), command.ProcessState.ExitCode()
}

// exampleFolder has the files that the examples name.
func exampleFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	registration, secrets := registrationText(t), samplesOfSecrets(t)
	pdf := string(scans.PDF("SAMPLE"))
	for name, content := range map[string]string{
		"registration.yaml": registration, "secrets.yaml": secrets,
		"clusters/production/acme.yaml":          registration,
		"overlays/production/kustomization.yaml": "resources: [acme.yaml]\n",
		"overlays/production/acme.yaml":          registration,
		"license.pdf":                            pdf, "letter.pdf": pdf, "scans/license.pdf": pdf,
		"front.jpg": string(scans.Sample()), "back.jpg": string(scans.Sample()), "id-front.jpg": string(scans.Sample()),
		"number.txt": "11010519491231002X\n", "companies.csv": "1,acme," + goodCode + "\n",
		"manifests/.keep": "",
		"pass":            "#!/bin/sh\necho 11010519491231002X\n", "read-sms": "#!/bin/sh\necho 1234\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// standInForTheOperator accepts every report and answers every request, until it is
// stopped. What the operator really says is tested end to end.
func (b *bench) standInForTheOperator(ctx context.Context) error {
	for ; ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		reg := &v1alpha1.ChinaAccountRegistration{}
		if err := b.admin.Get(ctx, client.ObjectKey{Namespace: b.namespace, Name: "acme"}, reg); err != nil {
			return client.IgnoreNotFound(ignoreStop(ctx, err))
		}
		reports := &v1alpha1.FilingReportList{}
		if err := b.admin.List(ctx, reports, client.InNamespace(b.namespace)); err != nil {
			return ignoreStop(ctx, err)
		}
		before := reg.DeepCopy()
		reg.Status.LastHandledRefreshRequest = reg.Annotations[v1alpha1.RefreshRequestedAtAnnotation]
		reg.Status.LastHandledResendCodeRequest = reg.Annotations[v1alpha1.ResendCodeRequestedAtAnnotation]
		for i := range reports.Items {
			if err := b.accept(ctx, &reports.Items[i], reg); err != nil {
				return ignoreStop(ctx, err)
			}
		}
		if err := b.admin.Status().Patch(ctx, reg, client.MergeFrom(before)); err != nil {
			return ignoreStop(ctx, err)
		}
	}
	return nil
}

func ignoreStop(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

func (b *bench) accept(ctx context.Context, report *v1alpha1.FilingReport, reg *v1alpha1.ChinaAccountRegistration) error {
	if len(report.Status.Conditions) > 0 || report.Spec.ReportedBy != agentName {
		return nil
	}
	before := report.DeepCopy()
	if report.Spec.Type == v1alpha1.ReportClaimed {
		d, err := dossier.NewLoader(b.admin).Load(ctx, reg)
		if err != nil {
			return err
		}
		report.Status.SecretVersions = d.Versions
		was := reg.DeepCopy()
		reg.Status.Filing = &v1alpha1.Filing{Key: filingKey, Owner: "owner", Attempt: report.Spec.Attempt, ClaimName: report.Name, RegistrarRef: "default"}
		reg.Status.DossierLock = v1alpha1.DossierLocked
		if err := b.admin.Status().Patch(ctx, reg, client.MergeFrom(was)); err != nil {
			return err
		}
	}
	report.Status.Conditions = []metav1.Condition{{
		Type: v1alpha1.ConditionAccepted, Status: metav1.ConditionTrue, Reason: v1alpha1.ReportReasonAccepted, Message: "Taken.", LastTransitionTime: metav1.Now(),
	}}
	return b.admin.Status().Patch(ctx, report, client.MergeFrom(before))
}
