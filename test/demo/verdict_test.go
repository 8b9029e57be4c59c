// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestAVerdictSaysWhatWasExpectedAndWhatWasFound(t *testing.T) {
	inReview := registrationIn(v1alpha1.PhaseUnderReview, v1alpha1.PartyRegistrar, v1alpha1.ReasonUnderReview, "")
	tests := map[string]struct {
		end     end
		failure error
		found   *v1alpha1.ChinaAccountRegistration
		says    OmegaMatcher
	}{
		"an active account is right": {
			end: active(1), found: registrationIn(v1alpha1.PhaseActive, v1alpha1.PartyNone, v1alpha1.ReasonActive, "123456789012"),
			says: BeEmpty(),
		},
		"one attempt too many is wrong": {
			end: active(2), found: registrationIn(v1alpha1.PhaseActive, v1alpha1.PartyNone, v1alpha1.ReasonActive, "123456789012"),
			says: And(ContainSubstring("expected Active (Active), awaiting None, attempt 2"), ContainSubstring("attempt 1")),
		},
		"an active account without an id is wrong": {
			end: active(1), found: registrationIn(v1alpha1.PhaseActive, v1alpha1.PartyNone, v1alpha1.ReasonActive, ""),
			says: ContainSubstring("12 digits"),
		},
		"one that is still in review is wrong": {
			end: active(1), found: inReview,
			says: ContainSubstring("found UnderReview (UnderReview), awaiting Registrar, attempt 1"),
		},
		"one that is gone is wrong":                  {end: active(1), says: Equal("there is no object")},
		"one that was refused at apply is right":     {end: end{absent: true}, says: BeEmpty()},
		"one that should have been refused is wrong": {end: end{absent: true}, found: inReview, says: ContainSubstring("there should be no object")},
		"a step that failed is told first":           {end: active(1), failure: errors.New("kubectl apply failed"), found: inReview, says: Equal("kubectl apply failed")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			v := verdict{scene: scene{end: test.end}, failure: test.failure, found: test.found}
			NewWithT(t).Expect(v.wrong()).To(test.says)
		})
	}
}

func registrationIn(phase v1alpha1.RegistrationPhase, awaiting v1alpha1.Party, reason, account string) *v1alpha1.ChinaAccountRegistration {
	reg := &v1alpha1.ChinaAccountRegistration{}
	reg.Status.Phase, reg.Status.Awaiting = phase, awaiting
	reg.Status.Filing = &v1alpha1.Filing{Attempt: 1}
	reg.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Reason: reason}}
	if account != "" {
		reg.Status.Account = &v1alpha1.AccountStatus{ID: account}
	}
	return reg
}
