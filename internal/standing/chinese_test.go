// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

func TestEveryFindingIsToldInChinese(t *testing.T) {
	for _, rule := range preflight.Rules() {
		if _, known := InChinese(rule.Code); !known {
			t.Errorf("%s has no Chinese", rule.Code)
		}
	}
}

func TestEveryRequirementOfTheFlowIsToldInChinese(t *testing.T) {
	codes := constants(t, "../../api/v1alpha1/conditions.go", "Requirement", "Finding")
	if len(codes) < 20 {
		t.Fatalf("found only %v", codes)
	}
	for _, code := range codes {
		if _, known := InChinese(code); !known {
			t.Errorf("%s has no Chinese", code)
		}
	}
}

func TestNoChineseIsLeftOverFromACodeThatIsGone(t *testing.T) {
	there := map[string]bool{}
	for _, code := range constants(t, "../../api/v1alpha1/conditions.go", "Requirement", "Finding") {
		there[code] = true
	}
	for _, rule := range preflight.Rules() {
		there[rule.Code] = true
	}
	for code := range chinese {
		if !there[code] {
			t.Errorf("nothing has the code %s", code)
		}
	}
}

// constants are the values of a file's constants whose names begin so.
func constants(t *testing.T, path string, prefixes ...string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(node ast.Node) bool {
		spec, is := node.(*ast.ValueSpec)
		if !is || len(spec.Values) != 1 {
			return true
		}
		for _, prefix := range prefixes {
			literal, is := spec.Values[0].(*ast.BasicLit)
			if is && strings.HasPrefix(spec.Names[0].Name, prefix) {
				value, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, value)
			}
		}
		return true
	})
	return found
}
