// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// growing is what another goroutine writes.
type growing struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (g *growing) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.all.Write(p)
}

func (g *growing) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.all.String()
}

func TestStatusIsShownAnewUntilItIsOver(t *testing.T) {
	t.Parallel()
	b := newBench(t, "watch")
	b.put(in("under-review"))
	var out, errs growing
	ended := make(chan int)
	go func() { ended <- b.run(strings.NewReader(""), &out, &errs, "status", "acme", "--watch") }()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(out.String(), "UnderReview"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("nothing is shown: %q", errs.String())
		}
	}
	before := b.registration()
	after := before.DeepCopy()
	after.Status.History, after.Status.Conditions = nil, nil
	in("active").at(after)
	b.patchStatus(after, before)
	if code := <-ended; code != exitDone {
		t.Errorf("ends with %d: %s", code, errs.String())
	}
	pages := strings.Split(out.String(), "team-a/")
	if shown := strings.Count(out.String(), "watch/acme   "); shown != 2 || len(pages) != 1 || !strings.Contains(out.String(), "What comes next") {
		t.Errorf("%d pages are shown:\n%s", shown, out.String())
	}
}

func TestAWaitEndsWhenWhatItWaitsForComes(t *testing.T) {
	t.Parallel()
	b := newBench(t, "wait")
	b.put(in("under-review"))
	ended := make(chan result)
	go func() {
		var out, errs bytes.Buffer
		code := b.run(strings.NewReader(""), &out, &errs, "wait", "acme", "--for", "decision", "--timeout", "1m")
		ended <- result{code, out.String(), errs.String()}
	}()
	before := b.registration()
	after := before.DeepCopy()
	after.Status.History, after.Status.Conditions = nil, nil
	in("rejected").at(after)
	b.patchStatus(after, before)
	if r := <-ended; r.code != exitDone || r.stdout != "chinaaccountregistration/acme is Rejected\n" {
		t.Errorf("%+v", r)
	}
}

func TestNamesAndChoicesAreCompleted(t *testing.T) {
	t.Parallel()
	b := newBench(t, "completion")
	b.put(in("rejected"))
	for begun, want := range map[string]string{
		"status ":                "acme\tRejected",
		"enter-code acme ":       "phone\nemail",
		"report acme ":           "submitted\nunder-review\nrejected",
		"wait acme --for ":       "active\ndecision",
		"status acme --lang ":    "en\nzh",
		"status acme -o ":        "json\nyaml",
		"check --live ":          "acme\tRejected",
		"list --namespace comp":  "completion",
		"attach acme --dry-run ": "none\nclient",
		"status acme ":           ":4",
	} {
		var out, errs bytes.Buffer
		args := append([]string{"__complete", "-n", b.namespace, "--kubeconfig", b.kubeconfig}, strings.Split(begun, " ")...)
		a := newApp(strings.NewReader(""), &out, &errs)
		if code := a.run(t.Context(), args); code != exitDone || !strings.HasPrefix(out.String(), want) && !strings.Contains(out.String(), want+"\n") {
			t.Errorf("%q is completed with %q (%s)", begun, out.String(), errs.String())
		}
	}
}

// asUser runs the plugin as somebody who may read registrations, and no Secret.
func (b *bench) asReader() *bench {
	b.Helper()
	path, err := plane.UserKubeconfig("reader")
	if err != nil {
		b.Fatal(err)
	}
	clients, err := kubernetes.NewForConfig(plane.Config())
	if err != nil {
		b.Fatal(err)
	}
	meta := metav1.ObjectMeta{Namespace: b.namespace, Name: "reader"}
	role := &rbacv1.Role{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{{APIGroups: []string{"registration.chinaaccount.dev"}, Resources: []string{"chinaaccountregistrations"}, Verbs: []string{"get"}}}}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: meta, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "reader"},
		Subjects: []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: "reader"}},
	}
	if _, err := clients.RbacV1().Roles(b.namespace).Create(b.Context(), role, metav1.CreateOptions{}); err != nil {
		b.Fatal(err)
	}
	if _, err := clients.RbacV1().RoleBindings(b.namespace).Create(b.Context(), binding, metav1.CreateOptions{}); err != nil {
		b.Fatal(err)
	}
	reader := *b
	reader.kubeconfig = path
	return &reader
}

func TestWhatAUserMayNotDoIsToldWithTheCure(t *testing.T) {
	t.Parallel()
	b := newBench(t, "rights")
	b.put(in("awaits-agent"))
	reader := b.asReader()
	for args, says := range map[string]string{
		"dossier acme":         "have an administrator apply what 'kubectl china-account agent-role acme --user YOU' prints",
		"suspend acme":         "you may not",
		"read-code acme phone": "agent-role acme --with-codes",
	} {
		if r := reader.plugin("", strings.Split(args, " ")...); r.code != exitFailed || !strings.Contains(r.stderr, says) {
			t.Errorf("%s: %+v", args, r)
		}
	}
	r := reader.plugin("", "check", "--live", "acme")
	if r.code != exitDone || !strings.Contains(r.stdout, `you may not read Secret "acme-license-1": its content was not checked here`) || !strings.HasSuffix(r.stdout, "0 errors, 5 warnings\n") {
		t.Errorf("check --live: %+v", r)
	}
}

func TestALoginThroughAnotherProgramWorks(t *testing.T) {
	t.Parallel()
	b := newBench(t, "exec")
	b.put(in("new"))
	config, err := clientcmd.LoadFromFile(b.kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	for name, user := range config.AuthInfos {
		credential, err := json.Marshal(map[string]any{
			"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
			"status": map[string]string{"clientCertificateData": string(user.ClientCertificateData), "clientKeyData": string(user.ClientKeyData)},
		})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "credential.json")
		if err := os.WriteFile(path, credential, 0o600); err != nil {
			t.Fatal(err)
		}
		config.AuthInfos[name] = &clientcmdapi.AuthInfo{Exec: &clientcmdapi.ExecConfig{
			APIVersion: "client.authentication.k8s.io/v1", Command: "cat", Args: []string{path}, InteractiveMode: clientcmdapi.NeverExecInteractiveMode,
		}}
	}
	through := *b
	through.kubeconfig = filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, through.kubeconfig); err != nil {
		t.Fatal(err)
	}
	if r := through.plugin("", "status", "acme"); r.code != exitDone {
		t.Errorf("%+v", r)
	}
}
