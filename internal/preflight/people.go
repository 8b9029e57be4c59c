// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"strings"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight/identity"
)

const (
	pathAccountEmail        = "spec.dossier.account.email"
	pathContactEmail        = "spec.dossier.contact.email"
	pathContactMobile       = "spec.dossier.contact.mobile"
	pathAdministratorEmail  = "spec.dossier.securityAdministrator.email"
	pathLandline            = "spec.dossier.securityAdministrator.landline"
	pathAdministratorMobile = "spec.dossier.securityAdministrator.mobile"
	pathChineseProficiency  = "spec.dossier.securityAdministrator.chineseProficiency"
	pathIDType              = "spec.dossier.securityAdministrator.identification.type"
	pathIDNumber            = "spec.dossier.securityAdministrator.identification.numberFrom"
)

func checkAccount(account v1alpha1.Account, inUse bool) []Finding {
	findings := checkEmail(account.Email, pathAccountEmail)
	if inUse {
		findings = append(findings, found(CodeEmailAlreadyFiled, pathAccountEmail))
	}
	if identity.FreeMail(string(account.Email)) {
		findings = append(findings, found(CodeEmailOfFreeProvider, pathAccountEmail))
	}
	return findings
}

func checkContact(contact v1alpha1.Contact, account v1alpha1.Account) []Finding {
	findings := checkEmail(contact.Email, pathContactEmail)
	if !strings.EqualFold(string(contact.Email), string(account.Email)) {
		findings = append(findings, found(CodeContactEmailDiffers, pathContactEmail))
	}
	return append(findings, checkMobile(string(contact.Mobile), pathContactMobile)...)
}

func checkSecurityAdministrator(admin v1alpha1.SecurityAdministrator) []Finding {
	findings := checkEmail(admin.Email, pathAdministratorEmail)
	findings = append(findings, checkMobile(string(admin.Mobile), pathAdministratorMobile)...)
	if admin.Landline != "" && identity.Landline(string(admin.Landline)) != 0 {
		findings = append(findings, found(CodeLandlineMalformed, pathLandline))
	}
	if admin.ChineseProficiency != v1alpha1.ChineseProficiencyAttested {
		findings = append(findings, found(CodeChineseProficiencyNotAttested, pathChineseProficiency))
	}
	return findings
}

func checkEmail(address v1alpha1.EmailAddress, path string) []Finding {
	if identity.Email(string(address)) != 0 {
		return []Finding{found(CodeEmailMalformed, path)}
	}
	return nil
}

func checkMobile(mobile, path string) []Finding {
	if identity.Mobile(mobile) != 0 {
		return []Finding{found(CodeMobileMalformed, path)}
	}
	return nil
}

var (
	residentIDFindings = map[identity.Problem]string{
		identity.Malformed:          CodeResidentIDMalformed,
		identity.FirstGeneration:    CodeResidentIDVoid,
		identity.RegionUnknown:      CodeResidentIDRegionUnknown,
		identity.BirthDateInvalid:   CodeResidentIDBirthDateInvalid,
		identity.BirthDateInFuture:  CodeResidentIDBirthDateInFuture,
		identity.CheckFailed:        CodeResidentIDCheckFailed,
		identity.ResidencePermit:    CodeResidencePermitNotAccepted,
		identity.PermanentResidence: CodePermanentResidenceNotAccepted,
	}
	hongKongMacaoFindings = map[identity.Problem]string{
		identity.Malformed:   CodeHongKongMacaoPermitMalformed,
		identity.OtherPermit: CodeOutboundPermitNotAccepted,
	}
	taiwanFindings = map[identity.Problem]string{
		identity.Malformed: CodeTaiwanPermitMalformed,
	}
	passportFindings = map[identity.Problem]string{
		identity.Malformed: CodePassportMalformed,
		identity.Unusual:   CodePassportUnusual,
	}
)

// checkIDNumber judges the ID's number by the rules of its type.
func checkIDNumber(m Material, now time.Time) []Finding {
	if m.unread(pathIDNumber) {
		return nil
	}
	if m.IDNumber == "" {
		return []Finding{found(CodeIdentificationNumberMissing, pathIDNumber)}
	}
	idType := m.Registration.Spec.Dossier.SecurityAdministrator.Identification.Type
	judge, known := idNumberRules[idType]
	if !known {
		return []Finding{found(CodeIdentificationTypeNotAccepted, pathIDType)}
	}
	findings := judge(m.IDNumber, now, pathIDNumber)
	if other := otherIDType(m.IDNumber, idType, findings, now); other != "" {
		return []Finding{found(CodeIdentificationTypeMismatch, pathIDType, other)}
	}
	return findings
}

// idNumberRules judge a normalised number by the rules of a type.
var idNumberRules = map[v1alpha1.IdentificationType]func(number string, now time.Time, path string) []Finding{
	v1alpha1.IdentificationResidentIdentityCard: func(number string, now time.Time, path string) []Finding {
		return findingsOf(identity.ResidentID(number, now), residentIDFindings, path)
	},
	v1alpha1.IdentificationHongKongMacao: func(number string, _ time.Time, path string) []Finding {
		return findingsOf(identity.HongKongMacaoPermit(number), hongKongMacaoFindings, path)
	},
	v1alpha1.IdentificationTaiwan: func(number string, _ time.Time, path string) []Finding {
		return findingsOf(identity.TaiwanPermit(number), taiwanFindings, path)
	},
	v1alpha1.IdentificationPassport: func(number string, _ time.Time, path string) []Finding {
		return findingsOf(identity.Passport(number), passportFindings, path)
	},
}

// otherIDType returns the type whose number it is where it cannot be one of the
// type that is named, or hardly: a passport may have any letters and digits, but 18
// that pass a resident identity card's check are one's. Numbers of passports
// have no form of their own by which to know them.
func otherIDType(number string, named v1alpha1.IdentificationType, findings []Finding, now time.Time) v1alpha1.IdentificationType {
	for _, other := range []v1alpha1.IdentificationType{
		v1alpha1.IdentificationResidentIdentityCard, v1alpha1.IdentificationHongKongMacao, v1alpha1.IdentificationTaiwan,
	} {
		impossible := HasErrors(findings) || named == v1alpha1.IdentificationPassport && other == v1alpha1.IdentificationResidentIdentityCard
		if other != named && impossible && !HasErrors(idNumberRules[other](number, now, "")) {
			return other
		}
	}
	return ""
}
