// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// digestVersion is the version of the canonical form.
const digestVersion = "v1"

// Digest returns the digest by which the content is known again, v1:KEY ID:HMAC.
//
// The HMAC-SHA256 is over a list of strings, each preceded by its length in 8 bytes,
// big endian: the domain, then a name and a value for each field, in this order,
//
//   - region, and the fields of spec.dossier by their JSON paths, in the order of
//     canonicalForm; one without a value is left out, so that a field which a later
//     release adds does not change the digest of dossiers that lack it; defaults that
//     the API server fills in count as given;
//   - securityAdministrator.identification.number: the ID's number, normalised;
//   - for each document, in order, its role, and as the value the SHA-256 of its
//     joined content in lower-case hexadecimal.
//
// So it does not depend on the names of Secrets and keys, nor on how files are
// split. The password, codes, supplementary documents and the support plan are
// not part of it.
func (k *InstallationKey) Digest(d *Dossier) string {
	var list []string
	for _, f := range d.canonicalForm() {
		if f.value != "" {
			list = append(list, f.name, f.value)
		}
	}
	for _, document := range d.Documents {
		list = append(list, string(document.Role), document.contentHash())
	}
	return strings.Join([]string{digestVersion, k.id, hex.EncodeToString(k.sum(domainDossier, list...))}, ":")
}

type canonicalField struct{ name, value string }

// canonicalForm lists what is filed but the documents. Its order and names are part
// of version v1 and never change; new fields go to the end.
func (d *Dossier) canonicalForm() []canonicalField {
	account, company, contact, admin := d.Spec.Account, d.Spec.Company, d.Spec.Contact, d.Spec.SecurityAdministrator
	certificate, fapiao := d.Spec.Documents.BusinessCertificate, d.Spec.Fapiao
	form := []canonicalField{
		{"region", string(d.Region)},
		{"account.email", string(account.Email)},
		{"account.username", account.Username},
		{"company.legalName", company.LegalName},
		{"company.unifiedSocialCreditCode", string(company.UnifiedSocialCreditCode)},
		{"company.creditCodeCheckCharacter", orDefault(company.CreditCodeCheckCharacter, v1alpha1.CheckCharacterEnforced)},
		{"company.address.province", company.Address.Province},
		{"company.address.city", company.Address.City},
		{"company.address.district", company.Address.District},
		{"company.address.street", company.Address.Street},
		{"company.address.postalCode", company.Address.PostalCode},
		{"contact.name", contact.Name},
		{"contact.email", string(contact.Email)},
		{"contact.mobile", string(contact.Mobile)},
		{"securityAdministrator.name", admin.Name},
		{"securityAdministrator.email", string(admin.Email)},
		{"securityAdministrator.mobile", string(admin.Mobile)},
		{"securityAdministrator.landline", string(admin.Landline)},
		{"securityAdministrator.chineseProficiency", string(admin.ChineseProficiency)},
		{"securityAdministrator.identification.type", string(admin.Identification.Type)},
		{"securityAdministrator.identification.number", d.IDNumber},
		{"documents.businessCertificate.type", string(certificate.Type)},
		{"documents.businessCertificate.expiryDate", certificate.ExpiryDate},
		{"fapiao.type", orDefault(fapiao.Type, v1alpha1.FapiaoNone)},
	}
	if vat := fapiao.SpecialVAT; vat != nil {
		form = append(form,
			canonicalField{"fapiao.specialVAT.registeredAddress", vat.RegisteredAddress},
			canonicalField{"fapiao.specialVAT.registeredPhone", vat.RegisteredPhone},
			canonicalField{"fapiao.specialVAT.bankName", vat.BankName},
			canonicalField{"fapiao.specialVAT.bankAccountNumber", vat.BankAccountNumber},
		)
	}
	return append(form, canonicalField{"customerAgreement", string(d.Spec.CustomerAgreement)})
}

func orDefault[T ~string](value, byDefault T) string {
	if value == "" {
		return string(byDefault)
	}
	return string(value)
}

// contentHash is the SHA-256 of the joined parts in lower-case hexadecimal.
func (d Document) contentHash() string {
	h := sha256.New()
	// Neither memory nor a hash fails.
	_, _ = io.Copy(h, d.Open())
	return hex.EncodeToString(h.Sum(nil))
}
