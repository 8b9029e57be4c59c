// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import "time"

// chinaTime is the zone of the dates on certificates. China has had no daylight
// saving time since 1991.
var chinaTime = time.FixedZone("CST", 8*60*60)

// Validity is until when a certificate is valid. The zero value is a long-term one (长期).
// +kubebuilder:object:generate=false
type Validity struct {
	// lastDay is the midnight in China with which the last day begins.
	lastDay time.Time
}

// Validity returns until when the certificate is valid. The error is of time.Parse, for
// what is no date.
func (c BusinessCertificate) Validity() (Validity, error) {
	if c.ExpiryDate == "" {
		return Validity{}, nil
	}
	last, err := time.ParseInLocation(time.DateOnly, c.ExpiryDate, chinaTime)
	return Validity{last}, err
}

// IsLongTerm tells whether there is no end.
func (v Validity) IsLongTerm() bool { return v.lastDay.IsZero() }

// End is the midnight in China after the last day. It is of no use for a long-term one.
func (v Validity) End() time.Time { return v.DaysBefore(-1) }

// DaysBefore is the midnight in China with which the day begins that lies n days before
// the last. It is of no use for a long-term certificate.
func (v Validity) DaysBefore(n int) time.Time { return v.lastDay.AddDate(0, 0, -n) }
