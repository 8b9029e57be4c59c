// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"testing"
	"time"
)

func TestAQuantileIsAValueThatWasMeasured(t *testing.T) {
	var hundred []time.Duration
	for i := 100; i > 0; i-- {
		hundred = append(hundred, time.Duration(i))
	}
	for name, c := range map[string]struct {
		values []time.Duration
		q      float64
		want   time.Duration
	}{
		"p50 of 100":         {hundred, 0.5, 50},
		"p99 of 100":         {hundred, 0.99, 99},
		"p100 is the most":   {hundred, 1, 100},
		"p0 is the least":    {hundred, 0, 1},
		"p99 of few":         {hundred[:10], 0.99, 100},
		"of one":             {hundred[:1], 0.5, 100},
		"of none there is 0": {nil, 0.99, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := quantile(c.values, c.q); got != c.want {
				t.Errorf("quantile = %d, want %d", got, c.want)
			}
		})
	}
	if hundred[0] != 100 {
		t.Error("the values were put into another order")
	}
}

func TestALineIsFitted(t *testing.T) {
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
	exact := fit([]float64{1, 2, 3}, []float64{5, 7, 9})
	if !near(exact.slope, 2) || !near(exact.intercept, 3) || !near(exact.r2, 1) {
		t.Errorf("a straight line is %+v", exact)
	}
	bent := fit([]float64{1, 2, 3}, []float64{1, 3, 5.5})
	if !near(bent.slope, 2.25) || bent.r2 >= 1 || bent.r2 < 0.99 {
		t.Errorf("a bent line is %+v", bent)
	}
	if one := fit([]float64{1}, []float64{1}); !math.IsNaN(one.slope) || !math.IsNaN(one.r2) {
		t.Errorf("of one point there is a line: %+v", one)
	}
}
