// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package schemas_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/test/env"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

func TestEveryCommandOfTheEditorsDocWorks(t *testing.T) {
	g := NewWithT(t)
	root := project(t)
	plane, err := env.Start(t.Context(), env.Options{CRDPaths: []string{filepath.Join(root, "config", "crd", "bases")}})
	g.Expect(err).NotTo(HaveOccurred())
	defer func() { g.Expect(plane.Stop()).To(Succeed()) }()

	bash := func(script string) (string, error) {
		command := exec.Command("bash", "-euo", "pipefail", "-c", script)
		command.Dir = root
		command.Env = append(os.Environ(), "KUBECONFIG="+plane.Kubeconfig(), "KUBECACHEDIR="+t.TempDir(), "PATH="+strings.Join([]string{
			filepath.Dir(tool(t, "kubeconform")), filepath.Dir(plane.Kubectl()), os.Getenv("PATH"),
		}, ":"))
		said, err := command.CombinedOutput()
		return string(said), err
	}
	g.Eventually(func() (string, error) { return bash("kubectl explain car") }).WithTimeout(time.Minute).WithPolling(time.Second).
		Should(ContainSubstring("ChinaAccountRegistration"), "the API server publishes the texts of a new CRD a moment after the CRD")

	var told strings.Builder
	for _, script := range editorsBlocks(t) {
		said, err := bash(script)
		g.Expect(err).NotTo(HaveOccurred(), "%s\n%s", script, said)
		told.WriteString(said)
	}
	g.Expect(told.String()).To(And(
		ContainSubstring("Valid: 2, Invalid: 0, Errors: 0"),
		ContainSubstring("Valid: 30, Invalid: 0, Errors: 0, Skipped: 0"),
		ContainSubstring("registration.chinaaccount.dev/acme created (server dry run)"),
		ContainSubstring("businessCertificate <Object>"),
		ContainSubstring("dossierLock\t<string>"),
	))
}

func editorsBlocks(t *testing.T) []string {
	t.Helper()
	g := NewWithT(t)
	page, err := os.ReadFile(filepath.Join(project(t), "docs", "editors.md"))
	g.Expect(err).NotTo(HaveOccurred())
	var blocks []string
	for _, found := range shellBlock.FindAllStringSubmatch(string(page), -1) {
		blocks = append(blocks, found[1])
	}
	g.Expect(blocks).To(HaveLen(4))
	return blocks
}

func TestTheEditorsDocNamesSchemasThatAreThere(t *testing.T) {
	g := NewWithT(t)
	page, err := os.ReadFile(filepath.Join(project(t), "docs", "editors.md"))
	g.Expect(err).NotTo(HaveOccurred())
	named := regexp.MustCompile(`china-account-operator/main/(config/schemas/[\w./]+\.json)`).FindAllStringSubmatch(string(page), -1)
	g.Expect(named).To(HaveLen(2))
	for _, found := range named {
		g.Expect(filepath.Join(project(t), found[1])).To(BeARegularFile())
	}
}
