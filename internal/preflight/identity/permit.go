// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

// HongKongMacaoPermit judges the number of a Mainland Travel Permit for Hong Kong and
// Macao Residents: H or M and 8 digits (cards since 2013), or 10 with the two that
// count the renewals (cards of 1999).
func HongKongMacaoPermit(number string) Problems {
	if number == "" {
		return Problems(Malformed)
	}
	switch digits := len(number) - 1; {
	case (number[0] == 'C' || number[0] == 'W') && digits == 8:
		// Newer ones have a letter in the second place.
		return Problems(OtherPermit)
	case number[0] != 'H' && number[0] != 'M', digits != 8 && digits != 10, !isDigits(number[1:]):
		return Problems(Malformed)
	}
	return 0
}

// TaiwanPermit judges the number of a Mainland Travel Permit for Taiwan Residents: 8
// digits, of which the first may be 0.
func TaiwanPermit(number string) Problems {
	if len(number) != 8 || !isDigits(number) {
		return Problems(Malformed)
	}
	return 0
}

// Passport judges a passport number of any state: 5 to 20 digits and upper-case
// letters. Unusual is one that begins like a PRC passport and goes on otherwise; other
// states have such numbers too.
func Passport(number string) Problems {
	if len(number) < 5 || len(number) > 20 {
		return Problems(Malformed)
	}
	for i := range len(number) {
		if !isDigit(number[i]) && !isUpper(number[i]) {
			return Problems(Malformed)
		}
	}
	if (number[0] == 'G' || number[0] == 'E') && !isPRCPassport(number) {
		return Problems(Unusual)
	}
	return 0
}

// isPRCPassport: G and 8 digits, or E, a digit or a letter other than I and O, and
// 7 digits.
func isPRCPassport(number string) bool {
	if len(number) != 9 || !isDigits(number[2:]) {
		return false
	}
	second := number[1]
	return isDigit(second) || number[0] == 'E' && second != 'I' && second != 'O'
}
