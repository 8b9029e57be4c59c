// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"encoding/json"
	"slices"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	"github.com/argoproj/argo-cd/v3/util/lua"
	jsonpatch "github.com/evanphx/json-patch"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// judge has Argo CD say how an object is, as its controller asks.
func (s *scene) judge(live *unstructured.Unstructured) *health.HealthStatus {
	s.t.Helper()
	said, err := health.GetResourceHealth(live, lua.ResourceHealthOverrides(s.overrides))
	s.Expect(err).NotTo(HaveOccurred())
	s.Expect(said).NotTo(BeNil(), "Argo CD found no health check")
	return said
}

// changed is what each action changes of an object, as a merge patch.
var changed = map[string]string{
	"suspend":  `{"spec":{"suspend":true}}`,
	"resume":   `{"spec":{"suspend":false}}`,
	"resubmit": `{"spec":{"resubmitAfterAttempt":1}}`,
}

// offers holds that Argo CD offers exactly these actions beside refresh; that each changes
// what it should and nothing else, and the API server takes it; and that the others refuse.
func (s *scene) offers(live *unstructured.Unstructured, offered []string) {
	s.t.Helper()
	s.Expect(s.discovers(live)).To(ConsistOf(append([]string{"refresh"}, offered...)))
	refreshed, err := s.act(live, "refresh")
	s.Expect(err).NotTo(HaveOccurred())
	s.Expect(refreshed).To(MatchRegexp(`^\{"metadata":\{"annotations":\{"registration\.chinaaccount\.dev/refresh-requested-at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}\}\}$`))
	s.accepts(live, refreshed)
	for action, change := range changed {
		patch, err := s.act(live, action)
		if !slices.Contains(offered, action) {
			s.Expect(err).To(HaveOccurred(), "%s is not offered, and would change %s", action, patch)
			continue
		}
		s.Expect(err).NotTo(HaveOccurred())
		s.Expect(patch).To(MatchJSON(change), action)
		s.accepts(live, patch)
	}
}

// discovers returns the names of the actions that Argo CD shows as enabled.
func (s *scene) discovers(live *unstructured.Unstructured) []string {
	s.t.Helper()
	vm := s.vm(live.GetKind())
	scripts, err := vm.GetResourceActionDiscovery(live)
	s.Expect(err).NotTo(HaveOccurred())
	actions, err := vm.ExecuteResourceActionDiscovery(live, scripts)
	s.Expect(err).NotTo(HaveOccurred())
	s.Expect(actions).To(HaveLen(len(changed) + 1))
	var enabled []string
	for _, action := range actions {
		if !action.Disabled {
			enabled = append(enabled, action.Name)
		}
	}
	return enabled
}

// act runs an action and returns the merge patch that Argo CD's server would send.
func (s *scene) act(live *unstructured.Unstructured, action string) (string, error) {
	s.t.Helper()
	vm := s.vm(live.GetKind())
	definition, err := vm.GetResourceAction(live, action)
	s.Expect(err).NotTo(HaveOccurred())
	results, err := vm.ExecuteResourceAction(live, definition.ActionLua, nil)
	if err != nil {
		return "", err
	}
	s.Expect(results).To(HaveLen(1))
	s.Expect(results[0].K8SOperation).To(Equal(lua.PatchOperation))
	before, err := json.Marshal(live)
	s.Expect(err).NotTo(HaveOccurred())
	after, err := json.Marshal(results[0].UnstructuredObj)
	s.Expect(err).NotTo(HaveOccurred())
	patch, err := jsonpatch.CreateMergePatch(before, after)
	s.Expect(err).NotTo(HaveOccurred())
	return string(patch), nil
}

// accepts holds that the API server takes the patch, and leaves everything as it is.
func (s *scene) accepts(live *unstructured.Unstructured, patch string) {
	s.t.Helper()
	s.Expect(s.Onlooker.Patch(s.t.Context(), live.DeepCopy(), client.RawPatch(types.MergePatchType, []byte(patch)), client.DryRunAll)).To(Succeed(), patch)
}
