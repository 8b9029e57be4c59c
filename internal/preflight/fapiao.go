// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const pathFapiao = "spec.dossier.fapiao.specialVAT"

// checkFapiao sees that a special VAT fapiao has what it shows.
func checkFapiao(fapiao v1alpha1.Fapiao) []Finding {
	if fapiao.Type != v1alpha1.FapiaoSpecialVAT {
		return nil
	}
	if fapiao.SpecialVAT == nil {
		return []Finding{found(CodeFapiaoDetailMissing, pathFapiao)}
	}
	var findings []Finding
	for _, detail := range []struct {
		name, value string
		malformed   string
		wellFormed  func(string) bool
	}{
		{"registeredAddress", fapiao.SpecialVAT.RegisteredAddress, "", nil},
		{"registeredPhone", fapiao.SpecialVAT.RegisteredPhone, CodeFapiaoPhoneMalformed, isFapiaoPhone},
		{"bankName", fapiao.SpecialVAT.BankName, "", nil},
		{"bankAccountNumber", fapiao.SpecialVAT.BankAccountNumber, CodeFapiaoBankAccountMalformed, isBankAccount},
	} {
		path := pathFapiao + "." + detail.name
		switch {
		case strings.TrimSpace(detail.value) == "":
			findings = append(findings, found(CodeFapiaoDetailMissing, path))
		case detail.wellFormed != nil && !detail.wellFormed(detail.value):
			findings = append(findings, found(detail.malformed, path))
		}
	}
	return findings
}

// isFapiaoPhone: the tax office has landlines as people write them, e.g. 021-12345678.
func isFapiaoPhone(phone string) bool {
	rest := strings.TrimPrefix(phone, "+")
	return len(phone) >= 5 && len(phone) <= 31 && rest[0] != '-' && consistsOf(rest, "0123456789-")
}

func isBankAccount(number string) bool {
	return len(number) >= 6 && len(number) <= 32 && consistsOf(number, "0123456789")
}

func consistsOf(s, characters string) bool { return strings.Trim(s, characters) == "" && s != "" }
