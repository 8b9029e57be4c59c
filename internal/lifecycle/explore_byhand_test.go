// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// report adds an agent's report. Its claim is the last one, unless it says otherwise.
func (w *world) report(kind v1alpha1.FilingReportType, attempt int32, changes ...func(*v1alpha1.FilingReport)) *v1alpha1.FilingReport {
	w.reported++
	r := v1alpha1.FilingReport{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: w.reg.Namespace, Name: fmt.Sprintf("report-%d", w.reported), CreationTimestamp: metav1.NewTime(w.now),
		},
		Spec: v1alpha1.FilingReportSpec{
			RegistrationRef: v1alpha1.RegistrationReference{Name: w.reg.Name}, FilingKey: filingKey,
			Attempt: attempt, Type: kind, ReportedBy: "agent",
		},
	}
	if kind != v1alpha1.ReportClaimed {
		r.Spec.ClaimName = w.lastClaim()
	}
	switch kind {
	case v1alpha1.ReportRejected:
		r.Spec.Findings = findings
	case v1alpha1.ReportActive:
		r.Spec.AccountID = "123456789012"
	}
	for _, change := range changes {
		change(&r)
	}
	w.reports = append(w.reports, r)
	return &w.reports[len(w.reports)-1]
}

func (w *world) lastClaim() string {
	for _, r := range slices.Backward(w.reports) {
		if r.Spec.Type == v1alpha1.ReportClaimed {
			return r.Name
		}
	}
	return "no-claim"
}

// verdict on a report: True, False, or "" before it is judged.
func (w *world) verdict(name string) (status metav1.ConditionStatus, reason string) {
	for _, r := range w.reports {
		if c := meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted); c != nil && r.Name == name {
			return c.Status, c.Reason
		}
	}
	return "", ""
}

// reports is an agent's report about the last claim, true or not. What changes nothing
// any more (refused reports, releases of a claim that is gone) is left out of the
// model; most bounds it, not agents.
func reports(most int, kind v1alpha1.FilingReportType, attempt int32) event {
	return event{fmt.Sprintf("an agent reports %s of attempt %d", kind, attempt), func(w *world) bool {
		claims := map[string]bool{}
		w.reports = slices.DeleteFunc(w.reports, func(r v1alpha1.FilingReport) bool {
			c := meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted)
			refused := c != nil && c.Status == metav1.ConditionFalse
			claims[r.Name] = r.Spec.Type == v1alpha1.ReportClaimed && !refused
			return refused || r.Spec.Type == v1alpha1.ReportReleased && !claims[r.Spec.ClaimName]
		})
		twice := slices.ContainsFunc(w.reports, func(r v1alpha1.FilingReport) bool {
			return r.Spec.Type == kind && r.Spec.ClaimName == w.lastClaim()
		})
		if twice || len(w.reports) >= most {
			return false
		}
		w.report(kind, attempt, func(r *v1alpha1.FilingReport) {
			// Strictly one after the other, whatever happens between two passes.
			r.CreationTimestamp = metav1.NewTime(monday.Add(time.Duration(w.reported) * time.Second))
		})
		return true
	}, true}
}

// tidies: an administrator deletes claims that were given back, and their releases.
func tidies() event {
	return event{"an administrator deletes released claims", func(w *world) bool {
		released := map[string]bool{}
		for _, r := range w.reports {
			if status, _ := w.verdict(r.Name); r.Spec.Type == v1alpha1.ReportReleased && status == metav1.ConditionTrue {
				released[r.Spec.ClaimName] = true
			}
		}
		before := len(w.reports)
		w.reports = slices.DeleteFunc(w.reports, func(r v1alpha1.FilingReport) bool {
			return released[r.Name] || released[r.Spec.ClaimName]
		})
		return len(w.reports) < before
	}, true}
}

func TestEveryLifeByHand(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{byHandWorld()},
		faults: []fault{requestLost, answerLost, crash, verdictsLost},
		events: []event{
			reports(4, v1alpha1.ReportClaimed, 1), reports(4, v1alpha1.ReportRejected, 1), reports(4, v1alpha1.ReportReleased, 1),
			reports(4, v1alpha1.ReportClaimed, 2), reports(4, v1alpha1.ReportActive, 2), resubmits(1), tidies(),
		},
	})
}

func TestEveryLifeByHandWithADossierThatChanges(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{byHandWorld()},
		faults: []fault{requestLost, crash, verdictsLost},
		events: slices.Concat(dossiers(), []event{
			reports(3, v1alpha1.ReportClaimed, 1), reports(3, v1alpha1.ReportReleased, 1),
			reports(3, v1alpha1.ReportVerified, 1), reports(3, v1alpha1.ReportActive, 1), tidies(),
		}),
	})
}

func TestEveryLifeByHandThatIsSuspendedOrWithdrawn(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{byHandWorld()},
		faults: []fault{answerLost, verdictsLost},
		events: []event{
			reports(3, v1alpha1.ReportClaimed, 1), reports(3, v1alpha1.ReportReleased, 1),
			reports(3, v1alpha1.ReportUnderReview, 1), reports(3, v1alpha1.ReportWithdrawn, 1),
			withdraws(1), doesNotWithdraw(), suspends(true), suspends(false), tidies(),
		},
	})
}

func TestEveryLifeByHandThatIsDeletedOrRecreated(t *testing.T) {
	explore(t, exploration{
		begin:  []*world{byHandWorld()},
		faults: []fault{answerLost, verdictsLost},
		events: []event{
			reports(3, v1alpha1.ReportClaimed, 1), reports(3, v1alpha1.ReportReleased, 1),
			reports(3, v1alpha1.ReportUnderReview, 1), reports(3, v1alpha1.ReportWithdrawn, 1),
			deletionPolicy(v1alpha1.DeletionWithdraw), deletionPolicy(v1alpha1.DeletionRetain), deletes(), recreates(), tidies(),
		},
	})
}

// checkVerdicts: a report is judged once, and one claim stands at a time.
func checkVerdicts(before, after *world, s step) (broken []string) {
	for _, v := range s.final.Verdicts {
		if status, _ := before.verdict(v.Name); status != "" {
			broken = append(broken, v.Name+" is judged again")
		}
		if v.Reason == "" || v.Message == "" {
			broken = append(broken, v.Name+" is judged without a reason")
		}
	}
	standing := map[string]bool{}
	for _, r := range after.reports {
		if status, _ := after.verdict(r.Name); status != metav1.ConditionTrue {
			continue
		}
		if r.Spec.Type == v1alpha1.ReportClaimed {
			standing[r.Name] = true
		} else {
			delete(standing, r.Spec.ClaimName)
		}
		if len(standing) > 1 {
			broken = append(broken, "two claims stand at once")
		}
	}
	return broken
}

// checkHeard: when the operator rests, no agent waits for an answer.
func checkHeard(before, after *world, s step) (broken []string) {
	rests := !s.final.NextLook.Equal(s.observed.Now) && len(s.final.Verdicts) == 0 && s.planned.Effect.Kind == EffectNone
	if !rests || !before.byHand() || !before.dossier.passes() || after.gone {
		return nil
	}
	for _, r := range after.reports {
		if status, _ := after.verdict(r.Name); status == "" {
			broken = append(broken, fmt.Sprintf("%s %s waits for an answer", r.Name, r.Spec.Type))
		}
	}
	return broken
}
