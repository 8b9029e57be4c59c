// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"html"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// margin is how much a layer keeps around what is decoded: the rest reads as before.
const margin = 256

// unescape peels one level of escapes off: backslashes (JSON, Go, C), percent signs, HTML
// entities, quoted-printable. It returns nil if there are none. Those of several levels
// come off one by one.
//
//go:norace
func unescape(l *layer) *layer {
	out := l.inner("escaped, ")
	copied, changed := 0, false
	for i := 0; i < len(l.bytes); {
		next := bytes.IndexAny(l.bytes[i:], `\%&=`)
		if next < 0 {
			break
		}
		i += next
		decoded, length := escape(l.bytes[i:])
		if length == 0 {
			i++
			continue
		}
		if !changed {
			out.reserve(len(l.bytes) - i + margin)
			if i > margin {
				out.seams = append(out.seams, 0)
			}
		}
		if changed && i-copied > 2*margin {
			out.copy(copied, copied+margin)
			out.seams = append(out.seams, len(out.bytes))
			copied = i - margin
		}
		out.copy(max(copied, i-margin), i)
		out.add(i, decoded...)
		i += length
		copied, changed = i, true
	}
	if !changed {
		return nil
	}
	out.copy(copied, min(copied+margin, len(l.bytes)))
	if copied+margin < len(l.bytes) {
		out.seams = append(out.seams, len(out.bytes))
	}
	return out
}

// escape decodes what begins with an escape's first character; a length of 0 says that
// it is none.
func escape(rest []byte) (decoded []byte, length int) {
	switch rest[0] {
	case '\\':
		return backslash(rest)
	case '%':
		return percent(rest)
	case '&':
		return entity(rest)
	}
	return quotedPrintable(rest)
}

// simple are the escapes of one letter.
var simple = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f', 'v': '\v', 'a': '\a', '"': '"', '\'': '\'', '\\': '\\', '/': '/'}

func backslash(rest []byte) (decoded []byte, length int) {
	if len(rest) < 2 {
		return nil, 0
	}
	switch kind := rest[1]; kind {
	case 'u':
		return utf16Unit(rest)
	case 'U':
		if code, ok := number(rest, 2, 8, 16); ok {
			return utf8.AppendRune(nil, rune(code)), 10
		}
	case 'x':
		if code, ok := number(rest, 2, 2, 16); ok {
			return []byte{byte(code)}, 4
		}
	default:
		if code, ok := number(rest, 1, 3, 8); ok && code < 256 {
			return []byte{byte(code)}, 4
		}
		if b, ok := simple[kind]; ok {
			return []byte{b}, 2
		}
	}
	return nil, 0
}

// utf16Unit reads \uXXXX or %uXXXX, or two that are one character.
func utf16Unit(rest []byte) (decoded []byte, length int) {
	code, ok := number(rest, 2, 4, 16)
	if !ok {
		return nil, 0
	}
	if utf16.IsSurrogate(rune(code)) && len(rest) >= 12 && bytes.Equal(rest[6:8], rest[:2]) {
		if second, ok := number(rest, 8, 4, 16); ok {
			return utf8.AppendRune(nil, utf16.DecodeRune(rune(code), rune(second))), 12
		}
	}
	return utf8.AppendRune(nil, rune(code)), 6
}

func percent(rest []byte) (decoded []byte, length int) {
	if code, ok := number(rest, 1, 2, 16); ok {
		return []byte{byte(code)}, 3
	}
	if len(rest) > 1 && rest[1] == 'u' { // of old JavaScript
		return utf16Unit(rest)
	}
	return nil, 0
}

// longestEntity is about that of the longest of those that stand for letters.
const longestEntity = 12

func entity(rest []byte) (decoded []byte, length int) {
	end := bytes.IndexByte(rest[:min(len(rest), longestEntity)], ';')
	if end < 0 {
		return nil, 0
	}
	escaped := string(rest[:end+1])
	if plain := html.UnescapeString(escaped); plain != escaped {
		return []byte(plain), end + 1
	}
	return nil, 0
}

// number reads so many digits.
func number(rest []byte, begin, digits, base int) (uint64, bool) {
	if len(rest) < begin+digits {
		return 0, false
	}
	code, err := strconv.ParseUint(string(rest[begin:begin+digits]), base, 32)
	return code, err == nil
}

// quotedPrintable reads a byte or a soft line break (RFC 2045).
func quotedPrintable(rest []byte) (decoded []byte, length int) {
	for _, softBreak := range []string{"=\n", "=\r\n"} {
		if bytes.HasPrefix(rest, []byte(softBreak)) {
			return nil, len(softBreak)
		}
	}
	if code, ok := number(rest, 1, 2, 16); ok {
		return []byte{byte(code)}, 3
	}
	return nil, 0
}
