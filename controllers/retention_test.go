// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	testclock "k8s.io/utils/clock/testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("The documents of an active account", func() {
	It("are named while they are there, deleted by nobody here, and no finding when they are gone", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(active), awaiting(v1alpha1.PartyNone), dueWith(v1alpha1.RequirementDocumentsNoLongerNeeded, "identity, license."),
			has(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonActive))
		for _, verb := range []string{"delete", "deletecollection", "patch", "update"} {
			Expect(w.audited(verb, "secrets")).To(BeEmpty())
		}

		Expect(admin.Delete(ctx, w.released("identity", nil))).To(Succeed())
		Expect(w.refresh(ctx, "acme")).To(dueWith(v1alpha1.RequirementDocumentsNoLongerNeeded, "once a day: license."))
		Expect(admin.Delete(ctx, w.released("license", nil))).To(Succeed())
		Expect(w.refresh(ctx, "acme")).To(And(requiresNothing(), has(v1alpha1.ConditionCertificateCurrent, metav1.ConditionTrue, v1alpha1.ReasonLongTerm)))
	})

	It("are looked for once a day, as long as there is one", func(ctx SpecContext) {
		clock := testclock.NewFakePassiveClock(time.Now())
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator(withClock(clock))
		w.registrarIs(ctx, metav1.ConditionTrue)
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(active), requiresCode(v1alpha1.RequirementDocumentsNoLongerNeeded))
		read := len(w.audited("get", "secrets"))
		w.poke(ctx, "acme")
		Expect(w.audited("get", "secrets")).To(HaveLen(read), "the same day")
		clock.SetTime(clock.Now().Add(25 * time.Hour))
		w.poke(ctx, "acme")
		Eventually(func() int { return len(w.audited("get", "secrets")) }).Should(Equal(read+2), "a day later, each Secret once")
	})
})

var _ = Describe("The certificate of an active account", func() {
	It("is told of 90, 30 and 7 days before its end, and then, each once; renewed, it is checked and nothing is filed", func(ctx SpecContext) {
		clock := testclock.NewFakePassiveClock(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC))
		w := newWorld(ctx)
		w.makeRegistrar(ctx)
		w.startOperator(withClock(clock))
		w.registrarIs(ctx, metav1.ConditionTrue)
		expires := func(date string) func(*v1alpha1.ChinaAccountRegistration) {
			return func(reg *v1alpha1.ChinaAccountRegistration) {
				reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = date
			}
		}
		w.applyWithSecrets(ctx, "acme", "immediate", expires("2027-06-30"))
		w.eventually(ctx, "acme", inPhase(active), has(v1alpha1.ConditionCertificateCurrent, metav1.ConditionTrue, v1alpha1.ReasonCurrent))
		for _, stage := range []struct {
			day, reason string
			status      metav1.ConditionStatus
		}{
			{"2027-04-01", v1alpha1.ReasonExpiresIn90Days, metav1.ConditionTrue},
			{"2027-05-31", v1alpha1.ReasonExpiresIn30Days, metav1.ConditionTrue},
			{"2027-06-23", v1alpha1.ReasonExpiresIn7Days, metav1.ConditionTrue},
			{"2027-07-01", v1alpha1.ReasonExpired, metav1.ConditionFalse},
		} {
			now, err := time.ParseInLocation(time.DateOnly, stage.day, time.FixedZone("CST", 8*60*60))
			Expect(err).NotTo(HaveOccurred())
			clock.SetTime(now)
			w.poke(ctx, "acme")
			w.eventually(ctx, "acme", inPhase(active), awaiting(v1alpha1.PartyNone), requiresCode(v1alpha1.RequirementCertificateRenewalDue),
				has(v1alpha1.ConditionCertificateCurrent, stage.status, stage.reason), has(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonActive))
			w.poke(ctx, "acme")
			Eventually(w.reasons(ctx)).Should(ContainElement("Certificate" + stage.reason))
			Expect(count(w.reasons(ctx)(), "Certificate"+stage.reason)).To(Equal(1))
		}

		w.makeSecret(ctx, "license", map[string][]byte{"scan": []byte(blank())})
		w.patch(ctx, "acme", expires("2047-06-30"))
		w.eventually(ctx, "acme", inPhase(active), requires("DocumentBlank", "spec.dossier.documents.businessCertificate.files[0]"), awaiting(v1alpha1.PartyNone),
			has(v1alpha1.ConditionCertificateCurrent, metav1.ConditionFalse, v1alpha1.ReasonPreflightFailed), has(v1alpha1.ConditionPreflightPassed, metav1.ConditionTrue, v1alpha1.ReasonPassed))
		w.makeSecret(ctx, "license", map[string][]byte{"scan": scan})
		Expect(w.refresh(ctx, "acme")).To(And(has(v1alpha1.ConditionCertificateCurrent, metav1.ConditionTrue, v1alpha1.ReasonCurrent),
			Not(requiresCode("DocumentBlank")), Not(requiresCode(v1alpha1.RequirementCertificateRenewalDue))))
		Eventually(w.reasons(ctx)).Should(ContainElement("CertificateCurrent"))
		Expect(w.gateway.counters().Filings).To(Equal(1))
		Expect(w.gateway.requests("fileAttempt")()).To(Equal(1))
	})
})

// poke has the operator look without asking it to, and waits until it has: it restores
// the ConfigMap in the same pass.
func (w *world) poke(ctx context.Context, name string) {
	GinkgoHelper()
	handed := w.handedOver(ctx, name, Not(BeNil()))
	Expect(admin.Delete(ctx, handed)).To(Succeed())
	w.handedOver(ctx, name, HaveField("UID", Not(Equal(handed.UID))))
}

// dueWith matches a warning of that code whose message has the words.
func dueWith(code, words string) matcher {
	return HaveField("Status.Requirements", ContainElement(And(HaveField("Code", code), HaveField("Severity", v1alpha1.SeverityWarning), HaveField("Message", ContainSubstring(words)))))
}
