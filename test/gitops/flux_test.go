// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/test/process"
)

const fluxNamespace = "flux-system"

// installFlux does what `flux install` does, but for a Pod: CRDs, a service account that
// may do anything, and kustomize-controller.
func installFlux(ctx context.Context) {
	GinkgoHelper()
	for _, crd := range []string{
		fluxFile(ctx, "github.com/fluxcd/kustomize-controller", "kustomize.toolkit.fluxcd.io_kustomizations.yaml"),
		fluxFile(ctx, "github.com/fluxcd/source-controller", "source.toolkit.fluxcd.io_gitrepositories.yaml"),
		fluxFile(ctx, "github.com/fluxcd/source-controller", "source.toolkit.fluxcd.io_buckets.yaml"),
		fluxFile(ctx, "github.com/fluxcd/source-controller", "source.toolkit.fluxcd.io_ocirepositories.yaml"),
	} {
		kubectl(ctx, "", "apply", "--server-side", "-f", crd)
		kubectl(ctx, "", "wait", "--for=condition=Established", "--timeout=60s", "-f", crd)
	}
	Expect(floor.MakeNamespace(ctx, fluxNamespace)).To(Succeed())
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: fluxNamespace, Name: "kustomize-controller"}}
	Expect(floor.Onlooker.Create(ctx, account)).To(Succeed())
	kubectl(ctx, "", "create", "clusterrolebinding", "flux", "--clusterrole=cluster-admin", "--serviceaccount="+fluxNamespace+":"+account.Name)
	kubeconfig, err := floor.Plane.ServiceAccountKubeconfig(ctx, fluxNamespace, account.Name)
	Expect(err).NotTo(HaveOccurred())
	run("kustomize-controller", []string{"KUBECONFIG=" + kubeconfig, "RUNTIME_NAMESPACE=" + fluxNamespace, "TMPDIR=" + GinkgoT().TempDir()},
		"--metrics-addr", "0", "--health-addr", "0", "--requeue-dependency", "1s",
		"--concurrent", "32") // each waits for the health of one registration
}

// fluxFile is a CRD of one of Flux' modules, of the release that hack/tools/kustomize-controller builds:
// kustomize-controller is of the version of its api, source-controller as well.
func fluxFile(ctx context.Context, module, name string) string {
	GinkgoHelper()
	version := goTool(ctx, fluxTools(), "list", "-m", "-f", "{{.Version}}", module+"/api")
	var downloaded struct{ Dir string }
	answer := goTool(ctx, fluxTools(), "mod", "download", "-json", module+"@"+strings.TrimSpace(version))
	Expect(json.Unmarshal([]byte(answer), &downloaded)).To(Succeed())
	return filepath.Join(downloaded.Dir, "config", "crd", "bases", name)
}

// fluxTools is the module of Flux' programs.
func fluxTools() string { return filepath.Join(root, "hack", "tools", "kustomize-controller") }

// goTool runs go in a module, as the programs of bin/ are built.
func goTool(ctx context.Context, dir string, arguments ...string) string {
	GinkgoHelper()
	command := exec.CommandContext(ctx, "go", arguments...)
	command.Dir, command.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	return output(command)
}

// kubectl runs as an administrator.
func kubectl(ctx context.Context, input string, arguments ...string) string {
	GinkgoHelper()
	return administrator(ctx, floor.Plane.Kubectl(), input, arguments...)
}

// plugin runs kubectl china-account as an administrator.
func plugin(ctx context.Context, arguments ...string) string {
	GinkgoHelper()
	path, err := process.Binary("kubectl-china_account")
	Expect(err).NotTo(HaveOccurred())
	return administrator(ctx, path, "", arguments...)
}

func administrator(ctx context.Context, program, input string, arguments ...string) string {
	GinkgoHelper()
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env = append(command.Environ(), "KUBECONFIG="+floor.Plane.Kubeconfig(), "KUBECACHEDIR="+filepath.Join(floor.Dir, "kubectl-cache"))
	command.Stdin = strings.NewReader(input)
	return output(command)
}

func apply(ctx context.Context, manifest string) {
	GinkgoHelper()
	kubectl(ctx, manifest, "apply", "--server-side", "-f", "-")
}

// output runs a command, and fails with what it complained of.
func output(command *exec.Cmd) string {
	GinkgoHelper()
	printed, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		Fail(command.String() + ": " + string(printed) + string(failed.Stderr))
	}
	Expect(err).NotTo(HaveOccurred())
	return string(printed)
}
