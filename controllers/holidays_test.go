// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	testclock "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("The calendar of public holidays", Serial, func() {
	It("is amended by a ConfigMap at once: due times, the Registrar and metrics follow", func(ctx SpecContext) {
		// Thursday 31 December 2026: two business days reach into a year that is not published.
		clock := testclock.NewFakePassiveClock(time.Date(2026, 12, 31, 1, 0, 0, 0, time.UTC))
		w := worldOfItsOwn(ctx)
		w.makeManual(ctx)
		w.startOperator(withClock(clock), withPacing(idle))
		object := w.registrarIs(ctx, metav1.ConditionTrue)
		Expect(object.Status.Conditions).To(ContainElement(And(HaveField("Type", v1alpha1.ConditionHolidaysPublished), HaveField("Status", metav1.ConditionFalse),
			HaveField("Reason", v1alpha1.ReasonYearNotPublished), HaveField("Message", And(ContainSubstring("holidays of 2027"), ContainSubstring(w.system+"/china-account-holidays"))))))
		Expect(w.calendarYears()).To(Equal(map[string]float64{"2026 Published": 1, "2027 Provisional": 1}))
		w.applyWithSecrets(ctx, "acme", "by-hand")
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 1, claim.Name, func(r *v1alpha1.FilingReport) { r.Spec.ReportedTime = new(metav1.NewTime(clock.Now())) }))
		Expect(due(w.eventually(ctx, "acme", inPhase(submitted)))).To(Equal("2027-01-05 Provisional"))

		holidays := w.holidays("2027: {off: [2027-01-01..2027-01-05]}")
		Expect(admin.Create(ctx, holidays)).To(Succeed())
		w.eventually(ctx, "acme", HaveField("Status.Filing.DueBasis", v1alpha1.DuePublished))
		Expect(due(w.get(ctx, "acme"))).To(Equal("2027-01-07 Published"))
		w.calendarIs(ctx, metav1.ConditionTrue, v1alpha1.ReasonPublished, "2026, 2027")
		Expect(w.calendarYears()).To(Equal(map[string]float64{"2026 Published": 1, "2027 Published": 1}))

		holidays.Data["holidays.yaml"] = "2027:\n  off:\n  - 2027-02-30\n"
		Expect(admin.Update(ctx, holidays)).To(Succeed())
		w.calendarIs(ctx, metav1.ConditionFalse, v1alpha1.ReasonHolidaysInvalid, `line 3: "2027-02-30" is not a date`)
		Expect(due(w.get(ctx, "acme"))).To(Equal("2027-01-07 Published"), "the last good calendar holds")
		Expect(w.registrarIs(ctx, metav1.ConditionTrue)).NotTo(BeNil(), "a broken calendar stops no filing")

		holidays.Data = map[string]string{"2027.yaml": "2027: {off: [2027-01-01]}"}
		Expect(admin.Update(ctx, holidays)).To(Succeed())
		w.calendarIs(ctx, metav1.ConditionFalse, v1alpha1.ReasonHolidaysInvalid, "has no key holidays.yaml")

		Expect(admin.Delete(ctx, holidays)).To(Succeed())
		w.calendarIs(ctx, metav1.ConditionFalse, v1alpha1.ReasonYearNotPublished, "holidays of 2027")
		w.eventually(ctx, "acme", HaveField("Status.Filing.DueBasis", v1alpha1.DueProvisional))
		Expect(due(w.get(ctx, "acme"))).To(Equal("2027-01-05 Provisional"))
	})
})

// worldOfItsOwn has an operator's namespace that no other world has.
func worldOfItsOwn(ctx context.Context) *world {
	GinkgoHelper()
	w := newWorld(ctx)
	w.system = w.namespace + "-system"
	makeNamespace(ctx, w.system, nil)
	makeInstallationKey(ctx, w.system)
	return w
}

func (w *world) holidays(table string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.system, Name: v1alpha1.HolidaysConfigMapName},
		Data:       map[string]string{v1alpha1.HolidaysKey: table},
	}
}

// calendarIs waits until the Registrar says so of the calendar.
func (w *world) calendarIs(ctx context.Context, status metav1.ConditionStatus, reason, words string) {
	GinkgoHelper()
	Eventually(func() []metav1.Condition { return w.registrarIs(ctx, metav1.ConditionTrue).Status.Conditions }).Should(ContainElement(And(
		HaveField("Type", v1alpha1.ConditionHolidaysPublished), HaveField("Status", status), HaveField("Reason", reason), HaveField("Message", ContainSubstring(words)))))
}

// calendarYears are the years that the metric names.
func (w *world) calendarYears() map[string]float64 {
	GinkgoHelper()
	families, err := metrics.Registry.Gather()
	Expect(err).NotTo(HaveOccurred())
	years := map[string]float64{}
	for _, family := range families {
		if family.GetName() != "china_account_calendar_year_info" {
			continue
		}
		for _, m := range family.GetMetric() { // labels come by name: basis, year
			years[m.GetLabel()[1].GetValue()+" "+m.GetLabel()[0].GetValue()] = m.GetGauge().GetValue()
		}
	}
	return years
}

func due(reg *v1alpha1.ChinaAccountRegistration) string {
	filing := reg.Status.Filing
	return filing.DueTime.In(time.FixedZone("CST", 8*60*60)).Format(time.DateOnly) + " " + string(filing.DueBasis)
}
