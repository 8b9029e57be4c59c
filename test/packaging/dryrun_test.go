// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The kinds of the Prometheus operator, as its own release has them.
const (
	prometheusOperator    = "github.com/prometheus-operator/prometheus-operator@v0.85.0"
	prometheusOperatorSum = "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s="
)

var _ = Describe("A real API server with restricted pods", Ordered, func() {
	BeforeAll(func(ctx SpecContext) {
		startPlane()
		crds := []string{"-f", filepath.Join(root, "config", "crd", "bases")}
		for _, kind := range []string{"servicemonitors", "prometheusrules"} {
			crds = append(crds, "-f", filepath.Join(moduleDir(ctx), "example", "prometheus-operator-crd", "monitoring.coreos.com_"+kind+".yaml"))
		}
		kubectlDoes(ctx, "", append([]string{"apply", "--server-side"}, crds...)...)
		kubectlDoes(ctx, "", append([]string{"wait", "--for=condition=Established", "--timeout=60s"}, crds...)...)
		for _, name := range []string{systemNamespace, "retail", "logistics"} {
			kubectlDoes(ctx, namespaceOf(name), "apply", "-f", "-")
		}
	})

	for _, h := range []helm{helm3, helm4} {
		for name := range variants {
			It(fmt.Sprintf("takes all that %s renders with %s, and warns of nothing", h.name, name), func(ctx SpecContext) {
				takes(ctx, h.template(ctx, variant(name)...))
			})
		}
	}

	It("takes all that kustomize renders, and warns of nothing", func(ctx SpecContext) {
		takes(ctx, kustomize(ctx, filepath.Join(root, "config", "default")))
	})

	It("warns of a pod that may do more, so that a warning would be seen", func(ctx SpecContext) {
		_, err := kubectl(ctx, `
apiVersion: apps/v1
kind: Deployment
metadata: {name: more, namespace: `+systemNamespace+`}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: i}]}
`, "apply", "--server-side", "--dry-run=server", "-f", "-")
		Expect(err).To(MatchError(ContainSubstring("would violate PodSecurity")))
	})
})

func takes(ctx context.Context, manifests string) {
	GinkgoHelper()
	said := kubectlDoes(ctx, manifests, "apply", "--server-side", "--dry-run=server", "-f", "-", "--output", "name")
	Expect(lines(said)).To(HaveLen(len(objects(manifests))))
}

// namespaceOf is one that enforces the restricted pod security standard, as the
// operator's own does.
func namespaceOf(name string) string {
	return fmt.Sprintf(`
apiVersion: v1
kind: Namespace
metadata:
  name: %s
  labels:
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: restricted
`, name)
}

// moduleDir is where the module proxy's copy of the Prometheus operator is.
func moduleDir(ctx context.Context) string {
	GinkgoHelper()
	output, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", prometheusOperator).Output()
	Expect(err).NotTo(HaveOccurred(), string(output))
	var module struct{ Dir, Sum string }
	Expect(json.Unmarshal(output, &module)).To(Succeed())
	Expect(module.Sum).To(Equal(prometheusOperatorSum))
	return module.Dir
}
