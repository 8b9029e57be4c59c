// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// wireDossier says a dossier in the contract's words. References to Secrets stay here.
func wireDossier(d *dossier.Dossier) (contract.Dossier, error) {
	files, err := wireFiles(d.Documents)
	if err != nil {
		return contract.Dossier{}, err
	}
	spec := d.Spec
	certificate := spec.Documents.BusinessCertificate
	return contract.Dossier{
		Region:                contract.Region(d.Region),
		Account:               contract.Account{Email: string(spec.Account.Email), Username: spec.Account.Username},
		Company:               wireCompany(spec.Company),
		Contact:               contract.Contact{Name: spec.Contact.Name, Email: string(spec.Contact.Email), Mobile: string(spec.Contact.Mobile)},
		SecurityAdministrator: wireAdministrator(spec.SecurityAdministrator, d.IDNumber),
		Documents: contract.Documents{BusinessCertificate: contract.BusinessCertificate{
			Type: string(certificate.Type), ExpiryDate: certificate.ExpiryDate,
		}},
		Fapiao:            wireFapiao(spec.Fapiao),
		CustomerAgreement: string(spec.CustomerAgreement),
		Files:             files,
	}, nil
}

func wireCompany(company v1alpha1.Company) contract.Company {
	return contract.Company{
		LegalName:                company.LegalName,
		UnifiedSocialCreditCode:  string(company.UnifiedSocialCreditCode),
		CreditCodeCheckCharacter: string(company.CreditCodeCheckCharacter),
		Address: contract.Address{
			Province:   company.Address.Province,
			City:       company.Address.City,
			District:   company.Address.District,
			Street:     company.Address.Street,
			PostalCode: company.Address.PostalCode,
		},
	}
}

func wireAdministrator(administrator v1alpha1.SecurityAdministrator, idNumber string) contract.SecurityAdministrator {
	return contract.SecurityAdministrator{
		Name:               administrator.Name,
		Email:              string(administrator.Email),
		Mobile:             string(administrator.Mobile),
		Landline:           string(administrator.Landline),
		ChineseProficiency: string(administrator.ChineseProficiency),
		Identification:     contract.Identification{Type: string(administrator.Identification.Type), Number: idNumber},
	}
}

func wireFapiao(fapiao v1alpha1.Fapiao) contract.Fapiao {
	wire := contract.Fapiao{Type: string(fapiao.Type)}
	if wire.Type == "" {
		wire.Type = string(v1alpha1.FapiaoNone)
	}
	if vat := fapiao.SpecialVAT; vat != nil {
		wire.SpecialVAT = contract.SpecialVATDetails{
			RegisteredAddress: vat.RegisteredAddress,
			RegisteredPhone:   vat.RegisteredPhone,
			BankName:          vat.BankName,
			BankAccountNumber: vat.BankAccountNumber,
		}
	}
	return wire
}

// wireFiles describes documents in their order, each with its own SHA-256.
func wireFiles(documents []dossier.Document) ([]contract.File, error) {
	files := make([]contract.File, len(documents))
	for i, document := range documents {
		sum := sha256.New()
		if _, err := io.Copy(sum, document.Open()); err != nil {
			return nil, fmt.Errorf("read %s: %w", document.Path, err)
		}
		files[i] = contract.File{
			Index:  int32(i),
			Role:   string(document.Role),
			Path:   document.Path,
			Size:   document.Size(),
			Sha256: hex.EncodeToString(sum.Sum(nil)),
		}
	}
	return files, nil
}
