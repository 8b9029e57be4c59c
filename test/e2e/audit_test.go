// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// request is what the audit log tells of one.
type request struct {
	Verb       string
	User       struct{ Username string }
	RequestURI string
	// ObjectRef is absent where the request is for no object, e.g. discovery.
	ObjectRef                *struct{ APIGroup, Resource, Subresource, Namespace, Name string }
	ResponseStatus           struct{ Code int }
	RequestReceivedTimestamp metav1.MicroTime
}

// right is a verb on a resource.
type right struct{ group, resource, verb string }

func (r right) String() string { return fmt.Sprintf("%s %s/%s", r.verb, r.group, r.resource) }

func (r request) right() right {
	resource := r.ObjectRef.Resource
	if r.ObjectRef.Subresource != "" {
		resource += "/" + r.ObjectRef.Subresource
	}
	return right{r.ObjectRef.APIGroup, resource, r.Verb}
}

// operatorRequests are all that the operator asked of the API server so far.
func operatorRequests() ([]request, error) {
	content, err := os.ReadFile(auditLog)
	if err != nil {
		return nil, err
	}
	var requests []request
	for line := range bytes.Lines(content) {
		if !bytes.HasSuffix(line, []byte("\n")) {
			break // it is being written
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("read the audit log: %w", err)
		}
		if r.User.Username == operatorUser {
			requests = append(requests, r)
		}
	}
	return requests, nil
}

// secretsRead are the names of the world's Secrets that the operator touched since.
func (w *world) secretsRead(since time.Time) []string {
	GinkgoHelper()
	requests, err := operatorRequests()
	Expect(err).NotTo(HaveOccurred())
	names := map[string]bool{}
	for _, r := range requests {
		if r.ObjectRef != nil && r.ObjectRef.Resource == "secrets" && r.ObjectRef.Namespace == w.namespace && r.RequestReceivedTimestamp.After(since) {
			names[r.ObjectRef.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

var _ = Describe("The operator's use of Secrets", func() {
	It("reads a dossier before it is filed, and then only what a requirement asks for", func(ctx SpecContext) {
		began := time.Now()
		w := runningWorld(ctx)
		w.apply(ctx, w.registration("acme", "review"))
		w.eventually(ctx, "acme", inPhase(submitted))
		dossier := slices.Sorted(maps.Keys(sampleSecrets()))
		Expect(w.secretsRead(began)).To(ConsistOf(append(dossier, "acme-signin")))

		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(underReview))
		inReview := time.Now()
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.secretsRead(inReview)).To(BeEmpty())

		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
		w.gateway.moreRequests("getAttempt", 3)
		Expect(w.secretsRead(inReview)).To(ConsistOf("acme-codes"))
	})
})

func theOperatorKeptToItsRights(t *testing.T) {
	g := NewWithT(t)
	requests, err := operatorRequests()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(requests).NotTo(BeEmpty())
	used := map[right]int{}
	for _, r := range requests {
		g.Expect(r.ResponseStatus.Code).NotTo(Equal(403), "%s %s", r.Verb, r.RequestURI)
		if r.ObjectRef != nil {
			used[r.right()]++
		}
	}
	granted := operatorRights(g)
	g.Expect(granted).To(ContainElement(right{"", "secrets", "get"}))
	for r := range used {
		g.Expect(granted).To(ContainElement(r))
		if r.resource == "secrets" {
			g.Expect(r.verb).To(BeElementOf("get", "create"))
		}
	}
	for _, r := range granted {
		if used[r] == 0 {
			t.Logf("granted, and not used in this run: %s", r)
		}
	}
}

// operatorRights are those of the roles that config/ binds to the operator.
func operatorRights(g Gomega) []right {
	var rights []right
	for _, file := range []string{"role.yaml", "leader_election_role.yaml"} {
		content, err := os.ReadFile(filepath.Join(root, "config", "rbac", file))
		g.Expect(err).NotTo(HaveOccurred())
		role := rbacv1.ClusterRole{} // a Role has the same rules
		g.Expect(yaml.Unmarshal(content, &role)).To(Succeed())
		for _, rule := range role.Rules {
			for _, group := range rule.APIGroups {
				for _, resource := range rule.Resources {
					for _, verb := range rule.Verbs {
						rights = append(rights, right{group, resource, verb})
					}
				}
			}
		}
	}
	return rights
}
