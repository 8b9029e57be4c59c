// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// answers: the applicant gives the answer to a challenge, right or wrong.
func answers(id, digest string, right bool) event {
	return event{"the applicant answers " + id + " with " + digest, func(w *world) bool {
		if w.gone || w.answers[id].Digest == digest {
			return false
		}
		given := map[string]AnswerState{id: {Digest: digest}}
		for other, answer := range w.answers {
			if other != id {
				given[other] = answer
			}
		}
		w.answers = given
		return true
	}, right}
}

func TestEveryLifeWithChallenges(t *testing.T) {
	asks := asking(
		Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode}, Challenge{ID: "plan-1", Type: v1alpha1.ChallengeSupportPlan},
	)
	explore(t, exploration{
		begin:  []*world{newWorld(func(w *world) { w.registrar.accepts = "right" })},
		faults: []fault{lookFails, requestLost, answerLost, crash},
		events: []event{
			registrarSays(StateUnderReview, true, []State{StateReceived}, asking(
				Challenge{ID: "documents-1", Type: v1alpha1.ChallengeDocuments}, Challenge{ID: "novel-1", Type: "videoCall"})),
			registrarSays(StateVerified, true, []State{StateReceived, StateUnderReview}, asks),
			registrarSays(StateSignUpExpired, true, []State{StateVerified}, asking()),
			answers("phone-1", "wrong", false), answers("phone-1", "right", true), answers("plan-1", "right", true),
			answers("documents-1", "right", true), suspends(true), suspends(false),
		},
	})
}
