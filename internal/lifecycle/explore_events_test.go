// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const codeMissing = "SecretMissing"

var (
	missing  = []Finding{{Code: codeMissing, Severity: v1alpha1.SeverityError, Path: pathOfScan, Message: "Secret acme-documents is missing."}}
	tooLarge = []Finding{{Code: "DocumentTooLarge", Severity: v1alpha1.SeverityError, Path: pathOfScan, Message: "The scan has 10 MB or more."}}
)

// dossierBecomes: the applicant's Secrets change. They are not locked.
func dossierBecomes(name string, d DossierState) event {
	return event{"the dossier is " + name, func(w *world) bool {
		changes := !slices.Equal(w.dossier.Missing, d.Missing) || !slices.Equal(w.dossier.Findings, d.Findings) || w.dossier.Digest != d.Digest
		w.dossier = d
		return changes && !w.gone
	}, d.passes()}
}

func dossiers() []event {
	return []event{
		dossierBecomes("A", DossierState{Digest: digestA}),
		dossierBecomes("B", DossierState{Digest: digestB}),
		dossierBecomes("missing", DossierState{Missing: missing}),
		dossierBecomes("wrong", DossierState{Digest: digestA, Findings: tooLarge}),
	}
}

// edits is a change of spec by the applicant.
func edits(name string, helps bool, change func(*v1alpha1.ChinaAccountRegistrationSpec) bool) event {
	return event{name, func(w *world) bool {
		if w.gone || !change(&w.reg.Spec) {
			return false
		}
		w.reg.Generation++
		return true
	}, helps}
}

func resubmits(n int32) event {
	return edits(fmt.Sprintf("resubmitAfterAttempt: %d", n), true, func(s *v1alpha1.ChinaAccountRegistrationSpec) bool {
		changes := number(s.ResubmitAfterAttempt) != n
		s.ResubmitAfterAttempt = &n
		return changes
	})
}

func doesNotResubmit() event {
	return edits("resubmitAfterAttempt is removed", false, func(s *v1alpha1.ChinaAccountRegistrationSpec) bool {
		changes := s.ResubmitAfterAttempt != nil
		s.ResubmitAfterAttempt = nil
		return changes
	})
}

func withdraws(n int32) event {
	return edits(fmt.Sprintf("withdrawAttempt: %d", n), false, func(s *v1alpha1.ChinaAccountRegistrationSpec) bool {
		changes := number(s.WithdrawAttempt) != n
		s.WithdrawAttempt = &n
		return changes
	})
}

func doesNotWithdraw() event {
	return edits("withdrawAttempt is removed", true, func(s *v1alpha1.ChinaAccountRegistrationSpec) bool {
		changes := s.WithdrawAttempt != nil
		s.WithdrawAttempt = nil
		return changes
	})
}

func suspends(suspend bool) event {
	return edits(fmt.Sprintf("suspend: %t", suspend), !suspend, func(s *v1alpha1.ChinaAccountRegistrationSpec) bool {
		changes := s.Suspend != suspend
		s.Suspend = suspend
		return changes
	})
}

func deletionPolicy(p v1alpha1.DeletionPolicy) event {
	return edits("deletionPolicy: "+string(p), p == v1alpha1.DeletionRetain, func(s *v1alpha1.ChinaAccountRegistrationSpec) bool {
		changes := s.DeletionPolicy != p
		s.DeletionPolicy = p
		return changes
	})
}

func refreshes() event {
	return event{"a refresh is requested", func(w *world) bool {
		asked := w.reg.Annotations[v1alpha1.RefreshRequestedAtAnnotation] != ""
		w.reg.Annotations = map[string]string{v1alpha1.RefreshRequestedAtAnnotation: "now"}
		w.refused = ""
		return !asked && !w.gone
	}, true}
}

// deletes and recreates: GitOps does so at any moment, once here.
func deletes() event {
	return event{"deleted", func(w *world) bool {
		if w.gone || !w.reg.DeletionTimestamp.IsZero() {
			return false
		}
		w.delete()
		return true
	}, false}
}

func recreates() event {
	return event{"recreated", func(w *world) bool {
		if !w.gone || w.reg.UID != "uid-1" {
			return false
		}
		w.create("uid-2")
		return true
	}, false}
}

// registrarSays: the registrar's newest attempt goes from one state to another.
func registrarSays(to State, helps bool, from []State, change ...func(*Attempt)) event {
	return event{"the registrar says " + string(to), func(w *world) bool {
		newest := w.registrar.newest()
		if newest == nil || !slices.Contains(from, newest.State) || newest.Final {
			return false
		}
		w.registrar.decide(to, change...)
		return true
	}, helps}
}

var findings = []v1alpha1.Finding{{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "The name differs from the certificate's."}}

// registrarDecides is a registrar that keeps to its contract.
func registrarDecides() []event {
	final := registrarSays(StateRejected, true, []State{StateReceived, StateUnderReview}, because(findings...), finally)
	final.name += " finally"
	return []event{
		registrarSays(StateUnderReview, true, []State{StateReceived}),
		registrarSays(StateVerified, true, []State{StateReceived, StateUnderReview}),
		registrarSays(StateRejected, true, []State{StateReceived, StateUnderReview}, because(findings...)),
		registrarSays(StateActive, true, []State{StateReceived, StateUnderReview, StateVerified}),
		registrarSays(StateSignUpExpired, true, []State{StateVerified}),
		final,
	}
}

// refusesNext: the next filing is answered with a no.
func refusesNext(r Refusal) event {
	return event{"the registrar will refuse: " + string(r.Reason), func(w *world) bool {
		refuses := w.registrar.refusal != nil
		w.registrar.refusal = &r
		return !refuses && len(w.registrar.attempts) < 2
	}, false}
}

func arrives() event {
	return event{"the late filing arrives", func(w *world) bool {
		if w.registrar.late == nil {
			return false
		}
		w.registrar.arrive(w.now, ourOwner)
		return true
	}, false}
}

// objectBecomes: the Registrar object changes, or goes.
func objectBecomes(name string, helps bool, o RegistrarState) event {
	return event{"the Registrar is " + name, func(w *world) bool {
		changes := w.object != o
		w.object = o
		return changes && !w.gone
	}, helps}
}

func keyBecomes(lost bool) event {
	return event{fmt.Sprintf("the installation key is lost: %t", lost), func(w *world) bool {
		changes := w.keyLost != lost
		w.keyLost = lost
		return changes && !w.gone
	}, !lost}
}

// later is when every decision is overdue.
var later = monday.AddDate(0, 0, 10)

func timePasses() event {
	return event{"a fortnight passes", func(w *world) bool {
		early := w.now.Before(later)
		w.now = monday.AddDate(0, 0, 14)
		return early
	}, false}
}
