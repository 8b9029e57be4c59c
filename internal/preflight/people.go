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
	pathContactEmail        = "spec.dossier.contact.email"
	pathContactMobile       = "spec.dossier.contact.mobile"
	pathAdministratorMobile = "spec.dossier.securityAdministrator.mobile"
	pathChineseProficiency  = "spec.dossier.securityAdministrator.chineseProficiency"
	pathIDType              = "spec.dossier.securityAdministrator.identification.type"
	pathIDNumber            = "spec.dossier.securityAdministrator.identification.numberFrom"
)

func checkContact(contact v1alpha1.Contact, account v1alpha1.Account) []Finding {
	var findings []Finding
	if !strings.EqualFold(string(contact.Email), string(account.Email)) {
		findings = append(findings, found(CodeContactEmailDiffers, pathContactEmail))
	}
	return append(findings, checkMobile(contact.Mobile, pathContactMobile)...)
}

func checkSecurityAdministrator(admin v1alpha1.SecurityAdministrator) []Finding {
	findings := checkMobile(admin.Mobile, pathAdministratorMobile)
	if admin.ChineseProficiency != v1alpha1.ChineseProficiencyAttested {
		findings = append(findings, found(CodeChineseProficiencyNotAttested, pathChineseProficiency))
	}
	return findings
}

func checkMobile(mobile v1alpha1.MobileNumber, path string) []Finding {
	if identity.Mobile(string(mobile)) != 0 {
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
	switch m.Registration.Spec.Dossier.SecurityAdministrator.Identification.Type {
	case v1alpha1.IdentificationResidentIdentityCard:
		return findingsOf(identity.ResidentID(m.IDNumber, now), residentIDFindings, pathIDNumber)
	case v1alpha1.IdentificationHongKongMacao:
		return findingsOf(identity.HongKongMacaoPermit(m.IDNumber), hongKongMacaoFindings, pathIDNumber)
	case v1alpha1.IdentificationTaiwan:
		return findingsOf(identity.TaiwanPermit(m.IDNumber), taiwanFindings, pathIDNumber)
	case v1alpha1.IdentificationPassport:
		return findingsOf(identity.Passport(m.IDNumber), passportFindings, pathIDNumber)
	default:
		return []Finding{found(CodeIdentificationTypeNotAccepted, pathIDType)}
	}
}
