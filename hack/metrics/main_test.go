// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/metrics"
)

func TestThePageHasARowForEachMetricThatATableCanHold(t *testing.T) {
	definitions := append(metrics.Definitions(), metrics.Definition{Name: "piped", Type: "histogram", Help: "a|b", Labels: []string{"x"}, Buckets: []float64{0.25, 2.5, 90 * 60, 2 * 24 * 3600}})
	rows := strings.Split(strings.TrimSpace(strings.TrimPrefix(text(definitions), introduction)), "\n")
	if len(rows) != len(definitions) {
		t.Fatalf("%d rows for %d metrics", len(rows), len(definitions))
	}
	for i, row := range rows {
		if !strings.HasPrefix(row, "| `"+definitions[i].Name+"` | ") || strings.Count(strings.ReplaceAll(row, `\|`, ""), "|") != 5 {
			t.Errorf("%s", row)
		}
	}
	if last := rows[len(rows)-1]; !strings.Contains(last, "250 ms, 2.5 s, 1 h, 2 d") {
		t.Errorf("%s", last)
	}
}
