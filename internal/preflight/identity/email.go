// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
)

// The longest that RFC 5321 allows, in bytes.
const (
	maxEmail     = 254
	maxLocalPart = 64
	maxLabel     = 63
)

// Email judges an e-mail address: an addr-spec of RFC 5322 without comments or
// quotes, in ASCII, of a domain with a dot.
func Email(address string) Problems {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || len(address) > maxEmail || !isLocalPart(address[:at]) || !isMailDomain(address[at+1:]) {
		return Problems(Malformed)
	}
	return 0
}

// FreeMail tells whether a provider gives addresses of this domain to everybody. An
// account's should be a company's.
func FreeMail(address string) bool {
	domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	return freeMailDomains[domain] || freeMailDomains[strings.TrimPrefix(domain, "vip.")]
}

// freeMailDomains are those of the providers that are used most on the mainland.
var freeMailDomains = func() map[string]bool {
	domains := map[string]bool{}
	for _, domain := range strings.Fields(`
		qq.com foxmail.com 163.com 163.net 126.com yeah.net 188.com sina.com sina.cn sina.com.cn sohu.com sogou.com tom.com
		139.com 189.cn wo.cn wo.com.cn 21cn.com 263.net aliyun.com alimail.com eyou.com 2980.com 88.com 111.com
		gmail.com googlemail.com outlook.com outlook.cn hotmail.com live.com live.cn live.com.cn msn.com msn.cn
		yahoo.com yahoo.cn yahoo.com.cn yahoo.com.hk yahoo.com.tw yahoo.co.jp ymail.com rocketmail.com
		icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me tutanota.com gmx.com gmx.net gmx.de web.de
		mail.com mail.ru yandex.com yandex.ru zoho.com fastmail.com naver.com daum.net hanmail.net`) {
		domains[domain] = true
	}
	return domains
}()

func isLocalPart(local string) bool {
	if len(local) > maxLocalPart {
		return false
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.ContainsFunc(atom, func(c rune) bool { return !isAtomRune(c) }) {
			return false
		}
	}
	return true
}

// isAtomRune: atext of RFC 5322, 3.2.3.
func isAtomRune(c rune) bool {
	return isAlphanumeric(c) || strings.ContainsRune("!#$%&'*+/=?^_`{|}~-", c)
}

func isMailDomain(domain string) bool {
	labels := 0
	last := ""
	for label := range strings.SplitSeq(domain, ".") {
		if !isDomainLabel(label) {
			return false
		}
		labels++
		last = label
	}
	return labels > 1 && len(last) > 1 && !isDigit(last[0])
}

func isDomainLabel(label string) bool {
	return label != "" && len(label) <= maxLabel && label[0] != '-' && label[len(label)-1] != '-' &&
		!strings.ContainsFunc(label, func(c rune) bool { return !isAlphanumeric(c) && c != '-' })
}

func isAlphanumeric(c rune) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
