// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// helm is one major of it.
type helm struct{ name, program string }

var (
	helm3 = helm{"Helm 3", "helm3"}
	helm4 = helm{"Helm 4", "helm4"}
)

// eachHelm describes the same of both majors.
func eachHelm(text string, describe func(h helm)) bool {
	for _, h := range []helm{helm3, helm4} {
		Describe(h.name+" "+text, func() { describe(h) })
	}
	return true
}

// run returns what it printed on standard output, and what it said in an error.
func (h helm) run(ctx context.Context, arguments ...string) (string, error) {
	home := GinkgoT().TempDir()
	return run(ctx, "", []string{
		"HELM_CACHE_HOME=" + home, "HELM_CONFIG_HOME=" + home, "HELM_DATA_HOME=" + home, "HELM_PLUGINS=" + plugins(home),
	}, filepath.Join(root, "bin", h.program), arguments...)
}

// does runs what has to succeed.
func (h helm) does(ctx context.Context, arguments ...string) string {
	GinkgoHelper()
	output, err := h.run(ctx, arguments...)
	Expect(err).NotTo(HaveOccurred())
	return output
}

// template renders the chart as `helm install` would on a cluster that serves the CRDs.
func (h helm) template(ctx context.Context, arguments ...string) string {
	GinkgoHelper()
	return h.does(ctx, append([]string{
		"template", release, chart, "--namespace", systemNamespace, "--api-versions", "registration.chinaaccount.dev/v1alpha1/Registrar",
	}, arguments...)...)
}

// plugins is a folder with helm-unittest in it.
func plugins(home string) string {
	GinkgoHelper()
	dir := filepath.Join(home, "plugins")
	Expect(os.MkdirAll(filepath.Join(dir, "unittest"), 0o700)).To(Succeed())
	manifest := "name: unittest\nversion: 1.0.0\nusage: unittest\ndescription: tests charts\nignoreFlags: false\ncommand: " + filepath.Join(root, "bin", "helm-unittest") + "\n"
	Expect(os.WriteFile(filepath.Join(dir, "unittest", "plugin.yaml"), []byte(manifest), 0o600)).To(Succeed())
	return dir
}

// kubectl runs as the admin; a warning of the API server's counts as an error.
func kubectl(ctx context.Context, input string, arguments ...string) (string, error) {
	return run(ctx, input, []string{"KUBECACHEDIR=" + filepath.Dir(plane.Kubeconfig())}, plane.Kubectl(), append([]string{"--warnings-as-errors"}, arguments...)...)
}

// kubectlDoes runs what has to succeed.
func kubectlDoes(ctx context.Context, input string, arguments ...string) string {
	GinkgoHelper()
	output, err := kubectl(ctx, input, arguments...)
	Expect(err).NotTo(HaveOccurred())
	return output
}

func kustomize(ctx context.Context, dir string) string {
	GinkgoHelper()
	output, err := run(ctx, "", nil, filepath.Join(root, "bin", "kustomize"), "build", dir)
	Expect(err).NotTo(HaveOccurred())
	return output
}

// failure is a program's that did not succeed, with what it said.
type failure struct {
	error
	said string
}

func (f *failure) Error() string { return f.error.Error() + ": " + f.said }

func run(ctx context.Context, input string, environment []string, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env = append(command.Environ(), environment...)
	if plane != nil {
		command.Env = append(command.Env, "KUBECONFIG="+plane.Kubeconfig())
	}
	command.Stdin = strings.NewReader(input)
	var output, said bytes.Buffer
	command.Stdout, command.Stderr = &output, &said
	if err := command.Run(); err != nil {
		return output.String(), &failure{err, said.String() + output.String()}
	}
	return output.String(), nil
}
