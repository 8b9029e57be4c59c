// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// These tests install the operator as users do, with both majors of Helm and with
// kustomize, into a real API server, and judge what is rendered.
package packaging_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/test/env"
)

const (
	release         = "china-account-operator"
	systemNamespace = "china-account-system"

	// patience bounds waits for the API server to take up what it was told.
	patience = time.Minute
)

var (
	root, chart string
	plane       *env.ControlPlane
)

func TestPackaging(t *testing.T) {
	SetDefaultEventuallyTimeout(patience)
	RegisterFailHandler(Fail)
	RunSpecs(t, "Packaging")
}

var _ = BeforeSuite(func() {
	var err error
	root, err = env.Root()
	Expect(err).NotTo(HaveOccurred())
	chart = filepath.Join(root, "charts", "china-account-operator")
	for _, name := range []string{"helm3", "helm4", "helm-unittest", "kustomize"} {
		Expect(filepath.Join(root, "bin", name)).To(BeARegularFile(), "`make package-test` builds it")
	}
})

// startPlane starts an API server for the specs of a container.
func startPlane() {
	GinkgoHelper()
	var err error
	plane, err = env.Start(context.Background(), env.Options{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(plane.Stop()).To(Succeed()) })
}

// values are the files of charts/china-account-operator/ci.
func values(name string) []string {
	return []string{"--values", filepath.Join(chart, "ci", name+"-values.yaml")}
}

func write(name, content string) string {
	GinkgoHelper()
	path := filepath.Join(GinkgoT().TempDir(), name)
	Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
	return path
}
