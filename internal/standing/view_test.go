// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"slices"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

// A Wednesday morning in Shanghai.
var now = time.Date(2026, 11, 25, 10, 0, 0, 0, businessday.Shanghai)

func at(before time.Duration) metav1.Time { return metav1.NewTime(now.Add(-before)) }

func registration(phase v1alpha1.RegistrationPhase) *v1alpha1.ChinaAccountRegistration {
	reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: "acme", Generation: 2}}
	reg.Spec.Region = v1alpha1.RegionNingxia
	reg.Spec.Dossier.Company.LegalName = "爱客科技（上海）有限公司"
	reg.Status.Phase, reg.Status.ObservedGeneration = phase, 2
	return reg
}

func TestAStepLastsUntilTheNextAndTheLastSoFar(t *testing.T) {
	reg := registration(v1alpha1.PhaseSubmitted)
	reg.Status.History = []v1alpha1.HistoryEntry{
		{Phase: v1alpha1.PhasePending, Time: at(3 * time.Hour)},
		{Phase: v1alpha1.PhaseSubmitted, Attempt: 1, Time: at(time.Hour)},
	}
	steps := Of(reg, businessday.Default(), now).Timeline
	if steps[0].Seconds != 7200 || steps[0].Lasts || steps[1].Seconds != 3600 || !steps[1].Lasts {
		t.Errorf("steps %+v", steps)
	}
	reg.Status.Phase = v1alpha1.PhaseActive
	if last := Of(reg, businessday.Default(), now).Timeline[1]; last.Lasts || last.Seconds != 0 {
		t.Errorf("what is over still lasts: %+v", last)
	}
}

func TestAStepNeverTakesLessThanNothing(t *testing.T) {
	reg := registration(v1alpha1.PhaseSubmitted)
	reg.Status.History = []v1alpha1.HistoryEntry{{Phase: v1alpha1.PhasePending, Time: at(-time.Hour)}}
	if step := Of(reg, businessday.Default(), now).Timeline[0]; step.Seconds != 0 {
		t.Errorf("clocks that differ make it take %d s", step.Seconds)
	}
}

func TestBusinessDaysAreLeftUntilWhatIsDue(t *testing.T) {
	due := metav1.NewTime(time.Date(2026, 11, 30, 23, 59, 59, 0, businessday.Shanghai)) // Monday
	reg := registration(v1alpha1.PhaseSubmitted)
	reg.Status.Requirements = []v1alpha1.Requirement{{Code: "DecisionExpected", DueTime: &due}, {Code: "FileByHand"}}
	view := Of(reg, businessday.Default(), now)
	if left := view.Due[0].BusinessDaysLeft; left == nil || *left != 3 || view.Due[0].Late {
		t.Errorf("%v business days are left", left)
	}
	if view.Due[1].BusinessDaysLeft != nil {
		t.Error("what is due at no time has days left")
	}
	if late := Of(reg, businessday.Default(), due.Add(time.Second)).Due[0]; !late.Late || *late.BusinessDaysLeft != 0 {
		t.Errorf("after its time it is %+v", late)
	}
}

func TestAFindingStandsBesideWhatIsThereNow(t *testing.T) {
	reg := registration(v1alpha1.PhaseRejected)
	part := func(name string) v1alpha1.SecretKeySource {
		return v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: name, Key: "scan"}}
	}
	reg.Spec.Dossier.Documents.Identification.Files = []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{part("a"), part("b")}}}
	for path, want := range map[string]string{
		"spec.dossier.company.legalName":                                    "爱客科技（上海）有限公司",
		"spec.dossier.documents.identification.files[0]":                    "Secret a, key scan; Secret b, key scan",
		"spec.dossier.documents.identification.files[0].parts[1]":           "Secret b, key scan",
		"spec.dossier.documents.identification":                             "Secret a, key scan; Secret b, key scan",
		"spec.dossier.documents.identification.files[7]":                    "",
		"spec.dossier.documents.identification.files[99999999999999999999]": "",
		"spec.dossier.contact":                                              "",
		"spec.dossier.company.legalName.more":                               "",
		`spec.supplementaryDocuments[?(@.challengeID=="x")]`:                "",
		"metadata.name": "",
		"":              "",
	} {
		reg.Status.Rejection = &v1alpha1.Rejection{Findings: []v1alpha1.Finding{{Code: "X", Path: path}}}
		if got := Of(reg, businessday.Default(), now).Rejection.Findings[0].Current; got != want {
			t.Errorf("at %s stands %q, want %q", path, got, want)
		}
	}
}

func TestTheHotlineIsOpenByTheRegistrarsClock(t *testing.T) {
	call := Of(registration(v1alpha1.PhaseSubmitted), businessday.Default(), now).Call
	if !call.Open || call.Hotline != "1010 0966" || !call.Changes.Equal(time.Date(2026, 11, 25, 20, 0, 0, 0, businessday.Shanghai)) {
		t.Errorf("call %+v", call)
	}
}

func TestWhatNeedsAttentionComesFirst(t *testing.T) {
	row := func(name string, change func(*v1alpha1.ChinaAccountRegistration)) Row {
		reg := registration(v1alpha1.PhaseSubmitted)
		reg.Name = name
		change(reg)
		return RowOf(reg)
	}
	awaits := func(party v1alpha1.Party, due time.Duration) func(*v1alpha1.ChinaAccountRegistration) {
		return func(reg *v1alpha1.ChinaAccountRegistration) {
			reg.Status.Awaiting = party
			q := v1alpha1.Requirement{Code: "X", Awaiting: party, Severity: v1alpha1.SeverityError, SinceTime: at(time.Hour)}
			if due != 0 {
				until := metav1.NewTime(now.Add(due))
				q.DueTime = &until
			}
			reg.Status.Requirements = []v1alpha1.Requirement{q}
		}
	}
	rows := []Row{
		row("9-suspended", func(reg *v1alpha1.ChinaAccountRegistration) {
			awaits(v1alpha1.PartyApplicant, 0)(reg)
			reg.Spec.Suspend = true
		}),
		row("8-active", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Status.Phase = v1alpha1.PhaseActive }),
		row("7-registrar", awaits(v1alpha1.PartyRegistrar, time.Hour)),
		row("6-operator", awaits(v1alpha1.PartyNone, 0)),
		row("5-agent", awaits(v1alpha1.PartyAgent, 0)),
		row("4-overdue", func(reg *v1alpha1.ChinaAccountRegistration) {
			awaits(v1alpha1.PartyRegistrar, -time.Hour)(reg)
			reg.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionOverdue, Status: metav1.ConditionTrue}}
		}),
		row("3-applicant-at-no-time", awaits(v1alpha1.PartyApplicant, 0)),
		row("2-applicant-later", awaits(v1alpha1.PartyApplicant, 2*time.Hour)),
		row("1-applicant-soon", awaits(v1alpha1.PartyApplicant, time.Hour)),
	}
	slices.SortFunc(rows, ByAttention)
	var names []string
	for _, r := range rows {
		names = append(names, r.Name)
	}
	if !slices.IsSorted(names) {
		t.Errorf("sorted as %v", names)
	}
}

func TestAnActiveAccountHasSixThingsToDoEachWithItsLink(t *testing.T) {
	reg := registration(v1alpha1.PhaseActive)
	reg.Status.Account = &v1alpha1.AccountStatus{ID: "123456789012", SignInURL: "https://123456789012.signin.amazonaws.cn/console/"}
	next := Of(reg, businessday.Default(), now).Next
	if len(next) != 6 || next[0].Link != reg.Status.Account.SignInURL {
		t.Fatalf("next are %+v", next)
	}
	for _, advice := range next {
		if advice.Do.English == "" || advice.Do.Chinese == "" || advice.Source == "" || advice.Link == "" {
			t.Errorf("advice %+v", advice)
		}
	}
}
