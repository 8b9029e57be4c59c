// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// challengeWords are the requirement that each challenge becomes.
var challengeWords = map[v1alpha1.ChallengeType]struct{ code, path, message string }{
	v1alpha1.ChallengeEmailCode: {
		v1alpha1.RequirementEmailCode, "spec.verificationCodesSecretRef",
		"Enter the 6-digit code from the registrar's e-mail into key email-code of the Secret %q, labelled " + v1alpha1.SendToRegistrarLabel + `: "true".`,
	},
	v1alpha1.ChallengePhoneCode: {
		v1alpha1.RequirementPhoneCode, "spec.verificationCodesSecretRef",
		"Enter the 4-digit code that the contact's mobile received into key phone-code of the Secret %q, labelled " + v1alpha1.SendToRegistrarLabel + `: "true" (FAQ Q10).`,
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
		p.answer(a.Number, c)
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

func (p *pass) answer(attempt int32, c Challenge) {
	ready := p.o.Answers[c.ID]
	switch {
	case ready.Digest == "" || len(ready.Findings) > 0:
		p.requireAnswer(c, v1alpha1.PartyApplicant, "")
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
		p.do(Effect{Kind: EffectAnswer, Attempt: attempt, ChallengeID: c.ID, ChallengeType: c.Type, Digest: ready.Digest})
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
	if c.Message != "" {
		message += " The registrar says: " + c.Message
	}
	q := v1alpha1.Requirement{Code: words.code, Awaiting: from, Path: words.path, Message: message}
	if c.Type == v1alpha1.ChallengeDocuments {
		q.Path = fmt.Sprintf("spec.supplementaryDocuments[?(@.challengeID==%q)]", c.ID)
	}
	if !c.ExpiresTime.IsZero() {
		q.DueTime = &metav1.Time{Time: c.ExpiresTime}
	}
	p.require(q)
}

func notTaken(c Challenge) string {
	message := "The last answer was not taken."
	if c.TriesLeft != nil {
		message += fmt.Sprintf(" Tries left: %d.", *c.TriesLeft)
	}
	return message
}

func (p *pass) resend(a *Attempt) {
	i := slices.IndexFunc(a.Challenges, func(c Challenge) bool {
		return c.Type == v1alpha1.ChallengeEmailCode || c.Type == v1alpha1.ChallengePhoneCode
	})
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
