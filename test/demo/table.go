// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is the view on a terminal: drawn once, and then over itself.
type table struct {
	out    io.Writer
	width  int
	colour bool
	// drawn is how many lines the cursor stands below the table's first.
	drawn int
}

// column is one of the table.
type column struct {
	title string
	width int // 0: what is left
	cell  func(*row) string
}

// columnsFor leaves out what a narrow terminal has no room for.
func columnsFor(width int) []column {
	all := []column{
		{"NAME", 16, func(r *row) string { return r.key.Name }},
		{"PHASE", 13, func(r *row) string { return summarise(r.object).phase }},
		{"AWAITING", 11, func(r *row) string { return summarise(r.object).awaiting }},
		{"REASON", 29, func(r *row) string { return summarise(r.object).reason }},
		{"ACCOUNT", 14, func(r *row) string { return summarise(r.object).account }},
		{"WHAT HAPPENS NOW", 0, func(r *row) string { return r.now }},
	}
	switch {
	case width >= 130:
		return all
	case width >= 105:
		return append(all[:3:3], all[4:]...)
	default:
		return append(all[:3:3], all[5])
	}
}

func (t *table) show(rows []*row, _ row, _ *row) {
	var b strings.Builder
	if t.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", t.drawn)
	}
	columns := columnsFor(t.width)
	t.line(&b, columns, func(c column) string { return c.title }, "\x1b[1m")
	for _, r := range rows {
		t.line(&b, columns, func(c column) string { return c.cell(r) }, colourOf(r))
	}
	t.drawn = len(rows) + 1
	_, _ = io.WriteString(t.out, b.String())
}

func (t *table) line(b *strings.Builder, columns []column, cell func(column) string, colour string) {
	var line strings.Builder
	for _, c := range columns {
		fmt.Fprintf(&line, "%-*s", c.width, cell(c))
	}
	text := strings.TrimRight(line.String(), " ")
	for utf8.RuneCountInString(text) >= t.width {
		_, last := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-last]
	}
	if t.colour && colour != "" {
		text = colour + text + "\x1b[0m"
	}
	b.WriteString("\x1b[2K" + text + "\n")
}

// colourOf: green is done, red is rejected, yellow awaits the applicant or the agent.
func colourOf(r *row) string {
	s := summarise(r.object)
	switch {
	case s.phase == "Active":
		return "\x1b[32m"
	case s.phase == "Rejected":
		return "\x1b[31m"
	case s.awaiting == "Applicant" || s.awaiting == "Agent":
		return "\x1b[33m"
	default:
		return ""
	}
}
