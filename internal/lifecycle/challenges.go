// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/region"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// challengeWords are the requirement that each challenge becomes.
var challengeWords = map[v1alpha1.ChallengeType]struct{ code, path, message string }{
	v1alpha1.ChallengeEmailCode: {
		v1alpha1.RequirementEmailCode, "spec.verificationCodesSecretRef",
		"Enter the 6-digit code from the registrar's e-mail into key email-code of the Secret %q, labelled " + v1alpha1.SendToRegistrarLabel + `: "true". The mail goes to spec.dossier.account.email: look among junk too.`,
	},
	v1alpha1.ChallengePhoneCode: {
		v1alpha1.RequirementPhoneCode, "spec.verificationCodesSecretRef",
		"Enter the 4-digit code that the contact's mobile received into key phone-code of the Secret %q, labelled " + v1alpha1.SendToRegistrarLabel + `: "true" (FAQ Q10). The SMS goes to spec.dossier.contact.mobile.`,
	},
	v1alpha1.ChallengeSupportPlan: {
		v1alpha1.RequirementSupportPlan, "spec.supportPlan",
		"Choose a support plan in spec.supportPlan: Basic, Developer, Business or Enterprise (FAQ Q10).",
	},
	v1alpha1.ChallengeDocuments: {
		v1alpha1.RequirementDocuments, "spec.supplementaryDocuments",
		"The reviewer asks for more documents. Add them to spec.supplementaryDocuments with challengeID: %s.",
	},
}

// answerChallenges follows the registrar's open challenges, in whatever phase.
func (p *pass) answerChallenges(a *Attempt) {
	for _, c := range a.Challenges {
		p.answer(a, c)
	}
	// After all of them: where the list is full, no challenge is missing from it.
	for _, c := range a.Challenges {
		for _, f := range p.o.Answers[c.ID].Findings {
			p.requireFinding(f)
		}
	}
	if resendRequested(p.reg) && !p.suspended() {
		p.resend(a)
	}
}

func (p *pass) answer(a *Attempt, c Challenge) {
	ready := p.o.Answers[c.ID]
	switch {
	case p.lacksKeyFor(c):
		p.requireAnswer(c, v1alpha1.PartyNone, "Nothing is sent while the installation key is missing.")
		p.requireInstallationKey()
	case c.isExhausted():
		p.requireAnswer(c, v1alpha1.PartyApplicant, "No tries are left, and nothing is sent.")
		p.lookForAnswer(c)
	case ready.Digest == "" || len(ready.Findings) > 0:
		p.requireAnswer(c, v1alpha1.PartyApplicant, p.whyNoAnswer(a, c))
		p.lookForAnswer(c)
	case p.byHand():
		p.requireAnswer(c, v1alpha1.PartyAgent, "The applicant's answer is there: enter it at the registrar and report what came back.")
	case p.isAnswered(c.ID, ready.Digest):
		p.requireAnswer(c, v1alpha1.PartyApplicant, notTaken(c))
		p.lookForAnswer(c)
	case p.suspended():
		p.requireAnswer(c, v1alpha1.PartyApplicant, "The answer is there; it is sent when spec.suspend is false.")
	case p.o.Outcome != nil:
		p.lookAgain()
	default:
		p.do(Effect{Kind: EffectAnswer, Attempt: a.Number, ChallengeID: c.ID, ChallengeType: c.Type, Digest: ready.Digest})
	}
}

// lookForAnswer: an answer kept in a Secret may be there already, or arrive at any
// time without a word; one in spec arrives with a change of the object.
func (p *pass) lookForAnswer(c Challenge) {
	words, known := challengeWords[c.Type]
	if !known || c.Type == v1alpha1.ChallengeSupportPlan {
		return
	}
	code := words.code
	if !hasRequirement(p.was.Requirements, code) {
		p.lookAgain()
		return
	}
	p.lookForMissing(p.since(code))
}

func (p *pass) requireAnswer(c Challenge, from v1alpha1.Party, more string) {
	words, known := challengeWords[c.Type]
	if !known {
		p.require(v1alpha1.Requirement{
			Code: v1alpha1.RequirementChallenge, Awaiting: v1alpha1.PartyApplicant,
			Message: fmt.Sprintf("The registrar asks for %q, which this version of the operator cannot answer. Call the registrar.", text.Cut(string(c.Type), maxCode)),
		})
		return
	}
	var message string
	switch c.Type {
	case v1alpha1.ChallengeEmailCode, v1alpha1.ChallengePhoneCode:
		message = fmt.Sprintf(words.message, p.reg.CodesSecretName())
	case v1alpha1.ChallengeDocuments:
		message = fmt.Sprintf(words.message, c.ID)
	default:
		message = words.message
	}
	if more != "" {
		message += " " + more
	}
	if c.isOver(p.o.Now) {
		message += p.whatIfOver(c)
	}
	if c.Message != "" {
		message += " The registrar says: " + c.Message
	}
	q := v1alpha1.Requirement{Code: words.code, Awaiting: from, Path: words.path, Message: message}
	if c.Type == v1alpha1.ChallengeDocuments {
		q.Path = fmt.Sprintf("spec.supplementaryDocuments[?(@.challengeID==%q)]", c.ID)
	}
	if !c.ExpiresTime.IsZero() {
		q.DueTime = &metav1.Time{Time: c.ExpiresTime}
		if p.o.Now.Before(c.ExpiresTime) {
			p.lookAt(c.ExpiresTime)
		}
	}
	p.require(q)
}

// isExhausted: no answer is taken any more, not even the right one. None is sent,
// because what was sent once is not sent again.
func (c Challenge) isExhausted() bool { return c.TriesLeft != nil && *c.TriesLeft <= 0 }

// isOver: another is needed. Whether a challenge has expired is the registrar's to say:
// an answer is sent all the same, for the operator's clock may be wrong.
func (c Challenge) isOver(now time.Time) bool {
	return c.isExhausted() || !c.ExpiresTime.IsZero() && !now.Before(c.ExpiresTime)
}

func (c Challenge) isCode() bool {
	return c.Type == v1alpha1.ChallengeEmailCode || c.Type == v1alpha1.ChallengePhoneCode
}

// whatIfOver says how to come by another challenge.
func (p *pass) whatIfOver(c Challenge) string {
	why := ""
	if !c.isExhausted() {
		why = fmt.Sprintf(" It expired on %s.", c.ExpiresTime.In(businessday.Shanghai).Format("2006-01-02 15:04 GMT+8"))
	}
	if c.isCode() {
		return why + " Have another code sent with " + askForAnother + ", and enter that."
	}
	return why + " Call " + region.OperatorOf(p.reg.Spec.Region).InWords() + "."
}

const askForAnother = "the annotation " + v1alpha1.ResendCodeRequestedAtAnnotation + " (kubectl china-account resend-code)"

// whyNoAnswer: an answer may be there and be meant for a challenge that is none.
func (p *pass) whyNoAnswer(a *Attempt, c Challenge) string {
	if c.Type != v1alpha1.ChallengeDocuments {
		return ""
	}
	for i, s := range p.reg.Spec.SupplementaryDocuments {
		if s.ChallengeID != c.ID && !p.wasAsked(a, s.ChallengeID) {
			return fmt.Sprintf("The challengeID of spec.supplementaryDocuments[%d] is of no request.", i)
		}
	}
	return ""
}

// wasAsked: a challenge of that id is open, or was answered.
func (p *pass) wasAsked(a *Attempt, id string) bool {
	isIt := func(c Challenge) bool { return c.ID == id }
	answered := func(a v1alpha1.Answer) bool { return a.ChallengeID == id }
	return slices.ContainsFunc(a.Challenges, isIt) || slices.ContainsFunc(p.status.Filing.Answers, answered)
}

// lacksKeyFor: the answer is to be recognised later by its digest, for which the
// installation key is needed, and it was asked for.
func (p *pass) lacksKeyFor(c Challenge) bool {
	words, known := challengeWords[c.Type]
	switch {
	case p.o.Owner != "" || !known || p.suspended():
		return false
	case c.Type == v1alpha1.ChallengeSupportPlan:
		return p.reg.Spec.SupportPlan != "" && p.o.Answers[c.ID].Digest == ""
	default:
		return hasRequirement(p.was.Requirements, words.code)
	}
}

func notTaken(c Challenge) string {
	message := "The last answer was not taken."
	if c.TriesLeft != nil {
		message += fmt.Sprintf(" Tries left: %d.", *c.TriesLeft)
	}
	return message
}

func (p *pass) resend(a *Attempt) {
	i := slices.IndexFunc(a.Challenges, func(c Challenge) bool { return c.isCode() && c.isOver(p.o.Now) })
	if i < 0 {
		i = slices.IndexFunc(a.Challenges, Challenge.isCode)
	}
	switch {
	case i < 0 || p.byHand():
		// There is no code to send again: the request is done with.
		p.resendIsHandled()
	default:
		p.do(Effect{Kind: EffectResend, Attempt: a.Number, ChallengeID: a.Challenges[i].ID, ChallengeType: a.Challenges[i].Type})
	}
}

func (p *pass) isAnswered(id, digest string) bool {
	return slices.Contains(p.status.Filing.Answers, v1alpha1.Answer{ChallengeID: id, Digest: digest})
}

// remember keeps an answer from being tried twice.
func (p *pass) remember(id, digest string) {
	if p.isAnswered(id, digest) {
		return
	}
	filing := p.status.Filing
	filing.Answers = append(filing.Answers, v1alpha1.Answer{ChallengeID: id, Digest: digest})
	filing.Answers = filing.Answers[max(0, len(filing.Answers)-v1alpha1.MaxAnswers):]
}
