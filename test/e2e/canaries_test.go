// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"maps"
	"os"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	registrars "github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// The codes that an applicant mistypes, and a password that one chooses.
const (
	wrongEmailCode = "975310"
	wrongPhoneCode = "9753"
	chosenPassword = `Canary%9 "pass\word"`

	// verbosity is the highest that the operator takes.
	verbosity = "7"
)

var _ = Describe("Marked values", func() {
	It("are nowhere but in spec and Secrets, whatever happens and however much is logged", func(ctx SpecContext) {
		personal.remember("wrong e-mail code", wrongEmailCode)
		personal.remember("wrong phone code", wrongPhoneCode)
		personal.remember(password, chosenPassword)
		w := newWorld(ctx)
		metrics := freeAddress()
		w.operator = startVerboseOperator(metrics)
		w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionTrue)

		By("filing, with a wrong code and a registrar in trouble")
		w.makeSecret(ctx, "acme-codes", map[string][]byte{v1alpha1.EmailCodeKey: []byte(wrongEmailCode), v1alpha1.PhoneCodeKey: []byte(wrongPhoneCode)})
		w.apply(ctx, w.registration("acme", "email-code"))
		w.apply(ctx, w.registration("bohai", "more-documents"))
		w.applyBadDossier(ctx, "danyang")
		w.fileByHand(ctx, "cathay")
		w.eventually(ctx, "acme", requires(v1alpha1.RequirementEmailCode, saying("Tries left: 4")))
		w.suffers(ctx, "acme")
		w.makeSecret(ctx, "acme-codes", map[string][]byte{v1alpha1.EmailCodeKey: []byte(registrar.EmailCode), v1alpha1.PhoneCodeKey: []byte(wrongPhoneCode)})
		w.eventually(ctx, "acme", Not(requires(v1alpha1.RequirementEmailCode)))
		stored, err := os.ReadFile(w.gateway.file("store"))
		Expect(err).NotTo(HaveOccurred())

		By("being rejected in words that repeat what was filed")
		w.shown = []string{"legal name", "street", "credit code"}
		key := w.eventually(ctx, "acme", inPhase(submitted)).Status.Filing.Key
		for round, value := range []string{contactName, idNumber, contactMobile, officerEmail, userName} {
			w.gateway.echo(round, key, value)
			w.eventually(ctx, "acme", inPhase(v1alpha1.PhaseRejected), HaveField("Status.Rejection.Findings", And(
				HaveLen(len(echoes)+2), ContainElement(HaveField("Message", HavePrefix("Round %d: %s", round, legalName))))))
			Expect(personal.in(w.told(ctx), w.shown...)).To(BeEmpty(), value)
		}

		By("going on after a crash, with a wrong code, and being withdrawn and reported")
		first := said(w.operator.Session)
		w.crashOperator()
		w.patch(ctx, "acme", `{"spec":{"resubmitAfterAttempt":1}}`)
		w.operator = startVerboseOperator(metrics)
		w.complete(ctx, "acme")
		w.handIn(ctx, "bohai")
		w.reportActive(ctx, "cathay")

		Expect(first).To(ContainSubstring(`"level":"Level(-5)"`), "it says a lot")
		collected := map[string][]byte{
			"the operator's log": []byte(first + said(w.operator.Session)), "the gateway's log": []byte(said(w.gateway.Session)),
			"what the gateway stores": stored, "metrics": scrape(metrics), "the audit log": w.audited(), "error texts": w.errorTexts(ctx),
		}
		for source, content := range collected {
			Expect(content).NotTo(BeEmpty(), source)
			Expect(personal.in(content)).To(BeEmpty(), source)
		}
		collected["statuses"], collected["events"] = w.statuses(ctx), w.events(ctx)
		everySourceIsSearched(collected, w.shown)
	})
})

// everySourceIsSearched plants a leak in a copy of what was collected from each source,
// in another encoding each time.
func everySourceIsSearched(collected map[string][]byte, shown []string) {
	GinkgoHelper()
	ways := slices.Sorted(maps.Keys(echoes))
	for i, source := range slices.Sorted(maps.Keys(collected)) {
		content := collected[source]
		leak := echoes[ways[i%len(ways)]](idNumber)
		planted := slices.Concat(content[:len(content)/2], []byte("\n"+leak+"\n"), content[len(content)/2:])
		Expect(personal.in(planted, shown...)).To(ConsistOf(HaveField("Mark", "ID number")), "%s in %s", ways[i%len(ways)], source)
	}
}

// suffers has the gateway fail in several ways, one after another.
func (w *world) suffers(ctx context.Context, name string) {
	GinkgoHelper()
	for kind, words := range map[string]string{
		registrar.FaultGarbage: "something", registrar.Fault500: "it answered 500", registrar.FaultTruncated: "the contract's JSON",
		registrar.FaultTimeout: "no whole answer",
	} {
		w.gateway.faults(registrar.Fault{Kind: kind, Operations: []string{"getAttempt"}})
		w.annotate(ctx, name, v1alpha1.RefreshRequestedAtAnnotation) // or nobody would ask
		w.eventually(ctx, name, requires(v1alpha1.RequirementRegistrarUnreachable, saying(words)))
	}
	w.gateway.faults()
	w.eventually(ctx, name, Not(requires(v1alpha1.RequirementRegistrarUnreachable)))
}

// complete takes the second attempt to the account, with a wrong code on the way.
func (w *world) complete(ctx context.Context, name string) {
	GinkgoHelper()
	w.eventually(ctx, name, inPhase(submitted), HaveField("Status.Filing.Attempt", BeEquivalentTo(2)), Not(requires(v1alpha1.RequirementEmailCode)))
	w.step(ctx, name)
	w.eventually(ctx, name, inPhase(underReview))
	w.step(ctx, name)
	w.eventually(ctx, name, inPhase(verified), requires(v1alpha1.RequirementPhoneCode, saying("Tries left: 4")))
	w.giveCodes(ctx, name)
	w.eventually(ctx, name, inPhase(active))
}

// handIn answers a request for documents, badly and then well, and withdraws the filing
// once it is verified.
func (w *world) handIn(ctx context.Context, name string) {
	GinkgoHelper()
	w.step(ctx, name)
	w.eventually(ctx, name, inPhase(underReview), requires(v1alpha1.RequirementDocuments))
	w.makeSecret(ctx, "letter", map[string][]byte{"scan": []byte(scanMark)})
	w.patch(ctx, name, `{"spec":{"supplementaryDocuments":[{"challengeID":"documents-1","files":[{"parts":[{"secretKeyRef":{"name":"letter","key":"scan"}}]}]}]}}`)
	w.eventually(ctx, name, requires("DocumentFormatNotAccepted"))
	w.makeSecret(ctx, "letter", map[string][]byte{"scan": scan})
	w.eventually(ctx, name, Not(requires(v1alpha1.RequirementDocuments)))
	w.step(ctx, name)
	w.eventually(ctx, name, inPhase(verified))
	w.patch(ctx, name, `{"spec":{"withdrawAttempt":1}}`)
	w.eventually(ctx, name, inPhase(v1alpha1.PhaseRejected))
}

// applyBadDossier applies a registration in which a lot is wrong.
func (w *world) applyBadDossier(ctx context.Context, name string) {
	GinkgoHelper()
	reg := w.badDossier(name)
	w.makeSecret(ctx, "bad", map[string][]byte{"number": []byte(idNumber[:17] + "1"), "scan": append(wordDocument(), scanMark...)})
	output, err := applyYAML(ctx, reg)
	Expect(err).NotTo(HaveOccurred(), output)
	w.eventually(ctx, name, requires("DocumentIsOffice"), requires("CertificateExpired"))
}

func (w *world) badDossier(name string) *v1alpha1.ChinaAccountRegistration {
	reg := w.registration(name, "review")
	d := &reg.Spec.Dossier
	d.Documents.BusinessCertificate.ExpiryDate = "2001-12-31"
	bad := v1alpha1.SecretKeyReference{Name: "bad", Key: "scan"}
	d.Documents.BusinessCertificate.Files = []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{{SecretKeyRef: bad}}}}
	d.SecurityAdministrator.Identification.NumberFrom.SecretKeyRef = v1alpha1.SecretKeyReference{Name: "bad", Key: "number"}
	return reg
}

// fileByHand has an agent claim and file a registration.
func (w *world) fileByHand(ctx context.Context, name string) {
	GinkgoHelper()
	reg := w.registration(name, "by-hand")
	reg.Spec.RegistrarRef.Name = "default"
	w.makeSecret(ctx, "chosen", map[string][]byte{"password": []byte(chosenPassword)})
	reg.Spec.PasswordFrom = &v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: "chosen", Key: "password"}}
	w.apply(ctx, reg)
	w.eventually(ctx, name, requires(v1alpha1.RequirementFileByHand))
	w.reports(ctx, name, v1alpha1.FilingReportSpec{Type: v1alpha1.ReportClaimed})
	w.reports(ctx, name, v1alpha1.FilingReportSpec{Type: v1alpha1.ReportSubmitted, Reference: "NWCD-4711"})
	w.eventually(ctx, name, inPhase(submitted))
}

// reportActive goes on with it to the account, with a code.
func (w *world) reportActive(ctx context.Context, name string) {
	GinkgoHelper()
	w.reports(ctx, name, v1alpha1.FilingReportSpec{Type: v1alpha1.ReportVerified, Challenges: []v1alpha1.ReportedChallenge{
		{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode},
	}})
	w.eventually(ctx, name, requires(v1alpha1.RequirementPhoneCode))
	w.giveCodes(ctx, name)
	w.eventually(ctx, name, requires(v1alpha1.RequirementPhoneCode, HaveField("Awaiting", v1alpha1.PartyAgent)))
	w.reports(ctx, name, v1alpha1.FilingReportSpec{Type: v1alpha1.ReportActive, AccountID: "123456789012"})
	w.eventually(ctx, name, inPhase(active))
}

// reports creates a report on attempt 1 as the admin, and waits until it is accepted.
func (w *world) reports(ctx context.Context, name string, spec v1alpha1.FilingReportSpec) {
	GinkgoHelper()
	who, err := kubectl(ctx, "", "auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")
	Expect(err).NotTo(HaveOccurred(), who)
	reg := w.eventually(ctx, name)
	spec.RegistrationRef.Name, spec.ReportedBy, spec.Attempt = name, who, 1
	spec.FilingKey = registrars.Key(reg.Spec.Region, reg.Spec.Dossier.Account.Email)
	if spec.Type != v1alpha1.ReportClaimed {
		spec.ClaimName = name + "-claimed"
	}
	report := &v1alpha1.FilingReport{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name + "-" + strings.ToLower(string(spec.Type))}, Spec: spec}
	Expect(admin.Create(ctx, report)).To(Succeed())
	Eventually(func(g Gomega) {
		g.Expect(admin.Get(ctx, client.ObjectKeyFromObject(report), report)).To(Succeed())
		g.Expect(meta.IsStatusConditionTrue(report.Status.Conditions, v1alpha1.ConditionAccepted)).To(BeTrue(), "%v", report.Status)
	}).Should(Succeed())
}

func (w *world) patch(ctx context.Context, name, patch string) {
	GinkgoHelper()
	reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name}}
	Expect(admin.Patch(ctx, reg, client.RawPatch(types.MergePatchType, []byte(patch)))).To(Succeed())
}
