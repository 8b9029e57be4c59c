// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var kinds = []string{"ChinaAccountRegistration", "FilingReport", "Registrar"}

// scripts holds argocd-cm, as Argo CD read it, against the files in upstream's layout, and
// those against their own tests.
func (w *world) scripts(t *testing.T) {
	t.Run("argocd-cm.yaml is what generate.sh writes", w.snippetIsFresh)
	t.Run("libraries are closed", w.librariesAreClosed)
	t.Run("actionless kinds have none", w.noOtherActions)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			w.healthTests(t, kind)
		})
	}
	t.Run("actions", w.actionTests)
}

func (w *world) snippetIsFresh(t *testing.T) {
	g := NewWithT(t)
	dir := filepath.Join(w.root, "config", "gitops", "argocd")
	fresh := filepath.Join(t.TempDir(), "argocd-cm.yaml")
	said, err := exec.CommandContext(t.Context(), filepath.Join(dir, "generate.sh"), fresh).CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(said))
	want, err := os.ReadFile(fresh)
	g.Expect(err).NotTo(HaveOccurred())
	committed, err := os.ReadFile(filepath.Join(dir, "argocd-cm.yaml"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(committed)).To(Equal(string(want)), "config/gitops/argocd/generate.sh writes it anew")

	for _, kind := range kinds {
		script, err := os.ReadFile(w.customizations(kind, "health.lua"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(w.overrides[group+"/"+kind].HealthLua).To(Equal(string(script)), "and Argo CD reads it so")
	}
}

// librariesAreClosed: a script that needs string would fail where ours run. Without this,
// the other tests would not notice one.
func (w *world) librariesAreClosed(t *testing.T) {
	g := NewWithT(t)
	needy := `return {status = "Healthy", message = string.upper("needy")}`
	needyOverride := lua.ResourceHealthOverrides{group + "/ChinaAccountRegistration": appv1.ResourceOverride{
		HealthLua: needy, UseOpenLibs: w.overrides[group+"/ChinaAccountRegistration"].UseOpenLibs,
	}}
	object := readObject(t, w.customizations("ChinaAccountRegistration", "testdata", "active.yaml"))
	_, err := needyOverride.GetResourceHealth(object)
	g.Expect(err).To(MatchError(ContainSubstring("attempt to index a non-table object(nil) with key 'upper'")))
	_, err = w.vm("ChinaAccountRegistration").ExecuteResourceAction(object, `obj.spec.suspend = string.len("needy") > 0; return obj`, nil)
	g.Expect(err).To(MatchError(ContainSubstring("attempt to index a non-table object(nil) with key 'len'")))

	open := lua.VM{UseOpenLibs: true}
	said, err := open.ExecuteHealthLua(object, needy)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(said.Message).To(Equal("NEEDY"), "and with the libraries it would pass")
}

func (w *world) noOtherActions(t *testing.T) {
	for _, kind := range []string{"FilingReport", "Registrar"} {
		NewWithT(t).Expect(w.overrides[group+"/"+kind].Actions).To(BeEmpty())
	}
}

// healthCases are a health_test.yaml, in upstream's form.
type healthCases struct {
	Tests []healthCase `json:"tests"`
}

type healthCase struct {
	InputPath    string              `json:"inputPath"`
	HealthStatus health.HealthStatus `json:"healthStatus"`
}

func (w *world) healthTests(t *testing.T, kind string) {
	if *update {
		w.writeHealthTests(t, kind)
	}
	var cases healthCases
	w.readTests(t, w.customizations(kind, "health_test.yaml"), &cases)
	untested := w.testdataFiles(t, kind)
	for _, c := range cases.Tests {
		t.Run(c.InputPath, func(t *testing.T) {
			g := NewWithT(t)
			said, err := lua.ResourceHealthOverrides(w.overrides).GetResourceHealth(readObject(t, w.customizations(kind, c.InputPath)))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(*said).To(Equal(c.HealthStatus))
		})
		delete(untested, c.InputPath)
	}
	NewWithT(t).Expect(untested).To(BeEmpty(), "each object of testdata has its case in health_test.yaml")
}

// writeHealthTests writes what is said now. What should be said is in everyMoment.
func (w *world) writeHealthTests(t *testing.T, kind string) {
	t.Helper()
	g := NewWithT(t)
	var cases healthCases
	files := w.testdataFiles(t, kind)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		said, err := lua.ResourceHealthOverrides(w.overrides).GetResourceHealth(files[path])
		g.Expect(err).NotTo(HaveOccurred())
		cases.Tests = append(cases.Tests, healthCase{InputPath: path, HealthStatus: *said})
	}
	content, err := yaml.Marshal(cases)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(w.customizations(kind, "health_test.yaml"), content, 0o644)).To(Succeed())
}

func (w *world) readTests(t *testing.T, path string, into any) {
	t.Helper()
	content, err := os.ReadFile(path)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	NewWithT(t).Expect(yaml.UnmarshalStrict(content, into)).To(Succeed())
}

// actionTests are actions/action_test.yaml, in upstream's form.
func (w *world) actionTests(t *testing.T) {
	var cases struct {
		DiscoveryTests []struct {
			InputPath string                 `json:"inputPath"`
			Result    []appv1.ResourceAction `json:"result"`
		} `json:"discoveryTests"`
		ActionTests []struct {
			Action               string `json:"action"`
			InputPath            string `json:"inputPath"`
			ExpectedOutputPath   string `json:"expectedOutputPath,omitempty"`
			ExpectedErrorMessage string `json:"expectedErrorMessage,omitempty"`
		} `json:"actionTests"`
	}
	actions := func(path string) string { return w.customizations("ChinaAccountRegistration", "actions", path) }
	w.readTests(t, actions("action_test.yaml"), &cases)
	vm := w.vm("ChinaAccountRegistration")
	for _, c := range cases.DiscoveryTests {
		t.Run("discovery "+c.InputPath, func(t *testing.T) {
			g := NewWithT(t)
			object := readObject(t, actions(c.InputPath))
			scripts, err := vm.GetResourceActionDiscovery(object)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(vm.ExecuteResourceActionDiscovery(object, scripts)).To(ConsistOf(c.Result))
		})
	}
	for _, c := range cases.ActionTests {
		t.Run(fmt.Sprintf("%s %s", c.Action, c.InputPath), func(t *testing.T) {
			g := NewWithT(t)
			object := readObject(t, actions(c.InputPath))
			definition, err := vm.GetResourceAction(object, c.Action)
			g.Expect(err).NotTo(HaveOccurred())
			results, err := vm.ExecuteResourceAction(object, definition.ActionLua, nil)
			if c.ExpectedErrorMessage != "" {
				g.Expect(err).To(MatchError(c.ExpectedErrorMessage))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(results).To(HaveLen(1))
			if *update {
				content := asYAML(g, withoutAskedTime(results[0].UnstructuredObj))
				g.Expect(os.WriteFile(actions(c.ExpectedOutputPath), []byte(content+"\n"), 0o644)).To(Succeed())
			}
			g.Expect(asYAML(g, withoutAskedTime(results[0].UnstructuredObj))).To(Equal(asYAML(g, readObject(t, actions(c.ExpectedOutputPath)))))
		})
	}
}

// withoutAskedTime has someTime where refresh wrote the time.
func withoutAskedTime(object *unstructured.Unstructured) *unstructured.Unstructured {
	annotations := object.GetAnnotations()
	if asked := annotations[v1alpha1.RefreshRequestedAtAnnotation]; isTime.MatchString(asked) {
		annotations[v1alpha1.RefreshRequestedAtAnnotation] = someTime
		object.SetAnnotations(annotations)
	}
	return object
}

func asYAML(g *WithT, object *unstructured.Unstructured) string {
	content, err := yaml.Marshal(object.Object)
	g.Expect(err).NotTo(HaveOccurred())
	return strings.TrimSpace(string(content))
}
