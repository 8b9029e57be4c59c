// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
)

// agentName is who the tests are to the API server.
const agentName = "agent-zhang"

// now is the time of every test: a Wednesday morning in Shanghai.
var now = time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("", 8*60*60))

var plane *env.ControlPlane

func TestMain(m *testing.M) {
	settle()
	os.Exit(withControlPlane(m))
}

func withControlPlane(m *testing.M) int {
	var err error
	plane, err = env.Start(context.Background(), env.Options{CRDPaths: []string{"../../config/crd/bases"}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = plane.Stop() }()
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // they mostly wait for the API server
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

var admin = sync.OnceValues(func() (client.Client, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	config := plane.Config()
	config.QPS = -1
	return client.New(config, client.Options{Scheme: scheme})
})

// kubeconfig is the agent's, who may do anything.
var kubeconfig = sync.OnceValues(func() (string, error) { return plane.UserKubeconfig(agentName, "system:masters") })

// bench is one namespace, and the plugin as it is run in it.
type bench struct {
	*testing.T
	admin      client.Client
	namespace  string
	kubeconfig string
	// binary is the plugin as a file, where a test needs a process.
	binary string
}

func newBench(t *testing.T, namespace string) *bench {
	t.Helper()
	c, err := admin()
	if err != nil {
		t.Fatal(err)
	}
	path, err := kubeconfig()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, admin: c, namespace: namespace, kubeconfig: path}
	b.make(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
	return b
}

func (b *bench) make(object client.Object) {
	b.Helper()
	if err := b.admin.Create(b.Context(), object); err != nil {
		b.Fatal(err)
	}
}

// run runs the plugin with the streams given.
func (b *bench) run(in io.Reader, out, errs io.Writer, args ...string) int {
	a := newApp(in, out, errs)
	a.now = func() time.Time { return now }
	a.zone = time.UTC
	return a.run(b.Context(), append(args, "-n", b.namespace, "--kubeconfig", b.kubeconfig))
}

// plugin runs it in a pipe.
func (b *bench) plugin(input string, args ...string) result {
	b.Helper()
	var out, errs bytes.Buffer
	code := b.run(strings.NewReader(input), &out, &errs, args...)
	return result{code: code, stdout: out.String(), stderr: errs.String()}
}

// registration reads the one that the tests are about.
func (b *bench) registration() *v1alpha1.ChinaAccountRegistration {
	b.Helper()
	reg := &v1alpha1.ChinaAccountRegistration{}
	if err := b.admin.Get(b.Context(), client.ObjectKey{Namespace: b.namespace, Name: "acme"}, reg); err != nil {
		b.Fatal(err)
	}
	return reg
}

// clear deletes the registration and its reports.
func (b *bench) clear() {
	b.Helper()
	for _, kind := range []client.Object{&v1alpha1.ChinaAccountRegistration{}, &v1alpha1.FilingReport{}, &corev1.Secret{}, &corev1.Event{}} {
		if err := b.admin.DeleteAllOf(b.Context(), kind, client.InNamespace(b.namespace)); err != nil {
			b.Fatal(err)
		}
	}
}
