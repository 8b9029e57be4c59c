// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package text shortens what goes into status and events. It is a leaf: any room may
// use it.
package text

import (
	"strings"
	"unicode/utf8"
)

const ellipsis = "…"

// Cut returns s as valid UTF-8 of at most limit bytes, cut between characters, with
// an ellipsis where something is left out. A limit that has no room for the ellipsis
// cuts without one.
func Cut(s string, limit int) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) <= limit {
		return s
	}
	mark := ellipsis
	if limit < len(mark) {
		mark = ""
	}
	end := max(limit-len(mark), 0)
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + mark
}
