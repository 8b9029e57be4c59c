// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestCertificateIsValidToTheEndOfItsLastDayInChina(t *testing.T) {
	notice, end, err := v1alpha1.BusinessCertificate{ExpiryDate: "2045-06-30"}.Validity()
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2045, time.May, 30, 16, 0, 0, 0, time.UTC); !notice.Equal(want) {
		t.Errorf("it is spoken of from %s, want 30 days before its last day: %s", notice, want)
	}
	if want := time.Date(2045, time.June, 30, 16, 0, 0, 0, time.UTC); !end.Equal(want) {
		t.Errorf("it ends at %s, want midnight in China after its last day: %s", end, want)
	}
}

func TestLongTermCertificateHasNoEnd(t *testing.T) {
	if notice, end, err := (v1alpha1.BusinessCertificate{}).Validity(); !notice.IsZero() || !end.IsZero() || err != nil {
		t.Errorf("Validity() = %s, %s, %v", notice, end, err)
	}
}

func TestValidityOfWhatIsNoDateIsAnError(t *testing.T) {
	if _, _, err := (v1alpha1.BusinessCertificate{ExpiryDate: "2045-02-30"}).Validity(); err == nil {
		t.Error("30 February has a validity")
	}
}
