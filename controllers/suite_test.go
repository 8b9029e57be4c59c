// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// These tests run the reconcilers in a real manager, with the rights of config/rbac
// and no others, against a real API server and the reference gateway over TLS.
package controllers_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
)

const (
	systemNamespace = "china-account-system"
	operatorName    = "china-account-operator"
	operatorUser    = "system:serviceaccount:" + systemNamespace + ":" + operatorName

	// patience bounds what is waited for; it takes a fraction of a second when
	// nothing is wrong.
	patience = 20 * time.Second
	// glance is the pause between two looks of a test.
	glance = 20 * time.Millisecond
)

var (
	scheme   = runtime.NewScheme()
	plane    *env.ControlPlane
	auditLog string
	// admin may do anything.
	admin client.Client
	// operatorConfig and operatorClient have the rights of the operator.
	operatorConfig *rest.Config
	operatorClient client.Client
)

func TestControllers(t *testing.T) {
	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(patience)
	SetDefaultEventuallyPollingInterval(glance)
	RunSpecs(t, "Controllers")
}

var _ = BeforeSuite(func(ctx SpecContext) {
	ctrl.SetLogger(logr.Discard())
	for _, add := range []func(*runtime.Scheme) error{
		v1alpha1.AddToScheme, corev1.AddToScheme, eventsv1.AddToScheme, rbacv1.AddToScheme,
	} {
		Expect(add(scheme)).To(Succeed())
	}
	auditLog = filepath.Join(GinkgoT().TempDir(), "audit.log")
	var err error
	plane, err = env.Start(context.Background(), env.Options{CRDPaths: []string{"../config/crd/bases"}, AuditLogPath: auditLog})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(plane.Stop()).To(Succeed()) })
	config := plane.Config()
	config.QPS = -1 // tests are not slowed down
	admin, err = client.New(config, client.Options{Scheme: scheme})
	Expect(err).NotTo(HaveOccurred())
	operatorConfig = installOperator(ctx)
	operatorClient, err = client.New(operatorConfig, client.Options{Scheme: scheme})
	Expect(err).NotTo(HaveOccurred())
	makeInstallationKey(ctx, systemNamespace)
})

// installOperator makes the operator's service account with the rights that
// config/rbac gives it, and returns its configuration.
func installOperator(ctx context.Context) *rest.Config {
	GinkgoHelper()
	makeNamespace(ctx, systemNamespace, nil)
	account := &corev1.ServiceAccount{}
	load("../config/rbac/service_account.yaml", account)
	role, binding := &rbacv1.ClusterRole{}, &rbacv1.ClusterRoleBinding{}
	load("../config/rbac/role.yaml", role)
	load("../config/rbac/role_binding.yaml", binding)
	for _, object := range []client.Object{account, role, binding} {
		Expect(admin.Create(ctx, object)).To(Succeed())
	}
	path, err := plane.ServiceAccountKubeconfig(ctx, systemNamespace, operatorName)
	Expect(err).NotTo(HaveOccurred())
	config, err := clientcmd.BuildConfigFromFlags("", path)
	Expect(err).NotTo(HaveOccurred())
	config.QPS = -1
	return config
}

func makeNamespace(ctx context.Context, name string, labels map[string]string) {
	GinkgoHelper()
	Expect(admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}})).To(Succeed())
}

func load(path string, into any) {
	GinkgoHelper()
	content, err := os.ReadFile(path)
	Expect(err).NotTo(HaveOccurred())
	Expect(yaml.Unmarshal(content, into)).To(Succeed())
}
