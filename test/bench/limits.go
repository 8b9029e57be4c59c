// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"math"
)

// limit is what a figure is held to. It is of a ratio or a count, which another machine
// does not change, and never of a time.
type limit struct {
	// id of the figure.
	id string
	// ratio to the floor is what is held, and not the operator's own.
	ratio bool
	// atLeast holds it from below; otherwise it is at most that.
	atLeast bool
	value   float64
}

// limits are for the small size, as it runs in CI: the mean of the calibrating runs beside
// them and a margin, or what issue 7 demands where that is a count. They were run on
// 2 cores, 24 GiB, Go 1.26.8, some of them at the end of make test.
var limits = []limit{
	// 0.817, 0.707, 0.766, 0.747, 0.741: mean 0.76. A few dozen lives vary, by 0.2 at most.
	// It must be 0.7 in the full size.
	{id: "throughput", ratio: true, atLeast: true, value: 0.55},
	{id: "life.writes.mean", value: 13},
	{id: "life.writes.max", value: 13},
	// 0.73, 0.89, 1.15: mean 0.92. The p99 of 20 is the slowest of them.
	{id: "latency.p99", ratio: true, value: 2},
	{id: "rest.writes", value: 0},
	{id: "rest.gateway", value: 2},
	// 0.94, 0.88, 0.88, 0.63: mean 0.83. So few are over in a second, and vary by 0.3.
	// It must be 0.7 in the full size.
	{id: "decisions", ratio: true, atLeast: true, value: 0.5},
	{id: "decisions.cut.missed", value: 0},
	{id: "restart.statuses", value: 0},
	// 3 requests, however many objects there are: 0.75 for each hundred of 400.
	{id: "restart.gateway", value: 1},
	// 6.4, 6.8, 6.8: mean 6.7, and 2.3.
	{id: "growth.heap", value: 9},
}

// limitOf is a figure's; false if it has none.
func limitOf(id string) (limit, bool) {
	for _, l := range limits {
		if l.id == id {
			return l, true
		}
	}
	return limit{}, false
}

func (l limit) String() string {
	than, what := "≤", ""
	if l.atLeast {
		than = "≥"
	}
	if l.ratio {
		what = " of the floor"
	}
	return fmt.Sprintf("%s %s%s", than, number(l.value), what)
}

// of is what is held of a figure.
func (l limit) of(f figure) float64 {
	switch {
	case !l.ratio:
		return f.Operator
	case f.Ratio == nil:
		return math.NaN()
	default:
		return *f.Ratio
	}
}

// holds: what is no number, because nothing was measured, does not.
func (l limit) holds(f figure) bool {
	value := l.of(f)
	if l.atLeast {
		return value >= l.value
	}
	return value <= l.value
}

// check compares the figures that there are. That there are none is a failure.
func check(r *result) error {
	var broken []error
	compared := 0
	for _, f := range r.Figures {
		l, has := limitOf(f.ID)
		if !has {
			continue
		}
		compared++
		if !l.holds(f) {
			broken = append(broken, fmt.Errorf("%s is %s, and must be %s (%s)", f.ID, number(l.of(f)), l, f.About))
		}
	}
	if compared == 0 {
		broken = append(broken, errors.New("no figure with a limit was measured"))
	}
	if len(broken) > 0 {
		return fmt.Errorf("%w\nTo see more: %s; its full size: make bench", errors.Join(broken...), r.Command)
	}
	fmt.Printf("%d figures keep their limits.\n", compared)
	return nil
}
