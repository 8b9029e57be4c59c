// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"context"
	"net"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/process"
)

// The service accounts of those who watch. Their rights are those that docs/monitoring.md
// gives them.
const (
	monitoringNamespace = "monitoring"
	prometheusAccount   = "prometheus"
	kubeStateAccount    = "kube-state-metrics"
)

// startKubeState runs the real one with our configuration and nothing else.
func (w *world) startKubeState() {
	path, err := process.Binary("kube-state-metrics")
	w.Expect(err).NotTo(HaveOccurred(), "`make monitoring-test` builds it")
	kubeconfig, err := w.Plane.ServiceAccountKubeconfig(context.Background(), monitoringNamespace, kubeStateAccount)
	w.Expect(err).NotTo(HaveOccurred())
	host, port, err := net.SplitHostPort(w.kubeState)
	w.Expect(err).NotTo(HaveOccurred())
	_, telemetry, err := net.SplitHostPort(w.freeAddress())
	w.Expect(err).NotTo(HaveOccurred())
	p, err := process.Start(w.LogPath("kube-state-metrics"), path, "--kubeconfig", kubeconfig, "--host", host, "--port", port,
		"--telemetry-host", host, "--telemetry-port", telemetry,
		"--custom-resource-state-only", "--custom-resource-state-config-file", w.root+"/config/monitoring/kube-state-metrics.yaml")
	w.Expect(err).NotTo(HaveOccurred())
	w.processes = append(w.processes, p)
}

// lines are the metrics that kube-state-metrics tells of one registration.
func lines(text, name string) string {
	var found strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, `name="`+name+`"`) {
			found.WriteString(line)
		}
	}
	return found.String()
}

func TestKubeStateMetricsTellsOfEachRegistrationByName(t *testing.T) {
	w := livedWorld(t)
	var text string
	w.Eventually(func(g Gomega) {
		var err error
		text, err = scrape(w.kubeState)
		g.Expect(err).NotTo(HaveOccurred())
		for _, s := range stops {
			g.Expect(lines(text, s.name)).To(MatchRegexp(`kube_chinaaccountregistration_status_phase\{[^}]*namespace="%s",phase="%s"\} 1\n`, s.namespace, s.at), s.name)
			g.Expect(lines(text, s.name)).To(MatchRegexp(`kube_chinaaccountregistration_info\{[^}]*region="cn-north`), s.name)
		}
	}).Should(Succeed())
	w.Expect(lines(text, "airport")).To(And(
		MatchRegexp(`status_condition\{[^}]*reason="DecisionOverdue",type="Overdue"\} 1\n`),
		MatchRegexp(`status_condition\{[^}]*type="Ready"\} 0\n`),
		MatchRegexp(`status_awaiting\{[^}]*awaiting="Registrar"[^}]*\} 1\n`),
		MatchRegexp(`status_filing_attempt\{[^}]*\} 1\n`),
		MatchRegexp(`status_filing_due_time\{[^}]*basis="P[a-z]+"[^}]*\} 1\.\d+e\+09\n`),
		MatchRegexp(`created\{[^}]*\} 1\.\d+e\+09\n`),
	))
	said, err := promtool(t, text, "check", "metrics")
	w.Expect(err).NotTo(HaveOccurred(), said)
}

func TestKubeStateMetricsTellsNothingPersonal(t *testing.T) {
	w := livedWorld(t)
	text, err := scrape(w.kubeState)
	w.Expect(err).NotTo(HaveOccurred())
	list := &v1alpha1.ChinaAccountRegistrationList{}
	w.Expect(w.Onlooker.List(t.Context(), list)).To(Succeed())
	w.Expect(list.Items).To(HaveLen(len(stops)))
	for _, reg := range list.Items {
		d := reg.Spec.Dossier
		for _, value := range []string{
			string(d.Account.Email), d.Account.Username, d.Company.LegalName, string(d.Company.UnifiedSocialCreditCode), d.Company.Address.Street,
			d.Contact.Name, string(d.Contact.Mobile), d.SecurityAdministrator.Name, string(d.SecurityAdministrator.Email), string(d.SecurityAdministrator.Mobile),
		} {
			w.Expect(text).NotTo(ContainSubstring(value))
		}
	}
}

func TestAPhaseThatIsNewIsNewInKubeStateMetricsToo(t *testing.T) {
	config := readProject(t, "config", "monitoring", "kube-state-metrics.yaml")
	g := NewWithT(t)
	var phases []string
	for _, p := range v1alpha1.Phases() {
		phases = append(phases, string(p))
	}
	g.Expect(config).To(ContainSubstring("list: [" + strings.Join(phases, ", ") + "]"))
}
