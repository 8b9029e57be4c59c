// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	pathExpiryDate      = "spec.dossier.documents.businessCertificate.expiryDate"
	pathCertificateType = "spec.dossier.documents.businessCertificate.type"
)

// expiryNotice in days is how long before its expiry a certificate is worth a warning.
const expiryNotice = 30

// chinaStandardTime is the zone of the certificate's dates. China has had no
// daylight saving time since 1991.
var chinaStandardTime = time.FixedZone("CST", 8*60*60)

// CheckCertificate tells whether the certificate has expired at now, or is about to.
// Its expiry date is the last day on which it is valid, in China's time zone. It is
// exported for accounts that are active: their certificate is still kept current.
func CheckCertificate(certificate v1alpha1.BusinessCertificate, now time.Time) []Finding {
	if certificate.ExpiryDate == "" {
		return nil
	}
	expiry, err := time.ParseInLocation(time.DateOnly, certificate.ExpiryDate, chinaStandardTime)
	if err != nil {
		return []Finding{found(CodeExpiryDateInvalid, pathExpiryDate)}
	}
	year, month, day := now.In(chinaStandardTime).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, chinaStandardTime)
	switch {
	case expiry.Before(today):
		return []Finding{found(CodeCertificateExpired, pathExpiryDate)}
	case !expiry.After(today.AddDate(0, 0, expiryNotice)):
		return []Finding{found(CodeCertificateExpiresSoon, pathExpiryDate)}
	}
	return nil
}
