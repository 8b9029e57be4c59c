// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"path/filepath"
	"strings"

	"github.com/google/go-cmp/cmp"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Labels and annotations by which Helm knows its own.
var helmsOwn = []string{"app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "app.kubernetes.io/version", "helm.sh/"}

var _ = Describe("Helm and kustomize", func() {
	for _, h := range []helm{helm3, helm4} {
		It("render the same objects: "+h.name, func(ctx SpecContext) {
			byHelm := objects(h.template(ctx))
			byKustomize := objects(kustomize(ctx, filepath.Join(root, "config", "default")))
			namespace := "Namespace//" + systemNamespace
			Expect(byKustomize).To(HaveKey(namespace))
			delete(byKustomize, namespace) // --create-namespace makes it

			Expect(keys(byHelm)).To(ConsistOf(keys(byKustomize)))
			for name := range byKustomize {
				Expect(cmp.Diff(withoutHelms(byKustomize[name]), withoutHelms(byHelm[name]))).To(BeEmpty(), name)
			}
		})
	}

	It("are compared in all but what Helm knows its own by", func() {
		object := &unstructured.Unstructured{Object: map[string]any{
			"metadata": map[string]any{"labels": map[string]any{"helm.sh/chart": "c", "a": "b"}, "annotations": map[string]any{"helm.sh/resource-policy": "keep"}},
			"spec":     map[string]any{"image": "repository:0.1.0", "matchLabels": map[string]any{"app.kubernetes.io/instance": "c"}},
		}}
		Expect(withoutHelms(object)).To(Equal(map[string]any{
			"metadata": map[string]any{"labels": map[string]any{"a": "b"}},
			"spec":     map[string]any{"image": "repository", "matchLabels": map[string]any{}},
		}))
	})
})

// withoutHelms is an object without what Helm knows its own by, and without the image's
// tag: kustomize's users set it, and Helm's have the chart's.
func withoutHelms(object *unstructured.Unstructured) any {
	return plain("", object.DeepCopy().Object)
}

func plain(key string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			switch {
			case isHelms(name):
				delete(value, name)
			case name == "annotations" && len(plain(name, inner).(map[string]any)) == 0:
				delete(value, name)
			default:
				value[name] = plain(name, inner)
			}
		}
	case []any:
		for i := range value {
			value[i] = plain("", value[i])
		}
	case string:
		if key == "image" {
			repository, _, _ := strings.Cut(value, ":")
			return repository
		}
	}
	return value
}

func isHelms(name string) bool {
	for _, prefix := range helmsOwn {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func keys[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	return names
}
