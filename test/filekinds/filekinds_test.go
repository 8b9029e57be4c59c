// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"cmp"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

var keep = flag.String("keep", "", "leave the files in this folder")

func TestEachKindOfFileIsJudgedAsThePageSays(t *testing.T) {
	if *update {
		t.Skip("Only the page is written.")
	}
	b := newBench(t)
	var ran, all atomic.Int32
	t.Run("kind", func(t *testing.T) {
		for _, s := range sections() {
			for _, k := range s.kinds {
				all.Add(int32(len(k.files())))
				t.Run(k.name, func(t *testing.T) {
					t.Parallel()
					needTools(t, k.tools())
					check(t, b, k, &ran)
				})
			}
		}
	})
	t.Logf("%d of %d files were made and judged.", ran.Load(), all.Load())
}

func check(t *testing.T, b *bench, k kind, ran *atomic.Int32) {
	made, err := b.build(t.TempDir(), k.make)
	if err != nil {
		t.Fatalf("%s: the file could not be made: %v", k.name, err)
	}
	if len(k.ways) == 0 {
		ran.Add(1)
		judge(t, k, k.name, made)
		return
	}
	whole, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range k.files() {
		path := filepath.Join(t.TempDir(), "out")
		if err := os.WriteFile(path, w.edit(slices.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		ran.Add(1)
		judge(t, k, w.name, path)
	}
}

func judge(t *testing.T, k kind, name, path string) {
	t.Helper()
	keepFile(t, name, path)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	format, findings := preflight.CheckFile(preflight.Document{Content: io.NewSectionReader(file, 0, info.Size())})
	codes := make([]string, 0, len(findings))
	for _, finding := range findings {
		codes = append(codes, finding.Code)
	}
	slices.Sort(codes)
	if format != k.format || !slices.Equal(codes, k.want) {
		t.Errorf("%s: judged %s, want %s", name, verdict(format, codes), verdict(k.format, k.want))
	}
}

func verdict(format document.Format, codes []string) string {
	return cmp.Or(string(format), "no format") + " with " + cmp.Or(strings.Join(codes, " and "), "no finding")
}

// keepFile copies a file to where -keep says.
func keepFile(t *testing.T, name, path string) {
	t.Helper()
	if *keep == "" {
		return
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name = regexp.MustCompile(`[^A-Za-z0-9.-]+`).ReplaceAllString(name, "_")
	if err := os.WriteFile(filepath.Join(*keep, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestNoTwoKindsHaveOneName(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sections() {
		for _, k := range s.kinds {
			for _, f := range k.files() {
				if seen[f.name] {
					t.Errorf("two are named %q", f.name)
				}
				seen[f.name] = true
			}
		}
	}
}

func TestEachSharedFileIsUsed(t *testing.T) {
	used := map[string]bool{}
	var use func(steps []step)
	use = func(steps []step) {
		for _, s := range steps {
			for _, name := range s.uses {
				used[name] = true
				use(sharedFiles()[name])
			}
		}
	}
	for _, s := range sections() {
		for _, k := range s.kinds {
			use(k.make)
		}
	}
	for name := range sharedFiles() {
		if !used[name] {
			t.Errorf("nothing is made from @%s", name)
		}
	}
}
