// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	. "github.com/onsi/gomega"
)

// aRegistry is one in memory; its address is what images in it are named by.
func aRegistry(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// anotherBase is somebody else's image for two kinds of nodes, with settings of its own.
func anotherBase(t *testing.T, architectures ...string) v1.ImageIndex {
	t.Helper()
	g := NewWithT(t)
	index := v1.ImageIndex(empty.Index)
	for _, architecture := range architectures {
		image, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{
			OS: "linux", Architecture: architecture,
			Config: v1.Config{User: "0", Cmd: []string{"/bin/sh"}, Env: []string{"FOR=" + architecture}},
		})
		g.Expect(err).NotTo(HaveOccurred())
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: architecture}},
		})
	}
	return index
}

// onBase makes the image of the tests' binaries anew, on another base.
func onBase(t *testing.T, base string) (made, error) {
	t.Helper()
	asked, err := parse([]string{
		"--version", version, "--base", base,
		filepath.Join(output, "bin", "linux-amd64", "manager"), filepath.Join(output, "bin", "linux-arm64", "manager"),
	})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return assemble(asked)
}

func standsOnAnotherBase(t *testing.T, result made) {
	t.Helper()
	g := NewWithT(t)
	g.Expect(result.platforms).To(HaveLen(2))
	for _, one := range result.platforms {
		file, err := one.image.ConfigFile()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(file.Config.Env).To(Equal([]string{"FOR=" + one.platform.Architecture}), "the base is the one of the platform")
		g.Expect(file.Config.User).To(Equal("65532:65532"), "whoever the base runs as")
		g.Expect(file.Config.Cmd).To(BeEmpty())
		g.Expect(filesOf(t, one.image)).To(And(HaveLen(1), HaveKey("manager")))
		kind, err := one.image.MediaType()
		g.Expect(err).NotTo(HaveOccurred())
		layers, err := one.image.Layers()
		g.Expect(err).NotTo(HaveOccurred())
		layer, err := layers[0].MediaType()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(strings.Contains(string(kind), "docker")).To(Equal(strings.Contains(string(layer), "docker")), "one image, one format")
	}
}

func TestTheBaseMayBeAnImageOfARegistry(t *testing.T) {
	g := NewWithT(t)
	base := aRegistry(t) + "/base:v1"
	reference, err := name.ParseReference(base)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(remote.WriteIndex(reference, anotherBase(t, "amd64", "arm64"))).To(Succeed())
	result, err := onBase(t, base)
	g.Expect(err).NotTo(HaveOccurred())
	standsOnAnotherBase(t, result)
	below := result.platforms[0].contents.Packages[2]
	g.Expect(below.PackageName).To(Equal(base))
	g.Expect(below.PackageVersion).To(HavePrefix("sha256:"), "the list says which it was")
}

func TestTheBaseMayBeAFolder(t *testing.T) {
	g := NewWithT(t)
	flat, deep := t.TempDir(), t.TempDir()
	_, err := layout.Write(flat, anotherBase(t, "amd64", "arm64"))
	g.Expect(err).NotTo(HaveOccurred())
	_, err = layout.Write(deep, mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: anotherBase(t, "amd64", "arm64")}))
	g.Expect(err).NotTo(HaveOccurred())
	for _, folder := range []string{flat, deep} {
		result, err := onBase(t, folder)
		g.Expect(err).NotTo(HaveOccurred())
		standsOnAnotherBase(t, result)
	}
}

func TestABaseThatIsNotForAPlatformIsRefused(t *testing.T) {
	g := NewWithT(t)
	folder := t.TempDir()
	_, err := layout.Write(folder, anotherBase(t, "amd64"))
	g.Expect(err).NotTo(HaveOccurred())
	_, err = onBase(t, folder)
	g.Expect(err).To(MatchError(ContainSubstring("has no image for linux/arm64")))
}

func TestAnotherVersionIsAnotherImage(t *testing.T) {
	g := NewWithT(t)
	digests := map[v1.Hash]bool{}
	for _, version := range []string{"v1.0.0", "v1.0.1"} {
		asked, err := parse([]string{"--version", version, filepath.Join(output, "bin", "linux-amd64", "manager")})
		g.Expect(err).NotTo(HaveOccurred())
		result, err := assemble(asked)
		g.Expect(err).NotTo(HaveOccurred())
		digest, err := result.index.Digest()
		g.Expect(err).NotTo(HaveOccurred())
		digests[digest] = true
	}
	g.Expect(digests).To(HaveLen(2))
}

// What docs/image.md has one type, for a registry that is named in $REGISTRY.
func TestItIsPushedAsTheDocSays(t *testing.T) {
	g := NewWithT(t)
	page, err := os.ReadFile(filepath.Join(root, "docs", "image.md"))
	g.Expect(err).NotTo(HaveOccurred())
	_, rest, found := strings.Cut(string(page), "```sh\n# push\n")
	g.Expect(found).To(BeTrue())
	script, _, _ := strings.Cut(rest, "```")

	repository := aRegistry(t) + "/china-account-operator"
	command := exec.Command("bash", "-euo", "pipefail", "-c", strings.ReplaceAll(script, "dist/image", output))
	command.Dir = root
	command.Env = append(os.Environ(), "IMG="+repository+":"+version)
	said, err := command.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(said))

	want, err := indexIn(t, output).Digest()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(said)).To(ContainSubstring(repository + "@" + want.String()))
	reference, err := name.ParseReference(repository + ":" + version)
	g.Expect(err).NotTo(HaveOccurred())
	pulled, err := remote.Index(reference)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(pulled.Digest()).To(Equal(want))
	image, err := pick(pulled, v1.Platform{OS: "linux", Architecture: "arm64"}, "the registry")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(filesOf(t, image)).To(HaveKey("manager"))
}
