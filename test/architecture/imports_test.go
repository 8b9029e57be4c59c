// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package architecture

import (
	"errors"
	"go/build"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/chinaaccount/china-account-operator"

// A room is a top-level part of the project, named by its path in the module;
// packages below it belong to it.
type room = string

func TestRoomsImportOnlyWhatTheyMayKnow(t *testing.T) {
	tests := map[string]struct {
		room room
		may  []room
	}{
		"api knows nobody":                              {room: "api"},
		"businessday is a leaf":                         {room: "internal/businessday"},
		"text is a leaf":                                {room: "internal/text"},
		"form is a leaf":                                {room: "internal/form"},
		"region knows api":                              {room: "internal/region", may: []room{"api"}},
		"lifecycle knows api and the leaves":            {room: "internal/lifecycle", may: []room{"api", "internal/businessday", "internal/region", "internal/text"}},
		"standing knows api and the leaves":             {room: "internal/standing", may: []room{"api", "internal/businessday", "internal/form", "internal/region"}},
		"preflight knows api":                           {room: "internal/preflight", may: []room{"api"}},
		"dossier knows preflight, its page the form":    {room: "internal/dossier", may: []room{"api", "internal/form", "internal/preflight", "internal/region"}},
		"handover knows api and region":                 {room: "internal/handover", may: []room{"api", "internal/region"}},
		"metrics knows api and the calendar":            {room: "internal/metrics", may: []room{"api", "internal/businessday"}},
		"attach knows api":                              {room: "internal/attach", may: []room{"api"}},
		"offline knows the CRDs, dossier and preflight": {room: "internal/offline", may: []room{"api", "config/crd", "internal/dossier", "internal/preflight"}},
		"a registrar knows api, dossier and lifecycle":  {room: "internal/registrar", may: []room{"api", "internal/dossier", "internal/lifecycle", "internal/text"}},
		"bench knows the gateway's client, and test":    {room: "test/bench", may: []room{"api", "internal/dossier", "internal/lifecycle", "internal/registrar", "test/env", "test/ground", "test/process", "test/registrar", "test/scans"}},
	}
	packages := listPackages(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, pkg := range inRoom(t, packages, test.room) {
				for _, imported := range pkg.Imports {
					if isOurs(imported) && !isIn(imported, append(test.may, test.room)...) {
						t.Errorf("%s imports %s", pkg.ImportPath, imported)
					}
				}
			}
		})
	}
}

// compilesRules are the packages whose import costs: the CRDs, and the API server's
// libraries.
var compilesRules = []string{"k8s.io/apiextensions-apiserver/pkg/apiserver", "k8s.io/apiserver", module + "/config/crd"}

func TestTheOperatorHasNoPartOfTheOfflineCheck(t *testing.T) {
	packages := listPackages(t)
	inRoom(t, packages, "internal/offline")
	for _, pkg := range packages {
		if isIn(pkg.ImportPath, "internal/offline", "cmd/kubectl-china_account") {
			continue
		}
		for _, imported := range pkg.Imports {
			if isIn(imported, "internal/offline") || slices.ContainsFunc(compilesRules, func(costly string) bool { return isBelow(imported, costly) }) {
				t.Errorf("%s imports %s", pkg.ImportPath, imported)
			}
		}
	}
}

func TestOnlyCmdImportsControllers(t *testing.T) {
	packages := listPackages(t)
	inRoom(t, packages, "controllers")
	inRoom(t, packages, "cmd")
	for _, pkg := range packages {
		if isIn(pkg.ImportPath, "cmd", "controllers") {
			continue
		}
		for _, imported := range slices.Concat(pkg.Imports, pkg.TestImports, pkg.XTestImports) {
			if isIn(imported, "controllers") {
				t.Errorf("%s, or a test of it, imports %s", pkg.ImportPath, imported)
			}
		}
	}
}

// decides is the room whose answer must follow from its arguments alone, and
// the leaf it calls.
var decides = []room{"internal/lifecycle", "internal/businessday"}

func TestWhatDecidesDoesNoInputOrOutput(t *testing.T) {
	// Each stands for itself and what is below it.
	forbidden := []string{
		"crypto/rand", "io/fs", "log", "math/rand", "net", "os", "plugin", "runtime", "syscall", "unsafe",
		"k8s.io/client-go", "k8s.io/klog", "sigs.k8s.io/controller-runtime",
	}
	packages := listPackages(t)
	for _, room := range decides {
		t.Run(room, func(t *testing.T) {
			for _, pkg := range inRoom(t, packages, room) {
				for _, imported := range pkg.Imports {
					if slices.ContainsFunc(forbidden, func(f string) bool { return isBelow(imported, f) }) {
						t.Errorf("%s imports %s", pkg.ImportPath, imported)
					}
				}
			}
		})
	}
}

// listPackages reads the import lines of the root module's packages. It reads
// them itself, so that go test notices when a cached result has gone stale.
func listPackages(t *testing.T) []*build.Package {
	t.Helper()
	var packages []*build.Package
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(dir string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if dir != root && isElsewhere(dir) {
			return filepath.SkipDir
		}
		pkg, err := build.ImportDir(dir, 0)
		if noGo := (*build.NoGoError)(nil); errors.As(err, &noGo) {
			return nil
		} else if err != nil {
			return err
		}
		below, err := filepath.Rel(root, dir)
		pkg.ImportPath = path.Join(module, filepath.ToSlash(below))
		packages = append(packages, pkg)
		return err
	})
	if err != nil {
		t.Fatalf("read the project's packages: %v", err)
	}
	return packages
}

// isElsewhere says that the folder is another module or, by go's own rule for
// names, holds no packages.
func isElsewhere(dir string) bool {
	name := filepath.Base(dir)
	if name == "testdata" || name == "bin" || name[0] == '.' || name[0] == '_' {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// inRoom returns the room's packages. A missing room fails the test: a rule
// about nothing would hold whatever is done.
func inRoom(t *testing.T, packages []*build.Package, room room) []*build.Package {
	t.Helper()
	var found []*build.Package
	for _, pkg := range packages {
		if isIn(pkg.ImportPath, room) {
			found = append(found, pkg)
		}
	}
	if len(found) == 0 {
		t.Fatalf("there is no Go package in %s: was the room moved? Then move its rule too.", room)
	}
	return found
}

func isOurs(importPath string) bool { return isBelow(importPath, module) }

func isIn(importPath string, rooms ...room) bool {
	return slices.ContainsFunc(rooms, func(room room) bool { return isBelow(importPath, path.Join(module, room)) })
}

func isBelow(importPath, root string) bool {
	return importPath == root || strings.HasPrefix(importPath, root+"/")
}
