// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

// on is a morning in Shanghai.
func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 9, 0, 0, 0, businessday.Shanghai)
}

func certificateExpires(date string) func(*world) {
	return func(w *world) {
		w.edit(func(s *v1alpha1.ChinaAccountRegistrationSpec) {
			s.Dossier.Documents.BusinessCertificate.ExpiryDate = date
		})
	}
}

// longLives last for years.
func longLives() []life {
	return []life{{
		file: "five-years", title: "Five years",
		about: "Rejected, verified, expired, filed again through an outage; then an account whose certificate is renewed, whose ConfigMap is lost, and whose cluster is restored from a backup.",
		world: func() *world {
			return newWorld(certificateExpires("2029-03-31"), func(w *world) {
				w.held = []string{"acme-identity", "acme-license"}
			})
		},
		until: on(2031, 9, 28),
		script: []scene{
			{at: on(2026, 9, 29), what: "The registrar rejects the filing.", unseen: true, do: says(StateRejected, because(illegible))},
			{at: on(2026, 9, 30), what: "The applicant replaces the scan and sets spec.resubmitAfterAttempt: 1.", do: mends(func(w *world) {
				w.dossier = DossierState{Digest: digestB}
				resubmit(1)(w)
			})},
			{at: on(2026, 10, 9), what: "The registrar verifies; it asks for the phone code.", unseen: true, do: says(StateVerified, asking(
				Challenge{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode, ExpiresTime: on(2026, 10, 16), TriesLeft: triesLeft(3)}))},
			{at: on(2026, 10, 23), what: "Nobody gave the code in time: the registrar lets the sign-up expire.", unseen: true, do: says(StateSignUpExpired, asking())},
			{at: on(2026, 10, 26), what: "The applicant sets spec.resubmitAfterAttempt: 2; the registrar cannot be asked.", do: func(t *tracer) {
				t.fault = lookFails
				resubmit(2)(t.world)
			}},
			{at: on(2026, 10, 27), what: "The registrar can be asked again.", unseen: true, do: func(t *tracer) { t.fault = noFault }},
			{at: on(2026, 10, 28), what: "The registrar activates the account.", unseen: true, do: says(StateActive, asking())},
			{at: on(2026, 10, 30), what: "The applicant deletes the Secrets with the documents.", unseen: true, do: mends(func(w *world) { w.held = nil })},
			{at: on(2029, 1, 15), what: "The applicant puts a renewed certificate in its place; the new scan is blank.", do: mends(func(w *world) {
				w.held = []string{"acme-license"}
				w.unfit = []Finding{{Code: "DocumentBlank", Severity: v1alpha1.SeverityError, Path: pathOfScan, Message: "Nothing is to be seen on the scan. Scan it again."}}
				certificateExpires("2031-10-31")(w)
			})},
			{at: on(2029, 1, 16), what: "The applicant replaces the scan, and asks for a look.", do: mends(func(w *world) {
				w.unfit = nil
				refresh(w)
			})},
			{at: on(2029, 1, 20), what: "The applicant deletes the Secret with the certificate.", unseen: true, do: mends(func(w *world) { w.held = nil })},
			{at: on(2030, 2, 1), what: "Somebody deletes the ConfigMap acme-account.", do: mends(func(w *world) { w.handedOver = v1alpha1.AccountStatus{} })},
			{at: on(2030, 6, 1), what: "The cluster is lost, and the object is applied again from Git. The installation key came back with the backup.", do: mends(func(w *world) {
				w.handedOver = v1alpha1.AccountStatus{}
				w.delete()
				w.create("uid-2")
				certificateExpires("2031-10-31")(w)
			})},
			{at: on(2031, 8, 20), what: "The applicant makes the certificate long-term: the new one has no expiry date.", do: mends(certificateExpires(""))},
		},
	}}
}
