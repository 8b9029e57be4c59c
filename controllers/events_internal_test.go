// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC) // in Shanghai

func registrationNamed(name string) *v1alpha1.ChinaAccountRegistration {
	return &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: name, UID: types.UID("uid-" + name)}}
}

func TestTheSameThingHasTheSameEventName(t *testing.T) {
	g := NewWithT(t)
	reg := registrationNamed("acme")
	name := eventName(reg, []any{int32(1), v1alpha1.PhaseSubmitted, noon.Unix()})
	g.Expect(eventName(reg.DeepCopy(), []any{int32(1), v1alpha1.PhaseSubmitted, noon.Unix()})).To(Equal(name))

	again := reg.DeepCopy()
	again.UID = "uid-of-another-life"
	for word, other := range map[string]string{
		"another life":    eventName(again, []any{int32(1), v1alpha1.PhaseSubmitted, noon.Unix()}),
		"another attempt": eventName(reg, []any{int32(2), v1alpha1.PhaseSubmitted, noon.Unix()}),
		"another phase":   eventName(reg, []any{int32(1), v1alpha1.PhaseVerified, noon.Unix()}),
		"another time":    eventName(reg, []any{int32(1), v1alpha1.PhaseSubmitted, noon.Unix() + 1}),
	} {
		g.Expect(other).NotTo(Equal(name), word)
	}
}

func TestAnEventsNameIsOneThatTheServerTakes(t *testing.T) {
	for _, name := range []string{"acme", strings.Repeat("a", 253), strings.Repeat("a", 199) + ".b", strings.Repeat("a", 198) + "-." + "b"} {
		NewWithT(t).Expect(validation.NameIsDNSSubdomain(eventName(registrationNamed(name), []any{"x"}), false)).To(BeEmpty(), name)
	}
}

func TestOnlyWhatIsNewInHistoryIsTold(t *testing.T) {
	g := NewWithT(t)
	before := registrationNamed("acme")
	before.Status.History = []v1alpha1.HistoryEntry{{Phase: v1alpha1.PhasePending, Reason: v1alpha1.ReasonCreated, Time: metav1.NewTime(noon)}}
	after := before.DeepCopy()
	// As it comes back from the server: the same second, in another zone.
	after.Status.History[0].Time = metav1.NewTime(noon.Add(300 * time.Millisecond).Local())
	g.Expect(newHistory(before, after)).To(BeEmpty())

	after.Status.History = append(after.Status.History,
		v1alpha1.HistoryEntry{Phase: v1alpha1.PhaseSubmitted, Attempt: 1, Reason: v1alpha1.ReasonFiled, Time: metav1.NewTime(noon)})
	g.Expect(newHistory(before, after)).To(ConsistOf(HaveField("Phase", v1alpha1.PhaseSubmitted)))
	g.Expect(newHistory(after, after)).To(BeEmpty())
}

func TestOnlyNewRequirementsOfSomebodyButTheRegistrarAreTold(t *testing.T) {
	code := v1alpha1.Requirement{Code: v1alpha1.RequirementPhoneCode, Path: "spec.verificationCodesSecretRef", Awaiting: v1alpha1.PartyApplicant, Message: "Enter it."}
	reworded, handedOn := code, code
	reworded.Message, handedOn.Awaiting = "Tries left: 4.", v1alpha1.PartyAgent
	decision := v1alpha1.Requirement{Code: v1alpha1.RequirementDecision, Awaiting: v1alpha1.PartyRegistrar}
	contact := v1alpha1.Requirement{Code: v1alpha1.RequirementFirstContact, Awaiting: v1alpha1.PartyRegistrar}
	for _, c := range []struct {
		name   string
		before []v1alpha1.Requirement
		after  v1alpha1.Requirement
		told   int
	}{
		{"one that was not there", nil, code, 1},
		{"one that is there already", []v1alpha1.Requirement{code}, code, 0},
		{"one of which only the words changed", []v1alpha1.Requirement{code}, reworded, 0},
		{"one that is somebody else's now", []v1alpha1.Requirement{code}, handedOn, 1},
		{"the decision, which belongs to every life", nil, decision, 0},
		{"the first contact, which belongs to every life", nil, contact, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after := registrationNamed("acme"), registrationNamed("acme")
			before.Status.Requirements, after.Status.Requirements = c.before, []v1alpha1.Requirement{c.after}
			NewWithT(t).Expect(newRequirements(before, after)).To(HaveLen(c.told))
		})
	}
}

func TestWhatBelongsToALifeIsNormalAndWhatWentWrongAWarning(t *testing.T) {
	g := NewWithT(t)
	for _, code := range []string{v1alpha1.RequirementPhoneCode, v1alpha1.RequirementFileByHand, v1alpha1.RequirementResubmission} {
		g.Expect(eventType(v1alpha1.Requirement{Code: code})).To(Equal(corev1.EventTypeNormal), code)
	}
	for _, code := range []string{"DocumentTooLarge", v1alpha1.RequirementRegistrarContradiction, v1alpha1.RequirementSecretNotFound, "NewTomorrow"} {
		g.Expect(eventType(v1alpha1.Requirement{Code: code})).To(Equal(corev1.EventTypeWarning), code)
	}
}

func TestTheNoteOfATransitionSaysWhatToKnow(t *testing.T) {
	reg := registrationNamed("acme")
	due := metav1.NewTime(noon)
	reg.Status.Filing = &v1alpha1.Filing{Attempt: 1, DueTime: &due}
	reg.Status.Account = &v1alpha1.AccountStatus{ID: "123456789012"}
	reg.Status.Rejection = &v1alpha1.Rejection{Findings: []v1alpha1.Finding{{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "Not the certificate's."}}}
	for _, c := range []struct {
		phase  v1alpha1.RegistrationPhase
		reason string
		words  []string
	}{
		{v1alpha1.PhaseSubmitted, v1alpha1.ReasonFiled, []string{"Attempt 1 is filed.", "2026-03-02 12:00 GMT+8"}},
		{v1alpha1.PhaseUnderReview, v1alpha1.ReasonAdopted, []string{"Joined a filing that exists already.", "under review"}},
		{v1alpha1.PhaseUnderReview, v1alpha1.ReasonReopened, []string{"took the attempt up again"}},
		{v1alpha1.PhaseVerified, v1alpha1.ReasonVerified, []string{"is verified"}},
		{v1alpha1.PhaseActive, v1alpha1.ReasonActive, []string{"123456789012"}},
		{v1alpha1.PhaseRejected, v1alpha1.ReasonRejected, []string{"NameMismatch spec.dossier.company.legalName: Not the certificate's."}},
	} {
		t.Run(string(c.phase)+" "+c.reason, func(t *testing.T) {
			note := transitionNote(reg, v1alpha1.HistoryEntry{Phase: c.phase, Attempt: 1, Reason: c.reason, Time: metav1.NewTime(noon)})
			for _, word := range c.words {
				NewWithT(t).Expect(note).To(ContainSubstring(word))
			}
		})
	}
}
