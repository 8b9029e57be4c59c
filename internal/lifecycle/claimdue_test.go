// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestTheAttemptToFileAfterIsReadFromItsRequirement(t *testing.T) {
	withdrawn := func(p *pass) {
		p.view.Newest = &Attempt{Number: 7, State: StateWithdrawn}
		p.unfiledWithdrawn(true)
	}
	rejected := func(p *pass) { p.requireMending(7) }
	for name, require := range map[string]func(*pass){"recreated": withdrawn, "rejected": rejected} {
		t.Run(name, func(t *testing.T) {
			p := newPass(&Observation{Registration: &v1alpha1.ChinaAccountRegistration{}})
			require(p)
			after, due := ResubmissionDue(&v1alpha1.ChinaAccountRegistrationStatus{Requirements: p.requirements})
			if after != 7 || !due {
				t.Errorf("read attempt %d, due %t, of %v", after, due, p.requirements)
			}
		})
	}
	if _, due := ResubmissionDue(&v1alpha1.ChinaAccountRegistrationStatus{}); due {
		t.Error("nothing is due, and an attempt is read")
	}
}

func TestAClaimThatIsDueIsReadFromItsRequirement(t *testing.T) {
	key := strings.Repeat("0123456789abcdef", 4)
	p := newPass(&Observation{Registration: &v1alpha1.ChinaAccountRegistration{}, Key: key})
	p.requireFileByHand(12)
	attempt, got, due := ClaimDue(&v1alpha1.ChinaAccountRegistrationStatus{Requirements: p.requirements})
	if attempt != 12 || got != key || !due {
		t.Errorf("read attempt %d of key %q, due %t", attempt, got, due)
	}
	p = newPass(&Observation{Registration: &v1alpha1.ChinaAccountRegistration{}, Key: key})
	p.status.Filing = &v1alpha1.Filing{Attempt: 12, ClaimName: "acme-12-claimed"}
	p.requireClaimed()
	if _, _, due := ClaimDue(&v1alpha1.ChinaAccountRegistrationStatus{Requirements: p.requirements}); due {
		t.Error("a claimed attempt reads as one to claim")
	}
}
