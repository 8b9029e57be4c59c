// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

var _ = eachHelm("does what docs/install.md says", func(h helm) {
	It("block by block", NodeTimeout(10*time.Minute), func(ctx SpecContext) {
		startPlane()
		startNode()
		content, err := os.ReadFile(filepath.Join(root, "docs", "install.md"))
		Expect(err).NotTo(HaveOccurred())
		blocks := shellBlock.FindAllStringSubmatch(string(content), -1)
		Expect(blocks).To(HaveLen(strings.Count(string(content), "```sh")))
		folder := checkout()
		for _, block := range blocks {
			By(block[1])
			runBlock(ctx, h, folder, block[1])
		}
	})
})

// checkout is a folder in which what the document names is found, and which may be
// written to.
func checkout() string {
	GinkgoHelper()
	folder := GinkgoT().TempDir()
	for _, name := range []string{"charts", "config", "Makefile", "bin", "hack", "test", "go.mod"} {
		Expect(os.Symlink(filepath.Join(root, name), filepath.Join(folder, name))).To(Succeed())
	}
	return folder
}

func runBlock(ctx context.Context, h helm, folder, script string) {
	GinkgoHelper()
	programs := GinkgoT().TempDir()
	Expect(os.Symlink(filepath.Join(root, "bin", h.program), filepath.Join(programs, "helm"))).To(Succeed())
	Expect(os.Symlink(plane.Kubectl(), filepath.Join(programs, "kubectl"))).To(Succeed())
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	command.Dir = folder
	command.Env = append(command.Environ(), "KUBECONFIG="+plane.Kubeconfig(), "HOME="+programs, "PATH="+programs+":"+os.Getenv("PATH"), "MAKEFLAGS=", "GOFLAGS=-mod=mod")
	output, err := command.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s\n%s", script, output)
}
