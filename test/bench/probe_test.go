// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/preflight/identity"
)

const scraped = `# HELP controller_runtime_reconcile_total Total number of reconciliations
# TYPE controller_runtime_reconcile_total counter
controller_runtime_reconcile_total{controller="chinaaccountregistration",result="success"} 3
controller_runtime_reconcile_total{controller="chinaaccountregistration",result="requeue_after"} 4
controller_runtime_reconcile_total{controller="registrar",result="success"} 10
controller_runtime_active_workers{controller="chinaaccountregistration"} 0
workqueue_depth{name="chinaaccountregistration",controller="chinaaccountregistration",priority="-100"} 0
process_cpu_seconds_total 1.25e+01
process_resident_memory_bytes 5.0e+07
`

func TestMetricsAreRead(t *testing.T) {
	m, err := parseMetrics(strings.NewReader(scraped))
	if err != nil {
		t.Fatal(err)
	}
	if m.sum(reconcileTotal, ours) != 7 || m.cpuSeconds() != 12.5 || m.resident() != 5e7 {
		t.Errorf("read %v", m)
	}
	if !m.isSteady(7) || m.isSteady(8) {
		t.Error("it has looked at 7 objects, and that is not told")
	}
	for _, change := range []string{
		`workqueue_depth{name="chinaaccountregistration",controller="chinaaccountregistration",priority="0"} 2`,
		`controller_runtime_active_workers{controller="chinaaccountregistration"} 1`,
	} {
		if busy, err := parseMetrics(strings.NewReader(scraped + change + "\n")); err != nil || busy.isSteady(7) {
			t.Errorf("it is steady with %s (%v)", change, err)
		}
	}
	if (metrics{}).isSteady(0) {
		t.Error("one of which nothing is known is steady")
	}
	if err := m.isWhole(); err == nil || !strings.Contains(err.Error(), "rest_client_requests_total") {
		t.Errorf("that a metric is absent is told as %v", err)
	}
	if _, err := parseMetrics(strings.NewReader("a_metric none\n")); err == nil {
		t.Error("a value that is no number is read")
	}
}

func TestCreditCodesAreRight(t *testing.T) {
	drawn := map[string]bool{}
	draw := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		code := creditCode(draw)
		if problems := identity.CreditCode(code); problems != 0 {
			t.Fatalf("%s has problems: %v", code, problems)
		}
		drawn[code] = true
	}
	if len(drawn) < 900 {
		t.Errorf("of 1000 codes, %d are different", len(drawn))
	}
}

func TestWhoseAWriteIs(t *testing.T) {
	for name, want := range map[string]string{
		"applicant-00001-0abc": "applicant-00001-0abc", "applicant-00001-0abc-signin": "applicant-00001-0abc",
		"applicant-00001-0abc-account": "applicant-00001-0abc", "applicant-00001-0abc.00ff": "applicant-00001-0abc",
	} {
		var a audited
		a.ObjectRef.Name = name
		if got := a.whose(); got != want {
			t.Errorf("%s is %s's, want %s", name, got, want)
		}
	}
}
