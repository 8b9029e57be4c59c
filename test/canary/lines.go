// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"sort"
)

// acrossLines tells whether the rest of a half stands in the line beside it. Only what
// is searched has lines: pieces that were taken out of it have none.
func (s *search) acrossLines(f *layer, n needle, begin, end int) bool {
	if f.taken {
		return false
	}
	if n.second {
		cut := len(n.half) - len(n.content)
		for cut > 0 && begin > 0 && f.bytes[begin-1] == n.half[cut-1] {
			cut--
			begin--
		}
		from, to := f.span(s.lineBefore(f.offset(begin)))
		return cut > 0 && bytes.Contains(f.bytes[from:to], n.half[:cut])
	}
	cut := len(n.content)
	for cut < len(n.half) && end < len(f.bytes) && f.bytes[end] == n.half[cut] {
		cut++
		end++
	}
	from, to := f.span(s.lineAfter(f.offset(end - 1)))
	return cut < len(n.half) && bytes.Contains(f.bytes[from:to], n.half[cut:])
}

// span is where the bytes stand that began in a span of what is searched.
func (l *layer) span(begin, end int) (from, to int) {
	from = sort.Search(len(l.bytes), func(i int) bool { return l.offset(i) >= begin })
	to = sort.Search(len(l.bytes), func(i int) bool { return l.offset(i) >= end })
	return from, to
}

// lineBefore is the line before the one that an offset is in.
func (s *search) lineBefore(at int) (begin, end int) {
	end = bytes.LastIndexByte(s.whole[:at], '\n')
	if end < 0 {
		return 0, 0
	}
	return bytes.LastIndexByte(s.whole[:end], '\n') + 1, end
}

// lineAfter is the line after the one that an offset is in.
func (s *search) lineAfter(at int) (begin, end int) {
	newline := bytes.IndexByte(s.whole[at:], '\n')
	if newline < 0 {
		return len(s.whole), len(s.whole)
	}
	begin = at + newline + 1
	if newline = bytes.IndexByte(s.whole[begin:], '\n'); newline < 0 {
		return begin, len(s.whole)
	}
	return begin, begin + newline
}
