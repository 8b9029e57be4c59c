// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("The installation", func() {
	It("can be applied again, as an upgrade does", func(ctx SpecContext) {
		install(ctx)
	})

	It("brings a Registrar by hand for registrations that name none", func(ctx SpecContext) {
		registrar := &v1alpha1.Registrar{}
		Expect(admin.Get(ctx, client.ObjectKey{Name: v1alpha1.DefaultRegistrarName}, registrar)).To(Succeed())
		Expect(registrar.Spec.Type).To(Equal(v1alpha1.RegistrarManual))
		Expect(registrar.Spec.Regions).To(BeEmpty(), "it serves both Regions")
		Expect(registrar.Spec.NamespaceSelector).To(BeNil(), "all namespaces may use it")
	})

	It("runs the operator's pod under the restricted pod security standard", func(ctx SpecContext) {
		pod := operatorPod(ctx)
		Expect(pod.Spec.ServiceAccountName).To(Equal(operatorName))
		Expect(admin.Create(ctx, pod, client.DryRunAll)).To(Succeed())
	})

	It("refuses a pod beside it that could change its own file system's owner", func(ctx SpecContext) {
		pod := operatorPod(ctx)
		pod.Spec.Containers[0].SecurityContext.Capabilities = nil
		Expect(apierrors.IsForbidden(admin.Create(ctx, pod, client.DryRunAll))).To(BeTrue())
	})
})

// operatorPod is the pod that the Deployment would make.
func operatorPod(ctx SpecContext) *corev1.Pod {
	GinkgoHelper()
	deployment := &appsv1.Deployment{}
	Expect(admin.Get(ctx, client.ObjectKey{Namespace: systemNamespace, Name: operatorName}, deployment)).To(Succeed())
	template := deployment.Spec.Template
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: operatorName, Labels: template.Labels},
		Spec:       template.Spec,
	}
}
