// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("ENVTEST=download", func() {
	It("has setup-envtest fetch the control plane of the pinned minor version", func(ctx SpecContext) {
		project, index := copyOfTheScripts(), serveEnvtest("v1.37.9")
		output, err := fetches(ctx, project, index+"/index.yaml")
		Expect(err).NotTo(HaveOccurred())
		Expect(output).To(And(ContainSubstring("Downloading etcd, kube-apiserver and kubectl 1.37.x"), Not(ContainSubstring("Building kube-apiserver"))))
		for _, name := range []string{"etcd", "kube-apiserver", "kubectl"} {
			Expect(run(ctx, "", nil, filepath.Join(project, "bin", "controlplane", name))).To(Equal("this is " + name + "\n"))
		}

		By("and not again")
		output, err = fetches(ctx, project, "http://127.0.0.1:1/gone.yaml")
		Expect(err).NotTo(HaveOccurred())
		Expect(output).NotTo(ContainSubstring("Downloading"))
	})

	DescribeTable("says what can be done where that fails", func(ctx SpecContext, index func() string) {
		_, err := fetches(ctx, copyOfTheScripts(), index())
		Expect(err).To(MatchError(And(ContainSubstring("could not fetch 1.37.x"), ContainSubstring("unset ENVTEST"))))
	},
		Entry("the index cannot be reached", func() string { return "http://127.0.0.1:1/index.yaml" }),
		Entry("the index has other versions alone", func() string { return serveEnvtest("v1.30.0") + "/index.yaml" }),
	)

	It("is the only word that ENVTEST can be", func(ctx SpecContext) {
		_, err := run(ctx, "", []string{"ENVTEST=fetch", "KUBEBUILDER_ASSETS="}, filepath.Join(root, "hack", "controlplane.sh"))
		Expect(err).To(MatchError(ContainSubstring("it can be download, or unset")))
	})
})

// fetches makes the control plane of a project, and returns what that printed.
func fetches(ctx context.Context, project, index string) (string, error) {
	return run(ctx, "", []string{"ENVTEST=download", "ENVTEST_INDEX=" + index, "KUBEBUILDER_ASSETS=", "MAKEFLAGS="}, filepath.Join(project, "hack", "controlplane.sh"))
}

// copyOfTheScripts is a project that has no control plane yet.
func copyOfTheScripts() string {
	GinkgoHelper()
	project := GinkgoT().TempDir()
	for _, dir := range []string{"hack", "test/controlplane"} {
		Expect(os.CopyFS(filepath.Join(project, dir), os.DirFS(filepath.Join(root, dir)))).To(Succeed())
	}
	content, err := os.ReadFile(filepath.Join(root, "Makefile"))
	Expect(err).NotTo(HaveOccurred())
	Expect(os.WriteFile(filepath.Join(project, "Makefile"), content, 0o600)).To(Succeed())
	Expect(os.Mkdir(filepath.Join(project, "bin"), 0o700)).To(Succeed())
	return project
}

// serveEnvtest is an index of one release, whose programs say their names.
func serveEnvtest(version string) string {
	GinkgoHelper()
	archive := envtestArchive()
	sum := sha512.Sum512(archive)
	name := fmt.Sprintf("envtest-%s-%s-%s.tar.gz", version, runtime.GOOS, runtime.GOARCH)
	server := httptest.NewServer(nil)
	DeferCleanup(server.Close)
	index := fmt.Sprintf("releases:\n  %s:\n    %s:\n      hash: %s\n      selfLink: %s/%s\n", version, name, hex.EncodeToString(sum[:]), server.URL, name)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/index.yaml" {
			_, _ = w.Write([]byte(index))
			return
		}
		_, _ = w.Write(archive)
	})
	return server.URL
}

func envtestArchive() []byte {
	GinkgoHelper()
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zipped)
	for _, name := range []string{"etcd", "kube-apiserver", "kubectl"} {
		content := "#!/bin/sh\necho this is " + name + "\n"
		Expect(archive.WriteHeader(&tar.Header{Name: "controller-tools/envtest/" + name, Mode: 0o755, Size: int64(len(content))})).To(Succeed())
		_, err := archive.Write([]byte(content))
		Expect(err).NotTo(HaveOccurred())
	}
	Expect(archive.Close()).To(Succeed())
	Expect(zipped.Close()).To(Succeed())
	return packed.Bytes()
}
