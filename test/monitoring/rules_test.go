// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/internal/metrics"
	"github.com/chinaaccount/china-account-operator/test/process"
)

// alert is one of rules.yaml.
type alert struct {
	Alert       string            `json:"alert"`
	Expr        string            `json:"expr"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

func alerts(t *testing.T) (all []alert) {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []alert `json:"rules"`
		} `json:"groups"`
	}
	if err := yaml.Unmarshal([]byte(readProject(t, "config", "monitoring", "rules.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Groups {
		all = append(all, group.Rules...)
	}
	return all
}

func promtool(t *testing.T, stdin string, arguments ...string) (string, error) {
	t.Helper()
	path, err := process.Binary("promtool")
	if err != nil {
		t.Fatalf("%v; `make monitoring-test` builds it", err)
	}
	command := exec.CommandContext(t.Context(), path, arguments...)
	command.Stdin = strings.NewReader(stdin)
	said, err := command.CombinedOutput()
	return string(said), err
}

func TestPromtoolFindsNothingWrongWithTheRules(t *testing.T) {
	if said, err := promtool(t, "", "check", "rules", "--lint=all", "--lint-fatal", inProject(t, "config", "monitoring", "rules.yaml")); err != nil {
		t.Error(said)
	}
}

func TestEachAlertFiresWhenItShouldAndIsSilentWhenNot(t *testing.T) {
	if said, err := promtool(t, "", "test", "rules", inProject(t, "config", "monitoring", "rules_test.yaml")); err != nil {
		t.Error(said)
	}
	var file struct {
		Tests []struct {
			Cases []struct {
				Alert string `json:"alertname"`
				Fires []any  `json:"exp_alerts"`
			} `json:"alert_rule_test"`
		} `json:"tests"`
	}
	if err := yaml.Unmarshal([]byte(readProject(t, "config", "monitoring", "rules_test.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, test := range file.Tests {
		for _, c := range test.Cases {
			fires[c.Alert], silent[c.Alert] = fires[c.Alert] || len(c.Fires) > 0, silent[c.Alert] || len(c.Fires) == 0
		}
	}
	for _, a := range alerts(t) {
		if !fires[a.Alert] || !silent[a.Alert] {
			t.Errorf("%s is tried firing: %t, silent: %t", a.Alert, fires[a.Alert], silent[a.Alert])
		}
	}
}

func TestEachAlertSaysWhatIsWrongAndWhatToDoFirst(t *testing.T) {
	const pages = "https://github.com/chinaaccount/china-account-operator/blob/main/docs/runbooks/"
	named := map[string]bool{}
	for _, a := range alerts(t) {
		named[a.Alert+".md"] = true
		g := NewWithT(t)
		g.Expect(a.Labels["severity"]).To(BeElementOf("warning", "critical"), a.Alert)
		g.Expect(a.Annotations["summary"]).NotTo(BeEmpty(), a.Alert)
		g.Expect(a.Annotations["description"]).To(ContainSubstring(" First "), a.Alert)
		g.Expect(a.Annotations["runbook_url"]).To(Equal(pages+a.Alert+".md"), a.Alert)
		g.Expect(readProject(t, "docs", "runbooks", a.Alert+".md")).To(MatchRegexp(`(?s)^# %s\n.*\n## What it means\n.*\n## Look\n.*\n## Mend\n`, a.Alert))
	}
	files, err := os.ReadDir(inProject(t, "docs", "runbooks"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !named[file.Name()] {
			t.Errorf("docs/runbooks/%s belongs to no alert", file.Name())
		}
	}
}

// metricName finds names where PromQL has them: before a selector, a range or a bracket.
var metricName = regexp.MustCompile(`\b(?:china_account|controller_runtime|workqueue|leader_election|rest_client|process|go)_\w+`)

// isOurs tells whether a name is that of one of our metrics, or of a histogram's series.
func isOurs(name string) bool {
	for _, d := range metrics.Definitions() {
		if name == d.Name || d.Type == "histogram" && (name == d.Name+"_bucket" || name == d.Name+"_sum" || name == d.Name+"_count") {
			return true
		}
	}
	return false
}

// expressions are all that the rules and the dashboard ask, by who asks.
func expressions(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, a := range alerts(t) {
		all[a.Alert] = append(all[a.Alert], a.Expr)
	}
	for _, panel := range readDashboard(t).Panels {
		for _, target := range panel.Targets {
			all[panel.Title] = append(all[panel.Title], target.Query(Everything()))
		}
	}
	return all
}

func TestEveryMetricThatIsAskedForIsServed(t *testing.T) {
	w := livedWorld(t)
	var served strings.Builder
	for _, r := range w.replicas {
		text, err := scrape(r.address)
		w.Expect(err).NotTo(HaveOccurred())
		served.WriteString(text)
	}
	used := map[string]bool{}
	for who, all := range expressions(t) {
		for _, expr := range all {
			names := metricName.FindAllString(expr, -1)
			if len(names) == 0 {
				t.Errorf("%s asks for no metric: %s", who, expr)
			}
			for _, name := range names {
				used[name] = true
				if strings.HasPrefix(name, "china_account_") && !isOurs(name) {
					t.Errorf("%s asks for %s, which internal/metrics does not define", who, name)
				}
				if !strings.Contains(served.String(), "\n"+name+"{") && !strings.Contains(served.String(), "\n"+name+" ") {
					t.Errorf("%s asks for %s, which no operator serves", who, name)
				}
			}
		}
	}
	for _, d := range metrics.Definitions() {
		if !used[d.Name] && !used[d.Name+"_bucket"] {
			t.Errorf("nothing shows %s", d.Name)
		}
	}
}

// selector is a metric with its matchers.
var selector = regexp.MustCompile(`\b(?:china_account|controller_runtime|leader_election)_\w+(?:\{[^}]*\})?`)

func TestPrometheusEvaluatesEachRuleAndItsSelectorsFindSeries(t *testing.T) {
	w := livedWorld(t)
	rules, err := w.Rules(t.Context())
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(rules).To(HaveLen(len(alerts(t))))
	for _, rule := range rules {
		if rule.Health != "ok" {
			t.Errorf("%s: %s", rule.Name, rule.LastError)
		}
		_, err := w.At(t.Context(), rule.Query, time.Now())
		w.Expect(err).NotTo(HaveOccurred())
		for _, picked := range selector.FindAllString(rule.Query, -1) {
			found, err := w.Through(t.Context(), picked, w.began, time.Now(), time.Second)
			w.Expect(err).NotTo(HaveOccurred())
			if len(found) == 0 {
				t.Errorf("%s picks out nothing with %s", rule.Name, picked)
			}
		}
	}
}

// What can be wrong within a minute is seen to be; the rest, which takes days, is
// promtool's to try.
func TestAlertsOfThisLifeWaitOrFireAndTheOthersAreSilent(t *testing.T) {
	w := livedWorld(t)
	for _, is := range []string{"ChinaAccountReviewOverdue", "ChinaAccountCertificateNearExpiry"} {
		w.Eventually(w.state(is)).Should(BeElementOf("pending", "firing"), is)
	}
	for _, is := range []string{"ChinaAccountRejectedUntouched", "ChinaAccountReconcileErrors", "ChinaAccountNoLeader"} {
		w.Eventually(w.state(is)).Should(Equal("inactive"), is)
	}
	w.Eventually(w.state("ChinaAccountRegistrarUnreachable")).Should(Equal("inactive"), "the gateway is back")
}
