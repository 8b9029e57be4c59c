// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"
	"k8s.io/apimachinery/pkg/util/duration"
)

// width counts the columns of a terminal, of which a Chinese character takes two.
var width = &runewidth.Condition{StrictEmojiNeutral: true}

// table aligns columns by how wide they are shown, as kubectl's does by characters.
type table struct {
	rows [][]string
	// marks are codes of style by row and column.
	marks map[[2]int]string
}

const gap = "   "

func (t *table) add(cells ...string) {
	t.rows = append(t.rows, cells)
}

// mark marks the last row's cell.
func (t *table) mark(column int, code string) {
	if t.marks == nil {
		t.marks = map[[2]int]string{}
	}
	t.marks[[2]int{len(t.rows) - 1, column}] = code
}

func (t *table) print(out io.Writer, s style, indent string) {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width.StringWidth(cell))
		}
	}
	for r, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(s.mark(t.marks[[2]int{r, i}], cell))
			if i+1 < len(row) {
				line.WriteString(strings.Repeat(" ", widths[i]-width.StringWidth(cell)) + gap)
			}
		}
		fmt.Fprintln(out, strings.TrimRight(indent+line.String(), " "))
	}
}

// age is how long ago something was, as kubectl says it.
func age(now, then time.Time) string {
	if then.IsZero() {
		return ""
	}
	return duration.HumanDuration(now.Sub(then))
}

// orNone is what stands in a column that would be empty.
func orNone(text string) string {
	if text == "" {
		return "<none>"
	}
	return text
}
