// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// actionsForReal presses each button, and the operator does what it stands for.
func (w *world) actionsForReal(t *testing.T) {
	t.Run("refresh has the operator look", func(t *testing.T) {
		s := w.scene(t, "submitted", false)
		s.presses("refresh")
		s.Eventually(func(g Gomega) {
			reg := w.registration(t.Context(), "submitted")
			asked := reg.Annotations[v1alpha1.RefreshRequestedAtAnnotation]
			g.Expect(asked).NotTo(BeEmpty())
			g.Expect(reg.Status.LastHandledRefreshRequest).To(Equal(asked))
		}).Should(Succeed())
	})
	t.Run("resume has a suspended one filed", func(t *testing.T) {
		s := w.scene(t, "suspended", false)
		s.presses("resume")
		s.reaches(v1alpha1.PhaseSubmitted)
	})
	t.Run("suspend holds it", func(t *testing.T) {
		s := w.scene(t, "under-review", false)
		s.presses("suspend")
		s.Eventually(func() bool {
			return moment{phase: v1alpha1.PhaseUnderReview, reason: v1alpha1.ReasonSuspended}.hasCome(w.registration(t.Context(), "under-review"))
		}).Should(BeTrue())
	})
	t.Run("resubmit files the next attempt", func(t *testing.T) {
		s := w.scene(t, "rejected-and-mended", false)
		s.presses("resubmit")
		s.Eventually(func(g Gomega) {
			reg := w.registration(t.Context(), "rejected-and-mended")
			g.Expect(reg.Status.Phase).To(Equal(v1alpha1.PhaseSubmitted))
			g.Expect(reg.Status.Filing.Attempt).To(BeEquivalentTo(2))
		}).Should(Succeed())
	})
}

// presses runs an action on the object as it is, and sends what Argo CD's server would.
func (s *scene) presses(action string) {
	s.t.Helper()
	live := s.get(s.t.Context(), "ChinaAccountRegistration", s.people.Name)
	patch, err := s.act(live, action)
	s.Expect(err).NotTo(HaveOccurred())
	s.Expect(s.Onlooker.Patch(s.t.Context(), live, client.RawPatch(types.MergePatchType, []byte(patch)))).To(Succeed())
}
