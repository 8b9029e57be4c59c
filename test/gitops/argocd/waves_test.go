// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"context"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/diff"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/sync/common"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/argo-cd/gitops-engine/pkg/utils/tracing"
	argocommon "github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/go-logr/logr"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/lives"
)

// operation is one sync of an application, step by step, as Argo CD's controller does it.
type operation struct {
	*scene
	manifests []*unstructured.Unstructured
	prunes    []*unstructured.Unstructured
	// force and replace are the options that the doc says never to set.
	force, replace bool

	started metav1.Time
	phase   common.OperationPhase
	message string
	results []common.ResourceSyncResult
}

func (w *world) waves(t *testing.T) {
	t.Run("the next wave waits until the account is active", func(t *testing.T) {
		s := w.scene(t, "in-waves", false)
		o := s.operation(s.manifest(nil), s.next())
		o.waits(health.HealthStatusSuspended)
		s.Expect(w.Gateway.Force(t.Context(), s.people.Key(), *isActive)).To(Succeed())
		s.reaches(v1alpha1.PhaseActive)
		s.Eventually(o.step).Should(Equal(common.OperationSucceeded), o.said)
		s.Expect(s.nextIsThere()).To(BeTrue())
	})
	t.Run("it waits also where the application's health ignores it", func(t *testing.T) {
		s := w.scene(t, "ignored", false)
		o := s.operation(s.manifest(map[string]string{argocommon.AnnotationIgnoreHealthCheck: "true"}), s.next())
		o.waits(health.HealthStatusSuspended)
	})
	t.Run("a rejection ends the sync, and the next wave does not come", func(t *testing.T) {
		s := w.scene(t, "rejected-in-waves", false)
		o := s.operation(s.manifest(nil), s.next())
		o.waits(health.HealthStatusSuspended)
		s.Expect(w.Gateway.Force(t.Context(), s.people.Key(), *rejected)).To(Succeed())
		s.reaches(v1alpha1.PhaseRejected)
		s.Eventually(o.step).Should(Equal(common.OperationFailed), o.said)
		s.Expect(s.nextIsThere()).To(BeFalse())
	})
	t.Run("in the last wave, or the only one, nothing waits", func(t *testing.T) {
		s := w.scene(t, "alone", false)
		o := s.operation(s.manifest(nil))
		s.Expect(o.step()).To(Equal(common.OperationSucceeded), o.said)
	})
	t.Run("a locked dossier says in the API server's words why it stays", w.lockedSays)
	t.Run("with Force it is deleted and made again", w.forced)
	t.Run("with Replace what an action set is gone", w.replaced)
	t.Run("pruned with Retain, and found again", w.prunedAndFound)
	t.Run("pruned with Withdraw, the filing goes first", w.prunedAndWithdrawn)
}

func (w *world) lockedSays(t *testing.T) {
	s := w.scene(t, "alone", false)
	s.reaches(v1alpha1.PhaseSubmitted)
	edited := s.manifest(nil)
	s.Expect(unstructured.SetNestedField(edited.Object, "另一家（宁夏）有限公司", "spec", "dossier", "company", "legalName")).To(Succeed())
	o := s.operation(edited)
	s.Expect(o.step()).To(Equal(common.OperationFailed), o.said)
	s.Expect(o.results[0].Message).To(ContainSubstring("spec.dossier: Forbidden"))

	reverted := s.operation(s.manifest(nil))
	s.Expect(reverted.step()).To(Equal(common.OperationSucceeded), reverted.said)
	s.reaches(v1alpha1.PhaseSubmitted)
}

func (w *world) forced(t *testing.T) {
	s := w.scene(t, "alone", false)
	was := w.registration(t.Context(), "alone").UID
	edited := s.manifest(nil)
	s.Expect(unstructured.SetNestedField(edited.Object, "另一家（宁夏）有限公司", "spec", "dossier", "company", "legalName")).To(Succeed())
	o := s.operation(edited)
	o.force = true
	s.Expect(o.step()).To(Equal(common.OperationSucceeded), o.said)
	s.Expect(w.registration(t.Context(), "alone").UID).NotTo(Equal(was))
}

func (w *world) replaced(t *testing.T) {
	s := w.scene(t, "alone", false)
	s.reaches(v1alpha1.PhaseSubmitted)
	s.presses("suspend")
	s.Expect(w.registration(t.Context(), "alone").Spec.Suspend).To(BeTrue())
	s.Eventually(func() common.OperationPhase {
		o := s.operation(asGit(w.registration(t.Context(), "alone"), s))
		o.replace = true
		return o.step() // the operator's status may come in between
	}).Should(Equal(common.OperationSucceeded))
	s.Expect(w.registration(t.Context(), "alone").Spec.Suspend).To(BeFalse())
}

// asGit is the manifest with the company that the forced edit left behind.
func asGit(live *v1alpha1.ChinaAccountRegistration, s *scene) *unstructured.Unstructured {
	manifest := s.manifest(nil)
	s.Expect(unstructured.SetNestedField(manifest.Object, live.Spec.Dossier.Company.LegalName, "spec", "dossier", "company", "legalName")).To(Succeed())
	return manifest
}

func (w *world) prunedAndFound(t *testing.T) {
	s := w.scene(t, "alone", false)
	manifest := s.manifest(nil)
	o := s.operation()
	o.prunes = []*unstructured.Unstructured{manifest}
	s.Expect(o.step()).To(Equal(common.OperationSucceeded), o.said)
	s.Expect(w.registration(t.Context(), "alone")).To(BeNil())
	s.Expect(s.states()).To(Equal([]contract.State{contract.Received}), "the filing stays")

	again := s.operation(manifest)
	s.Expect(again.step()).To(Equal(common.OperationSucceeded), again.said)
	s.reaches(v1alpha1.PhaseSubmitted)
	s.Expect(s.states()).To(Equal([]contract.State{contract.Received}), "and is found, not made again")
}

func (w *world) prunedAndWithdrawn(t *testing.T) {
	s := w.scene(t, "pruned", false)
	manifest := s.manifest(nil)
	s.Expect(unstructured.SetNestedField(manifest.Object, string(v1alpha1.DeletionWithdraw), "spec", "deletionPolicy")).To(Succeed())
	first := s.operation(manifest)
	s.Expect(first.step()).To(Equal(common.OperationSucceeded), first.said)
	s.reaches(v1alpha1.PhaseSubmitted)
	o := s.operation()
	o.prunes = []*unstructured.Unstructured{manifest}
	s.Expect(o.step()).To(Equal(common.OperationSucceeded), o.said)
	s.Eventually(s.states).Should(Equal([]contract.State{contract.Withdrawn}))
	s.Eventually(func() any { return w.registration(t.Context(), "pruned") }).Should(BeNil())
}

// states are those of the attempts that the registrar has.
func (s *scene) states() []contract.State {
	s.t.Helper()
	standing, err := s.Gateway.Standing(s.t.Context(), s.people.Key())
	s.Expect(err).NotTo(HaveOccurred())
	var states []contract.State
	for _, attempt := range standing.Attempts {
		states = append(states, attempt.State)
	}
	return states
}

// operation begins a sync of what Git has: the registration's Secrets are there.
func (s *scene) operation(manifests ...*unstructured.Unstructured) *operation {
	s.t.Helper()
	s.makesSecrets()
	return &operation{scene: s, manifests: manifests, started: metav1.Now()}
}

// makesSecrets makes those that the registration names, and leaves the registration to
// the sync.
func (s *scene) makesSecrets() {
	s.t.Helper()
	secretsOnly := interceptor.NewClient(s.Onlooker, interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
			if _, is := object.(*v1alpha1.ChinaAccountRegistration); is {
				return nil
			}
			return c.Create(ctx, object, options...)
		},
	})
	s.Expect(lives.NewPeople(s.people.Cast, secretsOnly).Begin(s.t.Context())).To(Succeed())
}

// manifest is the registration as Git has it.
func (s *scene) manifest(annotations map[string]string) *unstructured.Unstructured {
	s.t.Helper()
	reg := s.people.Registration()
	reg.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "ChinaAccountRegistration"}
	reg.Annotations = annotations
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(reg)
	s.Expect(err).NotTo(HaveOccurred())
	delete(content, "status")
	return &unstructured.Unstructured{Object: content}
}

// next is what Git has in the wave after it.
func (s *scene) next() *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{
			"namespace": namespace, "name": "after-" + s.people.Name,
			"annotations": map[string]any{common.AnnotationSyncWave: "1"},
		},
	}}
}

func (s *scene) nextIsThere() bool {
	next := s.next()
	return s.Onlooker.Get(s.t.Context(), client.ObjectKeyFromObject(next), next) == nil
}

// waits steps until the registration has that health, and a few steps on.
func (o *operation) waits(code health.HealthStatusCode) {
	o.t.Helper()
	const stepsOn = 5
	for on := 0; on < stepsOn; {
		o.Expect(o.step()).To(Equal(common.OperationRunning), o.said)
		o.Expect(o.nextIsThere()).To(BeFalse(), o.said)
		if live := o.get(o.t.Context(), "ChinaAccountRegistration", o.people.Name); live != nil && o.judge(live).Status == code {
			on++
		}
	}
	o.Expect(o.message).To(Equal("waiting for healthy state of registration.chinaaccount.dev/ChinaAccountRegistration/" + o.people.Name))
}

func (o *operation) said() string {
	said := o.message
	for _, result := range o.results {
		said += "\n" + result.ResourceKey.String() + ": " + result.Message
	}
	return said
}

// step is one step, from where the last one left off.
func (o *operation) step() common.OperationPhase {
	o.t.Helper()
	live := map[kube.ResourceKey]*unstructured.Unstructured{}
	var targets []*unstructured.Unstructured
	for _, manifest := range o.manifests {
		targets = append(targets, manifest.DeepCopy())
	}
	for _, object := range append(targets, o.prunes...) {
		if found := object.DeepCopy(); o.Onlooker.Get(o.t.Context(), client.ObjectKeyFromObject(object), found) == nil {
			live[kube.GetResourceKey(found)] = found
		}
	}
	config := o.Plane.Config()
	// Argo CD's default is foreground, for which there is no garbage collector here.
	background := metav1.DeletePropagationBackground
	doing, cleanup, err := sync.NewSyncContext("a-commit", sync.Reconcile(targets, live, namespace, namespaced{}), config, config,
		&kube.KubectlCmd{Log: logr.Discard(), Tracer: tracing.NopTracer{}}, namespace,
		sync.WithLogr(logr.Discard()), sync.WithHealthOverride(lua.ResourceHealthOverrides(o.overrides)),
		sync.WithOperationSettings(false, true, o.force, false), sync.WithReplace(o.replace), sync.WithPrunePropagationPolicy(&background), sync.WithManifestValidation(true),
		sync.WithInitialState(o.phase, o.message, o.results, o.started))
	o.Expect(err).NotTo(HaveOccurred())
	defer cleanup()
	doing.Sync()
	o.phase, o.message, o.results = doing.GetState()
	return o.phase
}

// namespaced: all that is synced here is.
type namespaced struct{}

func (namespaced) IsNamespaced(schema.GroupKind) (bool, error) { return true, nil }

// inSync: what the API server defaults and the operator writes is no difference to Git;
// nor is what an action set, unless Git says otherwise.
func (w *world) inSync(t *testing.T) {
	s := w.scene(t, "compared", false)
	manifest := s.manifest(nil)
	o := s.operation(manifest)
	s.Expect(o.step()).To(Equal(common.OperationSucceeded), o.said)
	s.reaches(v1alpha1.PhaseSubmitted)
	s.Expect(s.differs(manifest)).To(BeFalse())
	s.presses("refresh")
	s.presses("suspend")
	s.Expect(s.differs(manifest)).To(BeFalse())

	said := manifest.DeepCopy()
	s.Expect(unstructured.SetNestedField(said.Object, false, "spec", "suspend")).To(Succeed())
	s.Expect(s.differs(said)).To(BeTrue())
}

// differs tells whether Argo CD finds the registration out of sync.
func (s *scene) differs(manifest *unstructured.Unstructured) bool {
	s.t.Helper()
	result, err := diff.Diff(manifest.DeepCopy(), s.get(s.t.Context(), "ChinaAccountRegistration", s.people.Name), diff.WithLogr(logr.Discard()))
	s.Expect(err).NotTo(HaveOccurred())
	return result.Modified
}
