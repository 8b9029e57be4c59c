// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestCertificateIsValidToTheEndOfItsLastDayInChina(t *testing.T) {
	valid, err := v1alpha1.BusinessCertificate{ExpiryDate: "2045-06-30"}.Validity()
	if err != nil || valid.IsLongTerm() {
		t.Fatal(valid, err)
	}
	if want := time.Date(2045, time.May, 30, 16, 0, 0, 0, time.UTC); !valid.DaysBefore(30).Equal(want) {
		t.Errorf("30 days before its last day is %s, want %s", valid.DaysBefore(30), want)
	}
	if want := time.Date(2045, time.June, 30, 16, 0, 0, 0, time.UTC); !valid.End().Equal(want) {
		t.Errorf("it ends at %s, want midnight in China after its last day: %s", valid.End(), want)
	}
}

func TestLongTermCertificateHasNoEnd(t *testing.T) {
	if valid, err := (v1alpha1.BusinessCertificate{}).Validity(); !valid.IsLongTerm() || err != nil {
		t.Errorf("Validity() = %v, %v", valid, err)
	}
}

func TestValidityOfWhatIsNoDateIsAnError(t *testing.T) {
	if _, err := (v1alpha1.BusinessCertificate{ExpiryDate: "2045-02-30"}).Validity(); err == nil {
		t.Error("30 February has a validity")
	}
}
