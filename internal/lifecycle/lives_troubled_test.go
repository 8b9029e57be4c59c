// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import "github.com/chinaaccount/china-account-operator/api/v1alpha1"

func troubledLives() []life {
	return []life{
		{
			file: "overdue-national-day", title: "Overdue over the National Day holiday",
			about: "The registrar promises its result within 2 business days (FAQ Q9) and is silent; its hotline rests on public holidays (FAQ Q1).",
			world: plain, until: at(10, 9, 18, 0),
			script: []scene{
				{at: at(10, 9, 16, 0), what: "The registrar verifies, a week late, and activates the account.", do: says(StateActive), unseen: true},
			},
		},
		{
			file: "outage-while-filing", title: "An outage while filing",
			about: "The first filing gets no answer, and nobody knows whether it arrived. It did.",
			world: plain, fault: answerLost, until: at(9, 28, 15, 0),
			script: []scene{
				{at: at(9, 28, 10, 0), what: "The registrar cannot be asked at all.", do: func(t *tracer) { t.fault = lookFails }, unseen: true},
				{at: at(9, 28, 10, 20), what: "The registrar can be asked again.", do: func(t *tracer) { t.fault = noFault }, unseen: true},
				{at: at(9, 28, 12, 0), what: "The registrar is out of reach once more.", do: func(t *tracer) { t.fault = lookFails }, unseen: true},
				{at: at(9, 28, 14, 0), what: "The registrar is back, and has activated the account.", unseen: true, do: func(t *tracer) {
					t.fault = noFault
					t.registrar.decide(StateActive)
				}},
			},
		},
		{
			file: "sign-up-expired", title: "The sign-up expires",
			about: "Nobody gives the phone code; the verified filing lapses, and a second attempt is filed.",
			world: plain, until: at(10, 19, 12, 0),
			script: []scene{
				{at: at(9, 29, 10, 0), what: "The registrar verifies; it asks for the phone code.", unseen: true, do: says(StateVerified, asking(
					Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode, ExpiresTime: at(10, 14, 23, 59)}))},
				{at: at(10, 15, 0, 0), what: "The registrar lets the sign-up expire.", do: says(StateSignUpExpired, asking()), unseen: true},
				{at: at(10, 15, 11, 0), what: "The applicant sets spec.resubmitAfterAttempt: 1.", do: mends(resubmit(1))},
				{at: at(10, 16, 15, 0), what: "The registrar activates the account.", do: says(StateActive), unseen: true},
			},
		},
		{
			file: "suspended", title: "Suspended",
			about: "The applicant holds everything back for a day; the registrar's decision is followed all the same.",
			world: func() *world { return newWorld(func(w *world) { w.reg.Spec.Suspend = true }) }, until: at(9, 30, 12, 0),
			script: []scene{
				{at: at(9, 28, 11, 0), what: "The applicant sets spec.suspend: false.", do: mends(func(w *world) {
					w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.Suspend = false })
				})},
				{at: at(9, 28, 12, 0), what: "The applicant sets spec.suspend: true again.", do: mends(suspend)},
				{at: at(9, 29, 9, 0), what: "The registrar verifies; it asks for the phone code.", do: says(StateVerified, asking(phoneCode())), unseen: true},
				{at: at(9, 29, 10, 0), what: "The applicant puts the code into the Secret acme-codes.", do: mends(func(w *world) {
					w.answers["phone-1"] = AnswerState{Digest: "right"}
				}), unseen: true},
				{at: at(9, 29, 14, 0), what: "The applicant sets spec.suspend: false.", do: mends(func(w *world) {
					w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.Suspend = false })
				})},
			},
		},
		{
			file: "recreated-in-review", title: "Deleted and recreated in review",
			about: "GitOps deletes the object and applies it again: the filing goes on as it was, and no second one is made.",
			world: plain, until: at(9, 29, 18, 0),
			script: []scene{
				{at: at(9, 28, 14, 0), what: "The registrar puts the filing under review.", do: says(StateUnderReview), unseen: true},
				{at: at(9, 28, 16, 0), what: "The object is deleted (deletionPolicy: Retain) and applied again.", do: mends(func(w *world) {
					w.delete()
					w.create("uid-2")
				})},
				{at: at(9, 29, 11, 0), what: "The registrar activates the account.", do: says(StateActive), unseen: true},
			},
		},
		{
			file: "refused-content", title: "The registrar will not take the content",
			about: "Preflight finds nothing, and the registrar refuses the upload itself. The same content is not sent again.",
			world: func() *world {
				return newWorld(func(w *world) { w.registrar.refusal = &Refusal{Reason: RefusedContent, Findings: findings} })
			}, until: at(9, 28, 18, 0),
			script: []scene{
				{at: at(9, 28, 11, 0), what: "The applicant corrects spec.dossier.company.legalName.", do: mends(func(w *world) {
					w.reg.Generation++
					w.dossier = DossierState{Digest: digestB}
				})},
				{at: at(9, 28, 15, 0), what: "The registrar activates the account.", do: says(StateActive), unseen: true},
			},
		},
		{
			file: "registrar-contradicts-itself", title: "The registrar contradicts itself",
			about: "It says what does not follow, and loses the filing for an hour. Nothing is filed again.",
			world: plain, until: at(9, 28, 18, 0),
			script: []scene{
				{at: at(9, 28, 11, 0), what: "The registrar says archived, which is no state of the contract.", do: says("archived"), unseen: true},
				{at: at(9, 28, 13, 0), what: "The registrar does not know the filing any more.", unseen: true, do: func(t *tracer) {
					t.registrar.forgotten, t.registrar.attempts = t.registrar.attempts, nil
				}},
				{at: at(9, 28, 14, 0), what: "The registrar knows it again, and activates the account.", unseen: true, do: func(t *tracer) {
					t.registrar.attempts = t.registrar.forgotten
					t.registrar.decide(StateActive)
				}},
			},
		},
	}
}
