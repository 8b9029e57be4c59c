// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// drawing is one panel's, as SVG in the making.
type drawing struct {
	panel Panel
	box
	svg strings.Builder
}

// palette is that of lines, in the order of their names.
var palette = []string{"#3274d9", "#e0752d", "#37872d", "#c4162a", "#8f3bb8", "#0a9396", "#b8860b", "#5e6a75", "#d6409f", "#2f4858"}

// colors are Grafana's names for those of thresholds.
var colors = map[string]string{"green": "#37872d", "orange": "#fa6400", "red": "#c4162a", "blue": "#3274d9"}

func (d *drawing) add(format string, values ...any) { fmt.Fprintf(&d.svg, format, values...) }

func (d *drawing) text(x, y float64, anchor, class, what string) {
	d.add("<text x=%.1f y=%.1f text-anchor=%s class='%s'>%s</text>", x, y, anchor, class, html.EscapeString(what))
}

// color is that of the last threshold which the value reaches.
func (d *drawing) color(value float64) string {
	name := "blue"
	for _, step := range d.panel.FieldConfig.Defaults.Thresholds.Steps {
		if step.Value == nil || value >= *step.Value {
			name = step.Color
		}
	}
	return colors[name]
}

func (d *drawing) shown(value float64) string {
	return Shown(value, d.panel.FieldConfig.Defaults.Unit)
}

// stats are values beside each other, large, with their names if there are any.
func (d *drawing) stats(lines []Line) {
	width := d.w / float64(len(lines))
	for i, line := range lines {
		middle, value := width*(float64(i)+0.5), d.shown(line.last())
		if d.onlyNames() {
			d.add("<text x=%.1f y=%.1f text-anchor=middle style='font-size:18px;fill:%s'>%s</text>", middle, d.h/2+4, colors["blue"], html.EscapeString(line.Name))
			continue
		}
		size := min(d.h*0.5, width*1.5/float64(max(len(value), 3)), 44)
		d.add("<text x=%.1f y=%.1f text-anchor=middle style='font-size:%.0fpx;font-weight:600;fill:%s'>%s</text>", middle, d.h/2+size*0.3, size, d.color(line.last()), html.EscapeString(value))
		d.text(middle, d.h-8, "middle", "axis", line.Name)
	}
}

func (d *drawing) onlyNames() bool { return d.panel.Options.TextMode == "name" }

// bars are values under each other, by their share of the highest.
func (d *drawing) bars(lines []Line) {
	const nameWidth, valueWidth = 190, 66
	highest := 1e-9
	for _, line := range lines {
		highest = max(highest, line.last())
	}
	row := min(d.h/float64(len(lines)), 38)
	for i, line := range lines {
		y, long := float64(i)*row, d.w-nameWidth-valueWidth
		name := nameWidth - 8.0
		d.text(name, y+row/2+4, "end", "", line.Name)
		d.add("<rect x=%d y=%.1f width=%.1f height=%.1f fill='#f0f1f3'/>", nameWidth, y+3, long, row-6)
		d.add("<rect x=%d y=%.1f width=%.1f height=%.1f fill='%s'/>", nameWidth, y+3, long*max(0, line.last())/highest, row-6, d.color(line.last()))
		d.text(d.w-valueWidth+8, y+row/2+4, "start", "", d.shown(line.last()))
	}
}

// frame is where a graph's lines go, and what its axes reach.
type frame struct {
	left, top, right, bottom float64
	from, to                 time.Time
	highest                  float64
}

func (f frame) x(at time.Time) float64 {
	return f.left + (f.right-f.left)*float64(at.Sub(f.from))/float64(f.to.Sub(f.from))
}

func (f frame) y(value float64) float64 { return f.bottom - (f.bottom-f.top)*value/f.highest }

// graph is lines over time, or areas on each other.
func (d *drawing) graph(lines []Line, from, to time.Time) {
	stacked := d.panel.FieldConfig.Defaults.Custom.Stacking.Mode == "normal"
	floors, highest := pile(lines, stacked)
	legend := d.legendRows(lines)
	f := frame{left: 58, top: 6, right: d.w - 14, bottom: d.h - 24 - 17*float64(legend), from: from, to: to, highest: nice(highest)}
	d.axes(f)
	for i, line := range slices.Backward(lines) {
		d.line(f, line, floors[i], palette[i%len(palette)], stacked)
	}
	d.legend(lines, legend)
}

// pile puts lines on each other if that is wanted, and returns what each stands on, by
// time, and the highest point.
func pile(lines []Line, stacked bool) (floors []map[int64]float64, highest float64) {
	reached := map[int64]float64{}
	for _, line := range lines {
		floor := map[int64]float64{}
		for n := range line.Points {
			point, at := &line.Points[n], line.Points[n].Time.UnixMilli()
			if stacked {
				floor[at] = reached[at]
				reached[at] += point.Value
				point.Value = reached[at]
			}
			if !math.IsNaN(point.Value) {
				highest = max(highest, point.Value)
			}
		}
		floors = append(floors, floor)
	}
	return floors, highest
}

// nice is a round number that is not lower.
func nice(highest float64) float64 {
	if highest <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(highest)))
	for _, factor := range []float64{1, 2, 4, 5, 8, 10} {
		if factor*unit >= highest {
			return factor * unit
		}
	}
	return highest
}

func (d *drawing) axes(f frame) {
	const marks, times = 4, 4
	for i := range marks + 1 {
		value := f.highest * float64(i) / marks
		d.add("<line x1=%.1f x2=%.1f y1=%.1f y2=%.1f stroke='#e4e6e9'/>", f.left, f.right, f.y(value), f.y(value))
		d.text(f.left-6, f.y(value)+4, "end", "axis", d.shown(value))
	}
	for i := range times {
		at := f.from.Add(f.to.Sub(f.from) * time.Duration(2*i+1) / (2 * times))
		d.text(f.x(at), f.bottom+15, "middle", "axis", at.UTC().Format("15:04:05"))
	}
}

// line breaks where there is no value.
func (d *drawing) line(f frame, line Line, floor map[int64]float64, color string, area bool) {
	longest := f.to.Sub(f.from) / steps * 5 / 2
	var part []Point
	for i, point := range line.Points {
		if math.IsNaN(point.Value) || i > 0 && len(part) > 0 && point.Time.Sub(line.Points[i-1].Time) > longest {
			d.stroke(f, part, floor, color, area)
			part = nil
		}
		if !math.IsNaN(point.Value) {
			part = append(part, point)
		}
	}
	d.stroke(f, part, floor, color, area)
}

func (d *drawing) stroke(f frame, part []Point, floor map[int64]float64, color string, area bool) {
	if len(part) == 0 {
		return
	}
	var up, down []string
	for _, point := range part {
		up = append(up, fmt.Sprintf("%.1f,%.1f", f.x(point.Time), f.y(point.Value)))
		down = append(down, fmt.Sprintf("%.1f,%.1f", f.x(point.Time), f.y(floor[point.Time.UnixMilli()])))
	}
	slices.Reverse(down)
	opacity := 0.1
	if area {
		opacity = 0.45
	}
	d.add("<polygon points='%s %s' fill='%s' fill-opacity=%.2f />", strings.Join(up, " "), strings.Join(down, " "), color, opacity)
	d.add("<polyline points='%s' fill=none stroke='%s' stroke-width=1.8 />", strings.Join(up, " "), color)
}

const letter = 6.6 // pixels, on average

func legendWidth(line Line) float64 { return 26 + letter*float64(len(line.Name)) }

func (d *drawing) legendRows(lines []Line) int {
	rows, x := 1, 10.0
	for _, line := range lines {
		if x+legendWidth(line) > d.w && x > 10 {
			rows, x = rows+1, 10
		}
		x += legendWidth(line)
	}
	return rows
}

func (d *drawing) legend(lines []Line, rows int) {
	x, y := 10.0, d.h-17*float64(rows)+10
	for i, line := range lines {
		if x+legendWidth(line) > d.w && x > 10 {
			x, y = 10, y+17
		}
		d.add("<rect x=%.1f y=%.1f width=12 height=4 fill='%s'/>", x, y-6, palette[i%len(palette)])
		d.text(x+17, y, "start", "", line.Name)
		x += legendWidth(line)
	}
}

// Shown is a value as a person reads it.
func Shown(value float64, unit string) string {
	if math.IsNaN(value) {
		return "–"
	}
	switch unit {
	case "s":
		return duration(value)
	case "percentunit":
		return number(value*100) + " %"
	case "reqps", "ops":
		return number(value) + "/s"
	default:
		return number(value)
	}
}

func number(value float64) string { return strconv.FormatFloat(value, 'g', 3, 64) }

func duration(value float64) string {
	for _, unit := range []struct {
		seconds float64
		name    string
	}{{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}} {
		if math.Abs(value) >= unit.seconds {
			return number(value/unit.seconds) + " " + unit.name
		}
	}
	return number(value*1000) + " ms"
}
