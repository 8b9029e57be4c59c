// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/lives"
	reference "github.com/chinaaccount/china-account-operator/test/registrar"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// step of docs/gitops-flux.md is a script, with what the doc says that it prints at the
// end, or what others do meanwhile.
type step struct{ others, script, prints string }

var docStep = regexp.MustCompile("(?ms)^(?:<!-- ([^\n]+) -->$|```sh\n(.*?)\n```(?:\n\n```text\n(.*?)\n```)?)")

func readDoc() string {
	GinkgoHelper()
	content, err := os.ReadFile(filepath.Join(root, "docs", "gitops-flux.md"))
	Expect(err).NotTo(HaveOccurred())
	return string(content)
}

func readSteps() []step {
	GinkgoHelper()
	content, scripts, printing := readDoc(), 0, 0
	var steps []step
	for _, found := range docStep.FindAllStringSubmatch(content, -1) {
		steps = append(steps, step{found[1], found[2], found[3]})
		if found[2] != "" {
			scripts++
		}
		if found[3] != "" {
			printing++
		}
	}
	Expect(scripts).To(Equal(strings.Count(content, "```sh")), "each script is run")
	Expect(printing).To(Equal(strings.Count(content, "```text")), "and all that it prints is compared")
	return steps
}

const documented = "team-a" // the namespace in the doc

var _ = Describe("docs/gitops-flux.md", func() {
	It("takes a registration from Git to Active and away again, block by block", func(ctx SpecContext) {
		of := openSource(ctx, documented, "china-accounts")
		of.copyIn(ctx, ".", filepath.Dir(activationGates.path())) // as users copy them
		for _, s := range readSteps() {
			if s.others != "" {
				By(s.others)
				Expect(others).To(HaveKey(s.others))
				others[s.others](ctx)
				continue
			}
			By(s.script)
			Expect(strings.TrimSpace(of.bash(ctx, s.script))).To(HaveSuffix(strings.TrimSpace(s.prints)))
			of.follow(ctx)
		}
		standing, err := floor.Gateway.Standing(ctx, documentedKey())
		Expect(err).NotTo(HaveOccurred())
		Expect(standing.Attempts).To(ConsistOf(HaveField("State", contract.Rejected), HaveField("State", contract.Active)), "the account stays")
	})

	It("has the table of what Flux makes of each row", func() {
		inDoc := map[string][]verdict{}
		for _, cells := range regexp.MustCompile(`(?m)^\| ([^|]+) \| (\w+) \| (\w+) \| (\w+) \|$`).FindAllStringSubmatch(readDoc(), -1) {
			inDoc[cells[1]] = []verdict{verdict(cells[2]), verdict(cells[3]), verdict(cells[4])}
		}
		tried := map[string][]verdict{}
		for _, r := range rows {
			tried[r.ofTheTable] = []verdict{r.kstatus, r.notBlock, r.gating}
		}
		Expect(inDoc).To(Equal(tried))
	})

	It("has the rows of the table of conditions in docs/lifecycle.md", func() {
		content, err := os.ReadFile(filepath.Join(root, "docs", "lifecycle.md"))
		Expect(err).NotTo(HaveOccurred())
		kinds := map[string]string{}
		for _, cells := range regexp.MustCompile(`(?m)^\| ([^|]+) \| (?:True|False) \| (?:True|–) \| (?:True|–) \| (\w+) \| \w+ \|$`).FindAllStringSubmatch(string(content), -1) {
			kinds[cells[1]] = cells[2]
		}
		tried := map[string]string{}
		for _, r := range rows {
			tried[r.ofTheTable] = string(r.kstatus)
		}
		Expect(kinds).To(Equal(tried))
	})
})

func documentedKey() string {
	return registrar.Key(v1alpha1.RegionNingxia, "cloud@acme.example.cn")
}

// others are those whom the doc waits for, by what it says of them in comments.
var others = map[string]func(context.Context){
	"The Secrets are delivered.": deliver,
	"The registrar rejects attempt 1.": func(ctx context.Context) {
		decide(ctx, castOf(documented, "acme", ""), contract.Rejected)
	},
	"The registrar activates the account.": func(ctx context.Context) {
		Expect(floor.Gateway.Force(ctx, documentedKey(), reference.ForcedState{State: contract.Active, AccountID: "123456789012"})).To(Succeed())
		registration(ctx, documented, "acme", inPhase(v1alpha1.PhaseActive))
	},
}

// deliver makes the Secrets that the doc's registration names, as External Secrets does.
func deliver(ctx context.Context) {
	GinkgoHelper()
	acme, scan := lives.Cast{Namespace: documented, Name: "acme"}, scans.Sample()
	for name, data := range map[string]map[string][]byte{
		"id-number":            {"id-number": []byte(idNumber)},
		"business-certificate": {"business-certificate.pdf": scans.PDF("SAMPLE LICENCE")},
		"identification":       {"identification-1.jpg": scan, "identification-2.jpg": scan},
	} {
		Expect(floor.Onlooker.Create(ctx, secret(acme, name, data))).To(Succeed())
	}
}

// follow publishes what a script pushed, and waits until Flux has dealt with it.
func (s *source) follow(ctx context.Context) {
	GinkgoHelper()
	if pushed := s.pushed(ctx); pushed == s.published {
		return
	}
	revision := s.publish(ctx)
	all := kustomizationNamed(s.namespace, "")
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(all.GroupVersionKind())
	Expect(floor.Onlooker.List(ctx, list, client.InNamespace(s.namespace))).To(Succeed())
	for i := range list.Items {
		synced(ctx, s.namespace, list.Items[i].GetName(), revision)
	}
}

// bash runs a script in the clone as the platform team, and returns what it printed.
func (s *source) bash(ctx context.Context, script string) string {
	GinkgoHelper()
	command := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	command.Dir = s.clone
	command.Env = append(append(os.Environ(), gitSettings...),
		"KUBECONFIG="+floor.Plane.Kubeconfig(), "KUBECACHEDIR="+filepath.Join(floor.Dir, "kubectl-cache"), "TZ=UTC",
		"PATH="+strings.Join([]string{filepath.Dir(floor.Plane.Kubectl()), filepath.Join(root, "bin"), os.Getenv("PATH")}, ":"))
	printed, err := command.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s\n%s", script, printed)
	return string(printed)
}
