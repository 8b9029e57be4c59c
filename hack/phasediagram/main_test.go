// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

const (
	root       = "../../"
	conditions = root + "api/v1alpha1/conditions.go"
)

func TestTheDrawnDiagramIsFresh(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile(root + page)
	g.Expect(err).NotTo(HaveOccurred())
	redrawn, err := replace(string(text), diagram())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(text)).To(Equal(redrawn), "run `make generate`")
}

func TestTheDiagramBeginsAtPendingAndEndsAtActive(t *testing.T) {
	g := NewWithT(t)
	g.Expect(strings.Split(diagram(), "\n")).To(ContainElements(
		"    [*] --> Pending", "    Rejected --> Submitted", "    Active --> [*]"))
	g.Expect(diagram()).NotTo(ContainSubstring("Active --> Rejected"))
}

func TestWhatIsOutsideOfTheMarksStays(t *testing.T) {
	g := NewWithT(t)
	redrawn, err := replace("before\n"+begin+"\nstale\n"+end+"\nafter", "fresh\n")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(redrawn).To(Equal("before\n" + begin + "\nfresh\n" + end + "\nafter"))

	for _, unmarked := range []string{"", begin, end} {
		_, err := replace(unmarked, "fresh\n")
		g.Expect(err).To(MatchError(ContainSubstring("there is no line")))
	}
}

func TestEveryRequirementConditionAndVerdictIsExplained(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile(root + page)
	g.Expect(err).NotTo(HaveOccurred())
	for _, prefix := range []string{"Requirement", "Condition", "ReportReason", "Finding"} {
		words := constants(t, prefix)
		g.Expect(words).NotTo(BeEmpty(), prefix)
		for _, word := range words {
			g.Expect(string(text)).To(ContainSubstring("`"+word+"`"), "docs/lifecycle.md does not explain it")
		}
	}
}

// Who acts, and what ends it: one row of one table for each.
func TestEveryRequirementHasItsRow(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile(root + page)
	g.Expect(err).NotTo(HaveOccurred())
	_, table, found := strings.Cut(string(text), "| Code | Who acts | What is to be done, and what ends it |\n")
	g.Expect(found).To(BeTrue())
	table, _, _ = strings.Cut(table, "\n\n")
	for _, word := range constants(t, "Requirement") {
		g.Expect(table).To(MatchRegexp(`(?m)^\| ` + "`" + word + "`" + `( \(warning\))? \| (Applicant|Agent|Registrar|None)[^|]* \| [^|]+ \|`))
	}
}

// constants returns the values of the API's string constants whose names begin so.
func constants(t *testing.T, prefix string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), conditions, nil, 0)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	var values []string
	ast.Inspect(file, func(node ast.Node) bool {
		spec, isValue := node.(*ast.ValueSpec)
		if !isValue || !strings.HasPrefix(spec.Names[0].Name, prefix) {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		values = append(values, value)
		return true
	})
	return values
}
