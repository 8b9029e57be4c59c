// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// What is in hand while a submission is filed. The person is invented.
const (
	password = "p4ssword-of-the-first-user"
	idNumber = "11010519491231002X"
)

var object = v1alpha1.Dossier{
	Account: v1alpha1.Account{Email: "cloud@acme.example.cn", Username: "acmechina"},
	Contact: v1alpha1.Contact{Name: "王小明", Email: "wang@acme.example.cn", Mobile: "+8613800138000"},
	SecurityAdministrator: v1alpha1.SecurityAdministrator{
		Name: "Li Na", Email: "li@acme.example.cn", Mobile: "+8613900139000",
		Identification: v1alpha1.Identification{Type: v1alpha1.IdentificationResidentIdentityCard},
	},
}

func TestMessagesLosePersonalData(t *testing.T) {
	inHand := Of(&object, password, idNumber)
	tests := map[string]struct{ in, want string }{
		"nothing personal":               {"The name is not equal to the certificate's.", "The name is not equal to the certificate's."},
		"Chinese":                        {"公司名称与营业执照不一致（请核对）。", "公司名称与营业执照不一致（请核对）。"},
		"the company's code, public":     {"91310000MA1K35Y38P is not on the registry", "91310000MA1K35Y38P is not on the registry"},
		"the hotline":                    {"Call 1010 0966 by 2026-10-09.", "Call 1010 0966 by 2026-10-09."},
		"an ID number":                   {"ID 11010519491231002X is unknown", "ID [removed] is unknown"},
		"an ID number set apart":         {"ID 110105 19491231 002x is unknown", "ID [removed] is unknown"},
		"an ID number in full width":     {"证件１１０１０５１９４９１２３１００２Ｘ不符", "证件[removed]不符"},
		"another's mobile":               {"call 13712345678", "call [removed]"},
		"a mobile set apart":             {"call +86 137-1234-5678 now", "call [removed] now"},
		"a landline":                     {"call 021-12345678 now", "call [removed] now"},
		"an e-mail address":              {"write to someone.else+x@example.com today", "write to [removed] today"},
		"a passport":                     {"passport E12345678 has expired", "passport [removed] has expired"},
		"a bank account":                 {"account 6222 0202 0000 1234 567 is closed", "account [removed] is closed"},
		"a name in hand":                 {"王小明 is not the person on the ID", "[removed] is not the person on the ID"},
		"a name in hand, set apart":      {"王 小明未通过", "[removed]未通过"},
		"a Latin name in another case":   {"LI NA is not on the ID", "[removed] is not on the ID"},
		"a Latin name joined":            {"LiNa is not on the ID", "[removed] is not on the ID"},
		"a Latin name within a word":     {"see Linaria", "see Linaria"},
		"the password":                   {"p4ssword-of-the-first-user is weak", "[removed] is weak"},
		"a name in base64":               {"name 546L5bCP5piO is unknown", "name [removed] is unknown"},
		"a base64 text with a name":      {"sent: eyJuYW1lIjoi546L5bCP5piOIn0=", "sent: [removed]"},
		"an ID number in base64":         {"MTEwMTA1MTk0OTEyMzEwMDJY is unknown", "[removed] is unknown"},
		"a name in hexadecimal":          {"sent: E78E8BE5B08FE6988E", "sent: [removed]"},
		"a name in base64 with a slash":  {"sent: 546L5bCP5piOPz4/", "sent: [removed]"},
		"a name in base64 for URLs":      {"sent: 546L5bCP5piOPz4_", "sent: [removed]"},
		"a name in a URL":                {"see ?name=%E7%8E%8B%E5%B0%8F%E6%98%8E&page=1", "see ?name=[removed]&page=1"},
		"a mobile in a URL":              {"see ?mobile=%2B86%31%33712345678", "see ?mobile=[removed]"},
		"a name in HTML":                 {"<b>&#29579;&#x5c0f;&#26126;</b> is unknown", "<b>[removed]</b> is unknown"},
		"a name in JSON":                 {`{"name":"\u738b\u5c0f\u660e"}`, `{"name":"[removed]"}`},
		"a name set apart by dots":       {"王.小, 明 failed", "[removed] failed"},
		"another encoded text":           {"see aHR0cHM6Ly9leGFtcGxlLmNu and 100%25", "see aHR0cHM6Ly9leGFtcGxlLmNu and 100%25"},
		"a name split by invisible text": {"王\u200b小\u200d明 failed", "[removed] failed"},
		"a name in reverse order text":   {"\u202e王小明\u202c failed", "[removed] failed"},
		"line breaks and terminal codes": {"one\r\ntwo\x1b[31m three\x00", "one two[31m three"},
		"broken UTF-8":                   {"one\xfftwo", "onetwo"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := inHand.Message(test.in); got != test.want {
				t.Errorf("message(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestAReferenceKeepsItsDigits(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"a long number":      {"2026093000001234", "2026093000001234"},
		"with letters":       {"NWCD-2026-000123", "NWCD-2026-000123"},
		"a mobile number":    {"13712345678", "[removed]"},
		"an ID number":       {"R/11010519491231002X", "R/[removed]"},
		"an e-mail address":  {"a@example.com", "[removed]"},
		"longer than stored": {strings.Repeat("R", 200), strings.Repeat("R", 125) + "…"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := (Cleaner{}).Reference(test.in); got != test.want {
				t.Errorf("reference(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestCodesBecomeCamelCase(t *testing.T) {
	tests := map[string]string{
		"NameMismatch":        "NameMismatch",
		"nameMismatch":        "NameMismatch",
		"INVALID_ADDRESS":     "InvalidAddress",
		"name-mismatch":       "NameMismatch",
		"EXPIRED":             "Expired",
		"IDNumberMismatch":    "IDNumberMismatch",
		"42 is wrong":         "IsWrong",
		"证件过期":                "Unspecified",
		"":                    "Unspecified",
		"ID11010519491231002": "Unspecified",
	}
	for in, want := range tests {
		if got := (Cleaner{}).code(in); got != want {
			t.Errorf("code(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPathsAreThoseOfTheObject(t *testing.T) {
	tests := map[string]string{
		"spec.dossier.company.legalName":                      "spec.dossier.company.legalName",
		"spec.dossier.documents.businessCertificate.files[0]": "spec.dossier.documents.businessCertificate.files[0]",
		"spec.supplementaryDocuments[1].files[12]":            "spec.supplementaryDocuments[1].files[12]",
		"spec":         "",
		"status.phase": "",
		"spec.dossier.company.legalName = 王小明":  "",
		"spec.a[13712345678]":                   "",
		"spec." + strings.Repeat("a", 300):      "",
		"/dossier/company/legalName":            "",
		"spec.dossier.contact.mobile\nInjected": "",
	}
	for in, want := range tests {
		if got := (Cleaner{}).path(in); got != want {
			t.Errorf("path(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMoreFindingsThanFitAreCounted(t *testing.T) {
	told := make([]v1alpha1.Finding, 40)
	for i := range told {
		told[i].Code = fmt.Sprintf("Code%c", 'A'+i%26)
	}
	kept, omitted := Cleaner{}.Findings(told)
	if len(kept) != 32 || omitted != 8 {
		t.Errorf("%d findings are kept and %d counted, want 32 and 8", len(kept), omitted)
	}
}

// storedCode is the API's pattern of a finding's code.
var storedCode = regexp.MustCompile(`^[A-Z][A-Za-z0-9]{0,63}$`)

func TestWhateverIsSaidFitsIntoStatus(t *testing.T) {
	inHand := Of(&object, password, idNumber)
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.OneOf(rapid.String(), rapid.StringN(0, 4000, 16000), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "said")
		message := inHand.Message(said)
		if len(message) > 1024 || !utf8.ValidString(message) {
			t.Fatalf("message has %d bytes, valid UTF-8 %v", len(message), utf8.ValidString(message))
		}
		if strings.ContainsFunc(message, func(r rune) bool { return unicode.Is(unicode.C, r) }) {
			t.Fatalf("message %q has control or formatting characters", message)
		}
		if again := inHand.Message(message); again != message {
			t.Fatalf("message %q cleaned again reads %q", message, again)
		}
		if code := inHand.code(said); !storedCode.MatchString(code) {
			t.Fatalf("code %q is not one that the API stores", code)
		}
		if path := inHand.path(said); len(path) > 256 {
			t.Fatalf("path has %d bytes", len(path))
		}
		if reference := inHand.Reference(said); len(reference) > 128 || !utf8.ValidString(reference) {
			t.Fatalf("reference has %d bytes", len(reference))
		}
	})
}

func TestPersonalDataIsFoundHoweverItIsSetApart(t *testing.T) {
	inHand := Of(&object, password, idNumber)
	values := append(personal(&object), object.Account.Username, password, idNumber, "13712345678", "110101199003078515", "6222020200001234567")
	invisible := []string{"", "", "", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u202e"}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom(values).Filter(func(v string) bool { return v != "" }).Draw(t, "value")
		var said strings.Builder
		said.WriteString(rapid.SampledFrom([]string{"", "the value ", "证件：", "(", "\n"}).Draw(t, "before"))
		for _, r := range value {
			said.WriteRune(r)
			said.WriteString(rapid.SampledFrom(invisible).Draw(t, "between"))
		}
		said.WriteString(rapid.SampledFrom([]string{"", " is wrong", "，不符", ".", ")"}).Draw(t, "after"))
		if got := inHand.Message(said.String()); strings.Contains(got, value) || !strings.Contains(got, removed) {
			t.Fatalf("message(%q) = %q still has %q", said.String(), got, value)
		}
	})
}

// A user name may be a word of the registrar's: what tools go by must not be refused
// for it, and what people read is.
func TestAUserNameIsNoReasonToRefuseAChallenge(t *testing.T) {
	spec := object
	spec.Account.Username = "support"
	clean := Of(&spec)
	if !clean.IsIdentifier("support-plan-1") {
		t.Error("support-plan-1 is no identifier where the user's name is support")
	}
	if got := clean.Message("user support exists"); got != "user [removed] exists" {
		t.Errorf("the user name is left in %q", got)
	}
	for _, personal := range []string{"LiNa-1", "13712345678", "id-11010519491231002X"} {
		if clean.IsIdentifier(personal) {
			t.Errorf("%s is taken for an identifier", personal)
		}
	}
}
