// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package schemas_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// compare has hack/api-compat.sh judge; without folders, these CRDs and the last release's.
func compare(t *testing.T, folders ...string) (string, error) {
	t.Helper()
	command := exec.Command(filepath.Join(project(t), "hack", "api-compat.sh"), append([]string{tool(t, "crdify")}, folders...)...)
	said, err := command.CombinedOutput()
	return string(said), err
}

func TestTheAPIKeepsWhatTheLastReleasePromised(t *testing.T) {
	said, err := compare(t)
	NewWithT(t).Expect(err).NotTo(HaveOccurred(), said)
}

func TestAChangeOfTheAPIIsJudgedByWhomItBreaks(t *testing.T) {
	const registrars = "registration.chinaaccount.dev_registrars.yaml"
	const url = "                  url:\n"
	tests := map[string]struct {
		old, new     string
		breaks, says string
	}{
		"a field that is gone": {
			old: url, new: "                  address:\n", breaks: "existingFieldRemoval",
		},
		"a shorter bound": {
			old: "maxLength: 512", new: "maxLength: 256", breaks: "maxLength",
		},
		"a longer bound": {
			old: "maxLength: 512", new: "maxLength: 1024",
		},
		"a field that is newly required": {
			old: "                required:\n                - tokenSecretRef\n", new: "                required:\n                - caBundle\n                - tokenSecretRef\n", breaks: "required",
		},
		"a new field that is optional": {
			old: url, new: "                  proxy:\n                    maxLength: 64\n                    type: string\n" + url,
		},
		"a value that is no longer allowed": {
			old: "                - Gateway\n", new: "", breaks: "enum",
		},
		"a value more": {
			old: "                - Gateway\n", new: "                - Gateway\n                - Portal\n",
		},
		"another scope": {
			old: "scope: Cluster", new: "scope: Namespaced", breaks: "scope",
		},
		"another rule, which is for a human to judge": {
			old: "rule: self == oldSelf", new: "rule: self == oldSelf || true", says: "WARNING - unhandled changes found",
		},
		"a better text": {
			old: "url of the service", new: "address of the service",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			before, after := t.TempDir(), t.TempDir()
			crd, err := os.ReadFile(filepath.Join(project(t), "config", "crd", "bases", registrars))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(string(crd)).To(ContainSubstring(test.old))
			g.Expect(os.WriteFile(filepath.Join(before, registrars), crd, 0o600)).To(Succeed())
			changed := strings.Replace(string(crd), test.old, test.new, 1)
			g.Expect(os.WriteFile(filepath.Join(after, registrars), []byte(changed), 0o600)).To(Succeed())

			said, err := compare(t, before, after)
			if test.breaks == "" {
				g.Expect(err).NotTo(HaveOccurred(), said)
				g.Expect(said).To(And(ContainSubstring("Compatible with"), ContainSubstring(test.says)))
				return
			}
			g.Expect(err).To(HaveOccurred())
			g.Expect(said).To(And(ContainSubstring(test.breaks), ContainSubstring("Not compatible with")))
		})
	}
}

func TestTheLastReleaseIsTheNewestTag(t *testing.T) {
	g := NewWithT(t)
	elsewhere := t.TempDir()
	git := func(args ...string) {
		command := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.cn"}, args...)...)
		command.Dir = elsewhere
		said, err := command.CombinedOutput()
		g.Expect(err).NotTo(HaveOccurred(), string(said))
	}
	for _, folder := range []string{"hack", "config/crd/bases", "api/v1alpha1/testdata/released"} {
		g.Expect(os.MkdirAll(filepath.Join(elsewhere, folder), 0o700)).To(Succeed())
	}
	for _, name := range []string{"hack/api-compat.sh", "api/v1alpha1/testdata/released/crdify.yaml", "config/crd/bases/registration.chinaaccount.dev_registrars.yaml"} {
		content, err := os.ReadFile(filepath.Join(project(t), name))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(os.WriteFile(filepath.Join(elsewhere, name), content, 0o700)).To(Succeed())
	}
	git("init", "--quiet")
	git("add", ".")
	git("commit", "--quiet", "--message", "x")
	for _, tag := range []string{"v0.9.0", "v0.10.0-rc.1", "v0.10.0"} {
		git("tag", tag)
	}
	said, err := exec.Command(filepath.Join(elsewhere, "hack", "api-compat.sh"), tool(t, "crdify")).CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(said))
	g.Expect(string(said)).To(ContainSubstring("Compatible with v0.10.0."))

	crd := filepath.Join(elsewhere, "config", "crd", "bases", "registration.chinaaccount.dev_registrars.yaml")
	g.Expect(os.Remove(crd)).To(Succeed())
	said, err = exec.Command(filepath.Join(elsewhere, "hack", "api-compat.sh"), tool(t, "crdify")).CombinedOutput()
	g.Expect(err).To(HaveOccurred())
	g.Expect(string(said)).To(ContainSubstring("Not compatible with v0.10.0: registration.chinaaccount.dev_registrars.yaml"))
}

func TestACRDThatIsGoneIsNotCompatible(t *testing.T) {
	g := NewWithT(t)
	said, err := compare(t, filepath.Join(project(t), "config", "crd", "bases"), t.TempDir())
	g.Expect(err).To(HaveOccurred())
	g.Expect(said).To(ContainSubstring("registration.chinaaccount.dev_filingreports.yaml: the CRD is gone."))
}
