// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// sources are what the image is made of.
var sources = []string{"go.mod", "go.sum", "api", "cmd", "controllers", "internal", "hack/image", "hack/image.sh"}

// copyOfTheProject is the project in another folder, and without git.
func copyOfTheProject(t *testing.T) string {
	t.Helper()
	g := NewWithT(t)
	elsewhere := filepath.Join(t.TempDir(), "somewhere", "else")
	for _, name := range sources {
		to := filepath.Join(elsewhere, name)
		g.Expect(os.MkdirAll(filepath.Dir(to), 0o700)).To(Succeed())
		said, err := exec.Command("cp", "-R", filepath.Join(root, name), to).CombinedOutput()
		g.Expect(err).NotTo(HaveOccurred(), string(said))
	}
	return elsewhere
}

func TestTheSameSourcesGiveTheSameImageWhereverTheyAreBuilt(t *testing.T) {
	g := NewWithT(t)
	elsewhere := copyOfTheProject(t)
	// Nothing that was compiled here before is used again, and no file of the builder's
	// has the usual mode or time.
	command := imageScript(elsewhere, filepath.Join(elsewhere, "out"), "PLATFORMS=linux/amd64", "GOCACHE="+t.TempDir(), "TZ=Asia/Shanghai")
	command.Args = []string{"bash", "-c", "umask 077; exec hack/image.sh " + version}
	command.Path, _ = exec.LookPath("bash")
	said, err := command.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(said))

	here, err := imageFor(t, output, "amd64").Digest()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(imageFor(t, filepath.Join(elsewhere, "out"), "amd64").Digest()).To(Equal(here))
	list := title + "-linux-amd64.spdx.json"
	first, err := os.ReadFile(filepath.Join(output, list))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.ReadFile(filepath.Join(elsewhere, "out", list))).To(Equal(first))
}

func TestADockerBuildCompilesTheSameBinary(t *testing.T) {
	g := NewWithT(t)
	build := regexp.MustCompile(`(?s)CGO_ENABLED=0.*?go build ([^\n]*?) -o `)
	var flags []string
	for _, name := range []string{"Dockerfile", "hack/image.sh"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		g.Expect(err).NotTo(HaveOccurred())
		found := build.FindStringSubmatch(string(text))
		g.Expect(found).NotTo(BeNil(), name)
		flags = append(flags, strings.ReplaceAll(strings.ToLower(found[1]), "$version", "V"))
	}
	g.Expect(flags[0]).To(Equal(flags[1]))
}
