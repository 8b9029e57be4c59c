// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import "github.com/chinaaccount/china-account-operator/api/v1alpha1"

func told(kind v1alpha1.FilingReportType, attempt int32, changes ...func(*v1alpha1.FilingReport)) func(*tracer) {
	return func(t *tracer) { t.report(kind, attempt, changes...) }
}

func withReference(number string) func(*v1alpha1.FilingReport) {
	return func(r *v1alpha1.FilingReport) { r.Spec.Reference = number }
}

func withChallenges(challenges ...v1alpha1.ReportedChallenge) func(*v1alpha1.FilingReport) {
	return func(r *v1alpha1.FilingReport) { r.Spec.Challenges = challenges }
}

func handLives() []life {
	return []life{
		{
			file: "by-hand", title: "Filed by hand",
			about: "No gateway: an agent claims the filing, files the registrar's web form, and reports what came back.",
			world: func() *world { return byHandWorld() }, until: at(10, 12, 12, 0),
			script: []scene{
				{at: at(9, 28, 10, 30), what: "The agent claims attempt 1 (report-1).", do: told(v1alpha1.ReportClaimed, 1)},
				{at: at(9, 28, 10, 31), what: "Another agent claims it as well (report-2).", do: told(v1alpha1.ReportClaimed, 1)},
				{at: at(9, 28, 11, 15), what: "The agent reports that it is filed (report-3).", do: told(v1alpha1.ReportSubmitted, 1, ofClaim("report-1"), withReference("NWCD-2026-0815"))},
				{at: at(9, 29, 9, 0), what: "The agent reports the rejection mail (report-4).", do: told(v1alpha1.ReportRejected, 1, ofClaim("report-1"))},
				{at: at(9, 29, 10, 0), what: "The agent claims attempt 2 before anybody asked (report-5).", do: told(v1alpha1.ReportClaimed, 2)},
				{at: at(9, 29, 11, 0), what: "The applicant mends the dossier and sets spec.resubmitAfterAttempt: 1.", do: mends(func(w *world) {
					w.dossier = DossierState{Digest: digestB}
					resubmit(1)(w)
				})},
				{at: at(9, 29, 13, 0), what: "The agent claims attempt 2 (report-6).", do: told(v1alpha1.ReportClaimed, 2)},
				{at: at(9, 29, 14, 0), what: "The agent reports that it is filed (report-7).", do: told(v1alpha1.ReportSubmitted, 2, ofClaim("report-6"))},
				{at: at(10, 8, 10, 0), what: "The agent reports that it is verified, and what is asked for (report-8).", do: told(v1alpha1.ReportVerified, 2, ofClaim("report-6"),
					withChallenges(v1alpha1.ReportedChallenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode}))},
				{at: at(10, 8, 11, 0), what: "The applicant puts the code into the Secret acme-codes.", unseen: true, do: mends(func(w *world) {
					w.answers["phone-1"] = AnswerState{Digest: "right"}
				})},
				{at: at(10, 8, 14, 0), what: "The agent reports the account, with a digit wrong (report-9).", do: told(v1alpha1.ReportActive, 2, ofClaim("report-6"), func(r *v1alpha1.FilingReport) {
					r.Spec.AccountID = "123456789011"
				})},
				{at: at(10, 8, 14, 10), what: "The agent corrects the number (report-10).", do: told(v1alpha1.ReportActive, 2, ofClaim("report-6"))},
			},
		},
		{
			file: "by-hand-released", title: "A claim given back",
			about: "An agent claims and falls ill; a colleague releases the claim, and the object is deleted with deletionPolicy: Withdraw.",
			world: func() *world {
				return byHandWorld(func(w *world) { w.reg.Spec.DeletionPolicy = v1alpha1.DeletionWithdraw })
			}, until: at(10, 1, 12, 0),
			script: []scene{
				{at: at(9, 28, 10, 30), what: "An agent claims attempt 1 (report-1).", do: told(v1alpha1.ReportClaimed, 1)},
				{at: at(9, 29, 9, 0), what: "A colleague releases the claim (report-2).", do: told(v1alpha1.ReportReleased, 1)},
				{at: at(9, 29, 10, 0), what: "The colleague claims attempt 1 (report-3).", do: told(v1alpha1.ReportClaimed, 1)},
				{at: at(9, 29, 11, 0), what: "The object is deleted.", do: mends((*world).delete)},
				{at: at(9, 29, 14, 0), what: "The colleague reports that it is withdrawn (report-4).", do: told(v1alpha1.ReportWithdrawn, 1)},
			},
		},
	}
}

func ofClaim(name string) func(*v1alpha1.FilingReport) {
	return func(r *v1alpha1.FilingReport) { r.Spec.ClaimName = name }
}
