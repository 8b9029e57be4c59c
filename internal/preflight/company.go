// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"slices"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight/identity"
)

const (
	pathCreditCode = "spec.dossier.company.unifiedSocialCreditCode"
	pathProvince   = "spec.dossier.company.address.province"
	pathPostalCode = "spec.dossier.company.address.postalCode"
)

func checkCompany(company v1alpha1.Company) []Finding {
	waived := company.CreditCodeCheckCharacter == v1alpha1.CheckCharacterWaived
	findings := checkCreditCode(string(company.UnifiedSocialCreditCode), waived, pathCreditCode)
	if identity.Province(company.Address.Province) != 0 {
		findings = append(findings, found(CodeProvinceUnknown, pathProvince))
	}
	return append(findings, checkPostalCode(company.Address.PostalCode, pathPostalCode)...)
}

func checkPostalCode(code, path string) []Finding {
	if identity.PostalCode(code) != 0 {
		return []Finding{found(CodePostalCodeMalformed, path)}
	}
	return nil
}

var creditCodeFindings = map[identity.Problem]string{
	identity.Malformed:               CodeCreditCodeMalformed,
	identity.AuthorityUnknown:        CodeCreditCodeAuthorityUnknown,
	identity.RegionUnknown:           CodeCreditCodeRegionUnknown,
	identity.OrganisationCheckFailed: CodeCreditCodeOrganisationCheckFailed,
	identity.CheckFailed:             CodeCreditCodeCheckFailed,
}

// checkCreditCode reports a failed check character only where nothing else is wrong:
// otherwise it fails in consequence, and a waiver is no cure.
func checkCreditCode(code string, waived bool, path string) []Finding {
	problems := identity.CreditCode(code)
	if others := problems.Without(identity.CheckFailed); others != 0 {
		problems = others
	} else if problems != 0 && waived {
		return []Finding{found(CodeCreditCodeCheckWaived, path)}
	}
	return findingsOf(problems, creditCodeFindings, path)
}

// prefixesByCertificate are the first two characters of the credit codes on
// certificates of a type. The other types may show any.
var prefixesByCertificate = map[v1alpha1.BusinessCertificateType][]string{
	v1alpha1.CertificateBusinessLicense:          {"91", "92", "93"},
	v1alpha1.CertificateInstitutionLegalPerson:   {"12"},
	v1alpha1.CertificatePrivateNonEnterpriseUnit: {"52"},
	v1alpha1.CertificateLawFirm:                  {"31"},
	v1alpha1.CertificateRepresentativeOffice:     {"91"},
}

func certificateFitsCode(certificate v1alpha1.BusinessCertificateType, code v1alpha1.UnifiedSocialCreditCode) bool {
	prefixes, known := prefixesByCertificate[certificate]
	// What is no code says nothing of its entity.
	return !known || identity.CreditCode(string(code)).Has(identity.Malformed) || slices.ContainsFunc(prefixes, func(prefix string) bool {
		return strings.HasPrefix(string(code), prefix)
	})
}

// findingsOf translates a number's problems into the findings of its kind.
func findingsOf(problems identity.Problems, codes map[identity.Problem]string, path string) []Finding {
	var findings []Finding
	for problem := range problems.All() {
		findings = append(findings, found(codes[problem], path))
	}
	return findings
}
