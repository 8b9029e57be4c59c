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

	// noticeDays before its last day a certificate is as good as expired to some
	// registrars ("about to expire").
	noticeDays = 30
)

// CheckCertificate tells whether the certificate has expired at now, or is about to.
// Its expiry date is the last day on which it is valid, in China's time zone. It is
// exported for accounts that are active: their certificate is still kept current.
func CheckCertificate(certificate v1alpha1.BusinessCertificate, now time.Time) []Finding {
	valid, err := certificate.Validity()
	switch {
	case err != nil:
		return []Finding{found(CodeExpiryDateInvalid, pathExpiryDate)}
	case valid.IsLongTerm() || now.Before(valid.DaysBefore(noticeDays)):
		return nil
	case now.Before(valid.End()):
		return []Finding{found(CodeCertificateExpiresSoon, pathExpiryDate)}
	default:
		return []Finding{found(CodeCertificateExpired, pathExpiryDate)}
	}
}
