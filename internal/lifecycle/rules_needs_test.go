// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestEachStepReadsWhatItNeedsAndNothingElse(t *testing.T) {
	documents := Challenge{ID: "documents-1", Type: v1alpha1.ChallengeDocuments}
	codes := []v1alpha1.ChallengeType{v1alpha1.ChallengePhoneCode}
	for name, c := range map[string]struct {
		build func() *world
		want  Need
	}{
		"new": {func() *world { return newWorld() }, Need{Reports: true, Newest: true, Dossier: true}},
		"pending, a Secret missing": {func() *world { return newWorld(dossierIs(DossierState{Missing: missing})).then() },
			Need{Reports: true, Newest: true, Dossier: true}},
		"an intent":                      {func() *world { return intent() }, Need{Reports: true, Current: 1, Dossier: true}},
		"an intent for the next attempt": {secondIntent, Need{Reports: true, Current: 2, Previous: 1, Dossier: true}},
		"an intent that is deleted":      {func() *world { return intent(deleteHeld) }, Need{Reports: true, Current: 1}},
		"submitted reads no Secret":      {func() *world { return filedWorld(StateReceived) }, Need{Reports: true, Current: 1, Rests: true}},
		"under review reads no Secret":   {func() *world { return filedWorld(StateUnderReview) }, Need{Reports: true, Current: 1, Rests: true}},
		"verified reads no Secret":       {func() *world { return filedWorld(StateVerified) }, Need{Reports: true, Current: 1}},
		"a code is required":             {func() *world { return filedWorld(StateVerified, asking(phoneCode())) }, Need{Reports: true, Current: 1, Codes: codes}},
		"documents are required":         {func() *world { return filedWorld(StateUnderReview, asking(documents)) }, Need{Reports: true, Current: 1, Supplements: true}},
		"rejected":                       {rejectedWorld, Need{Reports: true, Current: 1, Rests: true, Dossier: true}},
		"rejected and deleted":           {func() *world { return rejectedWorld().with(deleteHeld) }, Need{Reports: true, Current: 1}},
		"rejected finally":               {func() *world { return filedWorld(StateRejected, finally) }, Need{Reports: true}},
		"rejected finally, a refresh is asked for": {func() *world { return filedWorld(StateRejected, finally).with(refresh) },
			Need{Reports: true, Asked: true, Current: 1}},
		"just active": {func() *world {
			w := filedWorld(StateReceived)
			w.registrar.decide(StateActive)
			w.pass(noFault)
			return w
		}, Need{Reports: true, HandOver: true, Held: true}},
		"active reads no Secret":              {func() *world { return filedWorld(StateActive) }, Need{Reports: true, HandOver: true}},
		"active, and spec changed":            {func() *world { return changed(filedWorld(StateActive)) }, Need{Reports: true, HandOver: true, Held: true, Certificate: true}},
		"active, a refresh is asked for":      {func() *world { return filedWorld(StateActive).with(refresh) }, Need{Reports: true, Asked: true, HandOver: true, Held: true, Certificate: true}},
		"active with documents, the same day": {func() *world { return heldFor(12 * time.Hour) }, Need{Reports: true, HandOver: true}},
		"active with documents, a day later":  {func() *world { return heldFor(24 * time.Hour) }, Need{Reports: true, HandOver: true, Held: true}},
		"active with an unfit certificate":    {func() *world { return unfitFor(24 * time.Hour) }, Need{Reports: true, HandOver: true, Held: true, Certificate: true}},
		"active and deleted":                  {func() *world { return filedWorld(StateActive).with(deleteHeld) }, Need{Reports: true}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Needs(c.build().reg, monday.AddDate(0, 0, 1))); diff != "" {
				t.Errorf("reads otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheDossierOfAFilingThatExistsIsNotWorthReading(t *testing.T) {
	now := metav1.Now()
	intent, filed := &v1alpha1.Filing{Attempt: 1}, &v1alpha1.Filing{Attempt: 1, FiledTime: &now}
	for name, c := range map[string]struct {
		filing *v1alpha1.Filing
		view   View
		joins  bool
	}{
		"nothing is filed":                                 {nil, View{}, false},
		"one of ours exists":                               {nil, View{Newest: &Attempt{State: StateUnderReview}}, true},
		"a withdrawn one is not joined by itself":          {nil, View{Newest: &Attempt{State: StateWithdrawn}}, false},
		"an intent that did not arrive has to be filed":    {intent, View{}, false},
		"an intent that arrived is followed":               {intent, View{Current: &Attempt{State: StateReceived}}, true},
		"a rejected one is mended, and the dossier read":   {filed, View{Current: &Attempt{State: StateRejected}}, false},
		"the attempt before an intent is not the intent's": {intent, View{Previous: &Attempt{State: StateRejected}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			reg := &v1alpha1.ChinaAccountRegistration{Status: v1alpha1.ChinaAccountRegistrationStatus{Filing: c.filing}}
			if o := (Observation{Registration: reg, View: c.view}); o.Joins() != c.joins {
				t.Errorf("Joins() = %t, want %t", o.Joins(), c.joins)
			}
		})
	}
}
