// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

func TestThePageHasARowForEachRuleThatATableCanHold(t *testing.T) {
	rules := append(preflight.Rules(), preflight.Rule{Code: "Piped", Severity: "Error", Message: "a|b of %s", Source: "a test"})
	rows := strings.Split(strings.TrimSpace(strings.TrimPrefix(text(rules), introduction)), "\n")
	if len(rows) != len(rules) {
		t.Fatalf("%d rows for %d rules", len(rows), len(rules))
	}
	for i, row := range rows {
		if !strings.HasPrefix(row, "| `"+rules[i].Code+"` | ") || strings.Count(strings.ReplaceAll(row, `\|`, ""), "|") != 5 || strings.Contains(row, "%") {
			t.Errorf("%s", row)
		}
	}
}
