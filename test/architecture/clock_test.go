// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"
)

// readsClock are the functions of package time that read the clock or wait on
// it. Of metav1, Now and NowMicro do.
var readsClock = map[string]map[string]bool{
	"time": {
		"Now": true, "Since": true, "Until": true, "Sleep": true,
		"After": true, "AfterFunc": true, "Tick": true, "NewTicker": true, "NewTimer": true,
	},
	"k8s.io/apimachinery/pkg/apis/meta/v1": {"Now": true, "NowMicro": true},
}

// defaultNames are the names that those packages are known by if the import
// gives no other.
var defaultNames = map[string]string{"time": "time", "k8s.io/apimachinery/pkg/apis/meta/v1": "v1"}

func TestWhatDecidesHasNoClockOfItsOwn(t *testing.T) {
	packages := listPackages(t)
	for _, room := range decides {
		t.Run(room, func(t *testing.T) {
			for _, pkg := range inRoom(t, packages, room) {
				for _, name := range pkg.GoFiles {
					for _, use := range clockUses(t, filepath.Join(pkg.Dir, name), nil) {
						t.Errorf("%s: the time is an argument, never read", use)
					}
				}
			}
		})
	}
}

func TestAClockIsFoundByWhateverNameItIsCalled(t *testing.T) {
	tests := map[string]struct {
		source string
		want   int
	}{
		"called":         {source: `package p; import "time"; var t = time.Now()`, want: 1},
		"passed along":   {source: `package p; import "time"; var now = time.Now`, want: 1},
		"renamed":        {source: `package p; import clock "time"; var d = clock.Since(clock.Time{})`, want: 1},
		"dot-imported":   {source: `package p; import . "time"; var t = Now()`, want: 1},
		"metav1's":       {source: `package p; import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"; var t = metav1.Now()`, want: 1},
		"only the types": {source: `package p; import "time"; var d time.Duration = time.Second`, want: 0},
		"another's Now":  {source: `package p; type c struct{}; func (c) Now() int { return 0 }; var t = c{}.Now()`, want: 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := clockUses(t, "p.go", test.source); len(got) != test.want {
				t.Errorf("found %d uses of a clock %v, want %d", len(got), got, test.want)
			}
		})
	}
}

// clockUses returns where the file reads the clock, as file:line:column. The
// source is read from the file if nil.
func clockUses(t *testing.T, filename string, source any) []token.Position {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, filename, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("parse %s: %v", filename, err)
	}
	var uses []token.Position
	clocks, dotted := clockImports(t, file)
	if dotted != nil {
		uses = append(uses, files.Position(dotted.Pos()))
	}
	ast.Inspect(file, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok && readsClock[clocks[of.Name]][selector.Sel.Name] {
			uses = append(uses, files.Position(selector.Pos()))
		}
		return true
	})
	return uses
}

// clockImports maps the names that the file gives to packages with a clock to
// their paths. A dot import would hide the clock, and is returned apart.
func clockImports(t *testing.T, file *ast.File) (clocks map[string]string, dotted *ast.ImportSpec) {
	t.Helper()
	clocks = map[string]string{}
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatalf("import %s: %v", spec.Path.Value, err)
		}
		switch {
		case readsClock[importPath] == nil:
		case spec.Name == nil:
			clocks[defaultNames[importPath]] = importPath
		case spec.Name.Name == ".":
			dotted = spec
		default:
			clocks[spec.Name.Name] = importPath
		}
	}
	return clocks, dotted
}
