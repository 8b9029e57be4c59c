// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// number has some three significant digits.
func number(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "not a number"
	}
	size := math.Abs(value)
	digits := 3
	switch {
	case value == math.Trunc(value) || size >= 1000:
		digits = 0
	case size >= 100:
		digits = 1
	case size >= 1:
		digits = 2
	}
	return strconv.FormatFloat(value, 'f', digits, 64)
}

func optional(value *float64) string {
	if value == nil {
		return ""
	}
	return number(*value)
}

// rows are the figures as they are shown.
func (r *result) rows() [][]string {
	var rows [][]string
	for _, f := range r.Figures {
		limited := ""
		if l, has := limitOf(f.ID); has {
			limited = l.String()
		}
		about := f.About
		if f.Unit != "" {
			about += " (" + f.Unit + ")"
		}
		rows = append(rows, []string{about, number(f.Operator), optional(f.Floor), optional(f.Ratio), limited})
	}
	return rows
}

// plain is for a terminal.
func plain(r *result) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{{"FIGURE", "OPERATOR", "FLOOR", "RATIO", "LIMIT"}}, r.rows()...) {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush() // into memory
	for _, g := range r.Growth {
		fmt.Fprintf(&text, "%d objects: heap %s MiB, resident %s MiB, steady after %s s\n", g.Objects, optional(g.HeapMiB), number(g.ResidentMiB), number(g.Seconds))
	}
	for _, write := range r.Writes {
		fmt.Fprintf(&text, "%s %s: %s a life, at most %d\n", write.Verb, write.Resource, number(write.Mean), write.Max)
	}
	for _, note := range r.Notes {
		fmt.Fprintln(&text, note)
	}
	return text.String()
}

// markdown is docs/performance.md.
func markdown(r *result) string {
	var text strings.Builder
	fmt.Fprint(&text, "<!-- Written by `make bench`. -->\n# Performance\n\n")
	m := r.Machine
	facts := [][]string{
		{"Date", r.Date.Format(time.DateOnly)},
		{"Machine", fmt.Sprintf("%d cores of %s, %s GiB, Linux %s", m.Cores, m.CPU, number(m.MemoryGiB), m.Kernel)},
		{"Commit", r.Commit},
	}
	for _, v := range r.Versions {
		facts = append(facts, []string{v.Name, v.Version})
	}
	facts = append(facts,
		[]string{"Size, seed, workers", fmt.Sprintf("%s, %d, %d", r.Size, r.Seed, r.Workers)},
		[]string{"Command", "`" + r.Command + "`"},
	)
	table(&text, []string{"What", "Value"}, facts)
	fmt.Fprint(&text, "\n## Figures\n\n")
	table(&text, []string{"Figure", "Operator", "Floor", "Ratio", "Limit"}, r.rows())
	growthTable(&text, r.Growth)
	writesTable(&text, r.Writes)
	if len(r.Notes) > 0 {
		fmt.Fprint(&text, "\n## Notes of this run\n\n")
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&text, "- %s\n", note)
	}
	return text.String()
}

func growthTable(text *strings.Builder, growth []grown) {
	if len(growth) == 0 {
		return
	}
	var rows [][]string
	for _, g := range growth {
		rows = append(rows, []string{strconv.Itoa(g.Objects), optional(g.HeapMiB), number(g.ResidentMiB), number(g.Seconds)})
	}
	fmt.Fprint(text, "\n## Growth\n\n")
	table(text, []string{"Objects", "Live heap (MiB)", "Resident (MiB)", "Steady after (s)"}, rows)
}

func writesTable(text *strings.Builder, written []writing) {
	if len(written) == 0 {
		return
	}
	var rows [][]string
	for _, w := range written {
		rows = append(rows, []string{w.Verb, w.Resource, number(w.Mean), strconv.Itoa(w.Max)})
	}
	fmt.Fprint(text, "\n## Writes of a life\n\n")
	table(text, []string{"Verb", "Resource", "Mean", "Max"}, rows)
}

// table writes one; the first column is text, the others are numbers.
func table(text *strings.Builder, heads []string, rows [][]string) {
	line := func(cells []string) {
		escaped := make([]string, len(cells))
		for i, cell := range cells {
			escaped[i] = strings.ReplaceAll(cell, "|", "\\|")
		}
		fmt.Fprintf(text, "| %s |\n", strings.Join(escaped, " | "))
	}
	line(heads)
	rule := make([]string, len(heads))
	for i := range rule {
		rule[i] = "---"
	}
	line(rule)
	for _, row := range rows {
		line(row)
	}
}
