// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestSomeFiguresAreMeasuredAgain(t *testing.T) {
	g := NewWithT(t)
	whole := &result{Size: "full", Workers: 8, Commit: "old", Notes: []string{"both"}}
	whole.beside("throughput", "lives", "objects/s", 1, 2)
	whole.alone("rest", "at rest", "writes", 0)
	again := &result{Size: "full", Workers: 8, Commit: "new", Notes: []string{"both"}}
	again.beside("throughput", "lives", "objects/s", 3, 4)

	merged, err := again.inPlaceOf(whole, "throughput")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(merged.Commit).To(Equal("old"))
	g.Expect(merged.Figures).To(HaveLen(2))
	g.Expect(merged.Figures[0].Operator).To(Equal(3.0))
	g.Expect(merged.Notes).To(HaveLen(2))
	g.Expect(merged.Notes[1]).To(And(ContainSubstring("at commit new"), ContainSubstring("throughput")))
	g.Expect(whole.Figures[0].Operator).To(Equal(1.0), "what was there is left as it was")

	again.Machine.Cores = 64
	_, err = again.inPlaceOf(whole, "throughput")
	g.Expect(err).To(MatchError(ContainSubstring("measure all of it anew")))
	g.Expect(strings.Count(err.Error(), "\n")).To(BeZero())
}
