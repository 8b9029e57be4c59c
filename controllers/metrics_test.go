// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

var _ = Describe("Metrics", func() {
	It("count phases that were reached and what came of requests, and name no object", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.gateway.faults(registrar.Fault{Kind: registrar.Fault500, Operations: []string{"fileAttempt"}, Count: 1})
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", active)
		w.stopOperator()

		Expect(w.metric("china_account_registration_transitions_total", "phase")).To(Equal(map[string]float64{
			"Pending": 1, "Submitted": 1, "UnderReview": 1, "Verified": 1, "Active": 1,
		}))
		Expect(w.metric("china_account_registrar_effects_total", "effect", "outcome")).To(Equal(map[string]float64{
			"File Trouble": 1, "File Done": 1, "Answer Done": 2,
		}))
	})
})

// metric returns a counter's values for this world's Registrar, by the labels named.
func (w *world) metric(name string, by ...string) map[string]float64 {
	GinkgoHelper()
	families, err := metrics.Registry.Gather()
	Expect(err).NotTo(HaveOccurred())
	values := map[string]float64{}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			labels := map[string]string{}
			for _, pair := range m.GetLabel() {
				labels[pair.GetName()] = pair.GetValue()
				Expect(pair.GetValue()).NotTo(ContainSubstring("acme"))
			}
			if labels["registrar"] != w.namespace {
				continue
			}
			var words []string
			for _, label := range by {
				words = append(words, labels[label])
			}
			values[strings.Join(words, " ")] += m.GetCounter().GetValue()
		}
	}
	return values
}
