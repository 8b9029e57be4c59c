// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/internal/metrics"
)

func TestPromtoolFindsNothingWrongWithAnyMetricThatIsServed(t *testing.T) {
	w := livedWorld(t)
	for _, r := range w.replicas {
		text, err := scrape(r.address)
		w.Expect(err).NotTo(HaveOccurred())
		said, err := promtool(t, text, "check", "metrics")
		w.Expect(err).NotTo(HaveOccurred(), said)
		w.Expect(said).To(BeEmpty())
		said, _ = promtool(t, text+"# TYPE badly_named_total gauge\nbadly_named_total 1\n", "check", "metrics")
		w.Expect(said).To(ContainSubstring("badly_named_total"), "it has read them")
	}
}

func TestExactlyOneReplicaTellsHowRegistrationsStandAndALifeHasEveryMetric(t *testing.T) {
	w := livedWorld(t)
	tells := 0
	var all strings.Builder
	for _, r := range w.replicas {
		text, err := scrape(r.address)
		w.Expect(err).NotTo(HaveOccurred())
		if strings.Contains(text, "\nchina_account_registrations{") {
			tells++
		}
		all.WriteString(text)
	}
	w.Expect(tells).To(Equal(1), "after another replica took over, and the first came back")
	for _, d := range metrics.Definitions() {
		w.Expect(all.String()).To(ContainSubstring("# TYPE " + d.Name + " " + d.Type + "\n"))
	}
}
