// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var now = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.FixedZone("CST", 8*60*60))

const (
	certificateFile = pathCertificateFiles + "[0]"
	frontFile       = pathIdentificationFiles + "[0]"
	backFile        = pathIdentificationFiles + "[1]"
)

func file(path, content string) Document {
	return Document{Path: path, Content: strings.NewReader(content)}
}

// sizedFile is a file that is said to have so many bytes.
func sizedFile(path, content string, size int64) Document {
	return Document{Path: path, Content: sized{strings.NewReader(content), size}}
}

type sized struct {
	*strings.Reader
	size int64
}

func (s sized) Size() int64 { return s.size }

// goodMaterial is a dossier that nothing is wrong with.
func goodMaterial() Material {
	part := v1alpha1.SecretKeySource{SecretKeyRef: v1alpha1.SecretKeyReference{Name: "acme", Key: "scan"}}
	onePart := v1alpha1.File{Parts: []v1alpha1.SecretKeySource{part}}
	reg := &v1alpha1.ChinaAccountRegistration{}
	reg.Spec.Region = v1alpha1.RegionNingxia
	reg.Spec.Dossier = v1alpha1.Dossier{
		Account: v1alpha1.Account{Email: "cloud@acme.example.cn", Username: "acmechina"},
		Company: v1alpha1.Company{
			LegalName: "爱客科技（上海）有限公司", UnifiedSocialCreditCode: "91310000MA1K35Y38P",
			Address: v1alpha1.Address{Province: "上海市", City: "上海市", Street: "世纪大道100号", PostalCode: "200120"},
		},
		Contact: v1alpha1.Contact{Name: "王小明", Email: "cloud@acme.example.cn", Mobile: "+8613800138000"},
		SecurityAdministrator: v1alpha1.SecurityAdministrator{
			Name: "李安", Email: "security@acme.example.cn", Mobile: "+8613900139000",
			ChineseProficiency: v1alpha1.ChineseProficiencyAttested,
			Identification:     v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard, NumberFrom: part},
		},
		Documents: v1alpha1.Documents{
			BusinessCertificate: v1alpha1.BusinessCertificate{Type: v1alpha1.CertificateBusinessLicense, Files: []v1alpha1.File{onePart}},
			Identification:      v1alpha1.IdentificationDocument{Files: []v1alpha1.File{onePart, onePart}},
		},
		CustomerAgreement: v1alpha1.AgreementAccepted,
	}
	return Material{
		Registration: reg,
		IDNumber:     "11010519491231002X",
		Documents:    []Document{file(certificateFile, pdf), file(frontFile, scan), file(backFile, scan)},
	}
}

// one is the only finding that a test expects: its code and its path.
func one(code, path string) []string { return []string{code + " " + path} }

func codesAndPaths(findings []Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Code+" "+f.Path)
	}
	return all
}

func TestCheck(t *testing.T) {
	tests := map[string]struct {
		change func(*Material, *v1alpha1.Dossier)
		want   []string
	}{
		"nothing is wrong": {func(*Material, *v1alpha1.Dossier) {}, nil},

		"the credit code has spaces": {func(_ *Material, d *v1alpha1.Dossier) { d.Company.UnifiedSocialCreditCode = "9131 0000 MA1K35Y38P" },
			one(CodeCreditCodeMalformed, pathCreditCode)},
		"no authority registers it": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Company.UnifiedSocialCreditCode = "B7320621MA1MRHG20G"
			d.Documents.BusinessCertificate.Type = v1alpha1.CertificateOthers
		}, one(CodeCreditCodeAuthorityUnknown, pathCreditCode)},
		"the credit code's region is Taiwan's": {func(_ *Material, d *v1alpha1.Dossier) { d.Company.UnifiedSocialCreditCode = "91710000MA1K35Y38P" },
			one(CodeCreditCodeRegionUnknown, pathCreditCode)},
		"the organisation code is mistyped, and a waiver does not help": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Company.UnifiedSocialCreditCode = "91310000631295002H"
			d.Company.CreditCodeCheckCharacter = v1alpha1.CheckCharacterWaived
		}, one(CodeCreditCodeOrganisationCheckFailed, pathCreditCode)},
		"a pilot code as it is": {func(_ *Material, d *v1alpha1.Dossier) { d.Company.UnifiedSocialCreditCode = "91350211M0000XUF46" },
			one(CodeCreditCodeCheckFailed, pathCreditCode)},
		"a pilot code with the waiver": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Company.UnifiedSocialCreditCode = "91350211M0000XUF46"
			d.Company.CreditCodeCheckCharacter = v1alpha1.CheckCharacterWaived
		}, one(CodeCreditCodeCheckWaived, pathCreditCode)},
		"a waiver that a good code does not need": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Company.CreditCodeCheckCharacter = v1alpha1.CheckCharacterWaived
		}, nil},
		"the account's address is none": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Account.Email, d.Contact.Email = "cloud@acme", "cloud@acme"
		}, []string{CodeEmailMalformed + " " + pathAccountEmail, CodeEmailMalformed + " " + pathContactEmail}},
		"the administrator's address is none": {func(_ *Material, d *v1alpha1.Dossier) { d.SecurityAdministrator.Email = "security＠acme.example.cn" },
			one(CodeEmailMalformed, pathAdministratorEmail)},
		"the account's address is anybody's": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Account.Email, d.Contact.Email = "acme@QQ.com", "acme@qq.com"
		}, one(CodeEmailOfFreeProvider, pathAccountEmail)},
		"another registration is filed under the address": {func(m *Material, _ *v1alpha1.Dossier) { m.EmailInUse = true },
			one(CodeEmailAlreadyFiled, pathAccountEmail)},
		"the landline has its area code's 0": {func(_ *Material, d *v1alpha1.Dossier) { d.SecurityAdministrator.Landline = "+8602112345678" },
			one(CodeLandlineMalformed, pathLandline)},
		"there is a landline": {func(_ *Material, d *v1alpha1.Dossier) { d.SecurityAdministrator.Landline = "+862112345678" }, nil},

		"the province is short":        {func(_ *Material, d *v1alpha1.Dossier) { d.Company.Address.Province = "上海" }, one(CodeProvinceUnknown, pathProvince)},
		"the postal code is nowhere's": {func(_ *Material, d *v1alpha1.Dossier) { d.Company.Address.PostalCode = "999999" }, one(CodePostalCodeMalformed, pathPostalCode)},

		"mail goes to two addresses":     {func(_ *Material, d *v1alpha1.Dossier) { d.Contact.Email = "wang@acme.example.cn" }, one(CodeContactEmailDiffers, pathContactEmail)},
		"the address differs in case":    {func(_ *Material, d *v1alpha1.Dossier) { d.Contact.Email = "Cloud@ACME.example.cn" }, nil},
		"the contact's mobile is abroad": {func(_ *Material, d *v1alpha1.Dossier) { d.Contact.Mobile = "+85291234567" }, one(CodeMobileMalformed, pathContactMobile)},
		"the administrator's mobile has no country": {func(_ *Material, d *v1alpha1.Dossier) { d.SecurityAdministrator.Mobile = "13900139000" },
			one(CodeMobileMalformed, pathAdministratorMobile)},
		"nobody says that the administrator has Chinese": {func(_ *Material, d *v1alpha1.Dossier) { d.SecurityAdministrator.ChineseProficiency = "" },
			one(CodeChineseProficiencyNotAttested, pathChineseProficiency)},

		"the number was never given":     {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "" }, one(CodeIdentificationNumberMissing, pathIDNumber)},
		"the number's Secret is missing": {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber, m.Unread = "", []string{pathIDNumber} }, nil},
		"the number is mistyped":         {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "110105194912310021" }, one(CodeResidentIDCheckFailed, pathIDNumber)},
		"the number is too short":        {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "1101051949" }, one(CodeResidentIDMalformed, pathIDNumber)},
		"the card is of the first generation": {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "610104620927690" },
			one(CodeResidentIDVoid, pathIDNumber)},
		"there is no such province":  {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "990426199112010074" }, one(CodeResidentIDRegionUnknown, pathIDNumber)},
		"there was no such day":      {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "110105190002290025" }, one(CodeResidentIDBirthDateInvalid, pathIDNumber)},
		"the birth is still to come": {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "110105202603030013" }, one(CodeResidentIDBirthDateInFuture, pathIDNumber)},
		"a residence permit":         {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "810000199408230021" }, one(CodeResidencePermitNotAccepted, pathIDNumber)},
		"a permanent residence":      {func(m *Material, _ *v1alpha1.Dossier) { m.IDNumber = "932682198501010017" }, one(CodePermanentResidenceNotAccepted, pathIDNumber)},
		"a type that is not accepted": {func(_ *Material, d *v1alpha1.Dossier) { d.SecurityAdministrator.Identification.Type = "DrivingLicence" },
			one(CodeIdentificationTypeNotAccepted, pathIDType)},
		"a Hong Kong permit": {withID(v1alpha1.IdentificationHongKongMacao, "H12345678"), nil},
		"a Hong Kong permit with a digit too many": {withID(v1alpha1.IdentificationHongKongMacao, "H123456789"),
			one(CodeHongKongMacaoPermitMalformed, pathIDNumber)},
		"a permit to go out":                 {withID(v1alpha1.IdentificationHongKongMacao, "C12345678"), one(CodeOutboundPermitNotAccepted, pathIDNumber)},
		"a Taiwan permit":                    {withID(v1alpha1.IdentificationTaiwan, "07257456"), nil},
		"a Taiwan permit that lost its zero": {withID(v1alpha1.IdentificationTaiwan, "7257456"), one(CodeTaiwanPermitMalformed, pathIDNumber)},
		"a passport":                         {withID(v1alpha1.IdentificationPassport, "E00160027"), nil},
		"a passport with a hyphen":           {withID(v1alpha1.IdentificationPassport, "E-1234567"), one(CodePassportMalformed, pathIDNumber)},
		"a passport somewhat like a PRC one": {withID(v1alpha1.IdentificationPassport, "G1234567"), one(CodePassportUnusual, pathIDNumber)},

		"a resident's number as a passport's": {withID(v1alpha1.IdentificationPassport, "11010519491231002X"),
			one(CodeIdentificationTypeMismatch, pathIDType)},
		"a permit's number as a resident's": {withID(v1alpha1.IdentificationResidentIdentityCard, "H12345678"),
			one(CodeIdentificationTypeMismatch, pathIDType)},
		"a Taiwan permit as one of Macao": {withID(v1alpha1.IdentificationHongKongMacao, "07257456"),
			one(CodeIdentificationTypeMismatch, pathIDType)},
		"a passport like a permit": {withID(v1alpha1.IdentificationPassport, "H12345678"), nil},

		"a special VAT fapiao without its details": {func(_ *Material, d *v1alpha1.Dossier) { d.Fapiao.Type = v1alpha1.FapiaoSpecialVAT },
			one(CodeFapiaoDetailMissing, pathFapiao)},
		"a special VAT fapiao with some of its details": {withVAT(v1alpha1.SpecialVATDetails{RegisteredAddress: " ", RegisteredPhone: "021 1234", BankName: "中国银行", BankAccountNumber: "1234 5678"}),
			[]string{
				CodeFapiaoDetailMissing + " " + pathFapiao + ".registeredAddress", CodeFapiaoPhoneMalformed + " " + pathFapiao + ".registeredPhone",
				CodeFapiaoBankAccountMalformed + " " + pathFapiao + ".bankAccountNumber",
			}},
		"a special VAT fapiao": {withVAT(v1alpha1.SpecialVATDetails{RegisteredAddress: "世纪大道100号", RegisteredPhone: "021-12345678", BankName: "中国银行", BankAccountNumber: "12345678"}), nil},
		"an ordinary fapiao":   {func(_ *Material, d *v1alpha1.Dossier) { d.Fapiao.Type = v1alpha1.FapiaoOrdinary }, nil},

		"the certificate has expired": {func(_ *Material, d *v1alpha1.Dossier) { d.Documents.BusinessCertificate.ExpiryDate = "2026-03-01" },
			one(CodeCertificateExpired, pathExpiryDate)},
		"the certificate expires soon": {func(_ *Material, d *v1alpha1.Dossier) { d.Documents.BusinessCertificate.ExpiryDate = "2026-03-20" },
			one(CodeCertificateExpiresSoon, pathExpiryDate)},
		"there is no such day of expiry": {func(_ *Material, d *v1alpha1.Dossier) { d.Documents.BusinessCertificate.ExpiryDate = "2045-02-30" },
			one(CodeExpiryDateInvalid, pathExpiryDate)},
		"a law firm's licence for a company": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Documents.BusinessCertificate.Type = v1alpha1.CertificateLawFirm
		}, one(CodeCertificateTypeUnlikely, pathCertificateType)},

		"no code tells the certificate's type": {func(_ *Material, d *v1alpha1.Dossier) {
			d.Company.UnifiedSocialCreditCode = "３１"
		}, one(CodeCreditCodeMalformed, pathCreditCode)},

		"the certificate's Secret is missing": {func(m *Material, _ *v1alpha1.Dossier) {
			m.Documents, m.Unread = m.Documents[1:], []string{certificateFile + ".parts[3]"}
		}, nil},
		"the certificate is not at hand": {func(m *Material, _ *v1alpha1.Dossier) { m.Documents = m.Documents[1:] }, one(CodeDocumentMissing, certificateFile)},
		"the certificate names no file":  {func(_ *Material, d *v1alpha1.Dossier) { d.Documents.BusinessCertificate.Files = nil }, one(CodeDocumentMissing, pathCertificateFiles)},
		"the certificate is empty":       {func(m *Material, _ *v1alpha1.Dossier) { m.Documents[0] = file(certificateFile, "") }, one(CodeDocumentEmpty, certificateFile)},
		"the certificate is a text":      {func(m *Material, _ *v1alpha1.Dossier) { m.Documents[0] = file(certificateFile, "a licence") }, one(CodeDocumentFormatNotAccepted, certificateFile)},
		"the back is too large":          {func(m *Material, _ *v1alpha1.Dossier) { m.Documents[2] = sizedFile(backFile, scan, 10_000_000) }, one(CodeDocumentTooLarge, backFile)},
		"the back is large": {func(m *Material, _ *v1alpha1.Dossier) {
			m.Documents[2] = file(backFile, scan+strings.Repeat("\x00", 5_000_000))
		}, one(CodeDocumentLarge, backFile)},
		"the back cannot be read": {func(m *Material, _ *v1alpha1.Dossier) {
			m.Documents[2].Content = brokenContent{}
		}, one(CodeDocumentUnreadable, backFile)},
		"one image of a card":             {withFiles(scan), one(CodeIdentificationSideMissing, pathIdentificationFiles)},
		"one PDF of both sides of a card": {withFiles(pdf), nil},
		"one image of a passport": {func(m *Material, d *v1alpha1.Dossier) {
			withID(v1alpha1.IdentificationPassport, "E00160027")(m, d)
			withFiles(scan)(m, d)
		}, nil},
		"one image of a Taiwan permit": {func(m *Material, d *v1alpha1.Dossier) {
			withID(v1alpha1.IdentificationTaiwan, "07257456")(m, d)
			withFiles(scan)(m, d)
		}, one(CodeIdentificationSideMissing, pathIdentificationFiles)},
		"what may be one image is not at hand": {func(m *Material, d *v1alpha1.Dossier) {
			withFiles(scan)(m, d)
			m.Documents, m.Unread = m.Documents[:1], []string{frontFile + ".parts[0]"}
		}, nil},
	}
	covered := ofFiles()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := goodMaterial()
			test.change(&m, &m.Registration.Spec.Dossier)
			findings := Check(m, now)
			if got := codesAndPaths(findings); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			for _, f := range findings {
				covered[f.Code] = true
			}
		})
	}
	for _, rule := range Rules() {
		if !covered[rule.Code] {
			t.Errorf("no dossier or file here has the finding %s", rule.Code)
		}
	}
}

func withID(t v1alpha1.IdentificationType, number string) func(*Material, *v1alpha1.Dossier) {
	return func(m *Material, d *v1alpha1.Dossier) {
		d.SecurityAdministrator.Identification.Type, m.IDNumber = t, number
	}
}

func withVAT(details v1alpha1.SpecialVATDetails) func(*Material, *v1alpha1.Dossier) {
	return func(_ *Material, d *v1alpha1.Dossier) {
		d.Fapiao = v1alpha1.Fapiao{Type: v1alpha1.FapiaoSpecialVAT, SpecialVAT: &details}
	}
}

// withFiles gives the ID's scan as these files.
func withFiles(contents ...string) func(*Material, *v1alpha1.Dossier) {
	return func(m *Material, d *v1alpha1.Dossier) {
		m.Documents = m.Documents[:1]
		d.Documents.Identification.Files = make([]v1alpha1.File, len(contents))
		for i, content := range contents {
			m.Documents = append(m.Documents, file(fmt.Sprintf("%s[%d]", pathIdentificationFiles, i), content))
		}
	}
}

type brokenContent struct{}

func (brokenContent) ReadAt([]byte, int64) (int, error) { return 0, io.ErrUnexpectedEOF }

func (brokenContent) Size() int64 { return 100 }

func TestACertificateIsValidOnItsLastDayInChina(t *testing.T) {
	evening := time.Date(2026, time.March, 2, 15, 59, 59, 0, time.UTC) // 23:59:59 in China
	tests := map[string]struct {
		expiry string
		now    time.Time
		want   string
	}{
		"long-term":                           {"", now, ""},
		"the day before":                      {"2026-03-01", now, CodeCertificateExpired},
		"today, in the evening":               {"2026-03-02", evening, CodeCertificateExpiresSoon},
		"yesterday, a second after midnight":  {"2026-03-02", evening.Add(time.Second), CodeCertificateExpired},
		"in 30 days":                          {"2026-04-01", now, CodeCertificateExpiresSoon},
		"in 31 days":                          {"2026-04-02", now, ""},
		"a day that no year has":              {"2026-02-30", now, CodeExpiryDateInvalid},
		"29 February of a year that lacks it": {"2045-02-29", now, CodeExpiryDateInvalid},
		"long-term in words":                  {"长期", now, CodeExpiryDateInvalid},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := ""
			if findings := CheckCertificate(v1alpha1.BusinessCertificate{ExpiryDate: test.expiry}, test.now); len(findings) > 0 {
				got = findings[0].Code
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// worstMaterial has something wrong in every place, with values that are known again.
func worstMaterial() (m Material, values []string) {
	m = goodMaterial()
	d := &m.Registration.Spec.Dossier
	d.Account.Email, d.Contact.Email = "one@leak.example.cn", "two@leak.example.cn"
	d.Company.UnifiedSocialCreditCode = "91310000631295002H"
	d.Company.Address.Province, d.Company.Address.PostalCode = "Leakland", "999998"
	d.Contact.Mobile, d.SecurityAdministrator.Mobile = "+8612000000001", "+8612000000002"
	d.SecurityAdministrator.ChineseProficiency = ""
	d.Documents.BusinessCertificate.ExpiryDate = "2001-01-09"
	d.Documents.BusinessCertificate.Type = v1alpha1.CertificateLawFirm
	m.IDNumber = "990105190002290021"
	m.Documents[0] = file(certificateFile, "leaked text")
	m.Documents[1] = file(frontFile, "")
	m.Documents[2] = sizedFile(backFile, "leaked bytes", 20_000_000)
	return m, []string{
		"leak.example.cn", "91310000631295002H", "Leakland", "999998", "+8612000000001", "+8612000000002",
		"2001-01-09", "990105190002290021", "19000229", "leaked",
	}
}

func TestNoFindingHoldsTheValueThatItIsAbout(t *testing.T) {
	m, values := worstMaterial()
	findings := Check(m, now)
	if len(findings) < 12 {
		t.Fatalf("only %d findings: what else is wrong is not seen", len(findings))
	}
	for _, f := range findings {
		printed := fmt.Sprintf("%+v", f)
		for _, value := range values {
			if strings.Contains(printed, value) {
				t.Errorf("%s holds %q", printed, value)
			}
		}
	}
}

func TestTheSameDossierHasTheSameFindingsInTheSameOrder(t *testing.T) {
	m, _ := worstMaterial()
	first := Check(m, now)
	for range 20 {
		if again := Check(m, now); !reflect.DeepEqual(first, again) {
			t.Fatalf("got %v, then %v", codesAndPaths(first), codesAndPaths(again))
		}
	}
}

func TestDocumentsThatAReviewerAskedForAreJudgedByTheSameRules(t *testing.T) {
	const path = "spec.supplementaryDocuments[0].files[1]"
	if got := CheckDocuments([]Document{file(path, pdf)}); got != nil {
		t.Errorf("a PDF: %v", got)
	}
	got := codesAndPaths(CheckDocuments([]Document{file(path, "")}))
	if want := one(CodeDocumentEmpty, path); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOnlyErrorsBlock(t *testing.T) {
	if HasErrors([]Finding{found(CodeDocumentLarge, certificateFile)}) {
		t.Error("a warning blocks")
	}
	if !HasErrors([]Finding{found(CodeDocumentLarge, certificateFile), found(CodeDocumentEmpty, frontFile)}) {
		t.Error("an error does not block")
	}
}
