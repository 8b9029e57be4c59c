// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// These tests sync registrations as Flux does: its kustomize-controller as a process on a
// real API server, beside the operator and the reference gateway. Of Flux' source-controller
// there is only what it leaves behind: an artifact of a Git repository, and a status.
package gitops_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/process"
)

const (
	// patience bounds what is waited for; Flux looks at health every 5 s.
	patience = 2 * time.Minute
	// glance is the pause between two looks of a test.
	glance = 100 * time.Millisecond
)

var (
	root string // of the project
	// floor is the API server, the gateway, and a client that may do anything.
	floor *ground.Ground
)

func TestGitOps(t *testing.T) {
	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(patience)
	SetDefaultEventuallyPollingInterval(glance)
	RunSpecs(t, "Flux")
}

var _ = BeforeSuite(func(ctx SpecContext) {
	ctrl.SetLogger(logr.Discard())
	var err error
	root, err = env.Root()
	Expect(err).NotTo(HaveOccurred())
	// The registrar decides when a spec says so, and not by time.
	floor, err = ground.Lay(ctx, GinkgoT().TempDir(), env.Options{}, "--step", "1h", "--hold", "1s")
	DeferCleanup(func() { Expect(floor.Clear()).To(Succeed()) })
	Expect(err).NotTo(HaveOccurred())
	Expect(floor.MakeRegistrar(ctx, floor.Gateway.Host, floor.Gateway.CA)).To(Succeed())
	run("manager", nil, "--kubeconfig", floor.OperatorKubeconfig, "--health-probe-bind-address", "127.0.0.1:0",
		"--poll-min", "200ms", "--poll-max", "500ms", "--missing-min", "200ms", "--missing-max", "500ms")
	installFlux(ctx)
	syncTheOperator(ctx)
})

// What Flux did about a failed spec is in its log.
var _ = JustAfterEach(func() {
	if CurrentSpecReport().Failed() {
		log, err := os.ReadFile(floor.LogPath("kustomize-controller"))
		Expect(err).NotTo(HaveOccurred())
		AddReportEntry("kustomize-controller", string(log[max(0, len(log)-1<<14):]))
	}
})

// run runs a program of bin/ with settings of its environment until the suite ends. A
// failed suite says where its log is.
func run(name string, environment []string, arguments ...string) {
	GinkgoHelper()
	path, err := process.Binary(name)
	Expect(err).NotTo(HaveOccurred())
	p, err := process.Start(floor.LogPath(name), "/usr/bin/env", append(append(environment, path), arguments...)...)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() {
		Expect(p.Ended()).NotTo(BeClosed(), "%s ended by itself: %s", name, p.LogPath)
		Expect(p.Kill()).To(Succeed())
	})
}

// syncTheOperator makes the Kustomization that those of registrations depend on. There
// are no nodes: of the operator, it brings the CRDs.
func syncTheOperator(ctx context.Context) {
	GinkgoHelper()
	of := newSource(ctx, fluxNamespace, "platform")
	of.copyIn(ctx, "operator", filepath.Join(root, "config", "crd"))
	of.publish(ctx)
	apply(ctx, `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization,
		metadata: {name: china-account-operator, namespace: `+fluxNamespace+`},
		spec: {sourceRef: {kind: GitRepository, name: platform}, path: ./operator, prune: false, wait: true, interval: 1h, timeout: 1m}}`)
	Expect(reconciled(ctx, fluxNamespace, "china-account-operator").verdict()).To(Equal(healthy))
}
