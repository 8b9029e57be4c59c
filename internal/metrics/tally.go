// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// tally is gauges in the making.
type tally struct {
	gauges map[string]*gauge
}

type gauge struct {
	definition Definition
	labels     []string
	value      float64
}

func newTally() *tally { return &tally{gauges: map[string]*gauge{}} }

// one counts one more.
func (t *tally) one(d Definition, whose []string, more ...string) {
	g, _ := t.at(d, whose, more)
	g.value++
}

// least keeps the lowest value.
func (t *tally) least(d Definition, value float64, whose []string, more ...string) {
	if g, isNew := t.at(d, whose, more); isNew || value < g.value {
		g.value = value
	}
}

func (t *tally) at(d Definition, whose, more []string) (g *gauge, isNew bool) {
	labels := slices.Concat(whose, more)
	key := d.Name + "\x00" + strings.Join(labels, "\x00")
	g = t.gauges[key]
	if isNew = g == nil; isNew {
		g = &gauge{definition: d, labels: labels}
		t.gauges[key] = g
	}
	return g, isNew
}

func (t *tally) send(ch chan<- prometheus.Metric) {
	for _, g := range t.gauges {
		ch <- prometheus.MustNewConstMetric(g.definition.desc(), prometheus.GaugeValue, g.value, g.labels...)
	}
}
