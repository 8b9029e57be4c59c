// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// What is another in each run is written so.
const (
	someTime = "2026-11-24T01:00:00Z"
	dueTime  = "2026-11-26T15:59:59Z"
	someUID  = "00000000-0000-4000-8000-000000000000"
	someHost = "gateway.example.cn"
)

var (
	isTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
	isUID  = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// settled waits until an object is as testdata has it, and returns it. With -update it
// waits until the object has come to rest, and writes it there.
func (s *scene) settled(t *testing.T, kind, name string, hasCome func() bool) *unstructured.Unstructured {
	t.Helper()
	path := s.customizations(kind, "testdata", name+".yaml")
	if *update {
		s.Eventually(hasCome).Should(BeTrue())
		s.Expect(os.WriteFile(path, s.atRest(kind, name), 0o644)).To(Succeed())
	}
	want, err := os.ReadFile(path)
	s.Expect(err).NotTo(HaveOccurred(), "-update writes it")
	var live *unstructured.Unstructured
	s.Eventually(func() string {
		if live = s.get(t.Context(), kind, name); live == nil || !hasCome() {
			return "not there yet"
		}
		return string(s.normalised(live))
	}).Should(Equal(string(want)))
	return live
}

// atRest returns an object that has not changed for a while.
func (s *scene) atRest(kind, name string) []byte {
	s.t.Helper()
	var last []byte
	since := time.Now()
	s.Eventually(func() time.Duration {
		if now := s.normalised(s.get(s.t.Context(), kind, name)); !bytes.Equal(now, last) {
			last, since = now, time.Now()
		}
		return time.Since(since)
	}).Should(BeNumerically(">", 5*time.Second))
	return last
}

// normalised is an object as testdata has it: the same in each run.
func (s *scene) normalised(live *unstructured.Unstructured) []byte {
	s.t.Helper()
	object := live.DeepCopy()
	object.SetManagedFields(nil)
	steady(object.Object)
	steadyConditions(object)
	for _, field := range []struct {
		to   any
		path []string
	}{
		{strings.Repeat("0", 64), []string{"status", "filing", "owner"}},
		{"v1:0000000000000000:" + strings.Repeat("0", 64), []string{"status", "filing", "digest"}},
		{int64(1), []string{"status", "filing", "revision"}},
		{"REF-1", []string{"status", "filing", "reference"}},
		{"Published", []string{"status", "filing", "dueBasis"}},
		{"v1:0000000000000000:" + strings.Repeat("0", 64), []string{"status", "digest"}},
	} {
		if _, found, _ := unstructured.NestedFieldNoCopy(object.Object, field.path...); found {
			s.Expect(unstructured.SetNestedField(object.Object, field.to, field.path...)).To(Succeed())
		}
	}
	unstructured.RemoveNestedField(object.Object, "spec", "gateway", "caBundle")
	content, err := yaml.Marshal(object.Object)
	s.Expect(err).NotTo(HaveOccurred())
	return []byte(strings.ReplaceAll(string(content), s.Gateway.Host, someHost))
}

func steady(value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, child := range value {
			text, isText := child.(string)
			switch {
			case isText && isTime.MatchString(text) && key == "dueTime":
				value[key] = dueTime
			case isText && isTime.MatchString(text):
				value[key] = someTime
			case key == "resourceVersion":
				value[key] = "1"
			case isText && isUID.MatchString(text):
				value[key] = someUID
			default:
				steady(child)
			}
		}
	case []any:
		for _, child := range value {
			steady(child)
		}
	}
}

// steadyConditions sorts them, since their order tells in which order they came, and has
// the calendar as on any day.
func steadyConditions(object *unstructured.Unstructured) {
	conditions, _, _ := unstructured.NestedFieldNoCopy(object.Object, "status", "conditions")
	list, _ := conditions.([]any)
	kind := func(condition any) string { return condition.(map[string]any)["type"].(string) }
	slices.SortFunc(list, func(a, b any) int { return strings.Compare(kind(a), kind(b)) })
	for _, condition := range list {
		if kind(condition) == v1alpha1.ConditionHolidaysPublished {
			maps.Copy(condition.(map[string]any), map[string]any{
				"status": "True", "reason": v1alpha1.ReasonPublished, "message": "The calendar has the years that it should have.",
			})
		}
	}
}

func readObject(t *testing.T, path string) *unstructured.Unstructured {
	t.Helper()
	g := NewWithT(t)
	content, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	object := &unstructured.Unstructured{}
	g.Expect(yaml.Unmarshal(content, &object.Object)).To(Succeed())
	return object
}

// testdataFiles are all objects of a kind, by their names.
func (w *world) testdataFiles(t *testing.T, kind string) map[string]*unstructured.Unstructured {
	t.Helper()
	paths, err := filepath.Glob(w.customizations(kind, "testdata", "*.yaml"))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	NewWithT(t).Expect(paths).NotTo(BeEmpty())
	files := map[string]*unstructured.Unstructured{}
	for _, path := range paths {
		files["testdata/"+filepath.Base(path)] = readObject(t, path)
	}
	return files
}
