// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// statusLimit that no status reaches.
const statusLimit = 64 << 10

var _ = Describe("A hostile registrar", func() {
	It("is refused and reported in every answer of a life, files nothing twice, and is followed again when it behaves", func(ctx SpecContext) {
		w, h := hostileWorld(ctx)
		h.turn("getRegistration", text("text/html", ""))
		w.applyWithSecrets(ctx, "acme", "review")

		By("telling of the key")
		w.endures(ctx, h, 1, "getRegistration", readAnswers, inPhase(pending), lock(v1alpha1.DossierOpen), HaveField("Status.Filing", BeNil()))
		By("being filed with")
		h.turn("fileAttempt", effectAnswers[0].answer) // at once, or it would be filed meanwhile
		w.endures(ctx, h, 2, "fileAttempt", effectAnswers, inPhase(pending), lock(v1alpha1.DossierLocked), HaveField("Status.Filing.FiledTime", BeNil()))
		w.isFollowedAgain(ctx, h)
		w.reach(ctx, "acme", underReview)
		Expect(w.gateway.counters().Filings).To(Equal(1))

		By("telling of the attempt")
		filed := w.get(ctx, "acme").Status.Filing
		w.endures(ctx, h, 3, "getAttempt", slices.Concat([]hostileAnswer{slowAnswer}, transportAnswers, h.redirectAnswers(), contentAnswers), inPhase(underReview), lock(v1alpha1.DossierLocked), HaveField("Status.Filing", Equal(filed)))
		w.isFollowedAgain(ctx, h)
		w.registrarResponds(ctx, metav1.ConditionFalse, "Invalid")

		By("being answered")
		w.step(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(verified))
		h.turn("answerChallenge", effectAnswers[0].answer)
		w.giveCodes(ctx, "acme")
		w.endures(ctx, h, 4, "answerChallenge", effectAnswers, inPhase(verified), lock(v1alpha1.DossierLocked))
		w.isFollowedAgain(ctx, h)
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active), onlyKeepsDocuments())
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("that spoils a withdrawal is asked for it again", func(ctx SpecContext) {
		w, h := hostileWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		h.turn("withdrawAttempt", effectAnswers[0].answer)
		w.patch(ctx, "acme", func(reg *v1alpha1.ChinaAccountRegistration) { reg.Spec.WithdrawAttempt = new(int32(1)) })
		w.endures(ctx, h, 1, "withdrawAttempt", effectAnswers, inPhase(underReview), lock(v1alpha1.DossierLocked))
		w.isFollowedAgain(ctx, h)
		w.eventually(ctx, "acme", inPhase(rejected), has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.FindingWithdrawn))
	})

	It("that contradicts itself is held, and told once for all its contradictions", func(ctx SpecContext) {
		w, h := hostileWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		for _, one := range contradictions {
			h.endures("getAttempt", one, 2)
			reg := w.get(ctx, "acme")
			Expect(reg).To(And(inPhase(underReview), lock(v1alpha1.DossierLocked), through(pending, submitted, underReview),
				has(v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRegistrarContradiction)), one.name)
			Expect(condition(reg.Status.Conditions, v1alpha1.ConditionStalled).Message).To(ContainSubstring(one.says), one.name)
			mustBeFit(reg)
		}
		h.behave()
		w.eventually(ctx, "acme", lacks(v1alpha1.ConditionStalled))
		Expect(count(w.reasons(ctx)(), v1alpha1.RequirementRegistrarContradiction)).To(Equal(1))
		w.step(ctx, "acme")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", through(pending, submitted, underReview, verified, active))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("may say ten thousand things, of which status keeps little, clean and short", func(ctx SpecContext) {
		w, h := hostileWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", underReview)
		for _, character := range []string{"<b>", "\x1b[2J\u202e\u200b\x00王小明 "} {
			said := strings.Repeat(character, 4000/len(character))
			h.turn("getAttempt", with("challenges", []map[string]any{
				{"id": "documents-1", "type": "documents", "message": said},
				{"id": "seal-1", "type": "companySeal", "message": said},
			}, "reference", strings.Repeat(character, 10_000)))
			w.eventually(ctx, "acme", inPhase(underReview), requiresCode(v1alpha1.RequirementDocuments), requiresCode(v1alpha1.RequirementChallenge))
			w.refreshed(ctx, "acme")
		}
		for _, character := range []string{"<", "𠮷"} {
			h.turn("getAttempt", with("challenges", nil, "state", "rejected", "revision", 1_000, "findings", tenThousand(character)))
			reg := w.eventually(ctx, "acme", inPhase(rejected), lock(v1alpha1.DossierOpen), awaiting(v1alpha1.PartyApplicant))
			Expect(reg.Status.Rejection).To(And(HaveField("Findings", HaveLen(v1alpha1.MaxRejectionFindings)), HaveField("OmittedFindingsCount", int32(9_968))))
			Expect(reg.Status.Requirements).To(HaveLen(v1alpha1.MaxRequirements))
			w.refreshed(ctx, "acme")
			h.turn("getAttempt", with("revision", 1_000))
			w.eventually(ctx, "acme", inPhase(underReview))
		}
		h.turn("getAttempt", with("revision", 1_001))
		w.step(ctx, "acme")
		w.giveCodes(ctx, "acme")
		w.eventually(ctx, "acme", inPhase(active))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})

	It("gets no token where its certificate does not hold, and goes on when it does", func(ctx SpecContext) {
		w, h := hostileWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")
		w.reach(ctx, "acme", submitted)
		for _, c := range []struct {
			certificate tls.Certificate
			says        string
		}{
			{h.certificates.expired, "expired"}, {h.certificates.otherHost, "for another host"}, {h.certificates.selfSigned, "not trusted"},
		} {
			h.present(c.certificate)
			h.turn("getStatus", text("application/json", `{"contract":"v1"}`)) // counts what comes through
			before := h.answersSpoiled()
			w.eventually(ctx, "acme", inPhase(submitted), lock(v1alpha1.DossierLocked), requires(v1alpha1.RequirementRegistrarNotReady, "spec.registrarRef"),
				HaveField("Status.Requirements", ContainElement(HaveField("Message", ContainSubstring(c.says)))))
			Expect(condition(w.registrarIs(ctx, metav1.ConditionFalse).Status.Conditions, v1alpha1.ConditionReady)).To(And(
				HaveField("Reason", "Refused"), HaveField("Message", ContainSubstring(c.says))))
			Expect(h.answersSpoiled()).To(Equal(before), "a request was sent")
			mustBeFit(w.get(ctx, "acme"))

			h.present(h.certificates.good)
			h.behave()
			w.probed(ctx)
			w.registrarIs(ctx, metav1.ConditionTrue)
			w.eventually(ctx, "acme", Not(requiresCode(v1alpha1.RequirementRegistrarNotReady)))
		}
		w.reach(ctx, "acme", active)
	})

	It("that spoils probes is not ready, and nobody is filed with it", func(ctx SpecContext) {
		w, h := hostileWorld(ctx)
		for _, one := range slices.Concat(h.redirectAnswers(), probeAnswers) {
			h.turn("getStatus", one.answer)
			before := h.answersSpoiled()
			w.probed(ctx)
			Eventually(h.answersSpoiled).Should(BeNumerically(">", before), one.name)
			Eventually(func(g Gomega) {
				status := w.registrarIs(ctx, metav1.ConditionFalse).Status
				g.Expect(condition(status.Conditions, v1alpha1.ConditionReady).Message).To(ContainSubstring(one.says), one.name)
				g.Expect(printed(status)).NotTo(ContainElement(ContainSubstring(gatewayToken)))
			}).Should(Succeed())
		}
		w.applyWithSecrets(ctx, "acme", "immediate")
		w.eventually(ctx, "acme", inPhase(pending), requiresCode(v1alpha1.RequirementRegistrarNotReady))
		Expect(w.gateway.requests("getRegistration")()).To(BeZero())
		h.behave()
		w.probed(ctx)
		w.eventually(ctx, "acme", inPhase(active))
	})
})

// readAnswers are those to a look for the key alone.
var readAnswers = []hostileAnswer{
	{"a body without end", endless(`{"key":"`, strings.Repeat("x", 64<<10)), "larger than 1048576 bytes"},
	{"another key", text("application/json", `{"key":"`+strings.Repeat("0", 64)+`","revision":1,"newest":`+plainAttempt+`}`), "another key"},
	{"an attempt that nobody can ask for", text("application/json", `{}`), "another key"},
	{"a no that a look cannot have", problem(409, "wrongAttempt"), "not the contract's"},
	{"a no without a reason", problem(404, "notHere"), "a code that the contract does not have there"},
}

// effectAnswers fit what changes something; there is no time for all of them.
var effectAnswers = []hostileAnswer{
	{"a body without end", endless(`{"number":1,"x":"`, strings.Repeat("x", 64<<10)), "larger than 1048576 bytes"},
	{"less than was promised", rawly("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{}", ""), "broke off"},
	{"another attempt", with("number", 7), "it speaks of attempt 7"},
	{"an account id of 11 digits", with("state", "active", "accountID", "12345678901"), "account id has not 12 digits"},
	{"a no out of place", problem(409, "otherOwner"), "a code that the contract does not have there"},
}

var probeAnswers = []hostileAnswer{
	{"a body without end", endless(`{"contract":"`, strings.Repeat("x", 64<<10)), "larger than 1048576 bytes"},
	{"headers without end", rawly("HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("x", 4<<10)+"\r\n"), "no HTTP"},
	{"another contract", text("application/json", `{"contract":"v9"}`), "does not speak version v1"},
	{"JSON 100,000 deep", nested(100_000), "not the contract's JSON"},
}

var contradictions = []hostileAnswer{
	{"backwards", with("state", "received"), "Submitted of attempt 1, which does not follow from UnderReview"},
	{"a state that nobody knows", with("state", "awaitingSeal"), "awaitingSeal"},
	{"an older word", with("revision", 1), "had answered with revision"},
	{"it forgets", problem(404, "unknown"), "does not know the recorded filing"},
	{"it is another's", problem(403, "otherOwner"), "somebody else's"},
}

// endures has the registrar answer an operation with each hostility in turn: each leaves
// the registration in place and is shown; all of them are told once, as the nth trouble at
// most: two that begin within a second are one event.
func (w *world) endures(ctx context.Context, h *hostileRegistrar, nth int, operation string, answers []hostileAnswer, inPlace ...matcher) {
	GinkgoHelper()
	said := ""
	for _, one := range answers {
		hits := 1
		if one.says == said {
			hits = 2 // the first pass has recorded what the second begins with
		}
		h.endures(operation, one, hits)
		said = one.says
		reg := w.eventually(ctx, "acme", HaveField("Status.Requirements", ContainElement(And(
			HaveField("Code", v1alpha1.RequirementRegistrarUnreachable), HaveField("Message", ContainSubstring(said))))))
		Expect(reg).To(And(inPlace...), func() string { return one.name + ": " + describe(reg) })
		mustBeFit(reg)
	}
	Expect(count(w.reasons(ctx)(), v1alpha1.RequirementRegistrarUnreachable)).To(And(BeNumerically(">=", 1), BeNumerically("<=", nth)), "told once each time")
}

// isFollowedAgain: the registrar behaves from now on.
func (w *world) isFollowedAgain(ctx context.Context, h *hostileRegistrar) {
	GinkgoHelper()
	h.behave()
	w.eventually(ctx, "acme", Not(requiresCode(v1alpha1.RequirementRegistrarUnreachable)))
}

// refreshed holds what is there after another look.
func (w *world) refreshed(ctx context.Context, name string) {
	GinkgoHelper()
	mustBeFit(w.refresh(ctx, name))
}

// probed changes the spec to no effect, again and again.
func (w *world) probed(ctx context.Context) {
	GinkgoHelper()
	w.patchRegistrar(ctx, func(r *v1alpha1.Registrar) {
		if r.Spec.Regions != nil {
			r.Spec.Regions = nil
			return
		}
		r.Spec.Regions = []v1alpha1.Region{v1alpha1.RegionBeijing, v1alpha1.RegionNingxia}
	})
}

// mustBeFit: a status is small, in visible characters, and nobody's personal data.
func mustBeFit(reg *v1alpha1.ChinaAccountRegistration) {
	GinkgoHelper()
	encoded, err := json.Marshal(reg.Status)
	Expect(err).NotTo(HaveOccurred())
	Expect(len(encoded)).To(BeNumerically("<", statusLimit))
	personal := personalValues([]v1alpha1.ChinaAccountRegistration{*reg})
	for _, words := range printed(reg.Status) {
		Expect(strings.IndexFunc(words, func(r rune) bool { return unicode.Is(unicode.C, r) })).To(Equal(-1), "%q", words)
		for _, value := range personal {
			Expect(words).NotTo(ContainSubstring(value))
		}
	}
}

// printed are all strings of a status.
func printed(status any) (words []string) {
	GinkgoHelper()
	encoded, err := json.Marshal(status)
	Expect(err).NotTo(HaveOccurred())
	var tree any
	Expect(json.Unmarshal(encoded, &tree)).To(Succeed())
	var walk func(any)
	walk = func(node any) {
		switch is := node.(type) {
		case string:
			words = append(words, is)
		case []any:
			for _, item := range is {
				walk(item)
			}
		case map[string]any:
			for _, item := range is {
				walk(item)
			}
		}
	}
	walk(tree)
	return words
}
