// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestASeedMakesTheSameScheduleAgain(t *testing.T) {
	g := NewWithT(t)
	g.Expect(draw(7, 100, time.Minute)).To(Equal(draw(7, 100, time.Minute)))
	g.Expect(draw(7, 100, time.Minute)).NotTo(Equal(draw(8, 100, time.Minute)))
}

func TestEverythingThatCanGoWrongDoesInTime(t *testing.T) {
	g := NewWithT(t)
	s := draw(1, 1000, 10*time.Minute)
	done := map[deed]map[string]bool{}
	for _, one := range s.strikes {
		if done[one.deed] == nil {
			done[one.deed] = map[string]bool{}
		}
		done[one.deed][one.victim] = true
		g.Expect(one.at).To(BeNumerically("<", 10*time.Minute))
		g.Expect(one.one).To(BeNumerically("~", 0, 999))
	}
	for _, d := range deeds {
		for _, victim := range d.victims {
			g.Expect(done[d.deed]).To(HaveKey(victim))
		}
		g.Expect(done).To(HaveKey(d.deed))
	}
	g.Expect(s.begins).To(HaveLen(1000))
	g.Expect(s.begins[999]).To(BeNumerically("<", 400*time.Second))
}
