// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"
)

// Mobile judges a mainland mobile number in E.164: +86, then 11 digits from 13 to 19.
// Nothing stricter, because number ranges come into use before tables know them.
func Mobile(number string) Problems {
	const prefix = "+861"
	if len(number) != len("+8613800138000") || number[:len(prefix)] != prefix ||
		number[len(prefix)] < '3' || !isDigits(number[len(prefix):]) {
		return Problems(Malformed)
	}
	return 0
}

// Landline judges a mainland landline in E.164: +86, the area code without its 0, and
// the number, with an extension behind a hyphen or without. A mobile stands in
// where there is none.
func Landline(number string) Problems {
	const country, maxExtension = "+86", 6
	main, extension, extended := strings.Cut(number, "-")
	digits, isMainland := strings.CutPrefix(main, country)
	if !isMainland || !isDigits(digits) || extended && (extension == "" || len(extension) > maxExtension || !isDigits(extension)) {
		return Problems(Malformed)
	}
	if Mobile(main) == 0 || isLandline(digits) {
		return 0
	}
	return Problems(Malformed)
}

// isLandline: Beijing's area code 10 and 8 digits, or one that begins with 2 to 9 and
// has 9 to 11 digits with the number.
func isLandline(digits string) bool {
	if len(digits) < 9 || len(digits) > 11 {
		return false
	}
	return digits[0] >= '2' || len(digits) == 10 && digits[:2] == "10"
}

// PostalCode judges a mainland postal code: 6 digits, of which the first two are a
// postal region in use.
func PostalCode(code string) Problems {
	if len(code) != 6 || !isDigits(code) || !isPostalRegion(code[0], code[1]) {
		return Problems(Malformed)
	}
	return 0
}

func isPostalRegion(first, second byte) bool {
	switch first {
	case '0', '5', '6':
		return second >= '1' && second <= '7'
	case '1':
		return second <= '6' && second != '4'
	case '2', '4':
		return second <= '7'
	case '3':
		return second <= '6'
	case '7':
		return second <= '5'
	case '8':
		return second <= '6' && second != '2'
	}
	return false
}

// Provinces returns the 31 provinces, autonomous regions and municipalities of the
// mainland in full, in the order of their codes (GB/T 2260).
func Provinces() []string {
	names := make([]string, len(provinces))
	for i, p := range provinces {
		names[i] = p.name
	}
	return names
}

// Province judges a province's name: one of Provinces, in full.
func Province(name string) Problems {
	if !slices.ContainsFunc(provinces, func(p province) bool { return p.name == name }) {
		return Problems(RegionUnknown)
	}
	return 0
}

type province struct{ code, name string }

// provinces of GB/T 2260, without Hong Kong, Macao and Taiwan: only mainland
// entities may register (FAQ Q3).
var provinces = []province{
	{"11", "北京市"}, {"12", "天津市"}, {"13", "河北省"}, {"14", "山西省"}, {"15", "内蒙古自治区"},
	{"21", "辽宁省"}, {"22", "吉林省"}, {"23", "黑龙江省"},
	{"31", "上海市"}, {"32", "江苏省"}, {"33", "浙江省"}, {"34", "安徽省"}, {"35", "福建省"}, {"36", "江西省"}, {"37", "山东省"},
	{"41", "河南省"}, {"42", "湖北省"}, {"43", "湖南省"}, {"44", "广东省"}, {"45", "广西壮族自治区"}, {"46", "海南省"},
	{"50", "重庆市"}, {"51", "四川省"}, {"52", "贵州省"}, {"53", "云南省"}, {"54", "西藏自治区"},
	{"61", "陕西省"}, {"62", "甘肃省"}, {"63", "青海省"}, {"64", "宁夏回族自治区"}, {"65", "新疆维吾尔自治区"},
}

func isProvinceCode(code string) bool {
	return slices.ContainsFunc(provinces, func(p province) bool { return p.code == code })
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}
