// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// walkthrough is a block of docs/by-hand.md, and who runs it.
type walkthrough struct{ who, script string }

var shellBlock = regexp.MustCompile("(?s)```sh\n# as the ([a-z]+)\n(.*?)```")

func readWalkthrough() []walkthrough {
	GinkgoHelper()
	content, err := os.ReadFile(filepath.Join(root, "docs", "by-hand.md"))
	Expect(err).NotTo(HaveOccurred())
	var steps []walkthrough
	for _, found := range shellBlock.FindAllStringSubmatch(string(content), -1) {
		steps = append(steps, walkthrough{found[1], found[2]})
	}
	Expect(steps).To(HaveLen(strings.Count(string(content), "```sh")), "each block says who runs it")
	return steps
}

// persona runs scripts as one user of a world, in a folder that all share.
type persona struct{ folder, kubeconfig string }

func (w *world) persona(folder, name string, groups ...string) persona {
	GinkgoHelper()
	path, err := plane.UserKubeconfig(name, groups...)
	Expect(err).NotTo(HaveOccurred())
	config, err := clientcmd.LoadFromFile(path)
	Expect(err).NotTo(HaveOccurred())
	for _, c := range config.Contexts {
		c.Namespace = w.namespace
	}
	mine := filepath.Join(folder, "."+strings.ReplaceAll(name, ":", "-")+".kubeconfig")
	Expect(clientcmd.WriteToFile(*config, mine)).To(Succeed())
	return persona{folder, mine}
}

func (p persona) run(ctx context.Context, script string) string {
	GinkgoHelper()
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	command.Dir = p.folder
	command.Env = append(os.Environ(), "KUBECONFIG="+p.kubeconfig, "TZ=UTC", "KUBECACHEDIR="+filepath.Join(p.folder, ".cache"),
		"PATH="+strings.Join([]string{
			filepath.Dir(plane.Kubectl()), filepath.Dir(binary("manager")), filepath.Join(root, "cmd", "kubectl-china_account"), os.Getenv("PATH"),
		}, ":"))
	output, err := command.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s\n%s", script, output)
	return string(output)
}

var _ = Describe("Filing by hand", func() {
	It("goes from nothing to an active account with the plugin's verbs, as docs/by-hand.md says", func(ctx SpecContext) {
		w := runningWorld(ctx)
		folder := GinkgoT().TempDir()
		for name, content := range map[string][]byte{
			"license.pdf": scans.PDF("SAMPLE LICENCE"), "letter.pdf": scans.PDF("SAMPLE LETTER"),
			"front.jpg": scan, "back.jpg": scan, "back-again.jpg": append(append([]byte{}, scan...), 0),
			"id-number.txt": []byte("11010519491231002X\n"),
		} {
			Expect(os.WriteFile(filepath.Join(folder, name), content, 0o600)).To(Succeed())
		}
		people := map[string]persona{
			"administrator": w.persona(folder, "admin", "system:masters"),
			"applicant":     w.persona(folder, "wang"),
			"agent":         w.persona(folder, "agent-zhang"),
		}
		var told strings.Builder
		for _, step := range readWalkthrough() {
			Expect(people).To(HaveKey(step.who))
			told.WriteString(people[step.who].run(ctx, step.script))
		}

		reg := w.eventually(ctx, "acme", inPhase(active))
		Expect(reg.Status.Account.ID).To(Equal("123456789012"))
		var phases []v1alpha1.RegistrationPhase
		for _, entry := range reg.Status.History {
			phases = append(phases, entry.Phase)
		}
		Expect(phases).To(Equal([]v1alpha1.RegistrationPhase{
			pending, submitted, underReview, v1alpha1.PhaseRejected, submitted, verified, active,
		}))
		left := &corev1.SecretList{}
		Expect(admin.List(ctx, left, client.InNamespace(w.namespace))).To(Succeed())
		Expect(left.Items).To(BeEmpty(), "forgotten")
		Expect(told.String()).To(And(
			ContainSubstring("FileByHand from the agent"),
			ContainSubstring("now: Secret acme-identification"),
			ContainSubstring("It has changed since it was filed."),
			ContainSubstring("1 file in acme-documents-1"),
			ContainSubstring("123456789012.signin.amazonaws.cn"),
		))
		Expect(people["applicant"].run(ctx, "kubectl __complete china-account status '' 2>/dev/null")).To(HavePrefix("acme\tActive\n"), "kubectl completes names")
		Expect(filepath.Join(folder, "acme-1")).NotTo(BeAnExistingFile(), "the doc deletes it")
	})
})
