// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"slices"
	"time"
)

// quantile is the smallest value that at least the share q of all are not above: of 200
// values, the p99 is the 198th. 0 if there is none.
func quantile(values []time.Duration, q float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// line is fitted to points by least squares.
type line struct {
	slope, intercept float64
	// r2 is the share of the variance that it explains: 1 is a straight line.
	r2 float64
}

// fit needs two different x; otherwise everything is NaN, which compares with no limit.
func fit(x, y []float64) line {
	n := float64(len(x))
	var sumX, sumY float64
	for i := range x {
		sumX += x[i]
		sumY += y[i]
	}
	meanX, meanY := sumX/n, sumY/n
	var xx, xy, yy float64
	for i := range x {
		dx, dy := x[i]-meanX, y[i]-meanY
		xx += dx * dx
		xy += dx * dy
		yy += dy * dy
	}
	l := line{slope: xy / xx}
	l.intercept = meanY - l.slope*meanX
	l.r2 = xy * xy / (xx * yy)
	return l
}

// mean of values; NaN of none.
func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
