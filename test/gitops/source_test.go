// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// gitSettings are all that git has from its surroundings.
var gitSettings = []string{
	"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
	"GIT_AUTHOR_NAME=Platform", "GIT_AUTHOR_EMAIL=platform@acme.example.cn",
	"GIT_COMMITTER_NAME=Platform", "GIT_COMMITTER_EMAIL=platform@acme.example.cn",
}

// source is a Git repository that Flux follows: one that is pushed to, a clone, and the
// GitRepository in the cluster.
type source struct {
	namespace, name string
	remote, clone   string
	// served are the artifacts, by HTTP.
	served string
	url    string
	// published is the commit that is.
	published string
}

// newSource makes one, and its GitRepository.
func newSource(ctx context.Context, namespace, name string) *source {
	GinkgoHelper()
	s := openSource(ctx, namespace, name)
	apply(ctx, fmt.Sprintf(`{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository,
		metadata: {name: %s, namespace: %s}, spec: {url: "https://git.example.cn/%s", interval: 1h}}`, name, namespace, name))
	return s
}

// openSource makes one whose GitRepository somebody else applies.
func openSource(ctx context.Context, namespace, name string) *source {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	s := &source{
		namespace: namespace, name: name,
		remote: filepath.Join(dir, "remote.git"), clone: filepath.Join(dir, "clone"), served: filepath.Join(dir, "served"),
	}
	Expect(os.Mkdir(s.served, 0o700)).To(Succeed())
	s.git(ctx, dir, "init", "--bare", "--initial-branch=main", s.remote)
	s.git(ctx, dir, "clone", s.remote, s.clone)
	s.git(ctx, s.clone, "checkout", "-b", "main")
	server := httptest.NewServer(http.FileServer(http.Dir(s.served)))
	DeferCleanup(server.Close)
	s.url = server.URL
	return s
}

func (*source) git(ctx context.Context, dir string, arguments ...string) string {
	GinkgoHelper()
	command := exec.CommandContext(ctx, "git", arguments...)
	command.Dir, command.Env = dir, append(os.Environ(), gitSettings...)
	return output(command)
}

// write puts objects into a file of the clone.
func (s *source) write(path string, objects ...any) {
	GinkgoHelper()
	var content strings.Builder
	for _, object := range objects {
		document, err := yaml.Marshal(object)
		Expect(err).NotTo(HaveOccurred())
		content.WriteString("---\n" + string(document))
	}
	file := filepath.Join(s.clone, path)
	Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
	Expect(os.WriteFile(file, []byte(content.String()), 0o600)).To(Succeed())
}

// copyIn puts a folder into the clone, and pushes it.
func (s *source) copyIn(ctx context.Context, path, folder string) {
	GinkgoHelper()
	Expect(os.CopyFS(filepath.Join(s.clone, path), os.DirFS(folder))).To(Succeed())
	s.push(ctx)
}

// push commits all that the clone has, and pushes it.
func (s *source) push(ctx context.Context) {
	GinkgoHelper()
	s.git(ctx, s.clone, "add", "--all")
	s.git(ctx, s.clone, "commit", "--allow-empty", "--message", "Change what is registered")
	s.git(ctx, s.clone, "push", "--set-upstream", "origin", "main")
}

// pushed is the commit that was pushed last.
func (s *source) pushed(ctx context.Context) string {
	GinkgoHelper()
	return strings.TrimSpace(s.git(ctx, s.remote, "rev-parse", "main"))
}

// publish does as source-controller: what was pushed becomes an artifact, and the
// GitRepository's status says so. It returns the revision.
func (s *source) publish(ctx context.Context) string {
	GinkgoHelper()
	commit := s.pushed(ctx)
	path := commit + ".tar.gz"
	s.git(ctx, s.remote, "archive", "--output="+filepath.Join(s.served, path), "main^{tree}")
	content, err := os.ReadFile(filepath.Join(s.served, path))
	Expect(err).NotTo(HaveOccurred())

	repository := &unstructured.Unstructured{}
	repository.SetGroupVersionKind(schema.GroupVersionKind{Group: "source.toolkit.fluxcd.io", Version: "v1", Kind: "GitRepository"})
	Expect(floor.Onlooker.Get(ctx, client.ObjectKey{Namespace: s.namespace, Name: s.name}, repository)).To(Succeed())
	revision := "main@sha1:" + commit
	now := time.Now().UTC().Format(time.RFC3339)
	Expect(unstructured.SetNestedMap(repository.Object, map[string]any{
		"observedGeneration": repository.GetGeneration(),
		"artifact": map[string]any{
			"path": path, "url": s.url + "/" + path, "revision": revision, "lastUpdateTime": now,
			"digest": fmt.Sprintf("sha256:%x", sha256.Sum256(content)), "size": int64(len(content)),
		},
		"conditions": []any{map[string]any{
			"type": "Ready", "status": "True", "reason": "Succeeded", "message": "stored artifact for revision '" + revision + "'",
			"observedGeneration": repository.GetGeneration(), "lastTransitionTime": now,
		}},
	}, "status")).To(Succeed())
	Expect(floor.Onlooker.Status().Update(ctx, repository)).To(Succeed())
	s.published = commit
	return revision
}
