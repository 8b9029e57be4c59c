// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
)

// subjects are what each page is about in this life.
var subjects = map[string]string{
	"ChinaAccountReviewOverdue":           "NAMESPACE=logistics NAME=airport",
	"ChinaAccountRejectedUntouched":       "NAMESPACE=retail NAME=kiosk",
	"ChinaAccountRegistrarUnreachable":    "REGISTRAR=" + ground.GatewayName,
	"ChinaAccountCertificateNearExpiry":   "NAMESPACE=retail",
	"ChinaAccountCalendarWithoutNextYear": "",
	"ChinaAccountReconcileErrors":         "NAMESPACE=retail",
	"ChinaAccountNoLeader":                "",
}

// shows is what somebody who follows a page must be able to see.
var shows = map[string][]string{
	"ChinaAccountReviewOverdue":           {"airport", "1010 0966", "DecisionExpected"},
	"ChinaAccountRejectedUntouched":       {"kiosk", "NameMismatch", "resubmit"},
	"ChinaAccountRegistrarUnreachable":    {"Reachable", "depot"},
	"ChinaAccountCertificateNearExpiry":   {"shop", "ExpiresIn30Days"},
	"ChinaAccountCalendarWithoutNextYear": {"PUBLISHED", "gateway"},
	"ChinaAccountReconcileErrors":         {"chinaaccountregistrations.registration.chinaaccount.dev", "secrets"},
	"ChinaAccountNoLeader":                {"china-account-operator"},
}

func TestTheCommandsOfEachRunbookShowWhatIsWrong(t *testing.T) {
	w := livedWorld(t)
	for _, a := range alerts(t) {
		w.Expect(subjects).To(HaveKey(a.Alert))
		page := readProject(t, "docs", "runbooks", a.Alert+".md")
		said := ""
		for _, block := range shellBlock.FindAllStringSubmatch(page, -1) {
			said += w.shell(w.Plane, subjects[a.Alert]+"\n"+block[1])
		}
		w.Expect(shows[a.Alert]).NotTo(BeEmpty())
		for _, shown := range shows[a.Alert] {
			w.Expect(said).To(ContainSubstring(shown), a.Alert)
		}
	}
}

var verb = regexp.MustCompile(`kubectl china-account ([a-z-]+)`)

func TestThePluginHasEachVerbThatRunbooksAndAlertsName(t *testing.T) {
	g, named := NewWithT(t), 0
	for _, a := range alerts(t) {
		for _, found := range verb.FindAllStringSubmatch(a.Annotations["description"]+readProject(t, "docs", "runbooks", a.Alert+".md"), -1) {
			said, err := exec.CommandContext(t.Context(), inProject(t, "bin", "kubectl-china_account"), found[1], "--help").CombinedOutput()
			g.Expect(err).NotTo(HaveOccurred(), string(said))
			g.Expect(string(said)).To(ContainSubstring("kubectl china-account "+found[1]), a.Alert)
			named++
		}
	}
	g.Expect(named).To(BeNumerically(">", 5))
}

// theirKinds are the Prometheus operator's, as far as an API server has to know them.
const theirKinds = `
kubectl create namespace china-account-system
for kind in servicemonitors/ServiceMonitor prometheusrules/PrometheusRule; do
kubectl create -f - <<END
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${kind%/*}.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  scope: Namespaced
  names: {plural: ${kind%/*}, kind: ${kind#*/}}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
END
kubectl wait --for=condition=Established crd ${kind%/*}.monitoring.coreos.com
done`

func TestTheDocumentedHelmCommandBringsMonitorRulesAndDashboard(t *testing.T) {
	w := livedWorld(t)
	plane, err := env.Start(t.Context(), env.Options{})
	w.Expect(err).NotTo(HaveOccurred())
	defer func() { w.Expect(plane.Stop()).To(Succeed()) }()
	w.shell(plane, theirKinds)
	all, err := blocks(w.root, shellBlock)
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(all[0]).To(HavePrefix(withHelm))
	w.shell(plane, all[0])
	show := func(what, path string) string {
		return w.shell(plane, "kubectl get "+what+" -n china-account-system -o jsonpath='"+path+"'")
	}
	var names []string
	for _, a := range alerts(t) {
		names = append(names, a.Alert)
	}
	w.Expect(strings.Fields(show("prometheusrule", "{.items[*].spec.groups[*].rules[*].alert}"))).To(Equal(names))
	w.Expect(show("configmap -l grafana_dashboard=1", "{.items[*].data}")).To(ContainSubstring("china_account_registrations"))
	w.Expect(show("servicemonitor", "{.items[*].spec.endpoints[*].honorLabels}")).To(Equal("true"),
		"or Prometheus puts the operator's namespace in the place of the registration's")
}
