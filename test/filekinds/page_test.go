// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

var update = flag.Bool("update", false, "write the tables of "+page)

const (
	page  = "../../docs/preflight.md"
	begin = "<!-- From the kinds in test/filekinds: run 'go test ./test/filekinds -update'. -->"
	end   = "<!-- End of the tables. -->"
)

func TestThePageShowsTheKinds(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, foundEnd := strings.Cut(rest, end)
	if !found || !foundEnd {
		t.Fatalf("%s lacks one of the lines %q and %q", page, begin, end)
	}
	want := before + begin + "\n" + tables() + end + after
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is stale: run 'go test ./test/filekinds -update'", page)
	}
	if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func tables() string {
	var b strings.Builder
	for _, s := range sections() {
		fmt.Fprintf(&b, "\n### %s\n| File | Made by | Result |\n|---|---|---|\n", s.title)
		for _, k := range s.kinds {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", k.title(), k.makers(), k.result())
		}
	}
	return b.String() + "\n"
}

// title of a kind with the ways in which it is altered.
func (k kind) title() string {
	if len(k.ways) == 0 {
		return k.name
	}
	names := make([]string, 0, len(k.ways))
	for _, w := range k.ways {
		names = append(names, w.name)
	}
	return k.name + ": " + strings.Join(names, "; ")
}

// makers are the projects whose programs make a kind.
func (k kind) makers() string {
	var names []string
	for _, name := range k.tools() {
		names = append(names, tools[name].name)
	}
	if len(names) == 0 {
		return "hand"
	}
	return strings.Join(firsts(names), ", ")
}

func (k kind) result() string {
	if len(k.want) == 0 {
		return "accepted"
	}
	severities := map[string]v1alpha1.Severity{}
	for _, rule := range preflight.Rules() {
		severities[rule.Code] = rule.Severity
	}
	word := "accepted with a warning"
	codes := make([]string, 0, len(k.want))
	for _, code := range k.want {
		if severities[code] == v1alpha1.SeverityError {
			word = "refused"
		}
		codes = append(codes, "`"+code+"`")
	}
	return word + ": " + strings.Join(codes, ", ")
}
