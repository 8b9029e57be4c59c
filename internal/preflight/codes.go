// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

// Codes of findings. Each says what ends it.
const (
	// CodeCreditCodeMalformed ends when the code is 18 characters of its alphabet.
	CodeCreditCodeMalformed = "CreditCodeMalformed"
	// CodeCreditCodeAuthorityUnknown ends when the first two characters are of an
	// authority and a category that it registers.
	CodeCreditCodeAuthorityUnknown = "CreditCodeAuthorityUnknown"
	// CodeCreditCodeRegionUnknown ends when characters 3 to 8 begin with a province of
	// the mainland, or are 100000.
	CodeCreditCodeRegionUnknown = "CreditCodeRegionUnknown"
	// CodeCreditCodeOrganisationCheckFailed ends when character 17 fits 9 to 16. No
	// waiver lifts it.
	CodeCreditCodeOrganisationCheckFailed = "CreditCodeOrganisationCheckFailed"
	// CodeCreditCodeCheckFailed ends when the last character fits the others, or the
	// check is waived.
	CodeCreditCodeCheckFailed = "CreditCodeCheckFailed"
	// CodeCreditCodeCheckWaived (warning) ends when the check character fits after all.
	CodeCreditCodeCheckWaived = "CreditCodeCheckWaived"
	// CodeProvinceUnknown ends when the province is one of the 31 in full.
	CodeProvinceUnknown = "ProvinceUnknown"
	// CodePostalCodeMalformed ends when the postal code is one of the mainland.
	CodePostalCodeMalformed = "PostalCodeMalformed"
	// CodeContactEmailDiffers (warning) ends when the contact's e-mail address is the
	// account's.
	CodeContactEmailDiffers = "ContactEmailDiffers"
	// CodeMobileMalformed ends when the number is a mainland mobile in E.164.
	CodeMobileMalformed = "MobileMalformed"
	// CodeChineseProficiencyNotAttested (warning) ends when chineseProficiency is Attested.
	CodeChineseProficiencyNotAttested = "ChineseProficiencyNotAttested"

	// CodeIdentificationNumberMissing ends when the number is at hand.
	CodeIdentificationNumberMissing = "IdentificationNumberMissing"
	// CodeIdentificationTypeNotAccepted ends when the type is one of the four.
	CodeIdentificationTypeNotAccepted = "IdentificationTypeNotAccepted"
	// CodeResidentIDMalformed ends when the number has 17 digits and a check character.
	CodeResidentIDMalformed = "ResidentIDMalformed"
	// CodeResidentIDVoid ends when the number is of a card with 18 characters.
	CodeResidentIDVoid = "ResidentIDVoid"
	// CodeResidentIDRegionUnknown ends when the first two digits are of a province.
	CodeResidentIDRegionUnknown = "ResidentIDRegionUnknown"
	// CodeResidentIDBirthDateInvalid ends when digits 7 to 14 are a real date.
	CodeResidentIDBirthDateInvalid = "ResidentIDBirthDateInvalid"
	// CodeResidentIDBirthDateInFuture ends when digits 7 to 14 are not in the future.
	CodeResidentIDBirthDateInFuture = "ResidentIDBirthDateInFuture"
	// CodeResidentIDCheckFailed ends when the last character fits the others.
	CodeResidentIDCheckFailed = "ResidentIDCheckFailed"
	// CodeResidencePermitNotAccepted ends when another document is named.
	CodeResidencePermitNotAccepted = "ResidencePermitNotAccepted"
	// CodePermanentResidenceNotAccepted ends when another document is named.
	CodePermanentResidenceNotAccepted = "PermanentResidenceNotAccepted"
	// CodeHongKongMacaoPermitMalformed ends when the number is H or M and 8 or 10 digits.
	CodeHongKongMacaoPermitMalformed = "HongKongMacaoPermitMalformed"
	// CodeOutboundPermitNotAccepted ends when another document is named.
	CodeOutboundPermitNotAccepted = "OutboundPermitNotAccepted"
	// CodeTaiwanPermitMalformed ends when the number has 8 digits.
	CodeTaiwanPermitMalformed = "TaiwanPermitMalformed"
	// CodePassportMalformed ends when the number is 5 to 20 letters and digits.
	CodePassportMalformed = "PassportMalformed"
	// CodePassportUnusual (warning) ends when a number that begins like a PRC
	// passport's goes on like one.
	CodePassportUnusual = "PassportUnusual"

	// CodeExpiryDateInvalid ends when expiryDate is a real date or left out.
	CodeExpiryDateInvalid = "ExpiryDateInvalid"
	// CodeCertificateExpired ends when a certificate is named that is valid today.
	CodeCertificateExpired = "CertificateExpired"
	// CodeCertificateExpiresSoon (warning) ends when the certificate is valid for more
	// than 30 days.
	CodeCertificateExpiresSoon = "CertificateExpiresSoon"
	// CodeCertificateTypeUnlikely (warning) ends when type and credit code go together.
	CodeCertificateTypeUnlikely = "CertificateTypeUnlikely"

	// CodeDocumentMissing ends when the document has a file, and it is at hand.
	CodeDocumentMissing = "DocumentMissing"
	// CodeDocumentUnreadable ends when the file can be read.
	CodeDocumentUnreadable = "DocumentUnreadable"
	// CodeDocumentEmpty ends when the file has content.
	CodeDocumentEmpty = "DocumentEmpty"
	// CodeDocumentTooLarge ends when the file, its parts joined, has less than
	// 10,000,000 bytes.
	CodeDocumentTooLarge = "DocumentTooLarge"
	// CodeDocumentLarge (warning) ends when it has no more than 5,000,000 bytes.
	CodeDocumentLarge = "DocumentLarge"
	// CodeDocumentFormatNotAccepted ends when the content is jpg, png, bmp or pdf.
	CodeDocumentFormatNotAccepted = "DocumentFormatNotAccepted"
	// CodeIdentificationSideMissing ends when there are two images or a PDF.
	CodeIdentificationSideMissing = "IdentificationSideMissing"
)
