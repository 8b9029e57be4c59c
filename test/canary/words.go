// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"regexp"
	"slices"
	"unicode/utf8"
)

// isWord tells whether a short mark stands alone and means something: it is no part of
// a number, an address or an id, and nothing that counts.
func isWord(l *layer, begin, end int) bool {
	if l.seam(begin-surroundings, end+surroundings) {
		return false // what it was made from has more, and was judged
	}
	before, after := l.bytes[max(0, begin-surroundings):begin], l.bytes[end:min(end+surroundings, len(l.bytes))]
	switch {
	case joinedBefore.Match(before), joinedAfter.Match(after):
		return false
	case inID.Match(before) && len(after) > 0 && after[0] == '-':
		return false
	case counts.Match(before), klogHead.Match(after):
		return false
	}
	return !l.taken || isReadable(before, after)
}

// seam tells whether something of the text is left out near there: around what is escaped
// a margin is kept, and a text is read in pieces that overlap.
func (l *layer) seam(begin, end int) bool {
	begin, end = max(0, begin), min(end, len(l.bytes))
	if l.taken || begin >= end {
		return false
	}
	if slices.ContainsFunc(l.seams, func(at int) bool { return begin <= at && at <= end }) {
		return true
	}
	return l.outer != nil && l.outer.seam(int(l.from[begin]), int(l.from[end-1])+1)
}

// isReadable tells what was meant from what was decoded by chance, by what stands near
// in the same piece.
func isReadable(before, after []byte) bool {
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	before = before[max(0, len(before)-near):]
	for len(before) > 0 && !utf8.RuneStart(before[0]) {
		before = before[1:]
	}
	after, _, _ = bytes.Cut(after, []byte("\n"))
	after = after[:min(near, len(after))]
	for len(after) > near-utf8.UTFMax && !utf8.Valid(after) {
		after = after[:len(after)-1]
	}
	return utf8.Valid(before) && utf8.Valid(after) && !control.Match(before) && !control.Match(after)
}

// near is how many bytes of chance are hardly ever readable.
const near = 12

// surroundings are as long as the longest of these patterns needs.
const surroundings = 64

var (
	joinedBefore = regexp.MustCompile(`[0-9A-Za-z_.]$`)
	joinedAfter  = regexp.MustCompile(`^([0-9A-Za-z_]|\.[0-9])`)
	inID         = regexp.MustCompile(`[0-9a-fA-F]-$`)
	// counts are the names and the forms of what is a number by itself.
	counts = regexp.MustCompile(`(?i)((version|generation|revision|\brv|pid|goroutine|port|line|bytes|size|count|length|milliseconds|seconds)\W{0,8}|\.go:|[0-9]\.[0-9]{1,3}:)$`)
	// klogHead is what follows the number of a process at the head of klog's lines.
	klogHead = regexp.MustCompile(`^ [\w.-]+\.go:[0-9]+\]`)
	control  = regexp.MustCompile(`[\x00-\x08\x0e-\x1f\x7f]`)
)
