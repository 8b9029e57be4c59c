// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import "bytes"

// pdfSpace is PDF's white space (ISO 32000-1, table 1).
const pdfSpace = "\x00\t\n\f\r "

func isPDFSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// objectHeader is "12 0 obj".
type objectHeader struct {
	number int
	at     int // offset of the number
	body   int // offset behind it
}

// nextObject finds the next header at or behind from.
func nextObject(text []byte, from int) (objectHeader, bool) {
	const keyword = "obj"
	for {
		found := bytes.Index(text[from:], []byte(keyword))
		if found < 0 {
			return objectHeader{}, false
		}
		end := from + found
		from = end + len(keyword)
		at, ok := before(text, end, false)
		if !ok {
			continue
		}
		if at, ok = before(text, at, true); !ok {
			continue
		}
		if number, _, ok := pdfNumber(text, at); ok {
			return objectHeader{number, at, from}, true
		}
	}
}

// before returns the offset of the number that ends before end, with white space
// between; without it only where that is not needed to tell them apart.
func before(text []byte, end int, needsSpace bool) (int, bool) {
	const maxSpace, maxDigits = 16, 10
	at := end
	for at > 0 && end-at < maxSpace && isPDFSpace(text[at-1]) {
		at--
	}
	if needsSpace && at == end {
		return 0, false
	}
	last := at
	for at > 0 && last-at < maxDigits && isDigit(text[at-1]) {
		at--
	}
	return at, at < last
}

// objectAt reads a header at offset at, before which white space may stand.
func objectAt(text []byte, at int) (objectHeader, bool) {
	at = skipSpace(text, at)
	number, next, ok := pdfNumber(text, at)
	if !ok {
		return objectHeader{}, false
	}
	if _, next, ok = pdfNumber(text, skipSpace(text, next)); !ok {
		return objectHeader{}, false
	}
	next = skipSpace(text, next)
	const keyword = "obj"
	if !bytes.HasPrefix(text[next:], []byte(keyword)) {
		return objectHeader{}, false
	}
	return objectHeader{number, at, next + len(keyword)}, true
}

// skipSpace returns the offset behind the white space at at, of which no file has much
// there.
func skipSpace(text []byte, at int) int {
	const most = 64
	at = min(max(at, 0), len(text))
	for end := min(len(text), at+most); at < end && isPDFSpace(text[at]); {
		at++
	}
	return at
}

// trimSpace returns text without the white space at its end, of which no file has much.
func trimSpace(text []byte) []byte {
	const most = 64
	end := len(text)
	for least := max(0, end-most); end > least && isPDFSpace(text[end-1]); {
		end--
	}
	return text[:end]
}

// pdfNumber reads a number without a sign, and returns the offset behind it.
func pdfNumber(text []byte, at int) (number, next int, ok bool) {
	const maxDigits = 18
	next = at
	for next < len(text) && next-at < maxDigits && isDigit(text[next]) {
		number = 10*number + int(text[next]-'0')
		next++
	}
	return number, next, next > at
}
