// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"github.com/chinaaccount/china-account-operator/test/env"
)

// machine is what it was measured on.
type machine struct {
	Cores     int     `json:"cores"`
	CPU       string  `json:"cpu"`
	MemoryGiB float64 `json:"memoryGiB"`
	Kernel    string  `json:"kernel"`
}

// version is one program's.
type version struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

const unknown = "unknown"

func thisMachine() machine {
	m := machine{Cores: runtime.NumCPU(), CPU: unknown, Kernel: unknown}
	if found := fileMatch("/proc/cpuinfo", `(?m)^model name\s*:\s*(.+)$`); found != "" {
		m.CPU = found
	}
	if kib, err := strconv.ParseFloat(fileMatch("/proc/meminfo", `(?m)^MemTotal:\s*([0-9]+) kB$`), 64); err == nil {
		m.MemoryGiB = kib / mebi
	}
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.Kernel = string(bytes.TrimSpace(release))
	}
	return m
}

func fileMatch(path, pattern string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	found := regexp.MustCompile(pattern).FindSubmatch(content)
	if found == nil {
		return ""
	}
	return string(found[1])
}

// versions are those of the control plane that is measured against, and of Go.
func versions(ctx context.Context) []version {
	dir := os.Getenv("KUBEBUILDER_ASSETS")
	if root, err := env.Root(); dir == "" && err == nil {
		dir = filepath.Join(root, "bin", "controlplane")
	}
	return []version{
		{"Go", runtime.Version()},
		{"Kubernetes", strings.TrimPrefix(said(ctx, filepath.Join(dir, "kube-apiserver"), "--version"), "Kubernetes ")},
		{"etcd", strings.TrimPrefix(said(ctx, filepath.Join(dir, "etcd"), "--version"), "etcd Version: ")},
	}
}

// commit is the checkout's, and says if there are changes in it.
func commit() string {
	return said(context.Background(), "git", "describe", "--always", "--dirty", "--abbrev=12")
}

// said is the first line that a program prints.
func said(ctx context.Context, program string, arguments ...string) string {
	output, err := exec.CommandContext(ctx, program, arguments...).Output()
	if err != nil {
		return unknown
	}
	first, _, _ := strings.Cut(string(output), "\n")
	return first
}
