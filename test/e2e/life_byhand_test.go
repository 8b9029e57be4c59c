// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

// These specs share one operator; the Registrar is the manual one of the installation.
var _ = Describe("A life by hand", Ordered, ContinueOnFailure, func() {
	var (
		w      *world
		agents = map[string]client.WithWatch{}
	)

	BeforeAll(func(ctx SpecContext) {
		w = runningWorld(ctx)
		for _, name := range []string{zhang, wu} {
			agents[name] = w.user(ctx, name, "china-account-filing-agent")
		}
	})

	begin := func(ctx context.Context, name string) paper {
		GinkgoHelper()
		return w.paper(ctx, name, agents)
	}

	It("knows one claim at a time, which another agent may release, and takes the outcome of the next", func(ctx SpecContext) {
		a := begin(ctx, "acme")
		first := a.says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAccepted)
		a.by(wu).says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAlreadyClaimed)
		a.by(wu).of(first).says(ctx, v1alpha1.ReportReleased, 1, v1alpha1.ReportReasonAccepted)
		w.eventually(ctx, "acme", inPhase(pending), HaveField("Status.DossierLock", v1alpha1.DossierOpen), requires(v1alpha1.RequirementFileByHand))
		second := a.by(wu).says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAccepted)
		a.of(first).says(ctx, v1alpha1.ReportUnderReview, 1, v1alpha1.ReportReasonNoSuchClaim)
		a.of(second).says(ctx, v1alpha1.ReportUnderReview, 2, v1alpha1.ReportReasonWrongAttempt)
		a.of(second).says(ctx, v1alpha1.ReportUnderReview, 1, v1alpha1.ReportReasonAccepted)
		w.eventually(ctx, "acme", inPhase(underReview))
		a.of(second).says(ctx, v1alpha1.ReportSubmitted, 1, v1alpha1.ReportReasonDoesNotFollow)
		Expect(w.eventually(ctx, "acme", inPhase(underReview)).Status.History).To(HaveLen(2))
	})

	It("says that a claim is stale when a Secret changes, and still takes the agent's word", func(ctx SpecContext) {
		a := begin(ctx, "stale")
		claim := a.says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAccepted)
		w.makeSecret(ctx, "stale-license", map[string][]byte{"scan.png": append(append([]byte{}, scan...), 0)})
		w.eventually(ctx, "stale", requires(v1alpha1.RequirementClaimStale, saying(claim)), locked())
		w.makeSecret(ctx, "stale-license", map[string][]byte{"scan.png": scan})
		w.eventually(ctx, "stale", Not(requires(v1alpha1.RequirementClaimStale)), locked())
		w.makeSecret(ctx, "stale-license", map[string][]byte{"scan.png": append(append([]byte{}, scan...), 0)})
		w.eventually(ctx, "stale", requires(v1alpha1.RequirementClaimStale))
		a.of(claim).says(ctx, v1alpha1.ReportReleased, 1, v1alpha1.ReportReasonAccepted)
		again := a.says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAccepted)
		w.eventually(ctx, "stale", Not(requires(v1alpha1.RequirementClaimStale)), HaveField("Status.Filing.ClaimName", again))
	})

	It("comes back after a withdrawal, and after a sign-up that nobody completed", func(ctx SpecContext) {
		a := begin(ctx, "returning")
		attempt := func(n int32, ends func(paper)) {
			GinkgoHelper()
			claim := a.says(ctx, v1alpha1.ReportClaimed, n, v1alpha1.ReportReasonAccepted)
			a.of(claim).says(ctx, v1alpha1.ReportUnderReview, n, v1alpha1.ReportReasonAccepted)
			ends(a.of(claim))
			w.eventually(ctx, "returning", inPhase(rejected), HaveField("Status.DossierLock", v1alpha1.DossierOpen), requires(v1alpha1.RequirementResubmission))
			a.says(ctx, v1alpha1.ReportClaimed, n+1, v1alpha1.ReportReasonNotRequested)
			w.patch(ctx, "returning", fmt.Sprintf(`{"spec":{"resubmitAfterAttempt":%d}}`, n))
			w.eventually(ctx, "returning", inPhase(rejected), requires(v1alpha1.RequirementFileByHand, saying(fmt.Sprintf("File attempt %d by hand", n+1))))
		}
		attempt(1, func(claimed paper) {
			w.patch(ctx, "returning", `{"spec":{"withdrawAttempt":1}}`)
			w.eventually(ctx, "returning", inPhase(underReview), requires(v1alpha1.RequirementWithdrawByHand, saying(claimed.spec.ClaimName)))
			claimed.says(ctx, v1alpha1.ReportWithdrawn, 1, v1alpha1.ReportReasonAccepted)
		})
		attempt(2, func(claimed paper) {
			claimed.says(ctx, v1alpha1.ReportVerified, 2, v1alpha1.ReportReasonAccepted)
			claimed.because("SignUpExpired").says(ctx, v1alpha1.ReportRejected, 2, v1alpha1.ReportReasonAccepted)
		})
		claim := a.says(ctx, v1alpha1.ReportClaimed, 3, v1alpha1.ReportReasonAccepted)
		a.of(claim).active("123456789012").says(ctx, v1alpha1.ReportActive, 3, v1alpha1.ReportReasonAccepted)
		w.eventually(ctx, "returning", inPhase(active), HaveField("Status.Filing.Attempt", int32(3)))
	})

	It("takes a corrected account id, and hands that over", func(ctx SpecContext) {
		a := begin(ctx, "corrected")
		claim := a.says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAccepted)
		a.of(claim).active("123456789021").says(ctx, v1alpha1.ReportActive, 1, v1alpha1.ReportReasonAccepted)
		w.configMap(ctx, "corrected-account", HaveField("Data", HaveKeyWithValue("AWS_ACCOUNT_ID", "123456789021")))
		a.of(claim).active("123456789012").says(ctx, v1alpha1.ReportActive, 1, v1alpha1.ReportReasonCorrected)
		w.configMap(ctx, "corrected-account", HaveField("Data", HaveKeyWithValue("AWS_SIGN_IN_URL", "https://123456789012.signin.amazonaws.cn/console/")))
	})

	It("has a mistaken report undone by an administrator, and reads the others again", func(ctx SpecContext) {
		a := begin(ctx, "undone")
		claim := a.says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAccepted)
		a.of(claim).says(ctx, v1alpha1.ReportUnderReview, 1, v1alpha1.ReportReasonAccepted)
		mistaken := a.of(claim).active("123456789012").says(ctx, v1alpha1.ReportActive, 1, v1alpha1.ReportReasonAccepted)
		w.eventually(ctx, "undone", inPhase(active))

		for _, command := range [][]string{{"delete", "filingreport", mistaken}, {"delete", "car", "undone"}} {
			output, err := kubectl(ctx, "", append(command, "-n", w.namespace, "--timeout=20s")...)
			Expect(err).NotTo(HaveOccurred(), output)
		}
		w.apply(ctx, w.handed("undone"))
		w.eventually(ctx, "undone", through(pending, underReview), locked(), HaveField("Status.Filing.ClaimName", claim))
		a.of(claim).says(ctx, v1alpha1.ReportVerified, 1, v1alpha1.ReportReasonAccepted)
		w.eventually(ctx, "undone", inPhase(verified))
	})

	DescribeTable("is withdrawn before it is deleted, where its policy says so and a filing is open", func(ctx SpecContext, name string, outcome v1alpha1.FilingReportType) {
		a := begin(ctx, name)
		w.patch(ctx, name, `{"spec":{"deletionPolicy":"Withdraw"}}`)
		claim := a.says(ctx, v1alpha1.ReportClaimed, 1, v1alpha1.ReportReasonAccepted)
		if outcome == v1alpha1.ReportWithdrawn {
			a.of(claim).says(ctx, v1alpha1.ReportUnderReview, 1, v1alpha1.ReportReasonAccepted)
		}
		output, err := kubectl(ctx, "", "delete", "car", name, "-n", w.namespace, "--wait=false")
		Expect(err).NotTo(HaveOccurred(), output)
		w.eventually(ctx, name, requires(v1alpha1.RequirementWithdrawByHand, saying(claim)), HaveField("Status.Awaiting", v1alpha1.PartyAgent))
		a.of(claim).says(ctx, outcome, 1, v1alpha1.ReportReasonAccepted)
		Eventually(func(g Gomega) {
			g.Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, &v1alpha1.ChinaAccountRegistration{})).To(MatchError(ContainSubstring("not found")))
		}).Should(Succeed())
	},
		Entry("claimed: released", "leaving-claimed", v1alpha1.ReportReleased),
		Entry("filed: withdrawn", "leaving-filed", v1alpha1.ReportWithdrawn),
	)
})

// Agents of a namespace.
const (
	zhang = "agent-zhang"
	wu    = "agent-wu"
)

// handed is a registration by hand, with a certificate of its own.
func (w *world) handed(name string) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	reg := w.registration(name, "by-hand")
	reg.Spec.RegistrarRef.Name = v1alpha1.DefaultRegistrarName
	reg.Spec.Dossier.Documents.BusinessCertificate.Files = []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{{
		SecretKeyRef: v1alpha1.SecretKeyReference{Name: name + "-license", Key: "scan.png"},
	}}}}
	return reg
}

// paper applies a registration and returns what agents say of it.
func (w *world) paper(ctx context.Context, name string, agents map[string]client.WithWatch) paper {
	GinkgoHelper()
	w.makeSecret(ctx, name+"-license", map[string][]byte{"scan.png": scan})
	w.apply(ctx, w.handed(name))
	reg := w.eventually(ctx, name, inPhase(pending), requires(v1alpha1.RequirementFileByHand))
	_, key, due := lifecycle.ClaimDue(&reg.Status)
	Expect(due).To(BeTrue())
	return paper{w, agents, v1alpha1.FilingReportSpec{RegistrationRef: v1alpha1.RegistrationReference{Name: name}, FilingKey: key, ReportedBy: zhang}}
}

// paper is a report in the making.
type paper struct {
	world  *world
	agents map[string]client.WithWatch
	spec   v1alpha1.FilingReportSpec
}

func (p paper) by(agent string) paper { p.spec.ReportedBy = agent; return p }

func (p paper) of(claim string) paper { p.spec.ClaimName = claim; return p }

func (p paper) because(code string) paper {
	p.spec.Findings = []v1alpha1.Finding{{Code: code, Message: "The sign-up was not completed in time."}}
	return p
}

func (p paper) active(id string) paper { p.spec.AccountID = id; return p }

// says files the report as the agent, waits for the operator's verdict, and returns the
// report's name.
func (p paper) says(ctx context.Context, kind v1alpha1.FilingReportType, attempt int32, reason string) string {
	GinkgoHelper()
	p.spec.Type, p.spec.Attempt = kind, attempt
	report := &v1alpha1.FilingReport{
		ObjectMeta: metav1.ObjectMeta{Namespace: p.world.namespace, GenerateName: p.spec.RegistrationRef.Name + "-"}, Spec: p.spec,
	}
	Expect(p.agents[p.spec.ReportedBy].Create(ctx, report)).To(Succeed())
	Eventually(func(g Gomega) {
		g.Expect(admin.Get(ctx, client.ObjectKeyFromObject(report), report)).To(Succeed())
		g.Expect(report.Status.Conditions).To(ConsistOf(And(HaveField("Type", v1alpha1.ConditionAccepted), HaveField("Reason", reason))))
	}).Should(Succeed())
	return report.Name
}
