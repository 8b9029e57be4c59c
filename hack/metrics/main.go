// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command metrics writes docs/metrics.md from the definitions of the metrics. `make
// generate` runs it, in the project's folder.
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/metrics"
)

const page = "docs/metrics.md"

const introduction = `<!-- Written from internal/metrics/definitions.go by hack/metrics: run 'make generate'. -->
# Metrics

Served by the operator at ` + "`--metrics-bind-address`" + `, with ` + "`--metrics-secure`" + ` over HTTPS to those alone who may get ` + "`/metrics`" + `, beside those of controller-runtime and of the Go runtime. How registrations stand is counted in the operator's cache whenever Prometheus asks, by the leader alone: nothing is stale, nothing is left over, and replicas are not counted twice. What happened (counters and histograms) is counted where it happened, since the process began.

No label names a registration, and no value is personal. For one registration, ask ` + "`kubectl`" + `.

| Metric | Type | Labels | What it tells |
|---|---|---|---|
`

func main() {
	if err := os.WriteFile(page, []byte(text(metrics.Definitions())), 0o644); err != nil { //nolint:gosec // everybody may read it
		fmt.Fprintln(os.Stderr, "metrics: write the page:", err)
		os.Exit(1)
	}
}

// text is the page, with a row for each metric.
func text(definitions []metrics.Definition) string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, d := range definitions {
		help := d.Help
		if len(d.Buckets) > 0 {
			help += " Buckets: " + buckets(d.Buckets) + "."
		}
		labels := "–"
		if len(d.Labels) > 0 {
			labels = "`" + strings.Join(d.Labels, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", d.Name, d.Type, labels, strings.ReplaceAll(help, "|", `\|`))
	}
	return b.String()
}

const day = 24 * time.Hour

// buckets are read as people would say them.
func buckets(bounds []float64) string {
	words := make([]string, len(bounds))
	for i, bound := range bounds {
		d := time.Duration(bound * float64(time.Second))
		switch {
		case d >= day && d%day == 0:
			words[i] = fmt.Sprintf("%d d", d/day)
		case d >= time.Hour:
			words[i] = fmt.Sprintf("%d h", d/time.Hour)
		case d >= time.Minute:
			words[i] = fmt.Sprintf("%d min", d/time.Minute)
		case d >= time.Second:
			words[i] = fmt.Sprintf("%g s", bound)
		default:
			words[i] = fmt.Sprintf("%d ms", d/time.Millisecond)
		}
	}
	return strings.Join(words, ", ")
}
