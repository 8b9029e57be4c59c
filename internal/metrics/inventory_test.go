// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// shelf is a cache that holds what it is given, or cannot be read.
type shelf struct {
	client.Reader
	registrations []v1alpha1.ChinaAccountRegistration
	registrars    []v1alpha1.Registrar
	err           error
}

func (s *shelf) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	switch list := list.(type) {
	case *v1alpha1.ChinaAccountRegistrationList:
		list.Items = s.registrations
	case *v1alpha1.RegistrarList:
		list.Items = s.registrars
	}
	return s.err
}

// at is a registration in a phase since a time.
func at(namespace string, phase v1alpha1.RegistrationPhase, since int64, changes ...func(*v1alpha1.ChinaAccountRegistrationStatus)) v1alpha1.ChinaAccountRegistration {
	reg := v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "acme-" + string(phase)}}
	reg.Spec.Region, reg.Spec.RegistrarRef.Name = v1alpha1.RegionNingxia, "default"
	reg.Status.Phase, reg.Status.Awaiting = phase, v1alpha1.PartyRegistrar
	reg.Status.History = []v1alpha1.HistoryEntry{{Phase: phase, Time: metav1.Unix(since, 0)}}
	for _, change := range changes {
		change(&reg.Status)
	}
	return reg
}

func condition(kind, reason string, status metav1.ConditionStatus) func(*v1alpha1.ChinaAccountRegistrationStatus) {
	return func(s *v1alpha1.ChinaAccountRegistrationStatus) {
		s.Conditions = append(s.Conditions, metav1.Condition{Type: kind, Reason: reason, Status: status})
	}
}

func requires(codes ...string) func(*v1alpha1.ChinaAccountRegistrationStatus) {
	return func(s *v1alpha1.ChinaAccountRegistrationStatus) {
		for _, code := range codes {
			s.Requirements = append(s.Requirements, v1alpha1.Requirement{Code: code, Severity: v1alpha1.SeverityError, Awaiting: v1alpha1.PartyApplicant})
		}
	}
}

func inventory(s *shelf, leads bool) *Inventory {
	elected := make(chan struct{})
	if leads {
		close(elected)
	}
	return &Inventory{
		Cached: s, Elected: elected,
		LastContact: func(registrar string) time.Time {
			if registrar == "gateway" {
				return time.UnixMilli(1_500)
			}
			return time.Time{}
		},
		IsOurs: func(code string) bool { return code == "Ours" },
	}
}

func full() *shelf {
	ready := v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: "gateway"}, Spec: v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarGateway}}
	ready.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue}}
	return &shelf{
		registrations: []v1alpha1.ChinaAccountRegistration{
			at("a", v1alpha1.PhaseUnderReview, 300, condition(v1alpha1.ConditionOverdue, "DecisionOverdue", metav1.ConditionTrue)),
			at("a", v1alpha1.PhaseUnderReview, 200, condition(v1alpha1.ConditionOverdue, "NotOverdue", metav1.ConditionFalse)),
			at("b", v1alpha1.PhaseRejected, 100, requires("Ours", "Theirs-1", "Theirs-2")),
			at("b", v1alpha1.PhaseActive, 400, condition(v1alpha1.ConditionCertificateCurrent, "ExpiresIn30Days", metav1.ConditionTrue)),
			{ObjectMeta: metav1.ObjectMeta{Namespace: "b", Name: "acme-new"}, Spec: v1alpha1.ChinaAccountRegistrationSpec{Region: v1alpha1.RegionBeijing, RegistrarRef: v1alpha1.RegistrarReference{Name: "default"}}},
		},
		registrars: []v1alpha1.Registrar{ready, {ObjectMeta: metav1.ObjectMeta{Name: "default"}, Spec: v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarManual}}},
	}
}

func TestTheInventoryIsWhatTheCacheHolds(t *testing.T) {
	want := `
china_account_certificates{namespace="b",region="cn-northwest-1",registrar="default",stage="ExpiresIn30Days"} 1
china_account_registrar_last_contact_timestamp_seconds{registrar="gateway"} 1.5
china_account_registrar_ready{registrar="default",type="Manual"} 0
china_account_registrar_ready{registrar="gateway",type="Gateway"} 1
china_account_registrations{awaiting="",namespace="b",phase="",region="cn-north-1",registrar="default"} 1
china_account_registrations{awaiting="Registrar",namespace="a",phase="UnderReview",region="cn-northwest-1",registrar="default"} 2
china_account_registrations{awaiting="Registrar",namespace="b",phase="Active",region="cn-northwest-1",registrar="default"} 1
china_account_registrations{awaiting="Registrar",namespace="b",phase="Rejected",region="cn-northwest-1",registrar="default"} 1
china_account_registrations_oldest_phase_timestamp_seconds{awaiting="Registrar",namespace="a",phase="UnderReview",region="cn-northwest-1",registrar="default"} 200
china_account_registrations_oldest_phase_timestamp_seconds{awaiting="Registrar",namespace="b",phase="Active",region="cn-northwest-1",registrar="default"} 400
china_account_registrations_oldest_phase_timestamp_seconds{awaiting="Registrar",namespace="b",phase="Rejected",region="cn-northwest-1",registrar="default"} 100
china_account_registrations_overdue{namespace="a",phase="UnderReview",region="cn-northwest-1",registrar="default"} 1
china_account_requirements{awaiting="Applicant",code="Other",namespace="b",region="cn-northwest-1",registrar="default",severity="Error"} 2
china_account_requirements{awaiting="Applicant",code="Ours",namespace="b",region="cn-northwest-1",registrar="default",severity="Error"} 1
`
	if err := testutil.CollectAndCompare(inventory(full(), true), strings.NewReader(headers(want)+want)); err != nil {
		t.Error(err)
	}
}

// headers are those of the metrics in want, as Prometheus' text has them.
func headers(want string) string {
	var b strings.Builder
	for _, d := range Definitions() {
		if strings.Contains(want, "\n"+d.Name+"{") {
			b.WriteString("# HELP " + d.Name + " " + d.Help + "\n# TYPE " + d.Name + " " + d.Type + "\n")
		}
	}
	return b.String()
}

func TestOnlyTheLeaderCounts(t *testing.T) {
	if n := testutil.CollectAndCount(inventory(full(), false)); n != 0 {
		t.Errorf("%d series", n)
	}
}

func TestOfWhatCannotBeReadThereIsNothing(t *testing.T) {
	s := full()
	s.err = errors.New("the cache is not filled yet")
	if n := testutil.CollectAndCount(inventory(s, true)); n != 0 {
		t.Errorf("%d series", n)
	}
}

func TestMetricsAreNamedAsPrometheusWants(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(inventory(full(), true), transitionsTotal, phaseDurations, effectsTotal, requestDurations, calendarInfo, calendarEnd)
	reg := at("a", v1alpha1.PhaseSubmitted, 0)
	Reached(&reg, v1alpha1.PhaseSubmitted)
	Left(&reg, v1alpha1.PhasePending, time.Hour)
	Sent(&reg, "File", "Done")
	Answered("gateway", "File", "Done", time.Second)
	problems, err := testutil.GatherAndLint(registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, d := range Definitions() {
		known[d.Name] = true
	}
	for _, family := range families {
		if !known[family.GetName()] {
			t.Errorf("%s is not among the definitions", family.GetName())
		}
	}
}

func TestARegistrarThatIsGoneLeavesNoSeries(t *testing.T) {
	Answered("gone", "Probe", "Done", time.Second)
	Answered("stays", "Probe", "Done", time.Second)
	Forget("gone")
	if n := testutil.CollectAndCount(requestDurations, requestDuration.Name); n == 0 {
		t.Error("nothing is left")
	}
	families, err := prometheus.Gatherers{gathererOf(requestDurations)}.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if text := families[0].String(); strings.Contains(text, `"gone"`) || !strings.Contains(text, `"stays"`) {
		t.Error(text)
	}
}

func TestAClockThatWasSetBackMakesNoPhaseShorterThanNothing(t *testing.T) {
	reg := &v1alpha1.ChinaAccountRegistration{}
	reg.Spec.RegistrarRef.Name = "back-in-time"
	Left(reg, v1alpha1.PhasePending, -time.Hour)
	families, err := gathererOf(phaseDurations).Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, metric := range families[0].GetMetric() {
		if strings.Contains(metric.String(), "back-in-time") {
			found = true
			if metric.GetHistogram().GetSampleSum() != 0 {
				t.Error(metric)
			}
		}
	}
	if !found {
		t.Error("it was not counted")
	}
}

func gathererOf(c prometheus.Collector) prometheus.Gatherer {
	registry := prometheus.NewRegistry()
	registry.MustRegister(c)
	return registry
}
