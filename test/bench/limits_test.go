// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"strings"
	"testing"
)

func TestALimitHoldsWhatIsWithinIt(t *testing.T) {
	measured := func(operator, floor float64) figure {
		r := &result{}
		r.beside("x", "x", "", operator, floor)
		return r.Figures[0]
	}
	lone := figure{ID: "x", Operator: 1}
	for name, c := range map[string]struct {
		limit  limit
		figure figure
		holds  bool
	}{
		"at least, above":                {limit{ratio: true, atLeast: true, value: 0.7}, measured(8, 10), true},
		"at least, as much":              {limit{ratio: true, atLeast: true, value: 0.5}, measured(5, 10), true},
		"at least, below":                {limit{ratio: true, atLeast: true, value: 0.7}, measured(6, 10), false},
		"at most, below":                 {limit{value: 2}, measured(1, 10), true},
		"at most, above":                 {limit{value: 2}, measured(3, 10), false},
		"at most 0 is kept by 0 alone":   {limit{value: 0}, measured(1, 10), false},
		"a ratio without a floor":        {limit{ratio: true, value: 2}, lone, false},
		"a ratio to a floor of nothing":  {limit{ratio: true, value: 2}, measured(0, 0), false},
		"at most, and nothing was taken": {limit{value: 2}, figure{Operator: math.NaN()}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.limit.holds(c.figure); got != c.holds {
				t.Errorf("holds: %t, want %t", got, c.holds)
			}
		})
	}
}

func TestWhatBreaksItsLimitIsNamed(t *testing.T) {
	r := &result{Command: "bin/bench --check"}
	if err := check(r); err == nil {
		t.Error("nothing was measured, and it is fine")
	}
	r.beside("throughput", "applied at once", "objects/s", 50, 100)
	r.alone("life.writes.max", "writes for a life", "writes", 12)
	err := check(r)
	if err == nil {
		t.Fatal("half of the floor is fine")
	}
	for _, want := range []string{"throughput is 0.500", "≥ 0.550 of the floor", "applied at once", "bin/bench --check"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "life.writes.max") {
		t.Errorf("%q names what keeps its limit", err)
	}
	r.Figures = r.Figures[1:]
	if err := check(r); err != nil {
		t.Errorf("what keeps its limit: %v", err)
	}
}

// No limit may be on what another machine changes.
func TestNoLimitIsOnATime(t *testing.T) {
	for _, l := range limits {
		switch {
		case l.ratio:
		case strings.HasPrefix(l.id, "life.writes"), l.id == "rest.writes", l.id == "rest.gateway", l.id == "decisions.cut.missed",
			l.id == "restart.statuses", l.id == "restart.gateway", l.id == "growth.heap":
		default:
			t.Errorf("%s is held to %s", l.id, l)
		}
	}
}
