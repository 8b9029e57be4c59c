// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"slices"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const aYear = 365 * 24 * time.Hour

var jumps = map[string]time.Duration{"forward by a day": 24 * time.Hour, "forward by a year": aYear, "back by an hour": -time.Hour, "back by a year": -aYear}

// mostLooks are as many as a life of a day takes when nothing is wrong.
const mostLooks = 250

func TestAClockThatJumpsChangesNothingButTheTime(t *testing.T) {
	code := Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode}
	for name, build := range map[string]func() *world{
		"as intended":  func() *world { return intent() },
		"as submitted": func() *world { return filedWorld(StateReceived) },
		"under review": func() *world { return filedWorld(StateUnderReview) },
		"as verified":  func() *world { return filedWorld(StateVerified, asking(code)) },
		"as rejected":  rejectedWorld,
		"out of reach": func() *world { w := filedWorld(StateUnderReview); w.pass(lookFails); return w },
	} {
		for how, jump := range jumps {
			t.Run(name+" "+how, func(t *testing.T) {
				w := build()
				before := w.reg.Status.DeepCopy()
				w.now = w.now.Add(jump)
				looks := w.lives(24 * time.Hour)
				if looks > mostLooks {
					t.Errorf("%d looks in a day, want at most %d", looks, mostLooks)
				}
				if len(w.registrar.attempts) != 1 || len(w.registrar.sins) > 0 {
					t.Errorf("the registrar has %d attempts, sins %v", len(w.registrar.attempts), w.registrar.sins)
				}
				if was := before.Filing; was.FiledTime != nil {
					if is := w.reg.Status.Filing; w.reg.Status.Phase != before.Phase || !is.FiledTime.Equal(was.FiledTime) || !is.DueTime.Equal(was.DueTime) {
						t.Errorf("was %s, filed %s, due %s; is %s, filed %s, due %s", before.Phase, was.FiledTime, was.DueTime, w.reg.Status.Phase, is.FiledTime, is.DueTime)
					}
				}
				w.completes(t)
			})
		}
	}
}

// lives lets time pass and counts the looks.
func (w *world) lives(d time.Duration) (looks int) {
	for end := w.now.Add(d); w.now.Before(end); looks++ {
		w.advance(w.pass(noFault).final)
	}
	return looks
}

// completes takes a life to its end.
func (w *world) completes(t *testing.T) {
	t.Helper()
	attempt := w.reg.Status.Filing.Attempt
	if w.reg.Status.Phase == v1alpha1.PhaseRejected {
		w.then(resubmit(attempt))
	}
	w.registrar.decide(StateActive, asking())
	w.then()
	if history := w.reg.Status.History; w.reg.Status.Phase != v1alpha1.PhaseActive || history[len(history)-1].Phase != v1alpha1.PhaseActive {
		t.Errorf("ends %s with history %v", w.reg.Status.Phase, history)
	}
}

func TestAFilingThatWaitsForMonthsIsOverdueOnceAndGoesOn(t *testing.T) {
	w := filedWorld(StateUnderReview)
	overdueSince := map[time.Time]bool{}
	dueSince := map[time.Time]bool{}
	for end := w.now.Add(270 * 24 * time.Hour); w.now.Before(end); {
		s := w.pass(noFault)
		if c := meta.FindStatusCondition(s.final.Status.Conditions, v1alpha1.ConditionOverdue); c.Status == "True" {
			overdueSince[c.LastTransitionTime.Time] = true
		}
		dueSince[requirementOf(t, w, v1alpha1.RequirementDecision).SinceTime.Time] = true
		w.advance(s.final)
	}
	if len(overdueSince) != 1 || len(dueSince) != 1 {
		t.Errorf("overdue since %v, the decision required since %v; want one time each", overdueSince, dueSince)
	}
	if got := codes(&w.reg.Status); !slices.Equal(got, []string{v1alpha1.RequirementDecision}) {
		t.Errorf("requires %v", got)
	}
	w.completes(t)
	if meta.IsStatusConditionTrue(w.reg.Status.Conditions, v1alpha1.ConditionOverdue) {
		t.Error("is still Overdue")
	}
}

func TestADecisionOfAYearWithoutATableIsDueProvisionally(t *testing.T) {
	for _, c := range []struct {
		name, filed, due string
		basis            v1alpha1.DueBasis
	}{
		{"on the eve of the known National Day", "2026-09-30 09:00:00", "2026-10-09 23:59:59", v1alpha1.DuePublished},
		{"on the eve of a National Day of which the statutory days alone are known", "2029-09-28 09:00:00", "2029-10-05 23:59:59", v1alpha1.DueProvisional},
		{"in a week without holidays, of a year without a table", "2031-06-16 09:00:00", "2031-06-18 23:59:59", v1alpha1.DueProvisional},
		{"in a year long past", "2019-06-17 09:00:00", "2019-06-19 23:59:59", v1alpha1.DueProvisional},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := startingAt(shanghai(t, c.filed)).then()
			if f := w.reg.Status.Filing; !f.DueTime.Time.Equal(shanghai(t, c.due)) || f.DueBasis != c.basis {
				t.Errorf("due %s %s, want %s %s", f.DueTime, f.DueBasis, c.due, c.basis)
			}
		})
	}
}
