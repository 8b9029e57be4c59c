// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func plain() *world { return newWorld() }

// says is the registrar's doing, which the operator finds when it looks.
func says(state State, changes ...func(*Attempt)) func(*tracer) {
	return func(t *tracer) { t.registrar.decide(state, changes...) }
}

func mends(change func(*world)) func(*tracer) {
	return func(t *tracer) { change(t.world) }
}

func triesLeft(n int32) *int32 { return &n }

var illegible = v1alpha1.Finding{
	Code: "DocumentNotReadable", Path: pathOfScan, Message: "The certificate's seal is cut off.",
}

func gatewayLives() []life {
	return []life{
		{
			file: "immediate-activation", title: "Immediate activation",
			about: "A complete dossier, which the registrar validates on the spot.",
			world: plain, until: at(9, 28, 12, 0),
			script: []scene{{at: at(9, 28, 10, 1), what: "The registrar validates the dossier and activates the account.", do: says(StateActive), unseen: true}},
		},
		{
			file: "review-verified-phone-code-plan", title: "Under review, verified, then the sign-up is completed",
			about: "The registrar reviews, verifies, and asks for the phone code and the support plan (FAQ Q10, Q12).",
			world: func() *world { return newWorld(func(w *world) { w.registrar.accepts = "right" }) }, until: at(9, 30, 12, 0),
			script: []scene{
				{at: at(9, 28, 11, 0), what: "The registrar puts the filing under review.", do: says(StateUnderReview), unseen: true},
				{at: at(9, 29, 15, 0), what: "The registrar verifies the entity; it asks for the phone code and the plan.", unseen: true, do: says(StateVerified, asking(
					Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode, ExpiresTime: at(9, 30, 15, 0), TriesLeft: triesLeft(3)},
					Challenge{ID: "plan-1", Type: v1alpha1.ChallengeSupportPlan}))},
				{at: at(9, 29, 16, 0), what: "The applicant puts a code into the Secret acme-codes, and mistypes it.", unseen: true, do: mends(func(w *world) {
					w.answers["phone-1"] = AnswerState{Digest: "wrong"}
				})},
				{at: at(9, 29, 16, 30), what: "The applicant puts the right code there.", unseen: true, do: mends(func(w *world) {
					w.answers["phone-1"] = AnswerState{Digest: "right"}
				})},
				{at: at(9, 29, 17, 0), what: "The applicant sets spec.supportPlan: Business.", do: mends(func(w *world) {
					w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.SupportPlan = "Business" })
					w.answers["plan-1"] = AnswerState{Digest: "right"}
				})},
			},
		},
		{
			file: "rejected-once", title: "Rejected, mended, resubmitted, active",
			about: "The registrar rejects with reasons; the applicant mends and presses the button (FAQ Q11).",
			world: plain, until: at(9, 30, 18, 0),
			script: []scene{
				{at: at(9, 28, 17, 0), what: "The registrar rejects the filing.", do: says(StateRejected, because(findings[0], illegible)), unseen: true},
				{at: at(9, 29, 9, 0), what: "The applicant corrects spec.dossier.company.legalName.", do: mends(func(w *world) {
					w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.Dossier.Company.LegalName = "mended" })
					w.dossier = DossierState{Digest: digestB, Findings: tooLarge}
				})},
				{at: at(9, 29, 9, 5), what: "The applicant sets spec.resubmitAfterAttempt: 1. The new scan is too large.", do: mends(resubmit(1))},
				{at: at(9, 29, 9, 30), what: "The applicant replaces the scan in its Secret.", do: mends(func(w *world) { w.dossier = DossierState{Digest: digestB} }), unseen: true},
				{at: at(9, 30, 14, 0), what: "The registrar activates the account.", do: says(StateActive), unseen: true},
			},
		},
		{
			file: "rejected-finally", title: "Rejected finally",
			about: "The registrar will not register this entity, and takes no other attempt.",
			world: plain, until: at(10, 28, 10, 0),
			script: []scene{
				{at: at(9, 29, 10, 0), what: "The registrar rejects the filing, finally.", unseen: true, do: says(StateRejected, finally,
					because(v1alpha1.Finding{Code: "OverseasEntity", Path: "spec.dossier.company", Message: "Only a mainland legal entity may register (FAQ Q3)."}))},
				{at: at(9, 29, 14, 0), what: "The applicant sets spec.resubmitAfterAttempt: 1 all the same.", do: mends(resubmit(1))},
			},
		},
		{
			file: "late-secret", title: "A document arrives late",
			about: "The object is applied before the Secret with the scan, which another tool syncs.",
			world: func() *world { return newWorld(func(w *world) { w.dossier = DossierState{Missing: missing} }) }, until: at(9, 28, 11, 0),
			script: []scene{
				{at: at(9, 28, 10, 7), what: "The Secret acme-documents arrives.", do: mends(func(w *world) { w.dossier = DossierState{Digest: digestA} }), unseen: true},
				{at: at(9, 28, 10, 30), what: "The registrar activates the account.", do: says(StateActive), unseen: true},
			},
		},
		{
			file: "more-documents", title: "More documents are asked for in review",
			about: "A reviewer wants to see an authorisation letter.",
			world: plain, until: at(9, 30, 18, 0),
			script: []scene{
				{at: at(9, 28, 14, 0), what: "The registrar reviews, and asks for more documents.", unseen: true, do: says(StateUnderReview, asking(
					Challenge{ID: "documents-1", Type: v1alpha1.ChallengeDocuments, Message: "An authorisation letter with the company's seal.", ExpiresTime: at(9, 30, 20, 0)}))},
				{at: at(9, 29, 10, 0), what: "The applicant adds spec.supplementaryDocuments for documents-1; the Secret is too large.", do: mends(func(w *world) {
					w.reg.Generation++
					w.answers["documents-1"] = AnswerState{Findings: []Finding{{Code: "DocumentTooLarge", Severity: v1alpha1.SeverityError,
						Path: "spec.supplementaryDocuments[0].files[0]", Message: "The scan has 10 MB or more (FAQ Q4)."}}}
				})},
				{at: at(9, 29, 11, 0), what: "The applicant replaces the scan.", unseen: true, do: mends(func(w *world) {
					w.answers["documents-1"] = AnswerState{Digest: "letter"}
				})},
				{at: at(9, 30, 11, 0), what: "The registrar activates the account.", do: says(StateActive), unseen: true},
			},
		},
		{
			file: "withdrawn-and-resubmitted", title: "Withdrawn and resubmitted",
			about: "The applicant finds a mistake after filing: withdraw, mend, resubmit.",
			world: plain, until: at(9, 30, 18, 0),
			script: []scene{
				{at: at(9, 28, 15, 0), what: "The applicant sets spec.withdrawAttempt: 1.", do: mends(withdraw(1))},
				{at: at(9, 28, 15, 30), what: "The applicant mends the dossier and sets spec.resubmitAfterAttempt: 1.", do: mends(func(w *world) {
					w.dossier = DossierState{Digest: digestB}
					resubmit(1)(w)
				})},
				{at: at(9, 29, 16, 0), what: "The registrar activates the account.", do: says(StateActive), unseen: true},
			},
		},
	}
}
