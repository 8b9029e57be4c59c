// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// These tests ask a real API server what the CRDs refuse and what they let pass.
package v1alpha1_test

import (
	"context"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
)

const (
	crdDir       = "../../config/crd/bases"
	admissionDir = "../../config/admission"

	// patience bounds waits for the API server to take up a new CRD or policy,
	// which it does within a second or two.
	patience = 30 * time.Second
)

var (
	plane  *env.ControlPlane
	scheme = runtime.NewScheme()
	// admin may do anything.
	admin client.Client
	// served answers what the API server says of its own resources.
	served *discovery.DiscoveryClient
)

func TestTheAPIServerHoldsTheRules(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "API")
}

var _ = BeforeSuite(func() {
	for _, add := range []func(*runtime.Scheme) error{
		v1alpha1.AddToScheme, apiextensionsv1.AddToScheme, corev1.AddToScheme, rbacv1.AddToScheme, admissionv1.AddToScheme,
	} {
		Expect(add(scheme)).To(Succeed())
	}
	var err error
	plane, err = env.Start(context.Background(), env.Options{CRDPaths: []string{crdDir}})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(plane.Stop()).To(Succeed()) })
	admin = clientOf(plane.Config())
	served, err = discovery.NewDiscoveryClientForConfig(plane.Config())
	Expect(err).NotTo(HaveOccurred())
})

// clientOf returns a client that reads live and is not slowed down.
func clientOf(config *rest.Config) client.Client {
	GinkgoHelper()
	config.QPS = -1
	made, err := client.New(config, client.Options{Scheme: scheme})
	Expect(err).NotTo(HaveOccurred())
	return made
}
