// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/chinaaccount/china-account-operator/test/env"
)

var update = flag.Bool("update", false, "draw docs/dashboard.png anew; the life takes some minutes then")

// require is what makes a missing Prometheus fail.
const require = "MONITORING_REQUIRE_PROMETHEUS"

func TestMain(m *testing.M) {
	ctrl.SetLogger(logr.Discard())
	code := m.Run()
	if err := clearWorld(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// need returns the path of a program, and skips the test where it is missing, or fails it.
func need(t *testing.T, name, script string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv(require) != "" {
		t.Fatalf("there is no %s: install it with %s, or unset %s", name, script, require)
	}
	t.Skipf("THERE IS NO %s: NOTHING OF THIS WAS TRIED. Install it with %s; %s=1 makes that a failure", name, script, require)
	return ""
}

// inProject returns the path of a file of the project.
func inProject(t *testing.T, parts ...string) string {
	t.Helper()
	root, err := env.Root()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// readProject returns the content of one.
func readProject(t *testing.T, parts ...string) string {
	t.Helper()
	content, err := os.ReadFile(inProject(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
