// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Creation times have seconds, and names no order: what was accepted is retold
// right all the same.
func TestReportsOfOneSecondAreRetoldInTheOrderOfALife(t *testing.T) {
	second := metav1.NewTime(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))
	accepted := func(name string, kind v1alpha1.FilingReportType, attempt int32, claim string) v1alpha1.FilingReport {
		r := v1alpha1.FilingReport{ObjectMeta: metav1.ObjectMeta{Name: name, CreationTimestamp: second}}
		r.Spec = v1alpha1.FilingReportSpec{
			RegistrationRef: v1alpha1.RegistrationReference{Name: "acme"}, FilingKey: "key", Attempt: attempt, Type: kind, ClaimName: claim,
		}
		r.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionAccepted, Status: metav1.ConditionTrue}}
		return r
	}
	for _, c := range []struct {
		name    string
		reports []v1alpha1.FilingReport
	}{
		{"another attempt is claimed after a rejection", []v1alpha1.FilingReport{
			accepted("z", v1alpha1.ReportClaimed, 1, ""), accepted("y", v1alpha1.ReportRejected, 1, "z"), accepted("a", v1alpha1.ReportClaimed, 2, ""),
		}},
		{"the same attempt is claimed again after a release", []v1alpha1.FilingReport{
			accepted("z", v1alpha1.ReportClaimed, 2, ""), accepted("y", v1alpha1.ReportReleased, 2, "z"), accepted("a", v1alpha1.ReportClaimed, 2, ""),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Name: "acme"}}
			p := newPass(&Observation{
				Now: second.Time, Registration: reg, Key: "key", View: View{Reports: c.reports},
				Registrar: RegistrarState{Found: true, Type: v1alpha1.RegistrarManual},
			})
			p.hearReports()
			g.Expect(p.hand.claim).To(Equal("a"))
			g.Expect(p.hand.claimAttempt).To(Equal(int32(2)))
			g.Expect(p.hand.claimAccepted).To(BeTrue())
		})
	}
}

func TestACorrectionOfTheSameSecondHolds(t *testing.T) {
	w := byHandWorld().then().then(func(w *world) { w.report(v1alpha1.ReportClaimed, 1) })
	account := func(name, id string) func(*world) {
		return func(w *world) {
			w.report(v1alpha1.ReportActive, 1, func(r *v1alpha1.FilingReport) { r.Name, r.Spec.AccountID = name, id })
		}
	}
	w.then(account("z-first", "210987654321")).then(account("a-correction", "123456789012")).then().then()
	if id := w.reg.Status.Account.ID; id != "123456789012" || w.handedOver.ID != id {
		t.Errorf("the account is %s, and %s is handed over", id, w.handedOver.ID)
	}
}
