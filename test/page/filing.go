// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package page holds the tests of the agents' page in a real browser, and the filing
// that they and others show.
//
// The browser is Chromium: chromium, chromium-browser or google-chrome of the PATH, or
// the one that CHROMIUM names. Where there is none the tests are skipped, or fail if
// PAGE_REQUIRE_BROWSER is set. hack/chromium.sh installs it. After a change of how the
// page looks, run
//
//	go test ./test/page -run Picture -picture ../../docs/dossier-page.png
package page

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"image/png"
	"sync"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/dossier/page"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// Filing is the one of config/samples, with the details of a special VAT fapiao: a
// certificate in two parts and both sides of a card. Nobody's.
func Filing(tb testing.TB) page.Filing {
	tb.Helper()
	certificate := scans.PDF("Business License of an invented company")
	return page.Filing{
		Namespace: "team-a", Name: "acme", Attempt: 1,
		Claim: "acme-1-claimed", ClaimedTime: time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC),
		Dossier: &dossier.Dossier{
			Region: v1alpha1.RegionNingxia, Spec: spec(),
			IDNumber: "11010519491231002X", // the example of GB 11643
			Documents: []dossier.Document{
				document(dossier.RoleBusinessCertificate, 0, certificate[:100], certificate[100:]),
				document(dossier.RoleIdentification, 0, card(tb, "Resident identity card, front", "Name: invented", "Number: the example of GB 11643")),
				document(dossier.RoleIdentification, 1, card(tb, "Resident identity card, back", "Valid: 2020.01.01-2040.01.01")),
			},
		},
	}
}

func spec() v1alpha1.Dossier {
	return v1alpha1.Dossier{
		Account: v1alpha1.Account{Email: "cloud@acme.example.cn", Username: "acmechina"},
		Company: v1alpha1.Company{
			LegalName: "爱客科技（上海）有限公司", UnifiedSocialCreditCode: "91310000MA1K35Y38P",
			Address: v1alpha1.Address{Province: "上海市", City: "上海市", District: "浦东新区", Street: "世纪大道100号", PostalCode: "200120"},
		},
		Contact: v1alpha1.Contact{Name: "王小明", Email: "cloud@acme.example.cn", Mobile: "+8613800138000"},
		SecurityAdministrator: v1alpha1.SecurityAdministrator{
			Name: "李安", Email: "security@acme.example.cn", Mobile: "+8613900139000", Landline: "+862112345678",
			ChineseProficiency: v1alpha1.ChineseProficiencyAttested,
			Identification:     v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard},
		},
		Documents: v1alpha1.Documents{BusinessCertificate: v1alpha1.BusinessCertificate{
			Type: v1alpha1.CertificateBusinessLicense, ExpiryDate: "2045-06-30",
		}},
		Fapiao: v1alpha1.Fapiao{Type: v1alpha1.FapiaoSpecialVAT, SpecialVAT: &v1alpha1.SpecialVATDetails{
			RegisteredAddress: "上海市浦东新区世纪大道100号", RegisteredPhone: "021-12345678",
			BankName: "中国银行上海分行", BankAccountNumber: "4532012345678",
		}},
		CustomerAgreement: v1alpha1.AgreementAccepted,
	}
}

// document is the file at that place in its list.
func document(role dossier.Role, place int, parts ...[]byte) dossier.Document {
	return dossier.Document{Role: role, Path: fmt.Sprintf("spec.dossier.documents.%s.files[%d]", role, place), Parts: parts}
}

var drawnCards sync.Map

// card is the side of a card, as a camera keeps it. It is drawn once.
func card(tb testing.TB, title string, lines ...string) []byte {
	tb.Helper()
	if known, ok := drawnCards.Load(title); ok {
		return known.([]byte)
	}
	drawn, err := scans.Draw(scans.CardSize, title, lines, 0)
	if err != nil {
		tb.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		tb.Fatal(err)
	}
	var content bytes.Buffer
	if err := jpeg.Encode(&content, picture, nil); err != nil {
		tb.Fatal(err)
	}
	drawnCards.Store(title, content.Bytes())
	return content.Bytes()
}
