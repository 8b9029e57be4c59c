// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestNumbersHaveThreeDigits(t *testing.T) {
	for value, want := range map[float64]string{
		0: "0", 13: "13", 0.6444: "0.644", 6.584: "6.58", 123.45: "123.5", 12345.6: "12346", math.Inf(1): "not a number",
	} {
		if got := number(value); got != want {
			t.Errorf("number(%v) = %q, want %q", value, got, want)
		}
	}
	if got := number(math.NaN()); got != "not a number" {
		t.Errorf("number(NaN) = %q", got)
	}
}

func TestTheMarkdownHasEveryFigure(t *testing.T) {
	heap := 3.5
	r := &result{
		Size: "small", Seed: 7, Workers: 8, Command: "bin/bench", Commit: "abc", Date: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC),
		Machine: machine{Cores: 2, CPU: "a | b", MemoryGiB: 23.5, Kernel: "6.1"}, Versions: []version{{"Go", "go1"}},
		Growth: []grown{{Objects: 300, HeapMiB: &heap, ResidentMiB: 40, Seconds: 1.25}, {Objects: 600, ResidentMiB: 50, Seconds: 2}},
		Writes: []writing{{Verb: "patch", Resource: "chinaaccountregistrations/status", Mean: 5.5, Max: 6}},
		Notes:  []string{"Something was not measured."},
	}
	r.beside("throughput", "applied at once", "objects/s", 80, 100)
	r.alone("rest.cpu", "CPU at rest", "% of a core", 0.5)
	got := markdown(r)
	for _, want := range []string{
		"# Performance\n", "| Date | 2026-11-27 |\n", `2 cores of a \| b, 23.50 GiB, Linux 6.1`, "| Go | go1 |\n", "| Command | `bin/bench` |\n",
		"| applied at once (objects/s) | 80 | 100 | 0.800 | ≥ 0.550 of the floor |\n",
		"| CPU at rest (% of a core) | 0.500 |  |  |  |\n",
		"| 300 | 3.50 | 40 | 1.25 |\n", "| 600 |  | 50 | 2 |\n",
		"| patch | chinaaccountregistrations/status | 5.50 | 6 |\n", "- Something was not measured.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it does not say %q:\n%s", want, got)
		}
	}
}
