// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package packaging_test

import (
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

// variants are what a chart of this kind is installed with.
var variants = map[string][]string{"defaults": nil, "everything": {"everything"}, "namespaced": {"namespaced"}}

func variant(name string) []string {
	var arguments []string
	for _, file := range variants[name] {
		arguments = append(arguments, values(file)...)
	}
	return arguments
}

var _ = eachHelm("takes the chart", func(h helm) {
	for name := range variants {
		It("and finds nothing to mend with "+name, func(ctx SpecContext) {
			Expect(h.does(ctx, append([]string{"lint", "--strict", chart}, variant(name)...)...)).To(ContainSubstring("0 chart(s) failed"))
			Expect(objects(h.template(ctx, variant(name)...))).NotTo(BeEmpty())
		})
	}

	It("and passes its unit tests", func(ctx SpecContext) {
		Expect(h.does(ctx, "unittest", "--strict", chart)).To(MatchRegexp(`(?m)^Tests: +[1-9]\d* passed, [1-9]\d* total`))
	})

	It("and packs all that it renders", func(ctx SpecContext) {
		dir := GinkgoT().TempDir()
		h.does(ctx, "package", chart, "--destination", dir)
		packed, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
		Expect(err).NotTo(HaveOccurred())
		Expect(packed).To(HaveLen(1))
		Expect(objects(h.does(ctx, "template", release, packed[0]))).To(HaveLen(len(objects(h.does(ctx, "template", release, chart)))))
	})

	DescribeTable("and refuses what cannot be meant", func(ctx SpecContext, set, says string) {
		arguments := []string{"template", release, chart, "--set", set}
		if strings.HasPrefix(set, "{") {
			arguments = []string{"template", release, chart, "--values", write("values.yaml", set)}
		}
		_, err := h.run(ctx, arguments...)
		Expect(err).To(MatchError(ContainSubstring(says)))
	},
		Entry("a typo at the top", "replica=2", "replica"),
		Entry("a typo below", "metrics.serviceMonitor.enable=true", "enable"),
		Entry("a word for a number", "replicas=two", "replicas"),
		Entry("a word for a switch", "crds.keep=no way", "keep"),
		Entry("fewer than no replicas", "replicas=-1", "replicas"),
		Entry("a pull policy that is none", "image.pullPolicy=Sometimes", "pullPolicy"),
		Entry("a digest that is none", "image.digest=latest", "digest"),
		Entry("a namespace that can be none", "watchNamespaces={Retail}", "watchNamespaces"),
		Entry("the port of the probes", "metrics.port=8081", "port"),
		Entry("a log level at which Secrets are logged", "logLevel=8", "logLevel"),
		Entry("an argument that is no flag", "extraArgs={concurrency}", "extraArgs"),
		Entry("holidays that are no text", `{holidays: {"2027": {off: []}}}`, "holidays"),
		Entry("replicas that would all lead", `{replicas: 2, leaderElection: {enabled: false}}`, "more than one needs leaderElection.enabled"),
		Entry("a budget that lets no node be drained", "podDisruptionBudget.enabled=true", "set replicas above it"),
		Entry("a service account without a name", `{serviceAccount: {create: false}}`, "name the service account"),
	)

	It("and renders holidays that the operator reads", func(ctx SpecContext) {
		rendered := ofKind(objects(h.template(ctx, variant("everything")...)), "ConfigMap")
		Expect(rendered).To(HaveLen(2), "the dashboard is the other")
		holidays := rendered[slices.IndexFunc(rendered, func(o *unstructured.Unstructured) bool { return o.GetName() == "china-account-holidays" })]
		years, err := businessday.Parse([]byte(at(holidays, "data", "holidays.yaml").(string)))
		Expect(err).NotTo(HaveOccurred())
		Expect(years).To(HaveLen(1))
	})
})
