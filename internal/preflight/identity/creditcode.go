// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import "strings"

// creditCodeLength: authority, category, region (6), organisation code (9), check
// character.
const creditCodeLength = 18

// creditCodeAlphabet has no I, O, S, V and Z, which are misread (GB 32100-2015).
// A character's value is its place.
const creditCodeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditCodeWeights are 3^i mod 31 (GB 32100-2015).
var creditCodeWeights = [creditCodeLength - 1]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// organisationWeights are those of GB 11714.
var organisationWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// nationalRegion is of entities that are registered at the national level.
const nationalRegion = "100000"

// CreditCode judges a unified social credit code by GB 32100-2015: 18 characters,
// half width, upper case.
//
// CheckFailed alone need not be a mistake: some codes of Fujian's pilot are legal
// and fail it.
func CreditCode(code string) (ps Problems) {
	if !isCreditCodeShape(code) {
		return Problems(Malformed)
	}
	if !isRegistered(code[0], code[1]) {
		ps.add(AuthorityUnknown)
	}
	if region := code[2:8]; region != nationalRegion && !(isProvinceCode(region[:2]) && isDigits(region)) {
		ps.add(RegionUnknown)
	}
	if organisationCheckCharacter(code[8:16]) != code[16] {
		ps.add(OrganisationCheckFailed)
	}
	if creditCodeCheckCharacter(code) != code[17] {
		ps.add(CheckFailed)
	}
	return ps
}

func isCreditCodeShape(code string) bool {
	if len(code) != creditCodeLength {
		return false
	}
	for i := range creditCodeLength {
		if strings.IndexByte(creditCodeAlphabet, code[i]) < 0 {
			return false
		}
	}
	return true
}

// isRegistered tells whether the authority registers entities of the category
// (GB 32100-2015 and its amendment).
func isRegistered(authority, category byte) bool {
	var categories string
	switch authority {
	case '1', '5', 'N':
		categories = "1239"
	case '3':
		categories = "123459"
	case '6', '7':
		categories = "129"
	case '2', '4', '8', 'A':
		categories = "19"
	case '9':
		categories = "123"
	case 'Y':
		categories = "1"
	}
	return strings.IndexByte(categories, category) >= 0
}

// organisationCheckCharacter is of the organisation code's first eight characters,
// whose values are those of base 36 (GB 11714).
func organisationCheckCharacter(body string) byte {
	sum := 0
	for i, weight := range organisationWeights {
		sum += base36(body[i]) * weight
	}
	return "0123456789X"[(11-sum%11)%11]
}

// creditCodeCheckCharacter is of the first 17 characters. Without the outer modulo a
// sum divisible by 31 has none, and codes that end in 0 would be refused.
func creditCodeCheckCharacter(code string) byte {
	sum := 0
	for i, weight := range creditCodeWeights {
		sum += strings.IndexByte(creditCodeAlphabet, code[i]) * weight
	}
	return creditCodeAlphabet[(31-sum%31)%31]
}

func base36(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	return int(c-'A') + 10
}
