// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	. "github.com/onsi/gomega"
)

const (
	// requireBuildah is what makes a missing engine fail.
	requireBuildah = "IMAGE_REQUIRE_BUILDAH"
	goImage        = "localhost/go"
	baseImage      = "localhost/base:latest"
)

// engine is a buildah that shares nothing with another on the machine.
type engine struct{ folder string }

// anEngine skips the test where there is none, or fails it.
func anEngine(t *testing.T) engine {
	t.Helper()
	if _, err := exec.LookPath("buildah"); err == nil && os.Getuid() == 0 {
		return engine{t.TempDir()}
	}
	if os.Getenv(requireBuildah) != "" {
		t.Fatalf("there is no buildah that runs as root: install it with hack/buildah.sh, or unset %s", requireBuildah)
	}
	t.Skip("there is no buildah that runs as root to build the Dockerfile with: install it with hack/buildah.sh")
	return engine{}
}

// run gives what the engine printed, without what it said on the way.
func (e engine) run(t *testing.T, args ...string) string {
	t.Helper()
	store := []string{"--storage-driver", "vfs", "--root", filepath.Join(e.folder, "root"), "--runroot", filepath.Join(e.folder, "run")}
	return printed(t, exec.Command("buildah", append(store, args...)...))
}

func printed(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	var remarks strings.Builder
	command.Dir, command.Stderr = root, &remarks
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", command, err, out, &remarks)
	}
	return strings.TrimSpace(string(out))
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	return printed(t, exec.Command("go", "env", name))
}

// makeGoImage is what a registry's golang is to others: Go, a shell, and chmod, as this
// machine has them.
func (e engine) makeGoImage(t *testing.T) {
	t.Helper()
	g := NewWithT(t)
	goroot := goEnv(t, "GOROOT")
	container := e.run(t, "from", "scratch")
	inside := e.run(t, "mount", container)
	files := append([]string{"-RL", "--parents", goroot}, programs(t, "/bin/sh", "/bin/chmod")...)
	printed(t, exec.Command("cp", append(files, trusted(), inside)...))
	g.Expect(os.Mkdir(filepath.Join(inside, "tmp"), 0o700)).To(Succeed())

	e.run(t, "config", "--env", "PATH="+goroot+"/bin:/bin", "--env", "SSL_CERT_FILE="+trusted(), container)
	for _, name := range []string{"GOMODCACHE", "GOCACHE", "GOTOOLCHAIN", "GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB"} {
		e.run(t, "config", "--env", name+"="+goEnv(t, name), container)
	}
	e.run(t, "commit", "--quiet", "--rm", container, goImage)
}

// programs are those named, and the libraries that they load.
func programs(t *testing.T, paths ...string) []string {
	t.Helper()
	for _, library := range regexp.MustCompile(`(/\S+) \(0x`).FindAllStringSubmatch(printed(t, exec.Command("ldd", paths...)), -1) {
		paths = append(paths, library[1])
	}
	return paths
}

// trusted is the file of the certificates that the module proxy is trusted by.
func trusted() string {
	if told := os.Getenv("SSL_CERT_FILE"); told != "" {
		return told
	}
	return "/" + certificates
}

// makeBases puts hack/image's own base into the engine's store, for every kind of nodes.
func (e engine) makeBases(t *testing.T) {
	t.Helper()
	g := NewWithT(t)
	e.run(t, "manifest", "create", baseImage)
	for _, architecture := range architectures {
		base, err := makeBase(time.Unix(0, 0).UTC())
		g.Expect(err).NotTo(HaveOccurred())
		base, err = mutate.ConfigFile(base, forPlatform(t, base, architecture))
		g.Expect(err).NotTo(HaveOccurred())
		tag, err := name.NewTag(baseImage + "-" + architecture)
		g.Expect(err).NotTo(HaveOccurred())
		archive := filepath.Join(t.TempDir(), "base.tar")
		g.Expect(tarball.WriteToFile(archive, tag, base)).To(Succeed())
		e.run(t, "manifest", "add", baseImage, e.run(t, "pull", "--quiet", "docker-archive:"+archive))
	}
}

func forPlatform(t *testing.T, image v1.Image, architecture string) *v1.ConfigFile {
	t.Helper()
	config, err := image.ConfigFile()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", architecture
	return config
}

// build builds the Dockerfile as docs/image.md and `make docker-build` do. What this machine
// has downloaded and compiled is used again: the compiler decides what it may use.
func (e engine) build(t *testing.T, architecture string) string {
	t.Helper()
	tag := "localhost/operator:" + architecture
	modules, compiled := goEnv(t, "GOMODCACHE"), goEnv(t, "GOCACHE")
	e.run(t, "build", "--isolation", "chroot", "--pull-never", "--identity-label=false", "--platform", "linux/"+architecture, "--tag", tag,
		"--volume", modules+":"+modules, "--volume", compiled+":"+compiled,
		"--build-arg", "BUILDPLATFORM=linux/"+runtime.GOARCH, // which Docker says by itself
		"--build-arg", "GO_IMAGE="+goImage, "--build-arg", "BASE_IMAGE="+baseImage,
		"--build-arg", "VERSION="+version, "--build-arg", "REVISION="+revision, "--build-arg", "CREATED=2026-11-27T13:25:45Z", ".")
	return tag
}

// read gives an image of the engine's store.
func (e engine) read(t *testing.T, tag string) v1.Image {
	t.Helper()
	g := NewWithT(t)
	folder := t.TempDir()
	e.run(t, "push", "--quiet", tag, "oci:"+folder)
	index, err := layout.ImageIndexFromPath(folder)
	g.Expect(err).NotTo(HaveOccurred())
	manifest, err := index.IndexManifest()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(manifest.Manifests).To(HaveLen(1))
	image, err := index.Image(manifest.Manifests[0].Digest)
	g.Expect(err).NotTo(HaveOccurred())
	return image
}

// listing says of every file whose it is, its mode, and what is in it.
func listing(t *testing.T, image v1.Image) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, found := range filesOf(t, image) {
		files[name] = fmt.Sprintf("%d %o %x", found.owner, found.mode&0o7777, sha256.Sum256(found.content))
	}
	return files
}

func TestADockerBuildMakesTheSameImage(t *testing.T) {
	engine := anEngine(t)
	engine.makeGoImage(t)
	engine.makeBases(t)
	for _, architecture := range architectures {
		t.Run(architecture, func(t *testing.T) {
			g := NewWithT(t)
			tag := engine.build(t, architecture)
			image, want := engine.read(t, tag), imageFor(t, output, architecture)
			g.Expect(listing(t, image)).To(Equal(listing(t, want)), "the operator byte for byte, the base, and nothing else")
			is, err := image.ConfigFile()
			g.Expect(err).NotTo(HaveOccurred())
			ought, err := want.ConfigFile()
			g.Expect(err).NotTo(HaveOccurred())
			ought.Config.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"} // every engine adds it
			g.Expect(is.Platform()).To(Equal(ought.Platform()))
			g.Expect(is.Config).To(Equal(ought.Config), "user, entrypoint and labels")
			if architecture == runtime.GOARCH {
				container := engine.run(t, "from", "--pull-never", tag)
				g.Expect(engine.run(t, "run", "--isolation", "chroot", container, "/manager", "--version")).To(HavePrefix(version))
			}
		})
	}
}

func TestOnlySourcesGoToTheBuilder(t *testing.T) {
	engine := anEngine(t)
	g := NewWithT(t)
	recipe := filepath.Join(t.TempDir(), "Dockerfile")
	g.Expect(os.WriteFile(recipe, []byte("FROM scratch\nCOPY . .\n"), 0o600)).To(Succeed())
	engine.run(t, "build", "--file", recipe, "--tag", "localhost/context", ".")

	tops, size := map[string]bool{}, 0
	for name, found := range filesOf(t, engine.read(t, "localhost/context")) {
		top, _, _ := strings.Cut(name, "/")
		tops[top] = true
		size += len(found.content)
		g.Expect(name).NotTo(Or(HaveSuffix("_test.go"), ContainSubstring("testdata")))
	}
	g.Expect(tops).To(Equal(map[string]bool{"go.mod": true, "go.sum": true, "api": true, "cmd": true, "controllers": true, "internal": true}))
	g.Expect(size).To(BeNumerically("<", 10<<20), "neither what was built before nor what git keeps")
}
