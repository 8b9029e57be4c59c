// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/rbac"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// section is what the doc has under a heading; all of it if that is empty.
func (w *world) section(t *testing.T, heading string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(w.root, "docs", "gitops-argocd.md"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	text := string(content)
	if heading != "" {
		_, text, _ = strings.Cut(text, "\n## "+heading+"\n")
		text, _, _ = strings.Cut(text, "\n## ")
	}
	return text
}

// blocks are those of a section in a language.
func (w *world) blocks(t *testing.T, language, heading string) []string {
	t.Helper()
	var found []string
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(w.section(t, heading), -1) {
		found = append(found, block[1])
	}
	NewWithT(t).Expect(found).NotTo(BeEmpty())
	return found
}

// installed runs the doc's section Install on an API server where Argo CD's two ConfigMaps
// are as its installation leaves them, with keys of somebody else's in them.
func (w *world) installed(t *testing.T) {
	g := NewWithT(t)
	g.Expect(w.MakeNamespace(t.Context(), "argocd")).To(Succeed())
	for _, name := range []string{"argocd-cm", "argocd-rbac-cm"} {
		g.Expect(w.Onlooker.Create(t.Context(), &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: "argocd", Name: name, Labels: map[string]string{"app.kubernetes.io/part-of": "argocd"},
			},
			Data: map[string]string{"url": "https://argocd.example.cn", "policy.csv": "g, team-a, role:registration-applicant\ng, team-b, role:registration-onlooker"},
		})).To(Succeed())
	}
	blocks := w.blocks(t, "sh", "Install")
	w.shell(t, blocks[0])
	g.Expect(strings.Fields(w.shell(t, blocks[1]))).To(HaveLen(len(kinds)+1), "health of each kind, and the actions")
	g.Expect(blocks).To(HaveLen(2))
	g.Expect(w.configMap(t, "argocd-cm")).To(HaveKeyWithValue("url", "https://argocd.example.cn"))
	w.readSettings(t)
}

func (w *world) configMap(t *testing.T, name string) map[string]string {
	t.Helper()
	found := &corev1.ConfigMap{}
	NewWithT(t).Expect(w.Onlooker.Get(t.Context(), client.ObjectKey{Namespace: "argocd", Name: name}, found)).To(Succeed())
	return found.Data
}

// table: the doc's has the health of every moment, and no row that none of them is in.
func (w *world) table(t *testing.T) {
	var inDoc []row
	for _, cells := range regexp.MustCompile(`(?m)^\| ([a-z][^|]*) \| (\w+) \| [^|]+ \|$`).FindAllStringSubmatch(w.section(t, "Health"), -1) {
		inDoc = append(inDoc, row{cells[1], health.HealthStatusCode(cells[2])})
	}
	tried := []row{rowUnseen}
	for _, m := range everyMoment {
		if !slices.Contains(tried, m.row) {
			tried = append(tried, m.row)
		}
	}
	NewWithT(t).Expect(inDoc).To(ConsistOf(tried))
}

// message: the doc's is what Argo CD says of a rejected registration.
func (w *world) message(t *testing.T) {
	s := w.scene(t, "rejected", false)
	said := s.judge(s.get(t.Context(), "ChinaAccountRegistration", "rejected"))
	s.Expect(w.section(t, "Health")).To(ContainSubstring("```\n" + said.Message + "\n```"))
}

// commands runs all other blocks of the doc.
func (w *world) commands(t *testing.T) {
	s := w.play(t, moment{name: "acme"})
	s.reaches(v1alpha1.PhaseSubmitted)
	var run int
	for _, heading := range []string{"Actions", "Pruning and deleting"} {
		for _, block := range w.blocks(t, "sh", heading) {
			w.shell(t, block)
			run++
		}
	}
	s.Expect(w.blocks(t, "sh", "")).To(HaveLen(run+2), "those of Install are run already")
	s.reaches(v1alpha1.PhaseSubmitted)
	s.Expect(w.registration(t.Context(), "acme").Status.LastHandledRefreshRequest).NotTo(BeEmpty())
	t.Run("policies grant the actions and nothing else", w.policies)
	t.Run("manifests are what Argo CD and the API server read", w.manifests)
}

// policies are held against Argo CD's own enforcer.
func (w *world) policies(t *testing.T) {
	g := NewWithT(t)
	data := w.configMap(t, "argocd-rbac-cm")
	g.Expect(w.blocks(t, "csv", "Actions")).To(Equal([]string{data["policy.china-account.csv"]}), "the doc's lines are the patch's")
	enforcer := rbac.NewEnforcer(nil, "argocd", "argocd-rbac-cm", nil)
	g.Expect(enforcer.SetUserPolicy(rbac.PolicyCSV(data))).To(Succeed())
	may := func(who, action string) bool {
		return enforcer.Enforce(who, rbac.ResourceApplications, action, "default/acme-registration")
	}
	actions := "action/" + group + "/ChinaAccountRegistration/"
	for action := range changed {
		g.Expect(may("team-a", actions+action)).To(BeTrue(), action)
		g.Expect(may("team-b", actions+action)).To(BeFalse(), action)
	}
	for _, who := range []string{"team-a", "team-b"} {
		g.Expect(may(who, actions+"refresh")).To(BeTrue())
		for _, other := range []string{rbac.ActionSync, rbac.ActionDelete, rbac.ActionUpdate, "action/apps/Deployment/restart"} {
			g.Expect(may(who, other)).To(BeFalse(), other)
		}
	}
	g.Expect(may("nobody", actions+"refresh")).To(BeFalse())
}

// manifests: the doc's Application is one, and its annotation Argo CD's.
func (w *world) manifests(t *testing.T) {
	g := NewWithT(t)
	g.Expect(yaml.UnmarshalStrict([]byte(w.blocks(t, "yaml", "An application")[0]), &appv1.Application{})).To(Succeed())
	annotated := w.registration(t.Context(), "acme").DeepCopy()
	fragment := &v1alpha1.ChinaAccountRegistration{}
	g.Expect(yaml.UnmarshalStrict([]byte(w.blocks(t, "yaml", "Sync waves")[0]), fragment)).To(Succeed())
	g.Expect(fragment.Annotations).To(HaveLen(1))
	annotated.Annotations = fragment.Annotations
	g.Expect(w.Onlooker.Update(t.Context(), annotated, client.DryRunAll)).To(Succeed())
}
