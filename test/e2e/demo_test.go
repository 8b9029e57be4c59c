// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"

	"github.com/chinaaccount/china-account-operator/test/env"
)

// demoPatience bounds a whole run of the demo beside the other tests: alone it takes
// less than a minute.
const demoPatience = 4 * time.Minute

func TestTheDemo(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked up in /proc, which only Linux has")
	}
	t.Parallel()
	program := buildDemo(t)

	t.Run("ends with 0 once every registration is where it should be", func(t *testing.T) {
		g, tmp := NewWithT(t), t.TempDir()
		demo := startDemo(t, program, tmp)
		g.Eventually(demo, demoPatience).Should(gexec.Exit(0))
		g.Expect(running(t, tmp)).To(BeEmpty())
		g.Expect(os.ReadDir(tmp)).To(BeEmpty())
	})

	t.Run("plays what comes after filing when it is asked to, and leaves nothing either", func(t *testing.T) {
		g, tmp := NewWithT(t), t.TempDir()
		demo := startDemo(t, program, tmp, "--life")
		g.Eventually(demo, demoPatience).Should(gexec.Exit(0))
		g.Expect(running(t, tmp)).To(BeEmpty())
		g.Expect(os.ReadDir(tmp)).To(BeEmpty())
	})

	t.Run("interrupted in the middle leaves nothing behind", func(t *testing.T) {
		g, tmp := NewWithT(t), t.TempDir()
		demo := startDemo(t, program, tmp)
		g.Eventually(demo.Out, demoPatience).Should(gbytes.Say("UnderReview"))
		demo.Interrupt()
		g.Eventually(demo, "30s").Should(gexec.Exit(130))
		g.Expect(running(t, tmp)).To(BeEmpty())
		g.Expect(os.ReadDir(tmp)).To(BeEmpty())
	})

	t.Run("killed in the middle takes its processes with it", func(t *testing.T) {
		g, tmp := NewWithT(t), t.TempDir()
		demo := startDemo(t, program, tmp)
		g.Eventually(demo.Out, demoPatience).Should(gbytes.Say("UnderReview"))
		g.Expect(running(t, tmp)).To(ContainElements(
			ContainSubstring("etcd"), ContainSubstring("kube-apiserver"), ContainSubstring("manager"), ContainSubstring("registrar-gateway")))
		demo.Kill()
		g.Eventually(demo, "30s").Should(gexec.Exit())
		g.Eventually(func() []string { return running(t, tmp) }, "30s").Should(BeEmpty())
	})
}

// buildDemo builds it as `make demo` does, and returns its path.
func buildDemo(t *testing.T) string {
	t.Helper()
	g := NewWithT(t)
	project, err := env.Root()
	g.Expect(err).NotTo(HaveOccurred())
	program := filepath.Join(t.TempDir(), "demo")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./test/demo")
	build.Dir = project
	output, err := build.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(output))
	return program
}

// startDemo runs the demo with its files in a folder of its own, and attaches what it
// printed to a test that fails.
func startDemo(t *testing.T, program, tmp string, arguments ...string) *gexec.Session {
	t.Helper()
	command := exec.Command(program, arguments...)
	command.Env = append(os.Environ(), "TMPDIR="+tmp)
	command.SysProcAttr = tethered()
	demo, err := gexec.Start(command, nil, nil)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the demo printed:\n%s%s", demo.Out.Contents(), demo.Err.Contents())
		}
		_ = demo.Command.Process.Signal(syscall.SIGKILL)
	})
	return demo
}

// running are the command lines of the processes whose TMPDIR is the folder: those
// that were started with it inherit it, whatever became of their parent.
func running(t *testing.T, tmp string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	var found []string
	for _, file := range files {
		environ, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(append([]byte{0}, environ...), []byte("\x00TMPDIR="+tmp+"\x00")) {
			continue // ended meanwhile, or another's
		}
		line, err := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if err == nil && len(line) > 0 {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}
