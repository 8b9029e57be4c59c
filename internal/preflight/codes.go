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
	// CodeEmailMalformed ends when the e-mail address is one.
	CodeEmailMalformed = "EmailMalformed"
	// CodeEmailAlreadyFiled ends when the address is in use by no other registration. A
	// registrar's word on the same is a requirement of the same code.
	CodeEmailAlreadyFiled = "EmailAlreadyFiled"
	// CodeEmailOfFreeProvider (warning) ends when the account's address is a company's.
	CodeEmailOfFreeProvider = "EmailOfFreeProvider"
	// CodeContactEmailDiffers (warning) ends when the contact's e-mail address is the
	// account's.
	CodeContactEmailDiffers = "ContactEmailDiffers"
	// CodeMobileMalformed ends when the number is a mainland mobile in E.164.
	CodeMobileMalformed = "MobileMalformed"
	// CodeLandlineMalformed ends when the number is a mainland landline or mobile, or is
	// left out.
	CodeLandlineMalformed = "LandlineMalformed"
	// CodeChineseProficiencyNotAttested (warning) ends when chineseProficiency is Attested.
	CodeChineseProficiencyNotAttested = "ChineseProficiencyNotAttested"

	// CodeIdentificationNumberMissing ends when the number is at hand.
	CodeIdentificationNumberMissing = "IdentificationNumberMissing"
	// CodeIdentificationTypeNotAccepted ends when the type is one of the four.
	CodeIdentificationTypeNotAccepted = "IdentificationTypeNotAccepted"
	// CodeIdentificationTypeMismatch ends when type and number are of one document.
	CodeIdentificationTypeMismatch = "IdentificationTypeMismatch"
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
	// CodeDocumentIsHEIC ends when the photo is saved as jpg.
	CodeDocumentIsHEIC = "DocumentIsHEIC"
	// CodeDocumentIsWebP ends when the image is saved as jpg or png.
	CodeDocumentIsWebP = "DocumentIsWebP"
	// CodeDocumentIsGIF ends when the image is saved as png.
	CodeDocumentIsGIF = "DocumentIsGIF"
	// CodeDocumentIsTIFF ends when the scan is saved as pdf, jpg or png.
	CodeDocumentIsTIFF = "DocumentIsTIFF"
	// CodeDocumentIsOffice ends when the document is exported as pdf.
	CodeDocumentIsOffice = "DocumentIsOffice"
	// CodeDocumentIsArchive ends when what is in the archive is given as files.
	CodeDocumentIsArchive = "DocumentIsArchive"
	// CodeDocumentPolyglot ends when the file is of one format alone.
	CodeDocumentPolyglot = "DocumentPolyglot"
	// CodeDocumentTruncated ends when the file is whole.
	CodeDocumentTruncated = "DocumentTruncated"
	// CodeDocumentDamaged ends when the file decodes.
	CodeDocumentDamaged = "DocumentDamaged"
	// CodeDocumentBlank ends when something can be seen on it.
	CodeDocumentBlank = "DocumentBlank"
	// CodeDocumentExpandsTooFar ends when the file unpacks to no more than a document has.
	CodeDocumentExpandsTooFar = "DocumentExpandsTooFar"
	// CodeDocumentTooManyPixels ends when the image has no more than 60 megapixels.
	CodeDocumentTooManyPixels = "DocumentTooManyPixels"
	// CodeDocumentTooFewPixels ends when the image's short side has 200 pixels.
	CodeDocumentTooFewPixels = "DocumentTooFewPixels"
	// CodeDocumentFewPixels (warning) ends when the image's short side has 800 pixels.
	CodeDocumentFewPixels = "DocumentFewPixels"
	// CodeDocumentVariantNotAccepted ends when the image is saved in the usual variety.
	CodeDocumentVariantNotAccepted = "DocumentVariantNotAccepted"
	// CodeDocumentNotDecoded (warning) ends when the image can be decoded in little memory.
	CodeDocumentNotDecoded = "DocumentNotDecoded"
	// CodeDocumentEncrypted ends when the PDF asks for no password.
	CodeDocumentEncrypted = "DocumentEncrypted"
	// CodeDocumentWithoutPages ends when the PDF has a page.
	CodeDocumentWithoutPages = "DocumentWithoutPages"
	// CodeDocumentXFAForm (warning) ends when the PDF is no XFA form.
	CodeDocumentXFAForm = "DocumentXFAForm"
	// CodeIdentificationSideMissing ends when there are two images or a PDF.
	CodeIdentificationSideMissing = "IdentificationSideMissing"

	// CodeFapiaoDetailMissing ends when the detail that a special VAT fapiao shows is given.
	CodeFapiaoDetailMissing = "FapiaoDetailMissing"
	// CodeFapiaoPhoneMalformed ends when the registered phone has digits and hyphens alone.
	CodeFapiaoPhoneMalformed = "FapiaoPhoneMalformed"
	// CodeFapiaoBankAccountMalformed ends when the account number has digits alone.
	CodeFapiaoBankAccountMalformed = "FapiaoBankAccountMalformed"
)
