// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// request is what the audit log tells of one.
type request struct {
	Verb                         string
	User                         struct{ Username string }
	UserAgent, RequestURI, Stage string
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

// grant is a right in one namespace, or to the object of one name; empty is any.
type grant struct {
	right
	namespace, name string
}

func (g grant) String() string { return fmt.Sprintf("%s in %q of %q", g.right, g.namespace, g.name) }

func (g grant) covers(r request) bool {
	return g.right == r.right() && (g.namespace == "" || g.namespace == alike(r.ObjectRef.Namespace)) && (g.name == "" || g.name == r.ObjectRef.Name)
}

// audited are the requests so far that belong to what is looked for.
func audited(belongs func(request) bool) ([]request, error) {
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
		if belongs(r) {
			requests = append(requests, r)
		}
	}
	return requests, nil
}

// operatorRequests are all that the operator asked of the API server so far. What the
// tests ask in its name, to see it refused, is not the operator's.
func operatorRequests() ([]request, error) {
	return audited(func(r request) bool {
		return r.User.Username == operatorUser && strings.HasPrefix(r.UserAgent, "manager/")
	})
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
		w.looksAgain(ctx, "acme", 3)
		Expect(w.secretsRead(inReview)).To(BeEmpty())

		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
		w.looksAgain(ctx, "acme", 3)
		Expect(w.secretsRead(inReview)).To(ConsistOf("acme-codes"))
	})
})

// wholeRun tells whether every spec ran: what a part of them does not use may be needed
// by another.
var wholeRun bool

var _ = ReportAfterSuite("how much of the suite ran", func(report Report) {
	wholeRun = !slices.ContainsFunc(report.SpecReports, func(spec SpecReport) bool {
		return spec.LeafNodeType == types.NodeTypeIt && spec.State.Is(types.SpecStateSkipped|types.SpecStatePending)
	})
})

func theOperatorKeptToItsRights(t *testing.T) {
	g := NewWithT(t)
	requests, err := operatorRequests()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(requests).NotTo(BeEmpty())
	needed := map[grant]bool{}
	for _, r := range requests {
		g.Expect(r.ResponseStatus.Code).NotTo(Equal(403), "%s %s", r.Verb, r.RequestURI)
		if r.ObjectRef == nil {
			continue
		}
		by := slices.DeleteFunc(slices.Clone(granted), func(one grant) bool { return !one.covers(r) })
		g.Expect(by).NotTo(BeEmpty(), "used, and not granted: %s %s", r.Verb, r.RequestURI)
		if len(by) == 1 {
			needed[by[0]] = true
		}
	}
	if !wholeRun {
		t.Log("Not every spec ran: whether each right is needed is not checked.")
		return
	}
	unneeded := slices.DeleteFunc(slices.Clone(granted), func(one grant) bool { return needed[one] })
	g.Expect(unneeded).To(BeEmpty(), "granted, and never used, or granted twice")
	t.Logf("%d requests used each of %d rights", len(requests), len(granted))
}

// granted are the operator's, as it was installed.
var granted []grant

// operatorGrants are what all roles give that are bound to the operator.
func operatorGrants(ctx context.Context, g Gomega) []grant {
	var grants []grant
	add := func(rules []rbacv1.PolicyRule, namespace string) {
		for _, rule := range rules {
			g.Expect(rule.NonResourceURLs).To(BeEmpty(), "what is asked of no resource is not looked at")
			grants = append(grants, grantsOf(rule, alike(namespace))...)
		}
	}
	everywhere := &rbacv1.ClusterRoleBindingList{}
	g.Expect(admin.List(ctx, everywhere)).To(Succeed())
	for _, binding := range everywhere.Items {
		if bindsOperator(binding.Subjects) {
			role := &rbacv1.ClusterRole{}
			g.Expect(admin.Get(ctx, client.ObjectKey{Name: binding.RoleRef.Name}, role)).To(Succeed())
			add(role.Rules, "")
		}
	}
	somewhere := &rbacv1.RoleBindingList{}
	g.Expect(admin.List(ctx, somewhere)).To(Succeed())
	for _, binding := range somewhere.Items {
		if bindsOperator(binding.Subjects) {
			g.Expect(binding.RoleRef.Kind).To(Equal("Role"))
			role := &rbacv1.Role{}
			g.Expect(admin.Get(ctx, client.ObjectKey{Namespace: binding.Namespace, Name: binding.RoleRef.Name}, role)).To(Succeed())
			add(role.Rules, binding.Namespace)
		}
	}
	for _, one := range grants {
		if one.resource == "secrets" {
			g.Expect(one.verb).To(BeElementOf("get", "create"))
		}
	}
	return onceForAllWorlds(grants)
}

func bindsOperator(subjects []rbacv1.Subject) bool {
	return slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool {
		return s.Kind == rbacv1.ServiceAccountKind && s.Namespace == systemNamespace && s.Name == operatorName
	})
}

const allWorlds = "world-*"

// alike is one name for the namespaces of all worlds: what one of them does not need,
// another may.
func alike(namespace string) string {
	if strings.HasPrefix(namespace, "world-") {
		return allWorlds
	}
	return namespace
}

// onceForAllWorlds leaves one of the equal grants that each world's Role gives. Others
// that are given twice stay, to be found.
func onceForAllWorlds(grants []grant) []grant {
	seen := map[grant]bool{}
	return slices.DeleteFunc(grants, func(one grant) bool {
		again := seen[one] && one.namespace == allWorlds
		seen[one] = true
		return again
	})
}

func grantsOf(rule rbacv1.PolicyRule, namespace string) []grant {
	names := rule.ResourceNames
	if len(names) == 0 {
		names = []string{""}
	}
	var grants []grant
	for _, group := range rule.APIGroups {
		for _, resource := range rule.Resources {
			for _, verb := range rule.Verbs {
				for _, name := range names {
					grants = append(grants, grant{right{group, resource, verb}, namespace, name})
				}
			}
		}
	}
	return grants
}
