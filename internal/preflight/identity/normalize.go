// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Normalize returns what was meant by an identifier that was pasted: full-width
// characters in ASCII, upper case, no spaces, no invisible characters.
func Normalize(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, width.Narrow.String(s))
}
