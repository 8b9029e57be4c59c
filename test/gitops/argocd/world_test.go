// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/argo-cd/v3/util/settings"
	. "github.com/onsi/gomega"
	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/process"
)

var update = flag.Bool("update", false, "write testdata anew, as the operator leaves its objects now")

const (
	group     = "registration.chinaaccount.dev"
	namespace = "team-a"
	// patience bounds what is waited for; most takes a second or two.
	patience = time.Minute
)

func TestMain(m *testing.M) {
	logrus.SetLevel(logrus.ErrorLevel)
	SetDefaultEventuallyTimeout(patience)
	SetDefaultEventuallyPollingInterval(100 * time.Millisecond)
	os.Exit(m.Run())
}

// world is the ground with an operator at work, and Argo CD's settings on it.
type world struct {
	*ground.Ground
	root     string
	operator *process.Process
	// overrides are what Argo CD reads in argocd-cm.
	overrides map[string]appv1.ResourceOverride
}

// TestArgoCD lays the ground once. What has to be seen before the operator looks comes
// first, what has to be seen without it last.
func TestArgoCD(t *testing.T) {
	w := newWorld(t)
	for _, stage := range []struct {
		name string
		test func(*testing.T)
	}{
		{"the doc's table", w.table},
		{"installed as the doc says", w.installed},
		{"before the operator looks", w.unseen},
		{"the operator starts", w.startOperator},
		{"at every moment", w.moments},
		{"the doc's message", w.message},
		{"registrars and reports", w.others},
		{"the scripts' own tests", w.scripts},
		{"actions", w.actionsForReal},
		{"nothing is out of sync by itself", w.inSync},
		{"sync waves", w.waves},
		{"commands of the doc", w.commands},
		{"the operator stops", w.stopOperator},
		{"without the operator", w.left},
		{"testdata is what the API server takes", w.testdataIsAccepted},
	} {
		if !t.Run(stage.name, stage.test) {
			t.FailNow() // the rest stands on it
		}
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	g := NewWithT(t)
	root, err := env.Root()
	g.Expect(err).NotTo(HaveOccurred())
	laid, err := ground.Lay(t.Context(), t.TempDir(), env.Options{}, "--step", "1h")
	w := &world{Ground: laid, root: root}
	t.Cleanup(func() { w.end(t) })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(w.MakeNamespace(t.Context(), namespace)).To(Succeed())
	g.Expect(w.MakeRegistrar(t.Context(), w.Gateway.Host, w.Gateway.CA)).To(Succeed())
	return w
}

func (w *world) startOperator(t *testing.T) {
	g := NewWithT(t)
	path, err := process.Binary("manager")
	g.Expect(err).NotTo(HaveOccurred())
	w.operator, err = process.Start(w.LogPath("manager"), path, "--kubeconfig", w.OperatorKubeconfig, "--health-probe-bind-address", "0",
		"--poll-min", "200ms", "--poll-max", "500ms", "--missing-min", "200ms", "--missing-max", "500ms")
	g.Expect(err).NotTo(HaveOccurred())
}

// end stops all that runs; the operator's watches would hold the API server up.
func (w *world) end(t *testing.T) {
	if t.Failed() {
		log, _ := os.ReadFile(w.LogPath("manager"))
		t.Log(string(log[max(0, len(log)-20_000):]))
	}
	if w.operator != nil {
		w.stopOperator(t)
	}
	NewWithT(t).Expect(w.Clear()).To(Succeed())
}

func (w *world) stopOperator(t *testing.T) { NewWithT(t).Expect(w.operator.Stop()).To(Succeed()) }

// readSettings has Argo CD read argocd-cm from the API server.
func (w *world) readSettings(t *testing.T) {
	t.Helper()
	g := NewWithT(t)
	clientset, err := kubernetes.NewForConfig(w.Plane.Config())
	g.Expect(err).NotTo(HaveOccurred())
	w.overrides, err = settings.NewSettingsManager(t.Context(), clientset, "argocd").GetResourceOverrides()
	g.Expect(err).NotTo(HaveOccurred())
}

// vm is what Argo CD runs scripts of that kind with, from argocd-cm.
func (w *world) vm(kind string) lua.VM {
	return lua.VM{ResourceOverrides: w.overrides, UseOpenLibs: w.overrides[group+"/"+kind].UseOpenLibs}
}

// get reads an object as Argo CD does; nil if it is gone.
func (w *world) get(ctx context.Context, kind, name string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetAPIVersion(v1alpha1.GroupVersion.String())
	object.SetKind(kind)
	key := client.ObjectKey{Namespace: namespace, Name: name}
	if kind == "Registrar" {
		key.Namespace = ""
	}
	if err := w.Onlooker.Get(ctx, key, object); err != nil {
		return nil
	}
	return object
}

func (w *world) registration(ctx context.Context, name string) *v1alpha1.ChinaAccountRegistration {
	reg := &v1alpha1.ChinaAccountRegistration{}
	if err := w.Onlooker.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, reg); err != nil {
		return nil
	}
	return reg
}

// shell runs a script as the admin, in the project's folder.
func (w *world) shell(t *testing.T, script string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script)
	command.Dir = w.root
	command.Env = append(os.Environ(), "KUBECONFIG="+w.Plane.Kubeconfig(), "KUBECACHEDIR="+filepath.Join(w.Dir, "kubectl-cache"),
		"PATH="+filepath.Dir(w.Plane.Kubectl())+":"+filepath.Join(w.root, "bin")+":"+os.Getenv("PATH"))
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	NewWithT(t).Expect(command.Run()).To(Succeed(), func() string { return script + "\n" + said.String() })
	return said.String()
}

func (w *world) customizations(parts ...string) string {
	return filepath.Join(append([]string{w.root, "config", "gitops", "argocd", "resource_customizations", group}, parts...)...)
}
