// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"context"
	"os/exec"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	policyName   = "reported-by.registration.chinaaccount.dev"
	reporterCure = "spec.reportedBy must be your own user name, as the API server knows you: kubectl auth whoami"
)

var _ = Describe("A filing report's reporter", Ordered, func() {
	var namespace string
	var li, wang client.Client

	BeforeAll(func(ctx SpecContext) {
		namespace = newNamespace(ctx)
		letAgentsReport(ctx, namespace)
		li, wang = clientOf(configOf("agent:li")), clientOf(configOf("agent:wang"))

		kubectl(ctx, "apply", "-k", admissionDir)
		DeferCleanup(func(ctx SpecContext) {
			kubectl(ctx, "delete", "-k", admissionDir)
			Eventually(func() error { return wouldReport(ctx, admin, namespace, "agent:li") }, patience).Should(Succeed())
		})
		Eventually(func() error { return wouldReport(ctx, admin, namespace, "agent:li") }, patience).ShouldNot(Succeed())
	})

	It("is the user who asks", func(ctx SpecContext) {
		Expect(wouldReport(ctx, li, namespace, "agent:li")).To(Succeed())
		Expect(wouldReport(ctx, wang, namespace, "agent:wang")).To(Succeed())
	})

	It("is nobody else, not even for an admin", func(ctx SpecContext) {
		for name, answer := range map[string]error{
			"another agent": wouldReport(ctx, wang, namespace, "agent:li"),
			"a prefix":      wouldReport(ctx, li, namespace, "agent:l"),
			"other letters": wouldReport(ctx, li, namespace, "Agent:Li"),
			"a group":       wouldReport(ctx, li, namespace, "agents"),
			"the admin":     wouldReport(ctx, admin, namespace, "agent:li"),
		} {
			Expect(answer).To(beDeniedWith(reporterCure), name)
		}
	})

	It("is named, in every kind of report", func(ctx SpecContext) {
		for _, kind := range reportTypes {
			Expect(wang.Create(ctx, report(kind, in(namespace)), client.DryRunAll)).To(beDeniedWith(reporterCure), string(kind))
			Expect(li.Create(ctx, report(kind, in(namespace)))).To(Succeed(), string(kind))
		}
	})

	It("is not taken on by impersonation, without the right to it", func(ctx SpecContext) {
		config := configOf("agent:wang")
		config.Impersonate = rest.ImpersonationConfig{UserName: "agent:li"}
		clients, err := kubernetes.NewForConfig(config)
		Expect(err).NotTo(HaveOccurred())
		_, err = clients.AuthenticationV1().SelfSubjectReviews().Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring(`User "agent:wang" cannot impersonate`)))
	})

	It("stays, and the report can be judged and labelled by others", func(ctx SpecContext) {
		o := report("Claimed", in(namespace))
		Expect(li.Create(ctx, o)).To(Succeed())
		Expect(change(ctx, o, set("spec.reportedBy", "agent:wang"))).To(beRefusedFor("spec", forbidden, "a report never changes"))
		Expect(change(ctx, o, set("metadata.labels", fields{"team": "agents"}))).To(Succeed())
		Expect(writeStatus(ctx, o, fields{"observedGeneration": 1})).To(Succeed())
	})

	It("is held also where the policy cannot be evaluated", func(ctx SpecContext) {
		policy := &admissionv1.ValidatingAdmissionPolicy{}
		Expect(admin.Get(ctx, client.ObjectKey{Name: policyName}, policy)).To(Succeed())
		Expect(policy.Spec.FailurePolicy).To(HaveValue(Equal(admissionv1.Fail)))
		Expect(policy.Status.TypeChecking).To(Or(BeNil(), HaveField("ExpressionWarnings", BeEmpty())))
		binding := &admissionv1.ValidatingAdmissionPolicyBinding{}
		Expect(admin.Get(ctx, client.ObjectKey{Name: policyName}, binding)).To(Succeed())
		Expect(binding.Spec.ValidationActions).To(ConsistOf(admissionv1.Deny))
	})
})

// beDeniedWith matches the refusal of an admission policy.
func beDeniedWith(message string) OmegaMatcher {
	return And(MatchError(apierrors.IsForbidden, "IsForbidden"), MatchError(And(ContainSubstring(policyName), ContainSubstring(message))))
}

func in(namespace string) edit { return func(o object) { o.SetNamespace(namespace) } }

func wouldReport(ctx context.Context, as client.Client, namespace, reportedBy string) error {
	return as.Create(ctx, report(v1alpha1.ReportClaimed, in(namespace), set("spec.reportedBy", reportedBy)), client.DryRunAll)
}

func letAgentsReport(ctx context.Context, namespace string) {
	GinkgoHelper()
	meta := metav1.ObjectMeta{Namespace: namespace, Name: "agents"}
	role := &rbacv1.Role{
		ObjectMeta: meta,
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{v1alpha1.GroupName}, Resources: []string{"filingreports"}, Verbs: []string{"create"}}},
	}
	Expect(admin.Create(ctx, role)).To(Succeed())
	Expect(admin.Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: meta,
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: meta.Name},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: "agents"}},
	})).To(Succeed())
}

func configOf(user string) *rest.Config {
	GinkgoHelper()
	path, err := plane.UserKubeconfig(user, "agents")
	Expect(err).NotTo(HaveOccurred())
	config, err := clientcmd.BuildConfigFromFlags("", path)
	Expect(err).NotTo(HaveOccurred())
	return config
}

func kubectl(ctx context.Context, arguments ...string) {
	GinkgoHelper()
	command := exec.CommandContext(ctx, plane.Kubectl(), append([]string{"--kubeconfig", plane.Kubeconfig()}, arguments...)...)
	output, err := command.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s", output)
}
