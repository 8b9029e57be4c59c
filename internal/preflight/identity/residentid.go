// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import "time"

const (
	residentIDLength        = 18
	firstGenerationIDLength = 15
)

// residentIDWeights are 2^(17-i) mod 11 (GB 11643-1999).
var residentIDWeights = [residentIDLength - 1]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// chinaStandardTime has had no daylight saving time since 1991.
var chinaStandardTime = time.FixedZone("CST", 8*60*60)

// ResidentID judges the number of a PRC resident identity card by GB 11643-1999: 17
// digits and a check character, where a lower-case x is one too. now decides which
// birth dates are in the future.
//
// A number of another document that passes as one (residence permit, permanent
// residence) has that problem alone: no correction of its digits helps.
func ResidentID(number string, now time.Time) (ps Problems) {
	if len(number) == firstGenerationIDLength && isDigits(number) {
		return Problems(FirstGeneration)
	}
	if !isResidentIDShape(number) {
		return Problems(Malformed)
	}
	switch {
	case number[0] == '8' && number[1] >= '1' && number[1] <= '3':
		return Problems(ResidencePermit)
	case number[0] == '9' && isProvinceCode(number[1:3]):
		// 9, the province of application, the nationality (3), then as here.
		return Problems(PermanentResidence)
	case !isProvinceCode(number[:2]):
		ps.add(RegionUnknown)
	}
	birth := number[6:14]
	if _, err := time.Parse("20060102", birth); err != nil {
		ps.add(BirthDateInvalid)
	} else if birth > now.In(chinaStandardTime).Format("20060102") {
		ps.add(BirthDateInFuture)
	}
	if !residentIDCheckFits(number) {
		ps.add(CheckFailed)
	}
	return ps
}

func isResidentIDShape(number string) bool {
	if len(number) != residentIDLength || !isDigits(number[:17]) {
		return false
	}
	last := number[17]
	return isDigit(last) || last == 'X' || last == 'x'
}

func residentIDCheckFits(number string) bool {
	sum := 0
	for i, weight := range residentIDWeights {
		sum += int(number[i]-'0') * weight
	}
	last := number[17]
	if last == 'x' {
		last = 'X'
	}
	return "10X98765432"[sum%11] == last
}
