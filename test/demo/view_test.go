// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestAPipeGetsALineForEachChangeAndNoneForTheSame(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	v := &lines{out: &out, began: time.Now()}
	before := row{key: client.ObjectKey{Name: "review"}, now: "the registrar reviews"}
	after := before
	after.object = registrationIn(v1alpha1.PhaseUnderReview, v1alpha1.PartyRegistrar, v1alpha1.ReasonUnderReview, "")
	after.object.Status.Requirements = []v1alpha1.Requirement{{Code: v1alpha1.RequirementDecision}}
	v.show(nil, before, &after)
	g.Expect(out.String()).To(MatchRegexp(`^ +0\.0s  review +UnderReview +UnderReview +due: DecisionExpected\n$`))
	v.show(nil, after, &after)
	g.Expect(strings.Count(out.String(), "\n")).To(Equal(1))
}

func TestATableNeverWrapsALine(t *testing.T) {
	rows := []*row{{
		key: client.ObjectKey{Name: "more-documents"}, now: strings.Repeat("the reviewer asks for one more document, ", 5),
		object: registrationIn(v1alpha1.PhaseUnderReview, v1alpha1.PartyApplicant, v1alpha1.RequirementDocuments, ""),
	}}
	escapes := regexp.MustCompile("\x1b\\[[0-9]*[A-Za-z]")
	for _, width := range []int{40, 80, 110, 200} {
		var out bytes.Buffer
		v := &table{out: &out, width: width, colour: true}
		v.show(rows, row{}, nil)
		for line := range strings.Lines(escapes.ReplaceAllString(out.String(), "")) {
			NewWithT(t).Expect(utf8.RuneCountInString(strings.TrimSuffix(line, "\n"))).To(BeNumerically("<", width))
		}
	}
}
