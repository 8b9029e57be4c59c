// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"crypto/x509"
	"debug/buildinfo"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	. "github.com/onsi/gomega"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/spdxlib"
)

const (
	version = "v1.2.3-test"
	root    = "../.." // of the project
	// created and revision are what the image of the tests says of itself.
	created  = "1795785945"
	revision = "0123456789abcdef0123456789abcdef01234567"
)

// output is where TestMain had hack/image.sh write the image that most tests look at.
var output string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "china-account-image-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	output = folder
	if said, err := imageScript(root, folder).CombinedOutput(); err != nil {
		panic(string(said))
	}
	return m.Run()
}

// imageScript builds the image of the project in a folder.
func imageScript(project, out string, environment ...string) *exec.Cmd {
	command := exec.Command("hack/image.sh", version)
	command.Dir = project
	command.Env = append(append(os.Environ(), "OUT="+out, "REVISION="+revision, "SOURCE_DATE_EPOCH="+created), environment...)
	return command
}

func indexIn(t *testing.T, folder string) v1.ImageIndex {
	t.Helper()
	index, err := layout.ImageIndexFromPath(filepath.Join(folder, "oci"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return index
}

func imageFor(t *testing.T, folder, architecture string) v1.Image {
	t.Helper()
	image, err := pick(indexIn(t, folder), v1.Platform{OS: "linux", Architecture: architecture}, folder)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return image
}

var architectures = []string{"amd64", "arm64"}

func TestAnImageIsForBothKindsOfNodes(t *testing.T) {
	g := NewWithT(t)
	manifest, err := indexIn(t, output).IndexManifest()
	g.Expect(err).NotTo(HaveOccurred())
	var platforms []string
	for _, one := range manifest.Manifests {
		platforms = append(platforms, one.Platform.String())
	}
	g.Expect(platforms).To(Equal([]string{"linux/amd64", "linux/arm64"}))
	g.Expect(manifest.Annotations).To(HaveKeyWithValue("org.opencontainers.image.version", version))
}

func TestItRunsTheOperatorAsAUserWithoutRights(t *testing.T) {
	for _, architecture := range architectures {
		t.Run(architecture, func(t *testing.T) {
			g := NewWithT(t)
			file, err := imageFor(t, output, architecture).ConfigFile()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(file.Architecture).To(Equal(architecture))
			g.Expect(file.Config.User).To(Equal("65532:65532"), "a number, so that runAsNonRoot can be checked")
			g.Expect(file.Config.Entrypoint).To(Equal([]string{"/manager"}))
			g.Expect(file.Config.Cmd).To(BeEmpty())
			g.Expect(file.Created.UTC()).To(Equal(time.Unix(1795785945, 0).UTC()))
			g.Expect(file.Config.Labels).To(And(
				HaveKeyWithValue("org.opencontainers.image.version", version),
				HaveKeyWithValue("org.opencontainers.image.revision", revision),
				HaveKeyWithValue("org.opencontainers.image.created", "2026-11-27T13:25:45Z"),
				HaveKeyWithValue("org.opencontainers.image.source", source),
				HaveKeyWithValue("org.opencontainers.image.licenses", "Apache-2.0"),
			))
		})
	}
}

// file is one of an image, as its layers have it.
type file struct {
	mode    int64
	owner   int
	content []byte
}

func filesOf(t *testing.T, image v1.Image) map[string]file {
	t.Helper()
	g := NewWithT(t)
	flat := mutate.Extract(image)
	defer flat.Close()
	found := map[string]file{}
	for archive := tar.NewReader(flat); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		g.Expect(err).NotTo(HaveOccurred())
		content, err := io.ReadAll(archive)
		g.Expect(err).NotTo(HaveOccurred())
		found[header.Name] = file{header.Mode, header.Uid, content}
	}
}

func TestNothingIsInItButTheOperatorAndWhatItNeeds(t *testing.T) {
	for _, architecture := range architectures {
		t.Run(architecture, func(t *testing.T) {
			g := NewWithT(t)
			modes, owners := map[string]int64{}, map[string]int{}
			for name, found := range filesOf(t, imageFor(t, output, architecture)) {
				modes[name] = found.mode
				if found.owner != 0 {
					owners[name] = found.owner
				}
			}
			g.Expect(modes).To(Equal(map[string]int64{
				"etc": 0o755, "etc/group": 0o644, "etc/passwd": 0o644, "etc/ssl": 0o755, "etc/ssl/certs": 0o755, certificates: 0o644,
				"home": 0o755, "home/nonroot": 0o700, "tmp": 0o1777, "manager": 0o555,
			}), "no shell, no program but the operator, nothing that its user may write to outside tmp and home")
			g.Expect(owners).To(Equal(map[string]int{"home/nonroot": nonroot}))
		})
	}
}

func TestItsCertificatesAreThoseThatGoTrusts(t *testing.T) {
	g := NewWithT(t)
	pool := x509.NewCertPool()
	g.Expect(pool.AppendCertsFromPEM(filesOf(t, imageFor(t, output, "amd64"))[certificates].content)).To(BeTrue())
	g.Expect(pool.Subjects()).To(ContainElement(ContainSubstring("Amazon Root CA 1"))) //nolint:staticcheck // the pool is not the system's
	g.Expect(len(pool.Subjects())).To(BeNumerically(">", 80))                          //nolint:staticcheck // the same
}

func TestTheOperatorStartsInItsImage(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make the image's files a process's root")
	}
	g := NewWithT(t)
	folder := t.TempDir()
	for name, found := range filesOf(t, imageFor(t, output, "amd64")) {
		if name == "manager" {
			g.Expect(os.WriteFile(filepath.Join(folder, name), found.content, os.FileMode(found.mode))).To(Succeed())
		}
	}
	inside := func(args ...string) (string, error) {
		command := exec.Command("/manager", args...)
		command.Dir, command.Env = "/", []string{}
		command.SysProcAttr = &syscall.SysProcAttr{Chroot: folder, Credential: &syscall.Credential{Uid: nonroot, Gid: nonroot}}
		said, err := command.CombinedOutput()
		return string(said), err
	}
	g.Expect(inside("--version")).To(HavePrefix(version))
	g.Expect(inside("--help")).To(ContainSubstring("-leader-elect"))
	said, err := inside()
	g.Expect(err).To(HaveOccurred(), "there is no cluster")
	g.Expect(said).To(ContainSubstring("find the API server"))
}

func TestNoPathOfTheMachineThatBuiltItIsInIt(t *testing.T) {
	g := NewWithT(t)
	project, err := filepath.Abs(root)
	g.Expect(err).NotTo(HaveOccurred())
	places, err := exec.Command("go", "env", "GOPATH", "GOMODCACHE", "GOCACHE", "GOROOT").Output()
	g.Expect(err).NotTo(HaveOccurred())
	secretive := append(strings.Fields(string(places)), project, output)
	g.Expect(secretive).To(HaveLen(6))
	for _, architecture := range architectures {
		for name, found := range filesOf(t, imageFor(t, output, architecture)) {
			for _, place := range secretive {
				g.Expect(bytes.Contains(found.content, []byte(place))).To(BeFalse(), "%s of %s names %s", name, architecture, place)
			}
		}
	}
}

func TestAnArchiveLoadsAsTheSameImage(t *testing.T) {
	for _, architecture := range architectures {
		t.Run(architecture, func(t *testing.T) {
			g := NewWithT(t)
			loaded, err := tarball.ImageFromPath(filepath.Join(output, title+"-linux-"+architecture+".tar"), nil)
			g.Expect(err).NotTo(HaveOccurred())
			want, err := imageFor(t, output, architecture).ConfigName()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(loaded.ConfigName()).To(Equal(want))
		})
	}
}

func TestTheListOfContentsNamesEveryModuleOfTheBinary(t *testing.T) {
	for _, architecture := range architectures {
		t.Run(architecture, func(t *testing.T) {
			g := NewWithT(t)
			stored, err := os.Open(filepath.Join(output, title+"-linux-"+architecture+".spdx.json"))
			g.Expect(err).NotTo(HaveOccurred())
			defer stored.Close()
			var contents v2_3.Document
			g.Expect(spdxjson.ReadInto(stored, &contents)).To(Succeed())
			g.Expect(spdxlib.ValidateDocument(&contents)).To(Succeed())

			versions, sums := map[string]string{}, map[string][]common.Checksum{}
			ids := map[common.ElementID]bool{}
			for _, one := range contents.Packages {
				ids[one.PackageSPDXIdentifier] = true
				versions[one.PackageName], sums[one.PackageName] = one.PackageVersion, one.PackageChecksums
			}
			g.Expect(ids).To(HaveLen(len(contents.Packages)), "each has an identifier of its own")
			binary := filepath.Join(output, "bin", "linux-"+architecture, "manager")
			info, err := buildinfo.ReadFile(binary)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(info.Deps).NotTo(BeEmpty())
			for _, module := range info.Deps {
				g.Expect(versions).To(HaveKeyWithValue(module.Path, module.Version))
			}
			g.Expect(versions).To(And(HaveKey(rootsModule), HaveKeyWithValue("stdlib", strings.TrimPrefix(info.GoVersion, "go"))))
			content, err := os.ReadFile(binary)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(sums[info.Main.Path]).To(Equal(sha256Of(content)))
			digest, err := imageFor(t, output, architecture).Digest()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(sums[title]).To(Equal([]common.Checksum{{Algorithm: common.SHA256, Value: digest.Hex}}))
		})
	}
}
