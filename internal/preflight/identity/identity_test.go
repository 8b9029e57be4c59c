// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCreditCode(t *testing.T) {
	tests := map[string]struct {
		code string
		want Problems
	}{
		"a company":                                   {"91310000MA1K35Y38P", 0},
		"registered at the national level":            {"91100000100003962T", 0},
		"ends in 0, where the sum is divisible by 31": {"911101085923662400", 0},
		"nothing":                             {"", Problems(Malformed)},
		"lower case":                          {"91310000ma1k35y38p", Problems(Malformed)},
		"spaces inside":                       {"9131 0000 MA1K35Y38P", Problems(Malformed)},
		"full width":                          {"９1310000MA1K35Y38P", Problems(Malformed)},
		"multi-byte of 18 bytes":              {"一二三四五六", Problems(Malformed)},
		"100000 is the nation, 100001 is not": {"91100001100003962T", Problems(RegionUnknown | CheckFailed)},
		"letters in the region":               {"9131000AMA1K35Y38P", Problems(RegionUnknown | CheckFailed)},
		"Taiwan's region":                     {"91710000MA1K35Y38P", Problems(RegionUnknown | CheckFailed)},
		"category that the authority does not have": {"94310000MA1K35Y38P", Problems(AuthorityUnknown | CheckFailed)},
		"organisation code mistyped":                {"91310000MA1K35Y48P", Problems(OrganisationCheckFailed | CheckFailed)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := CreditCode(test.code); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAuthoritiesAndCategoriesAreThoseOfTheStandard(t *testing.T) {
	standard := regexp.MustCompile("^(1[1239]|2[19]|3[123459]|4[19]|5[1239]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1)$")
	for _, authority := range creditCodeAlphabet {
		for _, category := range creditCodeAlphabet {
			pair := string(authority) + string(category)
			if got, want := isRegistered(byte(authority), byte(category)), standard.MatchString(pair); got != want {
				t.Errorf("%s: registered %t, want %t", pair, got, want)
			}
		}
	}
}

func TestEverySingleMistypedCharacterOfACreditCodeIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(rapid.SampledFrom([]string{
			"91310000MA1K35Y38P", "911101085923662400", "91100000100003962T", "53100000500021676K",
		}).Draw(t, "code"))
		at := rapid.IntRange(0, len(code)-1).Draw(t, "at")
		typed := rapid.SampledFrom([]byte(creditCodeAlphabet)).Draw(t, "typed")
		same := code[at] == typed
		code[at] = typed
		if got := CreditCode(string(code)); (got == 0) != same {
			t.Fatalf("%s: %q", code, got)
		}
	})
}

func TestResidentID(t *testing.T) {
	tests := map[string]struct {
		number string
		want   Problems
	}{
		"check character X":                       {"11010519491231002X", 0},
		"check character x":                       {"11010519491231002x", 0},
		"29 February of a leap year":              {"110105200002290013", 0},
		"nothing":                                 {"", Problems(Malformed)},
		"X in the middle":                         {"1101051949123100X2", Problems(Malformed)},
		"17 digits":                               {"11010519491231002", Problems(Malformed)},
		"first generation":                        {"110105491231002", Problems(FirstGeneration)},
		"15 characters, not all digits":           {"11010549123100X", Problems(Malformed)},
		"29 February of 1900":                     {"110105190002290025", Problems(BirthDateInvalid)},
		"month 13":                                {"110105199013010011", Problems(BirthDateInvalid | CheckFailed)},
		"check character wrong":                   {"11010519491231001X", Problems(CheckFailed)},
		"Hong Kong's residence permit":            {"810000199408230021", Problems(ResidencePermit)},
		"Macao's residence permit, mistyped":      {"820000199408230020", Problems(ResidencePermit)},
		"Taiwan's residence permit":               {"830000199408230021", Problems(ResidencePermit)},
		"permanent residence":                     {"932682198501010017", Problems(PermanentResidence)},
		"9 that is no permanent residence either": {"990426199112010074", Problems(RegionUnknown)},
		"region 71":                               {"710000199408230021", Problems(RegionUnknown | CheckFailed)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := ResidentID(test.number, today); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestABirthDateIsInTheFutureUntilItsMidnightInChina(t *testing.T) {
	number := withCheck("11010520260302001")
	midnight := time.Date(2026, time.March, 1, 16, 0, 0, 0, time.UTC)
	if got := ResidentID(number, midnight.Add(-time.Second)); got != Problems(BirthDateInFuture) {
		t.Errorf("the second before: %q", got)
	}
	if got := ResidentID(number, midnight); got != 0 {
		t.Errorf("on the day: %q", got)
	}
}

func TestEveryMistypedDigitOrSwapOfNeighboursInAResidentIDIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := []byte(rapid.SampledFrom([]string{"11010519491231002X", "110105200002290013"}).Draw(t, "number"))
		original := string(number)
		at := rapid.IntRange(0, 15).Draw(t, "at")
		if rapid.Bool().Draw(t, "swap") {
			number[at], number[at+1] = number[at+1], number[at]
		} else {
			number[at] = rapid.SampledFrom([]byte("0123456789")).Draw(t, "typed")
		}
		if got := ResidentID(string(number), today); (got == 0) != (string(number) == original) {
			t.Fatalf("%s: %q", number, got)
		}
	})
}

func withCheck(body string) string {
	for _, last := range "0123456789X" {
		if number := body + string(last); residentIDCheckFits(number) {
			return number
		}
	}
	panic("no check character fits")
}

func TestPermitsAndPassports(t *testing.T) {
	tests := map[string]struct {
		judge  func(string) Problems
		number string
		want   Problems
	}{
		"Hong Kong, card of 2013":            {HongKongMacaoPermit, "H12345678", 0},
		"Macao, card of 1999":                {HongKongMacaoPermit, "M0123456701", 0},
		"9 digits are neither":               {HongKongMacaoPermit, "H123456789", Problems(Malformed)},
		"lower case":                         {HongKongMacaoPermit, "h12345678", Problems(Malformed)},
		"a letter among the digits":          {HongKongMacaoPermit, "H1234567A", Problems(Malformed)},
		"no number":                          {HongKongMacaoPermit, "", Problems(Malformed)},
		"H alone":                            {HongKongMacaoPermit, "H", Problems(Malformed)},
		"permit to go out":                   {HongKongMacaoPermit, "C12345678", Problems(OtherPermit)},
		"permit to go out, with two letters": {HongKongMacaoPermit, "CA1234567", Problems(OtherPermit)},
		"older permit to go out":             {HongKongMacaoPermit, "W12345678", Problems(OtherPermit)},
		"Taiwan with a leading zero":         {TaiwanPermit, "07257456", 0},
		"Taiwan with 7 digits":               {TaiwanPermit, "7257456", Problems(Malformed)},
		"Taiwan with a letter":               {TaiwanPermit, "0725745A", Problems(Malformed)},
		"PRC passport G":                     {Passport, "G12345678", 0},
		"PRC passport E with a digit":        {Passport, "E00160027", 0},
		"PRC passport E with a letter":       {Passport, "EA1234567", 0},
		"E with a letter that is never used": {Passport, "EI1234567", Problems(Unusual)},
		"E and 7 digits":                     {Passport, "E1234567", Problems(Unusual)},
		"a German passport that begins so":   {Passport, "G7K2LM4X9", Problems(Unusual)},
		"another state's":                    {Passport, "C01X00T47", 0},
		"4 characters":                       {Passport, "A123", Problems(Malformed)},
		"21 characters":                      {Passport, strings.Repeat("1", 21), Problems(Malformed)},
		"a hyphen":                           {Passport, "E-1234567", Problems(Malformed)},
		"full width":                         {Passport, "Ｅ00160027", Problems(Malformed)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.judge(test.number); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMobile(t *testing.T) {
	tests := map[string]struct {
		number string
		want   Problems
	}{
		"from 13":                   {"+8613000000000", 0},
		"to 19":                     {"+8619999999999", 0},
		"a satellite range":         {"+8614899230918", 0},
		"12 is none":                {"+8612038389438", Problems(Malformed)},
		"without the country":       {"13800138000", Problems(Malformed)},
		"10 digits":                 {"+861380013800", Problems(Malformed)},
		"12 digits":                 {"+86138001380000", Problems(Malformed)},
		"Hong Kong":                 {"+85291234567", Problems(Malformed)},
		"spaces":                    {"+86 13800138000", Problems(Malformed)},
		"a letter":                  {"+861380013800O", Problems(Malformed)},
		"a colon, which follows 9":  {"+861:800138000", Problems(Malformed)},
		"a landline in its country": {"+8621123456789", Problems(Malformed)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Mobile(test.number); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestLandline(t *testing.T) {
	tests := map[string]struct {
		number string
		want   Problems
	}{
		"Beijing":                   {"+861012345678", 0},
		"Shanghai":                  {"+862112345678", 0},
		"an area code of 3 digits":  {"+8675512345678", 0},
		"7 digits":                  {"+867911234567", 0},
		"an extension":              {"+8675512345678-801", 0},
		"a mobile in its stead":     {"+8613800138000", 0},
		"the area code's 0":         {"+8602112345678", Problems(Malformed)},
		"without the country":       {"021-12345678", Problems(Malformed)},
		"hyphens as people write":   {"+86-21-12345678", Problems(Malformed)},
		"an empty extension":        {"+862112345678-", Problems(Malformed)},
		"an extension of 7":         {"+862112345678-1234567", Problems(Malformed)},
		"two extensions":            {"+862112345678-1-2", Problems(Malformed)},
		"Beijing with a digit less": {"+86101234567", Problems(Malformed)},
		"a mobile that is none":     {"+8612038389438", Problems(Malformed)},
		"too short":                 {"+8621123456", Problems(Malformed)},
		"too long":                  {"+86755123456789", Problems(Malformed)},
		"full width":                {"+86２１12345678", Problems(Malformed)},
		"Hong Kong":                 {"+85221234567", Problems(Malformed)},
		"nothing":                   {"", Problems(Malformed)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Landline(test.number); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestEmail(t *testing.T) {
	long := strings.Repeat("a", 64)
	for address, valid := range map[string]bool{
		"cloud@acme.example.cn":       true,
		"cloud+aws.north-1@acme.cn":   true,
		"a@b.cn":                      true,
		"O'Neill/{x}@acme.co":         true,
		"UPPER@ACME.CN":               true,
		"cloud@1688.com":              true,
		"cloud@xn--fiqs8s.xn--fiqs8s": true,
		long + "@acme.cn":             true,
		long + "a@acme.cn":            false,
		"":                            false,
		"@acme.cn":                    false,
		"cloud@":                      false,
		"cloud":                       false,
		"cloud@acme":                  false,
		"cloud@@acme.cn":              false,
		"a@b@acme.cn":                 false,
		".cloud@acme.cn":              false,
		"cloud.@acme.cn":              false,
		"a..b@acme.cn":                false,
		"cloud @acme.cn":              false,
		" cloud@acme.cn":              false,
		"cloud@acme.cn ":              false,
		"cloud@acme.cn\n":             false,
		"cloud＠acme.cn":               false,
		"云@acme.cn":                   false,
		"cloud@例子.中国":                 false,
		"cloud@-acme.cn":              false,
		"cloud@acme-.cn":              false,
		"cloud@acme..cn":              false,
		"cloud@acme.cn.":              false,
		"cloud@acme.c":                false,
		"cloud@10.0.0.1":              false,
		"cloud@[10.0.0.1]":            false,
		"\"cloud\"@acme.cn":           false,
		"Cloud <cloud@acme.cn>":       false,
		"cloud,other@acme.cn":         false,
		"cloud@" + long + ".cn":       false,
		"cloud@" + strings.Repeat("a.", 124) + "cn": false,
	} {
		if got := Email(address) == 0; got != valid {
			t.Errorf("%q: valid %t, want %t", address, got, valid)
		}
	}
}

func TestFreeMail(t *testing.T) {
	for address, free := range map[string]bool{
		"acme@qq.com": true, "acme@QQ.COM": true, "acme@vip.163.com": true, "acme@foxmail.com": true, "acme@gmail.com": true,
		"acme@acme.cn": false, "acme@notqq.com": false, "acme@qq.com.acme.cn": false, "acme@mail.qq.com.cn": false, "": false,
	} {
		if got := FreeMail(address); got != free {
			t.Errorf("%q: %t, want %t", address, got, free)
		}
	}
}

func TestPostalCodesAreThoseOfTheRegionsInUse(t *testing.T) {
	inUse := regexp.MustCompile(`^(0[1-7]|1[0-356]|2[0-7]|3[0-6]|4[0-7]|5[1-7]|6[1-7]|7[0-5]|8[013-6])$`)
	for first := '0'; first <= '9'; first++ {
		for second := '0'; second <= '9'; second++ {
			region := string(first) + string(second)
			if got, want := PostalCode(region+"0000") == 0, inUse.MatchString(region); got != want {
				t.Errorf("%s0000: valid %t, want %t", region, got, want)
			}
		}
	}
	for _, code := range []string{"", "20012", "2001200", "20012O", "２00120", " 200120"} {
		if PostalCode(code) == 0 {
			t.Errorf("%q is taken", code)
		}
	}
}

func TestProvince(t *testing.T) {
	if got := len(Provinces()); got != 31 {
		t.Errorf("the mainland has 31 provinces, got %d", got)
	}
	for _, name := range Provinces() {
		if Province(name) != 0 {
			t.Errorf("%s is refused", name)
		}
	}
	for _, name := range []string{"", "上海", "Shanghai", "香港特别行政区", "台湾省", "上海市 "} {
		if Province(name) != Problems(RegionUnknown) {
			t.Errorf("%q is taken", name)
		}
	}
}

func TestNormalizeUndoesWhatPastingDoes(t *testing.T) {
	tests := map[string]struct{ pasted, want string }{
		"spaces around and line break": {" 11010519491231002X\r\n", "11010519491231002X"},
		"groups":                       {"110105 19491231 002X", "11010519491231002X"},
		"lower case":                   {"11010519491231002x", "11010519491231002X"},
		"full width":                   {"１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"},
		"ideographic space":            {"H1234　5678", "H12345678"},
		"no-break space":               {"H1234\u00a05678", "H12345678"},
		"byte order mark":              {"\ufeffH12345678", "H12345678"},
		"zero-width space":             {"H1234\u200b5678", "H12345678"},
		"nothing but spaces":           {" \t\n", ""},
		"hyphens stay":                 {"E-1234567", "E-1234567"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Normalize(test.pasted); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestProblemsAreNamed(t *testing.T) {
	if got := (Problems(CheckFailed) | Problems(RegionUnknown)).String(); got != "RegionUnknown,CheckFailed" {
		t.Errorf("got %s", got)
	}
	if got := Problem(1 << len(problemNames)).String(); !strings.HasPrefix(got, "Problem(") {
		t.Errorf("a problem that is not declared is named %s", got)
	}
	if got := Unusual.String(); got != "Unusual" {
		t.Errorf("the last problem is named %s: is a name missing?", got)
	}
}

func TestJudgingDoesNotAllocate(t *testing.T) {
	for kind, judge := range judges {
		for _, v := range readVectors(t) {
			if v.Kind != kind || !v.Valid {
				continue
			}
			// A time as text is allowed its one small allocation.
			if got := testing.AllocsPerRun(100, func() { judge(v.Value) }); got > 1 {
				t.Errorf("%s: %v allocations", kind, got)
			}
		}
	}
}

func BenchmarkIdentifiers(b *testing.B) {
	for kind, judge := range judges {
		for _, v := range readVectors(b) {
			if v.Kind == kind && v.Valid {
				b.Run(kind, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						judge(v.Value)
					}
				})
				break
			}
		}
	}
}
