// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"net/mail"
	"regexp"
	"slices"
	"testing"
)

// fuzz seeds with the public vectors of the kinds, and holds judge to the
// language of want: what it takes must be of that form, whatever it is given.
func fuzz(f *testing.F, judge func(string) Problems, form func(string) bool, kinds ...string) {
	for _, v := range readVectors(f) {
		for _, kind := range kinds {
			if v.Kind == kind {
				f.Add(v.Value)
			}
		}
	}
	f.Add("")
	f.Add("１一\xff\x00")
	f.Fuzz(func(t *testing.T, number string) {
		got := judge(number)
		if got == 0 && !form(number) {
			t.Errorf("%q is taken", number)
		}
		if got.Has(Malformed) && got != Problems(Malformed) {
			t.Errorf("%q is malformed, and judged all the same: %s", number, got)
		}
		if again := judge(number); again != got {
			t.Errorf("%q is %s, then %s", number, got, again)
		}
	})
}

func ofLength(lengths ...int) func(string) bool {
	return func(number string) bool {
		for _, length := range lengths {
			if len(number) == length {
				return isASCIIUpperOrDigit(number)
			}
		}
		return false
	}
}

func isASCIIUpperOrDigit(number string) bool {
	for i := range len(number) {
		if c := number[i]; !isDigit(c) && !isUpper(c) && c != '+' && c != 'x' {
			return false
		}
	}
	return true
}

func FuzzNormalize(f *testing.F) {
	f.Add(" １１０１０５\u3000１９４９１２３１\u200b００２ｘ\r\n")
	f.Add("\ufeffH1234 5678\xff")
	f.Fuzz(func(t *testing.T, pasted string) {
		if normal := Normalize(pasted); Normalize(normal) != normal {
			t.Errorf("normalising %q twice gives another number", pasted)
		}
	})
}

func FuzzCreditCode(f *testing.F) {
	fuzz(f, CreditCode, ofLength(18), "uscc", "uscc-pilot")
}

func FuzzResidentID(f *testing.F) {
	fuzz(f, judges["resident-id"], ofLength(18), "resident-id")
}

func FuzzHongKongMacaoPermit(f *testing.F) {
	fuzz(f, HongKongMacaoPermit, ofLength(9, 11), "hk-macao-permit")
}

func FuzzTaiwanPermit(f *testing.F) {
	fuzz(f, TaiwanPermit, ofLength(8), "taiwan-permit")
}

func FuzzPassport(f *testing.F) {
	fuzz(f, Passport, func(number string) bool {
		return len(number) >= 5 && len(number) <= 20 && isASCIIUpperOrDigit(number)
	}, "passport")
}

func FuzzMobile(f *testing.F) {
	fuzz(f, Mobile, ofLength(14), "mobile")
}

func FuzzPostalCode(f *testing.F) {
	fuzz(f, PostalCode, ofLength(6), "postal-code")
}

func FuzzEmail(f *testing.F) {
	f.Add("cloud+aws@acme.example.cn")
	fuzz(f, Email, func(address string) bool {
		parsed, err := mail.ParseAddress(address)
		return err == nil && parsed.Address == address
	})
}

func FuzzLandline(f *testing.F) {
	f.Add("+8675512345678-801")
	form := regexp.MustCompile(`^[+]86(1[3-9][0-9]{9}|10[0-9]{8}|[2-9][0-9]{8,10})(-[0-9]{1,6})?$`)
	fuzz(f, Landline, form.MatchString)
}

func FuzzProvince(f *testing.F) {
	f.Add("上海市")
	fuzz(f, Province, func(name string) bool { return slices.Contains(Provinces(), name) })
}
