// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"sync"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/lives"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// moment is one in the life of a registration, and what Argo CD makes of it.
type moment struct {
	name string
	// before, if set, is done before it is applied.
	before func(*scene)
	// byHand: an agent files it.
	byHand bool
	// spec, if set, changes what is applied first.
	spec func(*v1alpha1.ChinaAccountRegistrationSpec)
	// forced, if set, is where the registrar puts the filing once it has it.
	forced *registrar.ForcedState
	// then, if set, is what people do after that.
	then func(*scene)
	// phase and Ready's reason say that the moment has come.
	phase  v1alpha1.RegistrationPhase
	reason string

	row row
	// offered are the actions beside refresh, which always is.
	offered []string
}

// scene is where a moment is played.
type scene struct {
	*WithT
	*world
	t      *testing.T
	people *lives.People
}

var (
	suspends   = []string{"suspend"}
	nothing    []string
	rejection  = []contract.Finding{{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "The name differs from the certificate's."}}
	rejected   = &registrar.ForcedState{State: contract.Rejected, Findings: rejection}
	isVerified = &registrar.ForcedState{State: contract.Verified}
	isActive   = &registrar.ForcedState{State: contract.Active}
)

func suspended(s *v1alpha1.ChinaAccountRegistrationSpec) { s.Suspend = true }

// row is one of the table in docs/gitops-argocd.md.
type row struct {
	is     string
	health health.HealthStatusCode
}

var (
	rowUnseen     = row{"is being deleted, or was changed and not looked at yet", health.HealthStatusProgressing}
	rowActive     = row{"is active, suspended or not", health.HealthStatusHealthy}
	rowSuspended  = row{"is suspended (`spec.suspend`)", health.HealthStatusSuspended}
	rowHeld       = row{"is held: the registrar contradicts itself", health.HealthStatusDegraded}
	rowFiling     = row{"has an intent to file: through a gateway; also when filing again", health.HealthStatusProgressing}
	rowClaimed    = row{"is claimed by an agent", health.HealthStatusSuspended}
	rowRejected   = row{"was rejected, finally or not, and is not to be filed again yet", health.HealthStatusDegraded}
	rowFindings   = row{"has findings that only the applicant can mend", health.HealthStatusDegraded}
	rowMissing    = row{"misses a Secret, its Registrar, or the Registrar's readiness", health.HealthStatusProgressing}
	rowSomebody   = row{"awaits an agent, or a verification code", health.HealthStatusSuspended}
	rowReview     = row{"is submitted or under review", health.HealthStatusSuspended}
	rowVerified   = row{"is verified and awaits the applicant: code, support plan", health.HealthStatusSuspended}
	rowCompleting = row{"is verified, and the sign-up is being completed", health.HealthStatusProgressing}
)

// everyMoment is the design's table, row by row; then those of two rows, of which the
// upper one counts.
var everyMoment = []moment{
	{
		name: "secrets-missing", before: (*scene).losesItsIdentity, phase: v1alpha1.PhasePending, reason: v1alpha1.ReasonSecretsMissing,
		row: rowMissing, offered: suspends,
	},
	{
		name: "registrar-missing", spec: func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.RegistrarRef.Name = "nowhere" },
		phase: v1alpha1.PhasePending, reason: v1alpha1.RequirementRegistrarNotFound,
		row: rowMissing, offered: suspends,
	},
	{
		name: "filing", before: (*scene).registrarDoesNotTakeIt, phase: v1alpha1.PhasePending, reason: v1alpha1.ReasonFiling,
		row: rowFiling, offered: suspends,
	},
	{
		name: "awaits-agent", byHand: true, phase: v1alpha1.PhasePending, reason: v1alpha1.ReasonAwaitingAgent,
		row: rowSomebody, offered: suspends,
	},
	{
		name: "claimed", byHand: true, then: (*scene).agentClaims, phase: v1alpha1.PhasePending, reason: v1alpha1.ReasonAwaitingAgent,
		row: rowClaimed, offered: suspends,
	},
	{
		name: "preflight-failed", before: (*scene).scansBadly, phase: v1alpha1.PhasePending, reason: v1alpha1.ReasonPreflightFailed,
		row: rowFindings, offered: suspends,
	},
	{
		name: "submitted", phase: v1alpha1.PhaseSubmitted, reason: v1alpha1.ReasonAwaitingDecision,
		row: rowReview, offered: suspends,
	},
	{
		name: "email-code-due", forced: &registrar.ForcedState{State: contract.Received, Challenges: []string{"emailCode"}},
		phase: v1alpha1.PhaseSubmitted, reason: v1alpha1.RequirementEmailCode,
		row: rowSomebody, offered: suspends,
	},
	{
		name: "under-review", forced: &registrar.ForcedState{State: contract.UnderReview},
		phase: v1alpha1.PhaseUnderReview, reason: v1alpha1.ReasonUnderReview,
		row: rowReview, offered: suspends,
	},
	{
		name: "rejected", forced: rejected, phase: v1alpha1.PhaseRejected, reason: v1alpha1.ReasonRejected,
		row: rowRejected, offered: suspends,
	},
	{
		name: "rejected-and-mended", forced: rejected, then: (*scene).mends, phase: v1alpha1.PhaseRejected, reason: v1alpha1.ReasonRejected,
		row: rowRejected, offered: []string{"resubmit", "suspend"},
	},
	{
		name: "rejected-finally", forced: &registrar.ForcedState{State: contract.Rejected, Findings: rejection, Final: true},
		phase: v1alpha1.PhaseRejected, reason: v1alpha1.ReasonRejectedFinally,
		row: rowRejected, offered: suspends,
	},
	{
		name: "held", forced: &registrar.ForcedState{State: "awaitingSeal"}, phase: v1alpha1.PhaseSubmitted, reason: v1alpha1.ReasonRegistrarContradiction,
		row: rowHeld, offered: suspends,
	},
	{
		name: "phone-code-due", forced: &registrar.ForcedState{State: contract.Verified, Challenges: []string{"phoneCode", "supportPlan"}},
		phase: v1alpha1.PhaseVerified, reason: v1alpha1.RequirementPhoneCode,
		row: rowVerified, offered: suspends,
	},
	{
		name: "completing", forced: isVerified, phase: v1alpha1.PhaseVerified, reason: v1alpha1.ReasonCompletingSignUp,
		row: rowCompleting, offered: suspends,
	},
	{
		name: "withdraws", spec: func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.DeletionPolicy = v1alpha1.DeletionWithdraw },
		phase: v1alpha1.PhaseSubmitted, reason: v1alpha1.ReasonAwaitingDecision,
		row: rowReview, offered: suspends,
	},
	{
		name: "suspended", spec: suspended, phase: v1alpha1.PhasePending, reason: v1alpha1.ReasonSuspended,
		row: rowSuspended, offered: []string{"resume"},
	},
	{
		name: "active", forced: isActive, phase: v1alpha1.PhaseActive, reason: v1alpha1.ReasonActive,
		row: rowActive, offered: nothing,
	},
	{
		name: "active-before-suspended", forced: isActive, then: (*scene).isSuspended, phase: v1alpha1.PhaseActive, reason: v1alpha1.ReasonActive,
		row: rowActive, offered: []string{"resume"},
	},
	{
		name: "suspended-before-findings", before: (*scene).scansBadly, spec: suspended, phase: v1alpha1.PhasePending, reason: v1alpha1.ReasonSuspended,
		row: rowSuspended, offered: []string{"resume"},
	},
	{
		name: "suspended-before-rejected", forced: rejected, then: (*scene).isSuspended, phase: v1alpha1.PhaseRejected, reason: v1alpha1.ReasonSuspended,
		row: rowSuspended, offered: []string{"resume"},
	},
	{
		name: "filing-again-before-rejected", forced: rejected, then: (*scene).resubmitsInVain, phase: v1alpha1.PhaseRejected, reason: v1alpha1.ReasonFiling,
		row: rowFiling, offered: suspends,
	},
	{
		name: "findings-before-rejected", forced: rejected, then: (*scene).resubmitsABadScan, phase: v1alpha1.PhaseRejected, reason: v1alpha1.ReasonPreflightFailed,
		row: rowFindings, offered: suspends,
	},
}

func (w *world) moments(t *testing.T) {
	for _, m := range everyMoment {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := w.play(t, m)
			live := s.settled(t, "ChinaAccountRegistration", m.name, func() bool { return m.hasCome(w.registration(t.Context(), m.name)) })
			said := s.judge(live)
			s.Expect(said.Status).To(Equal(m.row.health), said.Message)
			ready := meta.FindStatusCondition(w.registration(t.Context(), m.name).Status.Conditions, v1alpha1.ConditionReady)
			s.Expect(said.Message).To(HavePrefix(ready.Message))
			s.offers(live, m.offered)
		})
	}
}

// play brings a registration to the moment.
func (w *world) play(t *testing.T, m moment) *scene {
	t.Helper()
	s := w.scene(t, m.name, m.byHand)
	if m.before != nil {
		m.before(s)
	}
	reg := s.people.Registration()
	if m.spec != nil {
		m.spec(&reg.Spec)
	}
	s.Expect(w.Onlooker.Create(t.Context(), reg)).To(Succeed())
	s.Expect(s.people.Begin(t.Context())).To(Succeed(), "its Secrets; the registration is there already")
	if m.forced != nil {
		s.reaches(v1alpha1.PhaseSubmitted)
		s.Expect(w.Gateway.Force(t.Context(), s.people.Key(), *m.forced)).To(Succeed())
	}
	if m.then != nil {
		m.then(s)
	}
	return s
}

// scene opens one for a registration of that name.
func (w *world) scene(t *testing.T, name string, byHand bool) *scene {
	t.Helper()
	cast := lives.Cast{Life: lives.Life{Name: name, Scenario: "silent"}, Namespace: namespace, Name: name, Registrar: ground.GatewayName}
	if byHand {
		cast.Scenario, cast.Registrar = "", v1alpha1.DefaultRegistrarName
	}
	return &scene{WithT: NewWithT(t), world: w, t: t, people: lives.NewPeople(cast, w.Onlooker)}
}

func (m moment) hasCome(reg *v1alpha1.ChinaAccountRegistration) bool {
	if reg == nil || reg.Status.ObservedGeneration != reg.Generation {
		return false
	}
	ready := meta.FindStatusCondition(reg.Status.Conditions, v1alpha1.ConditionReady)
	return reg.Status.Phase == m.phase && ready != nil && ready.Reason == m.reason
}

func (s *scene) reaches(phase v1alpha1.RegistrationPhase) {
	s.t.Helper()
	s.Eventually(func() v1alpha1.RegistrationPhase {
		reg := s.registration(s.t.Context(), s.people.Name)
		if reg == nil || reg.Status.ObservedGeneration != reg.Generation {
			return ""
		}
		return reg.Status.Phase
	}).Should(Equal(phase), func() string { return lives.Describe(s.registration(s.t.Context(), s.people.Name)) })
}

// changes edits the registration's spec once it is in that phase.
func (s *scene) changes(phase v1alpha1.RegistrationPhase, change func(*v1alpha1.ChinaAccountRegistrationSpec)) {
	s.t.Helper()
	s.reaches(phase)
	s.Eventually(func() error {
		reg := s.registration(s.t.Context(), s.people.Name)
		change(&reg.Spec)
		return s.Onlooker.Update(s.t.Context(), reg)
	}).Should(Succeed())
}

// makes one of the Secrets that the registration names.
func (s *scene) makes(name string, data map[string][]byte) {
	s.t.Helper()
	s.Expect(s.Onlooker.Create(s.t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: s.people.Name + "-" + name, Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
		},
		Data: data,
	})).To(Succeed())
}

func (s *scene) losesItsIdentity() { s.makes("identity", nil) }

func (s *scene) scansBadly() { s.makes("license-2", map[string][]byte{"scan": []byte("cut off")}) }

// spoiled are the keys of filings that the registrar does not take.
var spoiled struct {
	sync.Mutex
	faults []registrar.Fault
}

func (s *scene) registrarDoesNotTakeIt() {
	s.t.Helper()
	spoiled.Lock()
	defer spoiled.Unlock()
	spoiled.faults = append(spoiled.faults, registrar.Fault{Kind: registrar.Fault503, Operations: []string{"fileAttempt"}, Key: s.people.Key()})
	s.Expect(s.Gateway.Faults(s.t.Context(), spoiled.faults...)).To(Succeed())
}

func (s *scene) agentClaims() {
	s.t.Helper()
	s.Eventually(func(g Gomega) {
		reg := s.registration(s.t.Context(), s.people.Name)
		if reg.Status.Filing == nil {
			g.Expect(s.people.Act(s.t.Context(), reg)).To(Succeed())
		}
		g.Expect(reg.Status.Filing).NotTo(BeNil())
	}).Should(Succeed())
}

func (s *scene) mends() {
	s.t.Helper()
	s.changes(v1alpha1.PhaseRejected, func(spec *v1alpha1.ChinaAccountRegistrationSpec) {
		spec.Dossier.Company.LegalName += "（更正）"
	})
	s.Eventually(func() bool { return s.requires(v1alpha1.RequirementDossierUnchanged) }).Should(BeFalse())
}

func (s *scene) requires(code string) bool {
	for _, q := range s.registration(s.t.Context(), s.people.Name).Status.Requirements {
		if q.Code == code {
			return true
		}
	}
	return false
}

func (s *scene) isSuspended() {
	phase := v1alpha1.PhaseRejected
	if s.people.Name == "active-before-suspended" {
		phase = v1alpha1.PhaseActive
	}
	s.changes(phase, suspended)
}

func (s *scene) resubmitsInVain() {
	s.t.Helper()
	s.registrarDoesNotTakeIt()
	s.changes(v1alpha1.PhaseRejected, func(spec *v1alpha1.ChinaAccountRegistrationSpec) {
		spec.ResubmitAfterAttempt = new(int32(1))
		spec.Dossier.Company.LegalName += "（更正）"
	})
}

func (s *scene) resubmitsABadScan() {
	s.t.Helper()
	scan := s.people.Secret()
	s.Expect(s.Onlooker.Get(s.t.Context(), client.ObjectKeyFromObject(scan), scan)).To(Succeed())
	scan.Data["scan"] = []byte("cut off")
	s.Expect(s.Onlooker.Update(s.t.Context(), scan)).To(Succeed())
	s.changes(v1alpha1.PhaseRejected, func(spec *v1alpha1.ChinaAccountRegistrationSpec) { spec.ResubmitAfterAttempt = new(int32(1)) })
}
