// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var (
	verbs     = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}
	resources = []string{
		"chinaaccountregistrations", "chinaaccountregistrations/status", "chinaaccountregistrations/finalizers",
		"filingreports", "filingreports/status", "registrars", "registrars/status", "secrets",
	}
)

const read = "get list watch"

var _ = Describe("The roles for people", func() {
	DescribeTable("give these rights and no others", func(ctx SpecContext, role string, rights map[string]string) {
		user := "user-of-" + role
		bind(ctx, role, user)
		Eventually(ctx, func(g Gomega) {
			for _, resource := range resources {
				g.Expect(rightsOf(ctx, g, user, resource)).To(ConsistOf(strings.Fields(rights[resource])), resource)
			}
		}, patience).Should(Succeed())
	},
		Entry("a viewer sees", "china-account-registration-viewer", map[string]string{
			"chinaaccountregistrations": read, "filingreports": read, "registrars": read,
		}),
		Entry("an applicant makes and edits registrations, and reports nothing", "china-account-registration-editor", map[string]string{
			"chinaaccountregistrations": read + " create update patch delete", "registrars": read,
		}),
		Entry("an agent reports, and changes nothing else", "china-account-filing-agent", map[string]string{
			"chinaaccountregistrations": read, "filingreports": read + " create", "registrars": read,
		}),
	)

	It("leave the agent's role out of the built-in ones, so that every grant is explicit", func(ctx SpecContext) {
		Expect(aggregates(ctx, "china-account-filing-agent")).To(BeEmpty())
		Expect(aggregates(ctx, "china-account-registration-editor")).To(ConsistOf("edit", "admin"))
		Expect(aggregates(ctx, "china-account-registration-viewer")).To(ConsistOf("view", "edit", "admin"))
	})
})

var _ = Describe("The operator", func() {
	It("reads a Secret by name and makes one, and neither lists nor changes any", func(ctx SpecContext) {
		Expect(rightsOf(ctx, Default, operatorUser, "secrets")).To(ConsistOf("get", "create"))
	})

	It("writes the status of registrations and reports, and neither makes nor deletes one", func(ctx SpecContext) {
		for _, resource := range []string{"chinaaccountregistrations", "filingreports"} {
			Expect(rightsOf(ctx, Default, operatorUser, resource+"/status")).To(ConsistOf("patch"), resource)
			Expect(rightsOf(ctx, Default, operatorUser, resource)).To(And(
				ContainElements(strings.Fields(read)), Not(ContainElement(BeElementOf("create", "update", "delete", "deletecollection")))), resource)
		}
		Expect(rightsOf(ctx, Default, operatorUser, "filingreports")).To(ConsistOf(strings.Fields(read)), "reports are the record")
	})

	It("keeps its lease in its own namespace alone", func(ctx SpecContext) {
		for _, verb := range verbs {
			lease := authorizationv1.ResourceAttributes{Group: "coordination.k8s.io", Resource: "leases", Verb: verb, Namespace: systemNamespace, Name: operatorName}
			Expect(may(ctx, Default, operatorUser, lease)).To(Equal(slices.Contains([]string{"get", "create", "update"}, verb)), verb)
			lease.Name = "another"
			Expect(may(ctx, Default, operatorUser, lease)).To(Equal(verb == "create"), verb)
			lease.Name, lease.Namespace = operatorName, metav1.NamespaceDefault
			Expect(may(ctx, Default, operatorUser, lease)).To(BeFalse(), verb)
		}
	})

	It("watches Registrars, and neither makes nor changes one", func(ctx SpecContext) {
		Expect(rightsOf(ctx, Default, operatorUser, "registrars")).To(ConsistOf("list", "watch"))
		Expect(rightsOf(ctx, Default, operatorUser, "registrars/status")).To(ConsistOf("patch"))
	})

	It("has no wildcard among its rights", func(ctx SpecContext) {
		role := &rbacv1.ClusterRole{}
		Expect(admin.Get(ctx, client.ObjectKey{Name: operatorName}, role)).To(Succeed())
		for _, rule := range role.Rules {
			Expect(rule.Verbs).NotTo(ContainElement("*"))
			Expect(rule.Resources).NotTo(ContainElement("*"))
			Expect(rule.APIGroups).NotTo(ContainElement("*"))
		}
	})
})

// bind gives a user a role everywhere.
func bind(ctx SpecContext, role, user string) {
	GinkgoHelper()
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
	}
	Expect(admin.Create(ctx, binding)).To(Succeed())
	DeferCleanup(func(ctx SpecContext) { Expect(admin.Delete(ctx, binding)).To(Succeed()) })
}

// rightsOf returns the verbs that a user has on a resource in namespace default.
func rightsOf(ctx SpecContext, g Gomega, user, resource string) []string {
	GinkgoHelper()
	name, subresource, _ := strings.Cut(resource, "/")
	group := v1alpha1.GroupName
	if name == "secrets" {
		group = ""
	}
	var rights []string
	for _, verb := range verbs {
		if may(ctx, g, user, authorizationv1.ResourceAttributes{
			Namespace: metav1.NamespaceDefault, Group: group, Resource: name, Subresource: subresource, Verb: verb,
		}) {
			rights = append(rights, verb)
		}
	}
	return rights
}

func may(ctx SpecContext, g Gomega, user string, what authorizationv1.ResourceAttributes) bool {
	GinkgoHelper()
	review := &authorizationv1.SubjectAccessReview{
		Spec: authorizationv1.SubjectAccessReviewSpec{User: user, ResourceAttributes: &what},
	}
	g.Expect(admin.Create(ctx, review)).To(Succeed())
	return review.Status.Allowed
}

// aggregates returns the built-in roles that a role is part of.
func aggregates(ctx SpecContext, name string) []string {
	GinkgoHelper()
	role := &rbacv1.ClusterRole{}
	Expect(admin.Get(ctx, client.ObjectKey{Name: name}, role)).To(Succeed())
	var into []string
	for label := range role.Labels {
		if builtIn, found := strings.CutPrefix(label, "rbac.authorization.k8s.io/aggregate-to-"); found {
			into = append(into, builtIn)
		}
	}
	return into
}
