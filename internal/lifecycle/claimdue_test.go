// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

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
