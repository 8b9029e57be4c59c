// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/clock"
	testclock "k8s.io/utils/clock/testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

func TestThePauseIsCountedFromTheTimeDecidedOn(t *testing.T) {
	for _, c := range []struct {
		name string
		next time.Time
		want time.Duration
	}{
		{"never", time.Time{}, 0},
		{"at once is no timer of 0, which would be none", noon, time.Millisecond},
		{"a time that has passed", noon.Add(-time.Hour), time.Millisecond},
		{"a fraction of a second", noon.Add(60 * time.Millisecond), 60 * time.Millisecond},
		{"a day", noon.Add(24 * time.Hour), 24 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			NewWithT(t).Expect(nextLook(noon, lifecycle.Decision{NextLook: c.next}).RequeueAfter).To(Equal(c.want))
		})
	}
}

func TestWhatWaitsGivesWayToWhatIsNew(t *testing.T) {
	for _, c := range []struct {
		name  string
		next  time.Time
		phase v1alpha1.RegistrationPhase
		want  types.GomegaMatcher
	}{
		{"a filing under way, at a time to come", noon.Add(time.Hour), v1alpha1.PhaseUnderReview, HaveValue(Equal(priorityWaiting))},
		{"one that goes on at once", noon, v1alpha1.PhaseVerified, BeNil()},
		{"one that is not filed yet", noon.Add(time.Minute), v1alpha1.PhasePending, BeNil()},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := lifecycle.Decision{NextLook: c.next}
			d.Status.Phase = c.phase
			NewWithT(t).Expect(nextLook(noon, d).Priority).To(c.want)
		})
	}
}

func TestAnotherWriterIsNoErrorAndAGoneObjectNeedsNothing(t *testing.T) {
	g := NewWithT(t)
	resource := schema.GroupResource{Resource: "chinaaccountregistrations"}
	result, err := comeAgain(apierrors.NewConflict(resource, "acme", errors.New("newer")))
	g.Expect(result.RequeueAfter).To(BeNumerically(">", 0))
	g.Expect(err).NotTo(HaveOccurred())
	result, err = comeAgain(apierrors.NewNotFound(resource, "acme"))
	g.Expect(result).To(BeZero())
	g.Expect(err).NotTo(HaveOccurred())
	_, err = comeAgain(apierrors.NewForbidden(resource, "acme", errors.New("no")))
	g.Expect(apierrors.IsForbidden(err)).To(BeTrue())

	ended, end := context.WithCancel(t.Context())
	g.Expect(unlessEnding(ended, err)).To(Equal(err))
	end()
	g.Expect(unlessEnding(ended, err)).To(Succeed(), "the next operator begins the pass anew")
}

func TestAGatewayInTroubleIsProbedSoonAndThenLessOften(t *testing.T) {
	since := func(d time.Duration) metav1.Time { return metav1.NewTime(noon.Add(-d)) }
	up := metav1.Condition{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, LastTransitionTime: since(time.Hour)}
	speaks := metav1.Condition{Type: v1alpha1.ConditionResponding, Status: metav1.ConditionTrue, LastTransitionTime: since(time.Hour)}
	down := func(c metav1.Condition, d time.Duration) metav1.Condition {
		c.Status, c.LastTransitionTime = metav1.ConditionFalse, since(d)
		return c
	}
	for _, c := range []struct {
		name       string
		kind       v1alpha1.RegistrarType
		conditions []metav1.Condition
		want       time.Duration
	}{
		{"by hand: never", v1alpha1.RegistrarManual, []metav1.Condition{up}, never},
		{"all well: seldom", v1alpha1.RegistrarGateway, []metav1.Condition{up, speaks}, longestProbe},
		{"just down: soon", v1alpha1.RegistrarGateway, []metav1.Condition{down(up, 0), speaks}, shortestProbe},
		{"just talking nonsense: soon", v1alpha1.RegistrarGateway, []metav1.Condition{up, down(speaks, 0)}, shortestProbe},
		{"down for two minutes", v1alpha1.RegistrarGateway, []metav1.Condition{down(up, 2*time.Minute)}, 30 * time.Second},
		{"down for a day: seldom", v1alpha1.RegistrarGateway, []metav1.Condition{down(up, 24*time.Hour)}, longestProbe},
	} {
		t.Run(c.name, func(t *testing.T) {
			object := &v1alpha1.Registrar{Spec: v1alpha1.RegistrarSpec{Type: c.kind}}
			object.Status.Conditions = c.conditions
			r := &RegistrarReconciler{Clock: testclock.NewFakePassiveClock(noon)}
			NewWithT(t).Expect(r.nextProbe(object)).To(Equal(c.want))
		})
	}
}

func TestTroubleIsToldOnceUntilAProbeWithoutAny(t *testing.T) {
	g := NewWithT(t)
	r := NewRegistrars(nil, NewNews(nil, clock.RealClock{}), "china-account-system")
	nonsense := &lifecycle.Trouble{Kind: lifecycle.TroubleInvalid, Message: "GET attempt 1: no JSON"}

	r.Heard("default", nil)
	r.Heard("default", &lifecycle.Trouble{Kind: lifecycle.TroubleLocal})
	g.Expect(r.heard).To(BeEmpty(), "our own trouble is not the registrar's")
	g.Expect(r.lastTrouble("default")).To(BeNil())

	r.Heard("default", nonsense)
	r.Heard("default", nonsense)
	g.Expect(r.heard).To(HaveLen(1))
	g.Expect((<-r.heard).Object.GetName()).To(Equal("default"))
	g.Expect(r.lastTrouble("default")).To(Equal(nonsense))

	r.Heard("default", nonsense)
	g.Expect(r.heard).To(BeEmpty(), "its Registrar says so already")
	g.Expect(r.lastTrouble("default")).To(Equal(nonsense))

	g.Expect(r.lastTrouble("default")).To(BeNil(), "nothing since the last probe")
	r.Heard("default", nonsense)
	g.Expect(r.heard).To(HaveLen(1))
}
