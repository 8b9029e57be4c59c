// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"

	"github.com/fluxcd/pkg/apis/kustomize"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// variant is one of the Kustomizations in config/gitops/flux.
type variant string

const (
	reviewDoesNotBlock variant = "review-does-not-block"
	activationGates    variant = "activation-gates"
)

var variants = []variant{reviewDoesNotBlock, activationGates}

func (v variant) path() string {
	return filepath.Join(root, "config", "gitops", "flux", string(v)+".yaml")
}

// shipped is the Kustomization as users copy it.
func (v variant) shipped() *unstructured.Unstructured {
	GinkgoHelper()
	content, err := os.ReadFile(v.path())
	Expect(err).NotTo(HaveOccurred())
	object := map[string]any{}
	Expect(yaml.Unmarshal(content, &object)).To(Succeed())
	return &unstructured.Unstructured{Object: object}
}

// expressions are its healthCheckExprs, which are for registrations alone.
func (v variant) expressions() *kustomize.HealthCheckExpressions {
	GinkgoHelper()
	var shipped struct {
		Spec struct{ HealthCheckExprs []kustomize.CustomHealthCheck }
	}
	read(v.shipped(), &shipped)
	Expect(shipped.Spec.HealthCheckExprs).To(HaveLen(1))
	return &shipped.Spec.HealthCheckExprs[0].HealthCheckExpressions
}

func read(object *unstructured.Unstructured, into any) {
	GinkgoHelper()
	content, err := object.MarshalJSON()
	Expect(err).NotTo(HaveOccurred())
	Expect(json.Unmarshal(content, into)).To(Succeed())
}

// sync applies it for a registration, whose folder has the registration's name, and asks
// Flux to look. It waits for health no longer than Flux has to.
func (v variant) sync(ctx context.Context, namespace, registration string, changes ...func(spec map[string]any)) request {
	GinkgoHelper()
	object, asked := v.shipped(), newRequest(namespace, registration)
	object.SetNamespace(namespace)
	object.SetName(registration)
	object.SetAnnotations(map[string]string{requestedAt: asked.token})
	spec := object.Object["spec"].(map[string]any)
	spec["path"], spec["timeout"] = "./registrations/"+registration, "30s"
	for _, change := range changes {
		change(spec)
	}
	Expect(floor.Onlooker.Apply(ctx, client.ApplyConfigurationFromUnstructured(object), client.FieldOwner("platform"), client.ForceOwnership)).To(Succeed())
	return asked
}

// kustomization is what Flux says of one.
type kustomization struct {
	Status struct {
		Conditions             []metav1.Condition
		LastHandledReconcileAt string
		LastAttemptedRevision  string
		History                []struct {
			LastReconciledStatus string
			Metadata             map[string]string
		}
	}
}

func (k kustomization) ready() metav1.Condition {
	if c := meta.FindStatusCondition(k.Status.Conditions, "Ready"); c != nil {
		return *c
	}
	return metav1.Condition{Status: metav1.ConditionUnknown}
}

// verdict is what kustomize-controller makes of the health of a registration.
type verdict string

const (
	healthy verdict = "Current"
	waiting verdict = "InProgress"
	failed  verdict = "Failed"
)

var unhealthy = map[verdict]*regexp.Regexp{
	waiting: regexp.MustCompile(`^health check failed after \S+: timeout waiting for: \[ChinaAccountRegistration/\S+ status: 'InProgress'\]$`),
	failed:  regexp.MustCompile(`^health check failed after \S+: failed early due to stalled resources: \[ChinaAccountRegistration/\S+ status: 'Failed'\]$`),
}

// verdict reads the words of Flux' condition Ready; words of another kind are returned
// as they are.
func (k kustomization) verdict() verdict {
	c := k.ready()
	if c.Status == metav1.ConditionTrue {
		return healthy
	}
	for v, words := range unhealthy {
		if c.Reason == "HealthCheckFailed" && words.MatchString(c.Message) {
			return v
		}
	}
	return verdict(c.Reason + ": " + c.Message)
}

const requestedAt = "reconcile.fluxcd.io/requestedAt"

// request is one that Flux look now, as `flux reconcile kustomization` makes.
type request struct{ namespace, name, token string }

var requests atomic.Int32

func newRequest(namespace, name string) request {
	return request{namespace, name, fmt.Sprintf("request-%d", requests.Add(1))}
}

// answered is what Flux says when it has looked.
func (r request) answered(ctx context.Context) kustomization {
	GinkgoHelper()
	return eventually(ctx, r.namespace, r.name, HaveField("Status.LastHandledReconcileAt", r.token))
}

// reconciled asks, and returns what Flux says.
func reconciled(ctx context.Context, namespace, name string) kustomization {
	GinkgoHelper()
	asked := newRequest(namespace, name)
	patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, requestedAt, asked.token)
	Expect(floor.Onlooker.Patch(ctx, kustomizationNamed(namespace, name), client.RawPatch(types.MergePatchType, []byte(patch)))).To(Succeed())
	return asked.answered(ctx)
}

// synced waits until Flux has done what it does about a revision, well or badly.
func synced(ctx context.Context, namespace, name, revision string) kustomization {
	GinkgoHelper()
	return eventually(ctx, namespace, name, HaveField("Status.LastAttemptedRevision", revision))
}

// waits awaits the health check of a revision, and returns while Flux is at it.
func waits(ctx context.Context, namespace, name string) {
	GinkgoHelper()
	Eventually(func(g Gomega) {
		k := observed(ctx, namespace, name)
		g.Expect(k.ready().Status).To(Equal(metav1.ConditionUnknown))
		g.Expect(k.Status.Conditions).To(ContainElement(And(
			HaveField("Type", "Reconciling"), HaveField("Message", HavePrefix("Running health checks for revision")))))
	}).Should(Succeed())
}

func observed(ctx context.Context, namespace, name string) kustomization {
	GinkgoHelper()
	object := kustomizationNamed(namespace, name)
	Expect(floor.Onlooker.Get(ctx, client.ObjectKeyFromObject(object), object)).To(Succeed())
	var k kustomization
	read(object, &k)
	return k
}

// eventually waits until Flux has finished with a Kustomization so that it matches.
func eventually(ctx context.Context, namespace, name string, matches OmegaMatcher) kustomization {
	GinkgoHelper()
	var k kustomization
	Eventually(func(g Gomega) {
		k = observed(ctx, namespace, name)
		g.Expect(k.ready().Status).NotTo(Equal(metav1.ConditionUnknown), "it is at work: %+v", k.ready())
		g.Expect(k.ready().Reason).NotTo(Equal("DependencyNotReady"), "the operator's is looked at with it, and first")
		g.Expect(k).To(matches)
	}).Should(Succeed())
	return k
}

func kustomizationNamed(namespace, name string) *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(schema.GroupVersionKind{Group: "kustomize.toolkit.fluxcd.io", Version: "v1", Kind: "Kustomization"})
	object.SetNamespace(namespace)
	object.SetName(name)
	return object
}
