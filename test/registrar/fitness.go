// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// A registrar's own checks, kept apart from preflight's on purpose: a dossier that
// fails here and was filed shows a hole there.

// tooLargeFile is the first size that is too large: "less than 10 MB" (FAQ Q4).
const tooLargeFile = 10_000_000 // bytes

// provinces by the first two digits of a region code (GB/T 2260).
var provinces = strings.Fields("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65")

var (
	mobile   = regexp.MustCompile(`^\+861[3-9][0-9]{9}$`)
	sixCode  = regexp.MustCompile(`^[0-9]{6}$`)
	passport = regexp.MustCompile(`^[A-Z0-9]{5,20}$`)
	hongKong = regexp.MustCompile(`^[HM]([0-9]{8}|[0-9]{10})$`)
	taiwan   = regexp.MustCompile(`^[0-9]{8}$`)
	creditRE = regexp.MustCompile(`^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$`)
	idCardRE = regexp.MustCompile(`^[1-7][0-9]{16}[0-9Xx]$`)
)

// findings returns why the registrar does not take the dossier; none if it does.
func (f *filing) findings(now time.Time) []contract.Finding {
	d := f.dossier
	id := d.SecurityAdministrator.Identification
	checks := []struct {
		fails         bool
		code, path    string
		whatWasWanted string
	}{
		{!d.Region.Valid(), "RegionUnknown", "spec.region", "The Region is none of the AWS China Regions."},
		{strings.TrimSpace(d.Company.LegalName) == "", "NameMissing", "spec.dossier.company.legalName", "The legal name is absent."},
		{!creditCode(d.Company), "CreditCodeInvalid", "spec.dossier.company.unifiedSocialCreditCode", "The code is not one of GB 32100-2015."},
		{!sixCode.MatchString(d.Company.Address.PostalCode), "AddressInvalid", "spec.dossier.company.address.postalCode", "A postal code has 6 digits."},
		{!mobile.MatchString(d.Contact.Mobile), "MobileInvalid", "spec.dossier.contact.mobile", "A mainland mobile number is wanted."},
		{!mobile.MatchString(d.SecurityAdministrator.Mobile), "MobileInvalid", "spec.dossier.securityAdministrator.mobile", "A mainland mobile number is wanted."},
		{!idNumber(id, now), "IdNumberInvalid", "spec.dossier.securityAdministrator.identification.numberFrom", "The number is not one of this type of ID."},
		{expired(d.Documents.BusinessCertificate.ExpiryDate, now), "CertificateExpired", "spec.dossier.documents.businessCertificate.expiryDate", "The certificate has expired."},
		{d.CustomerAgreement != "Accepted", "AgreementNotAccepted", "spec.dossier.customerAgreement", "The customer agreement is not accepted."},
		{!f.hasRole("businessCertificate"), "CertificateMissing", "spec.dossier.documents.businessCertificate.files", "There is no scan of the certificate."},
		{!f.hasRole("identification"), "IdentificationMissing", "spec.dossier.documents.identification.files", "There is no scan of the ID."},
	}
	var findings []contract.Finding
	for _, c := range checks {
		if c.fails {
			findings = append(findings, contract.Finding{Code: c.code, Path: c.path, Message: c.whatWasWanted})
		}
	}
	for _, file := range f.files {
		if finding := file.finding(); finding != nil {
			findings = append(findings, *finding)
		}
	}
	return findings
}

func (f *filing) hasRole(role string) bool {
	return slices.ContainsFunc(f.files, func(file receivedFile) bool { return file.described.Role == role })
}

// finding returns what is wrong with a file, nil if nothing is.
func (f receivedFile) finding() *contract.Finding {
	path := f.described.Path
	switch {
	case f.described.Size == 0:
		return &contract.Finding{Code: "DocumentEmpty", Path: path, Message: "The file is empty."}
	case f.described.Size >= tooLargeFile:
		return &contract.Finding{Code: "DocumentTooLarge", Path: path, Message: "A file has less than 10 MB (FAQ Q4)."}
	case !hasKnownFormat(f.head):
		return &contract.Finding{Code: "DocumentFormatInvalid", Path: path, Message: "A file is jpg, jpeg, bmp, png or pdf (FAQ Q4)."}
	}
	return nil
}

// hasKnownFormat looks at the first bytes: jpeg, png, bmp, pdf. A pdf may begin
// with other bytes, but not many.
func hasKnownFormat(head []byte) bool {
	for _, magic := range []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "BM"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return bytes.Contains(head, []byte("%PDF-"))
}

// creditCode checks form, province and, unless it is waived, the check character
// (GB 32100-2015): the weighted sum of all 18 is 0 mod 31.
func creditCode(company contract.Company) bool {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	code := company.UnifiedSocialCreditCode
	if !creditRE.MatchString(code) || code[2:8] != "100000" && !slices.Contains(provinces, code[2:4]) {
		return false
	}
	sum, weight := 0, 1
	for _, r := range code[:17] {
		sum += strings.IndexRune(alphabet, r) * weight
		weight = weight * 3 % 31 // the standard's weights are the powers of 3
	}
	sum += strings.IndexByte(alphabet, code[17])
	return sum%31 == 0 || company.CreditCodeCheckCharacter == "Waived"
}

func idNumber(id contract.Identification, now time.Time) bool {
	switch id.Type {
	case "ResidentIdentityCard":
		return identityCard(id.Number, now)
	case "Passport":
		return passport.MatchString(id.Number)
	case "MainlandTravelPermitHongKongMacao":
		return hongKong.MatchString(id.Number)
	case "MainlandTravelPermitTaiwan":
		return taiwan.MatchString(id.Number)
	}
	return false // other types are not acceptable (FAQ Q8)
}

// identityCard checks province, birth date and check digit (GB 11643-1999, ISO 7064
// MOD 11-2): the sum of each digit times 2 to the power of its place is 1 mod 11.
func identityCard(number string, now time.Time) bool {
	if !idCardRE.MatchString(number) || !slices.Contains(provinces, number[:2]) {
		return false
	}
	born, err := time.Parse("20060102", number[6:14])
	if err != nil || born.After(now) {
		return false
	}
	sum := 0
	for _, r := range number[:17] {
		sum = (sum + int(r-'0')) * 2 % 11
	}
	last := int(number[17] - '0')
	if number[17] == 'X' || number[17] == 'x' {
		last = 10
	}
	return (sum+last)%11 == 1
}

// expired says whether a date has passed in China. Absent is long-term.
func expired(date string, now time.Time) bool {
	if date == "" {
		return false
	}
	last, err := time.ParseInLocation(time.DateOnly, date, time.FixedZone("Asia/Shanghai", 8*60*60))
	return err != nil || !now.Before(last.AddDate(0, 0, 1))
}
