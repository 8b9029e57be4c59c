// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	registrars "github.com/chinaaccount/china-account-operator/internal/registrar"
)

const accountID = "123456789012"

var _ = Describe("A registration by hand", func() {
	var w *world

	BeforeEach(func(ctx SpecContext) {
		w = newWorld(ctx)
		w.makeManual(ctx)
		w.startOperator()
	})

	It("lives from the claim to the account on an agent's word", func(ctx SpecContext) {
		w.applyWithSecrets(ctx, "acme", "by-hand")
		reg := w.eventually(ctx, "acme", inPhase(pending), requiresCode(v1alpha1.RequirementFileByHand), awaiting(v1alpha1.PartyAgent), lock(v1alpha1.DossierOpen),
			has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonAwaitingAgent), lacks(v1alpha1.ConditionReconciling), lacks(v1alpha1.ConditionStalled))
		Expect(reg.Status.Requirements[0].Message).To(ContainSubstring(keyOf(reg)))

		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		reg = w.eventually(ctx, "acme", inPhase(pending), lock(v1alpha1.DossierLocked), awaiting(v1alpha1.PartyAgent), HaveField("Status.Filing.ClaimName", claim.Name))
		Expect(claim.Status.Digest).To(Equal(reg.Status.Filing.Digest))
		Expect(claim.Status.SecretVersions).To(ConsistOf(w.version(ctx, "identity"), w.version(ctx, "license")))

		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 1, claim.Name, func(r *v1alpha1.FilingReport) { r.Spec.Reference = "NWCD-4711" }))
		w.eventually(ctx, "acme", inPhase(submitted), HaveField("Status.Filing.Reference", "NWCD-4711"), awaiting(v1alpha1.PartyRegistrar))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportUnderReview, 1, claim.Name))
		w.eventually(ctx, "acme", inPhase(underReview))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportVerified, 1, claim.Name, func(r *v1alpha1.FilingReport) {
			r.Spec.Challenges = []v1alpha1.ReportedChallenge{{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode}}
		}))
		w.eventually(ctx, "acme", inPhase(verified), requiresCode(v1alpha1.RequirementPhoneCode), awaiting(v1alpha1.PartyApplicant))
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified), requiresCode(v1alpha1.RequirementPhoneCode), awaiting(v1alpha1.PartyAgent))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportActive, 1, claim.Name, func(r *v1alpha1.FilingReport) { r.Spec.AccountID = accountID }))
		reg = w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active), onlyKeepsDocuments())
		Expect(reg.Status.Account.ID).To(Equal(accountID))
		Eventually(w.reasons(ctx)).Should(ContainElements("FileByHand", "Submitted", "UnderReview", "Verified", "PhoneCodeRequired", "Active"))
		Expect(w.gateway.counters().Requests).To(BeEmpty())
	})

	It("locks the dossier before the claim is accepted", func(ctx SpecContext) {
		w.applyWithSecrets(ctx, "acme", "by-hand")
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		Expect(w.get(ctx, "acme")).To(lock(v1alpha1.DossierLocked))
		Expect(claim.Status.ObservedGeneration).To(Equal(claim.Generation))
	})

	It("is rejected by report, mended, claimed again when asked, and filed as attempt 2", func(ctx SpecContext) {
		w.applyWithSecrets(ctx, "acme", "by-hand")
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportRejected, 1, claim.Name, func(r *v1alpha1.FilingReport) {
			r.Spec.Findings = []v1alpha1.Finding{{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "Not the certificate's."}}
		}))
		w.eventually(ctx, "acme", inPhase(rejected), lock(v1alpha1.DossierOpen), requires("NameMismatch", "spec.dossier.company.legalName"))
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 2, ""), v1alpha1.ReportReasonNotRequested)

		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.ResubmitAfterAttempt = new(int32(1)) })
		w.eventually(ctx, "acme", inPhase(rejected), requiresCode(v1alpha1.RequirementFileByHand), awaiting(v1alpha1.PartyAgent))
		second := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 2, ""))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 2, second.Name))
		w.eventually(ctx, "acme", inPhase(submitted), HaveField("Status.Filing.Attempt", int32(2)))
	})

	It("shows nothing personal that an agent typed", func(ctx SpecContext) {
		w.applyWithSecrets(ctx, "acme", "by-hand")
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportVerified, 1, claim.Name, func(r *v1alpha1.FilingReport) {
			r.Spec.Reference = "for " + contactName
			r.Spec.Challenges = []v1alpha1.ReportedChallenge{{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode, Message: "Sent to " + contactMobile}}
		}))
		reg = w.eventually(ctx, "acme", inPhase(verified), requiresCode(v1alpha1.RequirementPhoneCode))
		Expect(reg.Status.Filing.Reference).To(Equal("for [removed]"))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportRejected, 1, claim.Name, func(r *v1alpha1.FilingReport) {
			r.Spec.Findings = []v1alpha1.Finding{{Code: "NameMismatch", Message: adminName + ", " + idNumber + ", is not on the card"}}
		}))
		reg = w.eventually(ctx, "acme", inPhase(rejected))
		Expect(reg.Status.Rejection.Findings).To(ConsistOf(HaveField("Message", "[removed], [removed], is not on the card")))
	})

	It("gives a claim back when an agent releases it", func(ctx SpecContext) {
		w.applyWithSecrets(ctx, "acme", "by-hand")
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""), v1alpha1.ReportReasonAlreadyClaimed)
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportReleased, 1, claim.Name))
		w.eventually(ctx, "acme", inPhase(pending), lock(v1alpha1.DossierOpen), HaveField("Status.Filing", BeNil()), requiresCode(v1alpha1.RequirementFileByHand))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked))
	})

	It("refuses what does not follow, and says why", func(ctx SpecContext) {
		w.makeSecrets(ctx)
		Expect(admin.Delete(ctx, w.released("license", nil))).To(Succeed())
		reg := w.apply(ctx, "acme", "by-hand")
		w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementSecretNotFound))
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""), v1alpha1.ReportReasonPreflightFailed)
		w.makeSecrets(ctx)
		w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 2, ""), v1alpha1.ReportReasonWrongAttempt)
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 1, "no-such-claim"), v1alpha1.ReportReasonNoSuchClaim)
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, "", func(r *v1alpha1.FilingReport) {
			r.Spec.FilingKey = registrars.Key(v1alpha1.RegionNingxia, "another@acme.example.cn")
		}), v1alpha1.ReportReasonWrongAttempt)
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportUnderReview, 1, claim.Name))
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 1, claim.Name), v1alpha1.ReportReasonDoesNotFollow)
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportReleased, 1, claim.Name), v1alpha1.ReportReasonAlreadyFiled)
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 2, ""), v1alpha1.ReportReasonAlreadyFiled)
		w.eventually(ctx, "acme", through(pending, underReview))
	})

	It("takes a standing claim's outcome and no new claim while it is suspended", func(ctx SpecContext) {
		reg := w.applyWithSecrets(ctx, "acme", "by-hand", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = true })
		w.eventually(ctx, "acme", has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.ReasonSuspended))
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""), v1alpha1.ReportReasonSuspended)
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = false })
		w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.Suspend = true })
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 1, claim.Name))
		w.eventually(ctx, "acme", inPhase(submitted))
	})

	DescribeTable("finds its reports again when it is deleted and made again", func(ctx SpecContext, filed bool) {
		w.applyWithSecrets(ctx, "acme", "by-hand")
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand))
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		before := w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked))
		if filed {
			w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportUnderReview, 1, claim.Name))
			w.eventually(ctx, "acme", inPhase(underReview))
		}
		w.delete(ctx, "acme")
		w.isGone(ctx, "acme")
		w.apply(ctx, "acme", "by-hand")
		again := w.eventually(ctx, "acme", lock(v1alpha1.DossierLocked), HaveField("Status.Filing.ClaimName", claim.Name))
		Expect(again.Status.Filing.Digest).To(Equal(before.Status.Filing.Digest))
		if filed {
			w.eventually(ctx, "acme", through(pending, underReview))
			return
		}
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 1, claim.Name))
		w.eventually(ctx, "acme", through(pending, submitted))
	},
		Entry("filed", true),
		Entry("claimed", false),
	)

	It("is withdrawn by the agent before it is deleted, with policy Withdraw", func(ctx SpecContext) {
		w.applyWithSecrets(ctx, "acme", "by-hand", withdrawnOnDeletion)
		reg := w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementFileByHand), finalizers())
		claim := w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportClaimed, 1, ""))
		w.accepted(ctx, w.report(ctx, reg, v1alpha1.ReportSubmitted, 1, claim.Name))
		w.eventually(ctx, "acme", inPhase(submitted), finalizers(v1alpha1.WithdrawFinalizer))
		w.delete(ctx, "acme")
		w.eventually(ctx, "acme", requiresCode(v1alpha1.RequirementWithdrawByHand), awaiting(v1alpha1.PartyAgent))
		w.report(ctx, reg, v1alpha1.ReportWithdrawn, 1, claim.Name)
		w.isGone(ctx, "acme")
	})
})

var _ = Describe("A report on a registration that goes through a gateway", func() {
	It("is refused", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		reg := w.reach(ctx, "acme", underReview)
		w.refused(ctx, w.report(ctx, reg, v1alpha1.ReportActive, 1, "claim", func(r *v1alpha1.FilingReport) { r.Spec.AccountID = accountID }), v1alpha1.ReportReasonNotByHand)
		w.eventually(ctx, "acme", inPhase(underReview))
	})
})

func keyOf(reg *v1alpha1.ChinaAccountRegistration) string {
	return registrars.Key(reg.Spec.Region, reg.Spec.Dossier.Account.Email)
}

// report makes a report as an agent would, and returns it.
func (w *world) report(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, kind v1alpha1.FilingReportType, attempt int32, claim string, changes ...func(*v1alpha1.FilingReport)) *v1alpha1.FilingReport {
	GinkgoHelper()
	report := &v1alpha1.FilingReport{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, GenerateName: reg.Name + "-"},
		Spec: v1alpha1.FilingReportSpec{
			RegistrationRef: v1alpha1.RegistrationReference{Name: reg.Name}, FilingKey: keyOf(reg),
			Attempt: attempt, Type: kind, ClaimName: claim, ReportedBy: "agent:li",
		},
	}
	for _, change := range changes {
		change(report)
	}
	Expect(admin.Create(ctx, report)).To(Succeed())
	return report
}

// accepted waits until a report is accepted, and returns it as it is then.
func (w *world) accepted(ctx context.Context, report *v1alpha1.FilingReport) *v1alpha1.FilingReport {
	GinkgoHelper()
	return w.judged(ctx, report, metav1.ConditionTrue, v1alpha1.ReportReasonAccepted)
}

// refused waits until a report is refused for a reason.
func (w *world) refused(ctx context.Context, report *v1alpha1.FilingReport, reason string) {
	GinkgoHelper()
	Expect(w.judged(ctx, report, metav1.ConditionFalse, reason).Status.Digest).To(BeEmpty())
}

func (w *world) judged(ctx context.Context, report *v1alpha1.FilingReport, status metav1.ConditionStatus, reason string) *v1alpha1.FilingReport {
	GinkgoHelper()
	now := &v1alpha1.FilingReport{}
	Eventually(func(g Gomega) {
		g.Expect(admin.Get(ctx, client.ObjectKeyFromObject(report), now)).To(Succeed())
		g.Expect(now.Status.Conditions).To(ConsistOf(And(
			HaveField("Type", v1alpha1.ConditionAccepted), HaveField("Status", status), HaveField("Reason", reason),
			HaveField("Message", Not(BeEmpty())))), fmt.Sprintf("%s %+v", report.Spec.Type, now.Status))
	}).Should(Succeed())
	return now
}

// version is a Secret as it is now.
func (w *world) version(ctx context.Context, name string) v1alpha1.SecretVersion {
	GinkgoHelper()
	secret := w.secret(ctx, w.namespace, name)
	return v1alpha1.SecretVersion{Name: name, UID: string(secret.UID), ResourceVersion: secret.ResourceVersion}
}
