// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

var _ = Describe("Metrics over HTTPS", func() {
	It("are for those alone who may get /metrics, as the API server says", func(ctx SpecContext) {
		w := newWorld(ctx)
		address := freeAddress()
		w.operator = startOperator("--metrics-bind-address", address, "--metrics-secure")
		Eventually(func() (int, error) { return asksForMetrics(address, "") }).Should(Equal(http.StatusUnauthorized))

		stranger, prometheus := w.tokenOf(ctx, "stranger"), w.tokenOf(ctx, "prometheus")
		bindMetricsReader(ctx, w.namespace, "prometheus")
		Expect(asksForMetrics(address, stranger)).To(Equal(http.StatusForbidden))
		Eventually(func() (int, error) { return asksForMetrics(address, prometheus) }).Should(Equal(http.StatusOK))
	})

	It("want the certificate that they are to be served with", func() {
		operator := run("manager", "--kubeconfig", operatorKubeconfig, "--health-probe-bind-address", "0",
			"--metrics-bind-address", freeAddress(), "--metrics-secure", "--metrics-cert-dir", GinkgoT().TempDir())
		Expect(operator).To(gexec.Exit(1))
		Expect(said(operator)).To(And(ContainSubstring("read the certificate for metrics"), ContainSubstring("tls.crt"), ContainSubstring("put it there")))
	})
})

// asksForMetrics returns the status of the answer.
func asksForMetrics(address, token string) (int, error) {
	client := &http.Client{
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
		Timeout:   10 * time.Second,
	}
	request, err := http.NewRequest(http.MethodGet, "https://"+address+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// tokenOf is that of a service account of the world's.
func (w *world) tokenOf(ctx context.Context, name string) string {
	GinkgoHelper()
	Expect(admin.Create(ctx, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name}})).To(Succeed())
	path, err := plane.ServiceAccountKubeconfig(ctx, w.namespace, name)
	Expect(err).NotTo(HaveOccurred())
	config, err := clientcmd.BuildConfigFromFlags("", path)
	Expect(err).NotTo(HaveOccurred())
	return config.BearerToken
}

// bindMetricsReader gives a service account the role that is shipped for Prometheus.
func bindMetricsReader(ctx context.Context, namespace, name string) {
	GinkgoHelper()
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: namespace + "-" + name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: operatorName + "-metrics-reader"},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}},
	}
	Expect(admin.Create(ctx, binding)).To(Succeed())
	DeferCleanup(func(ctx SpecContext) { Expect(client.IgnoreNotFound(admin.Delete(ctx, binding))).To(Succeed()) })
}
