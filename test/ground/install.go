// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package ground

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/chinaaccount/china-account-operator/test/env"
)

// Install applies what config/ holds, but for the operator's Deployment: there are no
// nodes, and the operator runs beside the API server instead.
func Install(ctx context.Context, plane *env.ControlPlane) error {
	root, err := env.Root()
	if err != nil {
		return err
	}
	config := func(parts ...string) string { return filepath.Join(append([]string{root, "config"}, parts...)...) }
	for _, step := range [][]string{
		{"apply", "--server-side", "-k", config("crd")},
		{"wait", "--for=condition=Established", "--timeout=60s", "-f", config("crd", "bases")},
		{"apply", "--server-side", "-f", config("manager", "namespace.yaml")},
		{"apply", "--server-side", "-k", config("rbac")},
		{"apply", "--server-side", "-k", config("admission")},
		{"apply", "--server-side", "-k", config("registrar")},
	} {
		if err := kubectl(ctx, plane, step...); err != nil {
			return err
		}
	}
	return nil
}

func kubectl(ctx context.Context, plane *env.ControlPlane, arguments ...string) error {
	command := exec.CommandContext(ctx, plane.Kubectl(), arguments...)
	command.Env = append(command.Environ(), "KUBECONFIG="+plane.Kubeconfig(), "KUBECACHEDIR="+filepath.Dir(plane.Kubeconfig()))
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl %s: %w: %s", arguments[0], err, said)
	}
	return nil
}
