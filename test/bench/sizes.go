// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import "time"

// amounts are how much of everything there is.
type amounts struct {
	// lives are applied at once, and go from apply to Active.
	lives int
	// audited lives are those whose writes are counted.
	audited int
	// waiting are UnderReview while something else is measured.
	waiting int
	// newcomers are applied one after another.
	newcomers int
	// decided at once.
	decided int
	// window is how long rest is looked at.
	window time.Duration
	// quiet is how long nothing may be queued for the operator to count as steady.
	quiet time.Duration
	// growth is how many objects there are at each start.
	growth []int
	// limit bounds each wait.
	limit time.Duration
	// fresh: a control plane of its own for each measurement.
	fresh bool
}

var sizes = map[string]amounts{
	// tiny is to see that everything works; its figures say little.
	"tiny": {
		lives: 20, audited: 5, waiting: 60, newcomers: 10, decided: 30, window: 2 * time.Second, quiet: time.Second,
		growth: []int{1, 50, 100}, limit: time.Minute,
	},
	"small": {
		lives: 60, audited: 10, waiting: 400, newcomers: 20, decided: 100, window: 5 * time.Second, quiet: time.Second,
		growth: []int{1, 200, 400}, limit: time.Minute,
	},
	"full": {
		lives: 2000, audited: 20, waiting: 10_000, newcomers: 200, decided: 5000, window: 5 * time.Minute, quiet: 2 * time.Second,
		growth: []int{1, 1000, 10_000, 50_000}, limit: 20 * time.Minute, fresh: true,
	},
}
