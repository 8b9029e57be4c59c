// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// maxCode and maxMessage are the API's bounds of a requirement.
const (
	maxCode    = 64
	maxMessage = 1024
)

func TestEveryRuleCanBeShown(t *testing.T) {
	camelCase := regexp.MustCompile("^[A-Z][A-Za-z]*$")
	seen := map[string]bool{}
	for _, rule := range Rules() {
		t.Run(rule.Code, func(t *testing.T) {
			switch {
			case seen[rule.Code]:
				t.Error("two rules of one code")
			case !camelCase.MatchString(rule.Code) || len(rule.Code) > maxCode:
				t.Error("a code is CamelCase and bounded")
			case rule.Severity != v1alpha1.SeverityError && rule.Severity != v1alpha1.SeverityWarning:
				t.Errorf("severity %q", rule.Severity)
			case rule.Message == "" || len(rule.Message) > maxMessage:
				t.Errorf("a message of %d bytes", len(rule.Message))
			case rule.Source == "":
				t.Error("a rule comes from somewhere")
			}
			seen[rule.Code] = true
		})
	}
}

// TestEveryCodeHasItsRule reads the constants, so that a code without a rule
// cannot make an empty finding.
func TestEveryCodeHasItsRule(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	ast.Inspect(file, func(node ast.Node) bool {
		literal, ok := node.(*ast.BasicLit)
		if !ok {
			return true
		}
		count++
		code, err := strconv.Unquote(literal.Value)
		if _, known := rulesByCode[code]; err != nil || !known {
			t.Errorf("%s has no rule", literal.Value)
		}
		return true
	})
	if count != len(rules) {
		t.Errorf("%d codes and %d rules", count, len(rules))
	}
}

func TestAnAddressInUseIsTheSameFindingWhoeverFindsIt(t *testing.T) {
	if CodeEmailAlreadyFiled != v1alpha1.RequirementEmailAlreadyFiled {
		t.Errorf("preflight says %s, the registrar %s", CodeEmailAlreadyFiled, v1alpha1.RequirementEmailAlreadyFiled)
	}
}
