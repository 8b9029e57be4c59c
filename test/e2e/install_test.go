// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// way is how the operator is installed, and with which rights.
type way string

const (
	byKustomize way = "kustomize"
	// byChart has the rights that the chart gives by default.
	byChart way = "chart"
	// byNamespace has those that it gives for some namespaces alone.
	byNamespace way = "namespaced"

	wayVariable = "E2E_INSTALL"
	// maxWorlds bounds the namespaces that are there before anything is installed.
	maxWorlds = 250
)

// installed is the way of this run: see wayVariable.
var installed = byKustomize

func install(ctx context.Context) {
	GinkgoHelper()
	if chosen := os.Getenv(wayVariable); chosen != "" {
		installed = way(chosen)
	}
	switch installed {
	case byKustomize:
		installByKustomize(ctx)
	case byChart:
		installChart(ctx)
	case byNamespace:
		namespaces := make([]string, maxWorlds)
		for i := range namespaces {
			namespaces[i] = worldName(i + 1)
			Expect(admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespaces[i]}})).To(Succeed())
		}
		installChart(ctx, "--set", "watchNamespaces={"+strings.Join(namespaces, ",")+"}")
	default:
		Fail(fmt.Sprintf("%s is %q: it can be %q, %q or %q", wayVariable, installed, byKustomize, byChart, byNamespace))
	}
}

// installByKustomize applies what config/ holds. There are no nodes: of the operator's
// Deployment nothing comes, and the operator runs beside the API server instead.
func installByKustomize(ctx context.Context) {
	GinkgoHelper()
	for _, step := range [][]string{
		{"apply", "--server-side", "-k", filepath.Join(root, "config", "crd")},
		{"wait", "--for=condition=Established", "--timeout=60s", "-f", filepath.Join(root, "config", "crd", "bases")},
		{"apply", "--server-side", "-k", filepath.Join(root, "config", "default")},
	} {
		output, err := kubectl(ctx, "", step...)
		Expect(err).NotTo(HaveOccurred(), output)
	}
}

// installChart has Helm install it, under the names that config/ has.
func installChart(ctx context.Context, values ...string) {
	GinkgoHelper()
	Expect(binary("helm4")).To(BeARegularFile(), "`make bin/helm4` builds it")
	home := GinkgoT().TempDir()
	command := exec.CommandContext(ctx, binary("helm4"), append([]string{
		"install", operatorName, filepath.Join(root, "charts", "china-account-operator"), "--namespace", systemNamespace, "--create-namespace",
	}, values...)...)
	command.Env = append(command.Environ(), "KUBECONFIG="+plane.Kubeconfig(), "HELM_CACHE_HOME="+home, "HELM_CONFIG_HOME="+home, "HELM_DATA_HOME="+home)
	output, err := command.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), string(output))
}

func worldName(number int) string { return fmt.Sprintf("world-%d", number) }

// watched are the flags that an operator needs which may see some namespaces alone:
// those of the world that is open. No operator runs without a world, however it is
// installed, so that a spec does not depend on which ran before it.
func watched() []string {
	GinkgoHelper()
	Expect(open).NotTo(BeNil(), "open a world before its operator starts: it has rights in the namespaces of worlds alone")
	if installed != byNamespace {
		return nil
	}
	return []string{"--watch-namespaces", open.namespace}
}
