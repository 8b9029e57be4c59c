// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"time"
)

// Answered is a dashboard with what Prometheus answered through a time.
type Answered struct {
	*Dashboard
	From, To time.Time
	// Lines are a panel's, by its id.
	Lines map[int][]Line
}

// Line is a series with its name in the legend.
type Line struct {
	Name   string
	Points []Point
}

// last is the newest value, NaN if there is none.
func (l Line) last() float64 {
	for i := len(l.Points) - 1; i >= 0; i-- {
		if !math.IsNaN(l.Points[i].Value) {
			return l.Points[i].Value
		}
	}
	return math.NaN()
}

// steps is how many points a graph has.
const steps = 180

// Ask puts all of a dashboard's queries to Prometheus.
func Ask(ctx context.Context, p Prometheus, d *Dashboard, values Values, from, to time.Time) (*Answered, error) {
	a := &Answered{Dashboard: d, From: from, To: to, Lines: map[int][]Line{}}
	for _, panel := range d.Panels {
		for _, target := range panel.Targets {
			found, err := p.answer(ctx, target, values, from, to)
			if err != nil {
				return nil, fmt.Errorf("panel %q: %w", panel.Title, err)
			}
			var lines []Line
			for _, series := range found {
				lines = append(lines, Line{target.Named(series.Labels), series.Points})
			}
			a.Lines[panel.ID] = append(a.Lines[panel.ID], ordered(panel, lines)...)
		}
	}
	return a, nil
}

// ordered puts the highest bar first, and everything else by name.
func ordered(panel Panel, lines []Line) []Line {
	slices.SortFunc(lines, func(a, b Line) int {
		if higher := cmp.Compare(b.last(), a.last()); panel.Type == "bargauge" && higher != 0 {
			return higher
		}
		return strings.Compare(a.Name, b.Name)
	})
	return lines
}

func (p Prometheus) answer(ctx context.Context, t Target, values Values, from, to time.Time) ([]Series, error) {
	if t.Instant {
		return p.At(ctx, t.Query(values), to)
	}
	return p.Through(ctx, t.Query(values), from, to, (to.Sub(from) / steps).Truncate(time.Millisecond))
}

// Sizes in pixels, as Grafana's grid has them on a page of this width.
const (
	pageWidth = 1320
	column    = pageWidth / 24
	unitRow   = 30
	gap       = 6
	header    = 44
)

const style = `
body { margin: 0; background: #f4f5f5; color: #24292e; font: 12px "DejaVu Sans", "Liberation Sans", Arial, sans-serif; }
h1 { position: absolute; left: 12px; top: 10px; margin: 0; font-size: 17px; font-weight: 600; }
#range { position: absolute; right: 12px; top: 14px; color: #6e7481; }
.panel { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #dfe1e5; border-radius: 3px; }
.panel h2 { margin: 0; padding: 6px 8px; font-size: 12.5px; font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row { position: absolute; font-size: 14px; font-weight: 600; padding: 6px 2px; }
svg { display: block; } svg text { font-size: 11px; fill: #24292e; } svg .axis { fill: #6e7481; }
`

// Page is the dashboard as a page that needs nothing else, and its height.
func (a *Answered) Page() (page string, height int) {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><meta charset=utf-8><title>%s</title><style>%s</style>", html.EscapeString(a.Title), style)
	fmt.Fprintf(&b, "<h1>%s</h1><div id=range>%s to %s UTC</div>", html.EscapeString(a.Title),
		a.From.UTC().Format("2006-01-02 15:04:05"), a.To.UTC().Format("15:04:05"))
	for _, panel := range a.Panels {
		x, y := panel.Grid.X*column+gap, panel.Grid.Y*unitRow+header
		w, h := panel.Grid.W*column-gap, panel.Grid.H*unitRow-gap
		height = max(height, y+h+gap)
		if panel.Type == "row" {
			fmt.Fprintf(&b, "<div class=row style='left:%dpx;top:%dpx'>%s</div>", x, y-gap/2, html.EscapeString(panel.Title))
			continue
		}
		fmt.Fprintf(&b, "<section class=panel style='left:%dpx;top:%dpx;width:%dpx;height:%dpx'><h2>%s</h2>%s</section>",
			x, y, w, h, html.EscapeString(panel.Title), a.draw(panel, box{float64(w - 2), float64(h - 30)}))
	}
	return b.String(), height
}

// box is the size that a drawing has.
type box struct{ w, h float64 }

func (a *Answered) draw(panel Panel, in box) string {
	d := &drawing{panel: panel, box: in}
	lines := a.Lines[panel.ID]
	switch {
	case len(lines) == 0:
		d.text(in.w/2, in.h/2, "middle", "axis", "No data")
	case panel.Type == "stat":
		d.stats(lines)
	case panel.Type == "bargauge":
		d.bars(lines)
	default:
		d.graph(lines, a.From, a.To)
	}
	return fmt.Sprintf("<svg width=%.0f height=%.0f>%s</svg>", in.w, in.h, d.svg.String())
}
