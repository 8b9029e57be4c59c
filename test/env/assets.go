// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package env

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const modulePath = "github.com/chinaaccount/china-account-operator"

// Root returns the project's folder, the nearest one above the working
// directory whose go.mod is the operator's. It fails outside of the project.
func Root() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		content, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("find the project: %w", err)
		}
		if declaresModule(string(content)) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("find the project: no go.mod of %s in %s or above it", modulePath, start)
		}
	}
}

func declaresModule(goMod string) bool {
	for line := range strings.Lines(goMod) {
		if strings.TrimSpace(line) == "module "+modulePath {
			return true
		}
	}
	return false
}

// assets are the absolute paths of the control plane's programs.
type assets struct {
	etcd, apiServer, kubectl string
}

// findAssets looks in KUBEBUILDER_ASSETS if it is set, and otherwise in
// bin/controlplane, where `make controlplane` puts them.
func findAssets() (assets, error) {
	dir := os.Getenv("KUBEBUILDER_ASSETS")
	if dir == "" {
		root, err := Root()
		if err != nil {
			return assets{}, err
		}
		dir = filepath.Join(root, "bin", "controlplane")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return assets{}, fmt.Errorf("find the control plane: %w", err)
	}
	found := assets{
		etcd:      filepath.Join(dir, "etcd"),
		apiServer: filepath.Join(dir, "kube-apiserver"),
		kubectl:   filepath.Join(dir, "kubectl"),
	}
	for _, program := range []string{found.etcd, found.apiServer, found.kubectl} {
		if _, err := exec.LookPath(program); err != nil {
			return assets{}, fmt.Errorf("find the control plane (`make controlplane` builds it): %w", err)
		}
	}
	return found, nil
}
