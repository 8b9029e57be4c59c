// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// These specs share one gateway and one operator: each has a registration of its own.
var _ = Describe("A life through a gateway", Ordered, ContinueOnFailure, func() {
	var w *world

	BeforeAll(func(ctx SpecContext) { w = runningWorld(ctx) })

	It("is handed over in a ConfigMap that is restored, and is retained when the registration goes", func(ctx SpecContext) {
		w.apply(ctx, w.registration("handed", "immediate"))
		reg := w.eventually(ctx, "handed", inPhase(active), requires(v1alpha1.RequirementDocumentsNoLongerNeeded, saying("acme-identity, acme-identity-back, acme-identity-front, acme-license-1, acme-license-2")))
		handed := w.configMap(ctx, "handed-account", HaveField("Data", HaveKeyWithValue("AWS_ACCOUNT_ID", reg.Status.Account.ID)))
		output, err := kubectl(ctx, "", "delete", "configmap", "handed-account", "-n", w.namespace)
		Expect(err).NotTo(HaveOccurred(), output)
		again := w.configMap(ctx, "handed-account", HaveField("UID", Not(Equal(handed.UID))))
		Expect(again.Data).To(Equal(handed.Data))
		Expect(again.Data).NotTo(ContainElement(ContainSubstring(w.password(ctx, "handed"))))

		output, err = kubectl(ctx, "", "delete", "car", "handed", "-n", w.namespace, "--timeout=20s")
		Expect(err).NotTo(HaveOccurred(), output)
		Eventually(func() string { return string(w.events(ctx)) }).Should(ContainSubstring("AccountRetained"))
		Expect(w.password(ctx, "handed")).NotTo(BeEmpty(), "the only password of a live account stays")
	})

	It("touches neither a ConfigMap nor a sign-in Secret that has its name", func(ctx SpecContext) {
		theirs := metav1.ObjectMeta{Namespace: w.namespace, Name: "taken-account"}
		Expect(admin.Create(ctx, &corev1.ConfigMap{ObjectMeta: theirs, Data: map[string]string{"theirs": "yes"}})).To(Succeed())
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: "taken-signin"}, Data: map[string][]byte{"theirs": []byte("yes")}}
		Expect(admin.Create(ctx, secret)).To(Succeed())
		w.apply(ctx, w.registration("taken", "immediate"))
		w.eventually(ctx, "taken", inPhase(pending), requires(v1alpha1.RequirementSignInSecretNameTaken, at("metadata.name")), HaveField("Status.Filing", BeNil()))
		Expect(admin.Delete(ctx, secret.DeepCopy())).To(Succeed())
		w.eventually(ctx, "taken", inPhase(active), requires(v1alpha1.RequirementAccountConfigMapNameTaken, at("metadata.name")))
		Expect(w.configMap(ctx, "taken-account", Not(BeNil())).Data).To(Equal(map[string]string{"theirs": "yes"}))
	})

	It("answers the mail's code, more documents, the SMS and the plan, each when it is due", func(ctx SpecContext) {
		reg := w.registration("answers", "email-code")
		reg.Spec.SupportPlan = ""
		w.apply(ctx, reg)
		key := w.eventually(ctx, "answers", inPhase(submitted), requires(v1alpha1.RequirementEmailCode, saying("look among junk too"))).Status.Filing.Key
		w.makeSecret(ctx, "answers-codes", map[string][]byte{v1alpha1.EmailCodeKey: []byte("12 34")})
		w.eventually(ctx, "answers", requires(v1alpha1.RequirementCodeMalformed))
		w.giveCodes(ctx, "answers")
		w.eventually(ctx, "answers", Not(requires(v1alpha1.RequirementEmailCode)))
		w.step(ctx, "answers")
		w.eventually(ctx, "answers", inPhase(underReview))
		w.gateway.force(key, registrar.ForcedState{State: "underReview", Challenges: []string{"documents"}})
		asked := w.eventually(ctx, "answers", inPhase(underReview), requires(v1alpha1.RequirementDocuments))
		w.supplement(ctx, "answers", "documents-99")
		w.eventually(ctx, "answers", requires(v1alpha1.RequirementDocuments, saying("The challengeID of spec.supplementaryDocuments[0] is of no request.")))
		Expect(w.gateway.counters().Requests["answerChallenge"]).To(Equal(1), "documents that no request is for are not sent")
		w.supplement(ctx, "answers", challengeOf(asked, v1alpha1.RequirementDocuments))
		w.eventually(ctx, "answers", Not(requires(v1alpha1.RequirementDocuments)))
		w.gateway.force(key, registrar.ForcedState{State: "verified", Challenges: []string{"supportPlan", "faceScan"}})
		w.eventually(ctx, "answers", inPhase(verified), requires(v1alpha1.RequirementSupportPlan),
			requires(v1alpha1.RequirementChallenge, saying(`"faceScan"`), saying("Call the registrar")))
		w.patch(ctx, "answers", `{"spec":{"supportPlan":"Business"}}`)
		w.eventually(ctx, "answers", Not(requires(v1alpha1.RequirementSupportPlan)))
		w.gateway.force(key, registrar.ForcedState{State: "active"})
		w.eventually(ctx, "answers", inPhase(active))
	})

	It("tries a wrong code once, none when no try is left, and the right one when another was sent", func(ctx SpecContext) {
		w.apply(ctx, w.registration("codes", "review"))
		for _, phase := range []v1alpha1.RegistrationPhase{submitted, underReview} {
			w.eventually(ctx, "codes", inPhase(phase))
			w.step(ctx, "codes")
		}
		w.eventually(ctx, "codes", inPhase(verified), requires(v1alpha1.RequirementPhoneCode), Not(requires(v1alpha1.RequirementSupportPlan)))
		sent := w.gateway.requests("answerChallenge")()
		for i := range 10 { // none of these is the code
			w.makeSecret(ctx, "codes-codes", map[string][]byte{v1alpha1.PhoneCodeKey: fmt.Appendf(nil, "90%02d", i)})
			left := max(4-i, 0)
			words := fmt.Sprintf("Tries left: %d.", left)
			if left == 0 {
				words = "No tries are left"
			}
			w.eventually(ctx, "codes", requires(v1alpha1.RequirementPhoneCode, saying(words)))
			w.looksAgain(ctx, "codes", 2)
		}
		Expect(w.gateway.requests("answerChallenge")()).To(Equal(sent+5), "each of five codes once")
		w.giveCodes(ctx, "codes")
		w.looksAgain(ctx, "codes", 2)
		Expect(w.gateway.requests("answerChallenge")()).To(Equal(sent+5), "the right one is kept for when it can be taken")
		w.annotate(ctx, "codes", v1alpha1.ResendCodeRequestedAtAnnotation)
		w.eventually(ctx, "codes", inPhase(active))
		Expect(w.gateway.requests("answerChallenge")()).To(Equal(sent + 6))
	})

	It("has its certificate renewed while it is active, and nothing is filed", func(ctx SpecContext) {
		reg := w.registration("renewed", "immediate")
		reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate = time.Now().AddDate(0, 0, 20).Format(time.DateOnly)
		w.apply(ctx, reg)
		w.eventually(ctx, "renewed", inPhase(active), requires(v1alpha1.RequirementCertificateRenewalDue),
			has(v1alpha1.ConditionCertificateCurrent, metav1.ConditionTrue, v1alpha1.ReasonExpiresIn30Days))
		filed := w.gateway.counters().Filings
		renew := func(secret string, content []byte) {
			w.makeSecret(ctx, secret, map[string][]byte{"scan.png": content})
			w.patch(ctx, "renewed", fmt.Sprintf(`{"spec":{"dossier":{"documents":{"businessCertificate":{"expiryDate":"2047-01-01","files":[{"parts":[{"secretKeyRef":{"name":%q,"key":"scan.png"}}]}]}}}}}`, secret))
		}
		renew("renewed-word", wordDocument())
		w.eventually(ctx, "renewed", inPhase(active), requires("DocumentIsOffice", at(certificateFile)), has(v1alpha1.ConditionCertificateCurrent, metav1.ConditionFalse, v1alpha1.ReasonPreflightFailed),
			has(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonActive), HaveField("Status.Awaiting", v1alpha1.PartyNone))
		renew("renewed-scan", scan)
		w.eventually(ctx, "renewed", Not(requires("DocumentIsOffice")), has(v1alpha1.ConditionCertificateCurrent, metav1.ConditionTrue, v1alpha1.ReasonCurrent))
		Expect(w.gateway.counters().Filings).To(Equal(filed))
		Expect(w.patchError(ctx, "renewed", `{"spec":{"dossier":{"company":{"unifiedSocialCreditCode":"91640100MADEM00110"}}}}`)).To(ContainSubstring("its user name and the company's credit code stay"))
	})

	It("comes back after a withdrawal by the applicant, by the registrar, and an expired sign-up", func(ctx SpecContext) {
		w.apply(ctx, w.registration("returns", "silent"))
		key := w.eventually(ctx, "returns", inPhase(submitted)).Status.Filing.Key
		w.patch(ctx, "returns", `{"spec":{"withdrawAttempt":1}}`)
		w.eventually(ctx, "returns", inPhase(rejected), requires(v1alpha1.RequirementResubmission, saying("Attempt 1 was withdrawn")))
		w.patch(ctx, "returns", `{"spec":{"resubmitAfterAttempt":1}}`)
		attempt := func(n int32) OmegaMatcher { return HaveField("Status.Filing.Attempt", n) }

		w.eventually(ctx, "returns", inPhase(submitted), attempt(2))
		w.gateway.force(key, registrar.ForcedState{State: "withdrawn"})
		w.eventually(ctx, "returns", inPhase(rejected), has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.FindingWithdrawn))
		w.patch(ctx, "returns", `{"spec":{"resubmitAfterAttempt":2}}`)

		w.eventually(ctx, "returns", inPhase(submitted), attempt(3))
		w.gateway.force(key, registrar.ForcedState{State: "verified", Challenges: []string{"phoneCode"}})
		w.eventually(ctx, "returns", inPhase(verified))
		w.gateway.force(key, registrar.ForcedState{State: "signUpExpired"})
		w.eventually(ctx, "returns", inPhase(rejected), has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.FindingSignUpExpired))
		w.patch(ctx, "returns", `{"spec":{"resubmitAfterAttempt":3}}`)

		w.eventually(ctx, "returns", inPhase(submitted), attempt(4))
		w.gateway.force(key, registrar.ForcedState{State: "rejected"})
		w.eventually(ctx, "returns", inPhase(rejected))
		w.gateway.force(key, registrar.ForcedState{State: "underReview"})
		w.eventually(ctx, "returns", inPhase(underReview), HaveField("Status.History", ContainElement(HaveField("Reason", v1alpha1.ReasonReopened))))
		w.gateway.force(key, registrar.ForcedState{State: "active"})
		w.eventually(ctx, "returns", inPhase(active))
	})

	DescribeTable("is deleted in any phase: kept or withdrawn, as its policy says", func(ctx SpecContext, phase v1alpha1.RegistrationPhase, state contract.State) {
		for policy, left := range map[v1alpha1.DeletionPolicy]contract.State{v1alpha1.DeletionRetain: state, v1alpha1.DeletionWithdraw: contract.Withdrawn} {
			if phase == active || phase == rejected {
				left = state // there is nothing open to withdraw
			}
			name := strings.ToLower(fmt.Sprintf("deleted-%s-%s", phase, policy))
			reg := w.registration(name, "silent")
			reg.Spec.DeletionPolicy = policy
			w.apply(ctx, reg)
			key := w.eventually(ctx, name, inPhase(submitted)).Status.Filing.Key
			if phase != submitted {
				w.gateway.force(key, registrar.ForcedState{State: state})
				w.eventually(ctx, name, inPhase(phase))
			}
			output, err := kubectl(ctx, "", "delete", "car", name, "-n", w.namespace, "--timeout=20s")
			Expect(err).NotTo(HaveOccurred(), output)
			Expect(w.gateway.stateOf(key)).To(Equal(left), string(policy))
		}
	},
		Entry(nil, submitted, contract.Received),
		Entry(nil, underReview, contract.UnderReview),
		Entry(nil, verified, contract.Verified),
		Entry(nil, rejected, contract.Rejected),
		Entry(nil, active, contract.Active),
	)

	It("is due by the calendar of the ConfigMap, as soon as that says otherwise", func(ctx SpecContext) {
		w.apply(ctx, w.registration("calendar", "silent"))
		before := w.eventually(ctx, "calendar", inPhase(submitted)).Status.Filing
		holidays := &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: v1alpha1.HolidaysConfigMapName},
			Data:       map[string]string{v1alpha1.HolidaysKey: weekOff(before.FiledTime.Time)},
		}
		Expect(admin.Create(ctx, holidays)).To(Succeed())
		DeferCleanup(func(ctx SpecContext) { Expect(client.IgnoreNotFound(admin.Delete(ctx, holidays))).To(Succeed()) })
		after := w.eventually(ctx, "calendar", HaveField("Status.Filing.DueTime.Time", BeTemporally(">", before.FiledTime.AddDate(0, 0, 7)))).Status.Filing

		holidays.Data[v1alpha1.HolidaysKey] = "2026: {of: [2026-11-25]}"
		Expect(admin.Update(ctx, holidays)).To(Succeed())
		w.registrarSays(ctx, v1alpha1.ConditionHolidaysPublished, metav1.ConditionFalse, `unknown field "of"`)
		Expect(w.eventually(ctx, "calendar").Status.Filing.DueTime).To(Equal(after.DueTime))
		Expect(admin.Delete(ctx, holidays)).To(Succeed())
		w.eventually(ctx, "calendar", HaveField("Status.Filing.DueTime.Time", BeTemporally("==", before.DueTime.Time)))
	})

	It("may be of a company that has another account, and not of an e-mail address that has one", func(ctx SpecContext) {
		for _, name := range []string{"first", "second"} { // of one company
			w.apply(ctx, w.registration(name, "immediate"))
			w.eventually(ctx, name, inPhase(active))
		}
		late := w.registration("late", "immediate")
		first := w.eventually(ctx, "first", inPhase(active))
		late.Spec.Dossier.Account.Email = first.Spec.Dossier.Account.Email
		w.apply(ctx, late)
		w.eventually(ctx, "late", inPhase(pending), requires(v1alpha1.RequirementEmailAlreadyFiled, at("spec.dossier.account.email")), HaveField("Status.Filing", BeNil()))
	})
})

var _ = Describe("A code that has expired", func() {
	It("is said to have, and another is sent for that", func(ctx SpecContext) {
		w := runningWorld(ctx, "--code-ttl", "5s")
		w.apply(ctx, w.registration("acme", "email-code"))
		w.eventually(ctx, "acme", inPhase(submitted), requires(v1alpha1.RequirementEmailCode, Not(saying("It expired"))))
		w.eventually(ctx, "acme", inPhase(submitted), requires(v1alpha1.RequirementEmailCode, saying("It expired on"), saying("resend-code")))
		w.annotate(ctx, "acme", v1alpha1.ResendCodeRequestedAtAnnotation)
		w.eventually(ctx, "acme", requires(v1alpha1.RequirementEmailCode, Not(saying("It expired"))))
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(submitted), Not(requires(v1alpha1.RequirementEmailCode)))
		Expect(w.gateway.requests("answerChallenge")()).To(Equal(1))
	})
})

// weekOff is a table in which the seven days after that one are public holidays.
func weekOff(after time.Time) string {
	days := map[int][]string{}
	for i := range 7 {
		day := after.In(businessday.Shanghai).AddDate(0, 0, i+1)
		days[day.Year()] = append(days[day.Year()], day.Format(time.DateOnly))
	}
	var table strings.Builder
	for year, off := range days {
		fmt.Fprintf(&table, "%d: {off: [%s]}\n", year, strings.Join(off, ", "))
	}
	return table.String()
}
