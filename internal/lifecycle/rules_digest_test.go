// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// unknownDigests cannot be compared with what this operator signs.
var unknownDigests = map[string]string{
	"an older version": "v0:k1:aaaa", "a version to come": "v2:k1:aaaa", "another key": digestOtherKey, "no version": "aaaa",
}

func TestRefusedContentOfAnotherDigestSchemaIsTakenForUnchanged(t *testing.T) {
	for name, digest := range unknownDigests {
		refused := func() *world {
			w := newWorld(refuses(RefusedContent, findings...)).then()
			w.reg.Status.RefusedDigest, w.refused = digest, digestA
			return w
		}
		t.Run(name, func(t *testing.T) {
			tell(t, []story{
				{"it is not sent again by itself", func() *world { return refused().then().then() },
					ending{v1alpha1.PhasePending, open, "none", []string{"NameMismatch"}, nil}},
				{"nor where it was mended after the filing was refused, which nobody can tell", func() *world {
					return refused().then(dossierIs(DossierState{Digest: digestB}))
				}, ending{v1alpha1.PhasePending, open, "none", []string{"NameMismatch"}, nil}},
				{"a change from then on is sent", func() *world { return refused().then().then(dossierIs(DossierState{Digest: digestB})) },
					ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
				{"a refresh request sends it", func() *world { return refused().then().then(refresh) },
					ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
				{"with the key lost it waits", func() *world { return refused().then(func(w *world) { w.keyLost = true }) },
					ending{v1alpha1.PhasePending, open, "none", []string{v1alpha1.RequirementInstallationKeyMissing}, nil}},
			})
		})
	}
}

func TestAFiledDigestOfAnotherSchemaFilesNothingAgain(t *testing.T) {
	for name, digest := range unknownDigests {
		t.Run(name, func(t *testing.T) {
			tell(t, []story{
				{"received", func() *world { return recorded(filedWorld(StateReceived), digest).then() },
					ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
				{"rejected: nobody asked for another attempt", func() *world {
					return recorded(filedWorld(StateRejected, because(findings...)), digest).then()
				}, ending{v1alpha1.PhaseRejected, open, "attempt 1", []string{"NameMismatch", v1alpha1.RequirementResubmission, v1alpha1.RequirementDossierUnchanged}, []State{StateRejected}}},
				{"rejected: another attempt is asked for", func() *world {
					return recorded(filedWorld(StateRejected, because(findings...)), digest).then(resubmit(1))
				}, ending{v1alpha1.PhaseSubmitted, locked, "attempt 2", decisionDue, []State{StateRejected, StateReceived}}},
				{"an intent that had arrived", func() *world {
					w := intent(passing(answerLost))
					w.registrar.attempts[0].Digest = digest
					return recorded(w, digest).then()
				}, ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
				{"an intent that is still on its way", func() *world {
					w := intent(passing(requestLate))
					w.registrar.late.Digest = digest
					recorded(w, digest).pass(noFault)
					w.registrar.arrive(w.now, ourOwner)
					return w.then()
				}, ending{v1alpha1.PhaseSubmitted, locked, "attempt 1", decisionDue, []State{StateReceived}}},
			})
		})
	}
}

// recorded has the operator of another release have signed what is filed.
func recorded(w *world, digest string) *world {
	w.reg.Status.Filing.Digest = digest
	return w
}

// passing makes one pass in which something goes wrong.
func passing(f fault) func(*world) { return func(w *world) { w.pass(f) } }
