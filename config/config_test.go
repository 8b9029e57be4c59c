// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// These tests install config/default into a real API server as the README says,
// and ask the server who may do what and whether the samples are accepted.
package config_test

import (
	"context"
	"os/exec"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
)

const (
	systemNamespace = "china-account-system"
	operatorName    = "china-account-operator"
	operatorUser    = "system:serviceaccount:" + systemNamespace + ":" + operatorName

	// patience bounds waits for the API server to take up a new policy, which it does
	// within a second or two.
	patience = 30 * time.Second
)

var (
	plane *env.ControlPlane
	admin client.Client
)

func TestWhatIsInstalled(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Config")
}

var _ = BeforeSuite(func(ctx SpecContext) {
	var err error
	plane, err = env.Start(context.Background(), env.Options{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(plane.Stop()).To(Succeed()) })

	scheme := runtime.NewScheme()
	Expect(clientgoscheme.AddToScheme(scheme)).To(Succeed())
	Expect(v1alpha1.AddToScheme(scheme)).To(Succeed())
	config := plane.Config()
	config.QPS = -1
	admin, err = client.New(config, client.Options{Scheme: scheme})
	Expect(err).NotTo(HaveOccurred())

	install(ctx)
})

// install does what the README and `make deploy` do.
func install(ctx context.Context) {
	GinkgoHelper()
	for _, step := range [][]string{
		{"apply", "--server-side", "-k", "crd"},
		{"wait", "--for=condition=Established", "--timeout=60s", "-f", "crd/bases"},
		{"apply", "--server-side", "-k", "default"},
	} {
		output, err := kubectl(ctx, step...)
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(output).NotTo(ContainSubstring("Warning"))
	}
}

// kubectl runs as the admin, unless --as is among the arguments, in this folder.
func kubectl(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, plane.Kubectl(), arguments...)
	command.Env = append(command.Environ(), "KUBECONFIG="+plane.Kubeconfig())
	output, err := command.CombinedOutput()
	return string(output), err
}
