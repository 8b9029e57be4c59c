// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"fmt"
	"slices"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Rule is what all findings of one code have in common.
type Rule struct {
	Code     string
	Severity v1alpha1.Severity
	// Message, with a verb of fmt where a finding names one of our own words.
	Message string
	Source  string
}

// Rules returns all that preflight knows to find, in the order of the sign-up form.
func Rules() []Rule { return slices.Clone(rules) }

const (
	sourceCreditCode   = "GB 32100-2015"
	sourceOrganisation = "GB 11714"
	sourceResidentID   = "GB 11643-1999"
	sourceRegions      = "GB/T 2260"
	sourceFapiao       = "special VAT fapiao"
	sourcePractice     = "practice"
)

var rules = []Rule{
	{CodeCreditCodeMalformed, v1alpha1.SeverityError,
		"the credit code must be 18 characters of 0-9 and A-Y without I, O, S, V and Z: upper case, half width, no spaces", sourceCreditCode},
	{CodeCreditCodeAuthorityUnknown, v1alpha1.SeverityError,
		"no authority registers this kind of entity: compare the first two characters with the certificate, e.g. 91 for a company", sourceCreditCode},
	{CodeCreditCodeRegionUnknown, v1alpha1.SeverityError,
		"characters 3 to 8 are no region of the mainland: compare them with the certificate", sourceRegions},
	{CodeCreditCodeOrganisationCheckFailed, v1alpha1.SeverityError,
		"the organisation code in it (characters 9 to 17) fails its own check: compare it with the certificate, character by character", sourceOrganisation},
	{CodeCreditCodeCheckFailed, v1alpha1.SeverityError,
		"the check character does not fit the other 17: compare the code with the certificate, character by character; if the certificate says exactly this, set creditCodeCheckCharacter: Waived", sourceCreditCode},
	{CodeCreditCodeCheckWaived, v1alpha1.SeverityWarning,
		"the check character does not fit, and its check is waived: make sure that the certificate says exactly this", sourceCreditCode},
	{CodeProvinceUnknown, v1alpha1.SeverityError,
		"must be one of the 31 provinces of the mainland in full, e.g. 北京市, 广东省, 内蒙古自治区", "FAQ Q3, GB/T 2260"},
	{CodePostalCodeMalformed, v1alpha1.SeverityError,
		"must be a mainland postal code of 6 digits in half width, e.g. 200120", "China Post"},
	{CodeEmailMalformed, v1alpha1.SeverityError,
		"must be an e-mail address such as cloud@acme.example.cn, in half width, without spaces", "RFC 5322"},
	{CodeEmailAlreadyFiled, v1alpha1.SeverityError,
		"another registration has this e-mail address: use one that is in use for no account", "sign-up form"},
	{CodeEmailOfFreeProvider, v1alpha1.SeverityWarning,
		"an address of a free e-mail provider: better use the company's own, which several people read", sourcePractice},
	{CodeContactEmailDiffers, v1alpha1.SeverityWarning,
		"the contact's e-mail address should be the account's: use the same, or make sure that mail to both is read", sourcePractice},
	{CodeMobileMalformed, v1alpha1.SeverityError,
		"must be a mainland mobile number in E.164: +86 and 11 digits from 13 to 19, in half width, without spaces, e.g. +8613800138000", "E.164"},
	{CodeLandlineMalformed, v1alpha1.SeverityError,
		"must be +86, the area code without its 0, and the number, e.g. +861012345678 or +8675512345678-801; leave the field out if there is no landline", "E.164"},
	{CodeChineseProficiencyNotAttested, v1alpha1.SeverityWarning,
		"the security administrator must be able to talk with the regulator in Chinese: if so, set chineseProficiency: Attested; otherwise name somebody else", "FAQ Q6"},

	{CodeIdentificationNumberMissing, v1alpha1.SeverityError,
		"the number of the security administrator's ID is missing: put it under the Secret's key that numberFrom names", "FAQ Q8"},
	{CodeIdentificationTypeNotAccepted, v1alpha1.SeverityError,
		"must be ResidentIdentityCard, Passport, MainlandTravelPermitHongKongMacao or MainlandTravelPermitTaiwan: other types are not acceptable", "FAQ Q8"},
	{CodeIdentificationTypeMismatch, v1alpha1.SeverityError,
		"the number is that of a %s: name the type of the document whose number and scan are filed", "FAQ Q8"},
	{CodeResidentIDMalformed, v1alpha1.SeverityError,
		"the number of a resident identity card is 17 digits and a digit or X: compare the Secret's content with the card", sourceResidentID},
	{CodeResidentIDVoid, v1alpha1.SeverityError,
		"numbers of 15 digits are void since 2013: take the number of 18 characters from the current card", sourceResidentID},
	{CodeResidentIDRegionUnknown, v1alpha1.SeverityError,
		"the first two digits are of no province of the mainland: compare the Secret's content with the card", sourceRegions},
	{CodeResidentIDBirthDateInvalid, v1alpha1.SeverityError,
		"digits 7 to 14 are no date of birth: compare the Secret's content with the card", sourceResidentID},
	{CodeResidentIDBirthDateInFuture, v1alpha1.SeverityError,
		"the date of birth (digits 7 to 14) is in the future: compare the Secret's content with the card", sourceResidentID},
	{CodeResidentIDCheckFailed, v1alpha1.SeverityError,
		"the last character does not fit the other 17: compare the Secret's content with the card, digit by digit", sourceResidentID},
	{CodeResidencePermitNotAccepted, v1alpha1.SeverityError,
		"this is the number of a residence permit for residents of Hong Kong, Macao or Taiwan (81, 82, 83), which is not acceptable: use the mainland travel permit, or a passport", "FAQ Q8"},
	{CodePermanentResidenceNotAccepted, v1alpha1.SeverityError,
		"this is the number of a foreign permanent resident's ID card (9), which is not acceptable: use the passport", "FAQ Q8"},
	{CodeHongKongMacaoPermitMalformed, v1alpha1.SeverityError,
		"the number of a Mainland Travel Permit for Hong Kong and Macao Residents is H or M and 8 digits, or 10 on a card of 1999: compare the Secret's content with the permit", "FAQ Q8"},
	{CodeOutboundPermitNotAccepted, v1alpha1.SeverityError,
		"this is the number of a mainland resident's permit for travel to Hong Kong and Macao (C, W), which is not acceptable: use the resident identity card", "FAQ Q8"},
	{CodeTaiwanPermitMalformed, v1alpha1.SeverityError,
		"the number of a Mainland Travel Permit for Taiwan Residents is 8 digits, of which the first may be 0: compare the Secret's content with the permit", "FAQ Q8"},
	{CodePassportMalformed, v1alpha1.SeverityError,
		"a passport number is 5 to 20 digits and letters A-Z, without hyphens: compare the Secret's content with the passport", "ICAO Doc 9303"},
	{CodePassportUnusual, v1alpha1.SeverityWarning,
		"if this is a passport of the People's Republic: its number is G and 8 digits, or E, a digit or letter, and 7 digits; compare the Secret's content with the passport", sourcePractice},

	{CodeExpiryDateInvalid, v1alpha1.SeverityError,
		"must be a real date as YYYY-MM-DD in quotes; leave the field out for a long-term certificate (长期)", "FAQ Q4"},
	{CodeCertificateExpired, v1alpha1.SeverityError,
		"the business certificate has expired: give the renewed one, with its expiryDate", "FAQ Q4"},
	{CodeCertificateExpiresSoon, v1alpha1.SeverityWarning,
		"the business certificate expires within 30 days: have it renewed, and give the new one", sourcePractice},
	{CodeCertificateTypeUnlikely, v1alpha1.SeverityWarning,
		"a certificate of this type seldom has a credit code that begins so: compare type and code with the certificate", sourceCreditCode},

	{CodeDocumentMissing, v1alpha1.SeverityError,
		"there is no file: put the scan into a Secret and name its key here", "FAQ Q4"},
	{CodeDocumentUnreadable, v1alpha1.SeverityError,
		"the file cannot be read: put the scan into the Secret again", "FAQ Q4"},
	{CodeDocumentEmpty, v1alpha1.SeverityError,
		"the file is empty: put the scan into the Secret again", "FAQ Q4"},
	{CodeDocumentTooLarge, v1alpha1.SeverityError,
		"the file must be smaller than 10 MB (10,000,000 bytes), its parts joined: scan it again in a lower resolution, still clearly legible", "FAQ Q4"},
	{CodeDocumentLarge, v1alpha1.SeverityWarning,
		"the file is larger than 5 MB, which sign-up forms may refuse: scan it again in a lower resolution, still clearly legible", sourcePractice},
	{CodeDocumentFormatNotAccepted, v1alpha1.SeverityError,
		"the content is %s, and must be jpg, jpeg, bmp, png or pdf: save it as one of these (another name for the file does not help)", "FAQ Q4"},
	{CodeDocumentIsHEIC, v1alpha1.SeverityError,
		"this is a phone's HEIC photo, and must be jpg, jpeg, bmp, png or pdf: export it as JPEG, or set the camera to its most compatible format (another name for the file does not help)", "FAQ Q4"},
	{CodeDocumentIsWebP, v1alpha1.SeverityError,
		"this is a WebP image, and must be jpg, jpeg, bmp, png or pdf: save it as PNG or JPEG (another name for the file does not help)", "FAQ Q4"},
	{CodeDocumentIsGIF, v1alpha1.SeverityError,
		"this is a GIF image, and must be jpg, jpeg, bmp, png or pdf: save it as PNG (another name for the file does not help)", "FAQ Q4"},
	{CodeDocumentIsTIFF, v1alpha1.SeverityError,
		"this is a TIFF image, and must be jpg, jpeg, bmp, png or pdf: have the scanner make a PDF, or save it as JPEG (another name for the file does not help)", "FAQ Q4"},
	{CodeDocumentIsOffice, v1alpha1.SeverityError,
		"this is an Office document, and must be jpg, jpeg, bmp, png or pdf: export it as PDF (another name for the file does not help)", "FAQ Q4"},
	{CodeDocumentIsArchive, v1alpha1.SeverityError,
		"this is an archive, and must be jpg, jpeg, bmp, png or pdf: unpack it, and give what is in it as files; an Office document, which may look like one, is exported as PDF", "FAQ Q4"},
	{CodeDocumentPolyglot, v1alpha1.SeverityError,
		"the file is of two formats at once, so that what is seen depends on who opens it: open it, and save or print it anew as PDF, JPEG or PNG", "FAQ Q4"},
	{CodeDocumentTruncated, v1alpha1.SeverityError,
		"the file ends too early: copy the whole file again, and see that all of its parts are named, in their order", "FAQ Q4"},
	{CodeDocumentDamaged, v1alpha1.SeverityError,
		"the file is damaged and cannot be opened: scan or export it again, and see that its parts are named in their order", "FAQ Q4"},
	{CodeDocumentBlank, v1alpha1.SeverityError,
		"nothing can be seen on it: scan the document again, the right side down", "FAQ Q4"},
	{CodeDocumentExpandsTooFar, v1alpha1.SeverityError,
		"the file unpacks to far more than a scan has: print it anew as PDF, or scan it again", "FAQ Q4"},
	{CodeDocumentTooManyPixels, v1alpha1.SeverityError,
		"the image has %d × %d pixels, and may have 60 million: scan it again at 300 dots per inch", sourcePractice},
	{CodeDocumentTooFewPixels, v1alpha1.SeverityError,
		"the image has %d × %d pixels, too few to be read (the short side needs 200, and better 800): scan it again at 300 dots per inch", "FAQ Q4"},
	{CodeDocumentFewPixels, v1alpha1.SeverityWarning,
		"the image has %d × %d pixels, which may be too few to be clearly recognizable: better scan it at 300 dots per inch, with 800 or more on the short side", "FAQ Q4"},
	{CodeDocumentVariantNotAccepted, v1alpha1.SeverityError,
		"this is a variety of its format that common programs do not show (such as lossless, arithmetic-coded or 12-bit JPEG): save it as an ordinary JPEG or PNG", "FAQ Q4"},
	{CodeDocumentNotDecoded, v1alpha1.SeverityWarning,
		"the file is whole, but its picture was not looked at, since decoding it takes too much memory or is not supported here: make sure that it can be seen, or save it as an ordinary JPEG or PNG at 300 dots per inch", sourcePractice},
	{CodeDocumentEncrypted, v1alpha1.SeverityError,
		"the PDF is protected by a password or against changes: print it anew as PDF without protection", "FAQ Q4"},
	{CodeDocumentWithoutPages, v1alpha1.SeverityError,
		"the PDF has no pages: scan or export it again", "FAQ Q4"},
	{CodeDocumentXFAForm, v1alpha1.SeverityWarning,
		"the PDF is an XFA form, of which most programs show nothing but a notice: print it anew as PDF", sourcePractice},
	{CodeIdentificationSideMissing, v1alpha1.SeverityError,
		"a card has two sides and this is one image: give front and back as two files, or both in one PDF", "FAQ Q8"},

	{CodeFapiaoDetailMissing, v1alpha1.SeverityError,
		"a special VAT fapiao shows this detail: give it as the tax office has it, or set spec.dossier.fapiao.type to Ordinary or None", sourceFapiao},
	{CodeFapiaoPhoneMalformed, v1alpha1.SeverityError,
		"must be digits and hyphens in half width, e.g. 021-12345678", sourceFapiao},
	{CodeFapiaoBankAccountMalformed, v1alpha1.SeverityError,
		"must be 6 to 32 digits in half width, without spaces", sourceFapiao},
}

var rulesByCode = func() map[string]Rule {
	byCode := make(map[string]Rule, len(rules))
	for _, rule := range rules {
		byCode[rule.Code] = rule
	}
	return byCode
}()

// found makes the finding of a code at path. words are our own, never the dossier's.
func found(code, path string, words ...any) Finding {
	rule := rulesByCode[code]
	message := rule.Message
	if len(words) > 0 {
		message = fmt.Sprintf(rule.Message, words...)
	}
	return Finding{Code: code, Severity: rule.Severity, Path: path, Message: message, Source: rule.Source}
}
