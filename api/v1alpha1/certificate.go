// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import "time"

// CertificateNoticeDays is how many days before its last day a certificate is spoken of.
const CertificateNoticeDays = 30

// chinaTime is the zone of the dates on certificates. China has had no daylight
// saving time since 1991.
var chinaTime = time.FixedZone("CST", 8*60*60)

// Validity returns from when the certificate's end is to be spoken of, and the end
// itself: the midnight in China after its last day. Both are zero for a
// long-term certificate (长期). The error is of time.Parse, for what is no date.
func (c BusinessCertificate) Validity() (notice, end time.Time, err error) {
	if c.ExpiryDate == "" {
		return time.Time{}, time.Time{}, nil
	}
	last, err := time.ParseInLocation(time.DateOnly, c.ExpiryDate, chinaTime)
	if err != nil {
		return time.Time{}, time.Time{}, err
	}
	return last.AddDate(0, 0, -CertificateNoticeDays), last.AddDate(0, 0, 1), nil
}
