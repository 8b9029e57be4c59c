// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package words makes what a registrar says fit to be shown, whether a gateway passed
// it on or an agent typed it: cut to size, one line, without control characters and
// without personal data, escaped or encoded too.
package words

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// Bounds of a finding in status. Messages are bounded in bytes, because 32 of them
// share an object with everything else.
const (
	maxCodeLength      = 64
	maxPathLength      = 256
	maxMessageLength   = 1024
	maxReferenceLength = 128
)

// unnamedCode stands in for a code that is none.
const unnamedCode = "Unspecified"

// Cleaner makes a registrar's words fit to be shown: cut to size, without control
// characters, without personal data. The zero value knows the general patterns.
type Cleaner struct {
	// values are personal values that are in hand, and people those of them that tell
	// of a person; nil if none.
	values, people *known
}

// Of returns a cleaner that knows what a dossier's object says of people, and further
// values that are in hand.
func Of(spec *v1alpha1.Dossier, more ...string) Cleaner {
	people := append(personal(spec), more...)
	values := slices.Clone(people)
	if spec != nil {
		values = append(values, spec.Account.Username)
	}
	return Cleaner{values: newKnown(values), people: newKnown(people)}
}

// Findings cleans what fits into status and counts the rest.
func (c Cleaner) Findings(told []v1alpha1.Finding) (kept []v1alpha1.Finding, omitted int32) {
	for i, one := range told {
		if i == v1alpha1.MaxRejectionFindings {
			return kept, int32(min(len(told)-i, 1<<20))
		}
		kept = append(kept, v1alpha1.Finding{Code: c.code(one.Code), Path: c.path(one.Path), Message: c.Message(one.Message)})
	}
	return kept, 0
}

// Message returns one line of at most 1024 bytes.
func (c Cleaner) Message(s string) string {
	return text.Cut(c.redact(plain(s)), maxMessageLength)
}

// Reference returns the registrar's own number, which may well be a long one.
func (c Cleaner) Reference(s string) string {
	return text.Cut(c.identifier(plain(s), c.values), maxReferenceLength)
}

// IsIdentifier tells whether a word that tools go by, such as a challenge's id, tells
// nothing of a person. A user name may well be a word such as support.
func (c Cleaner) IsIdentifier(s string) bool { return c.identifier(s, c.people) == s }

// code returns CamelCase, whatever the registrar's style: INVALID_ADDRESS and
// invalid-address read InvalidAddress.
func (c Cleaner) code(s string) string {
	s = plain(s)
	if c.redact(s) != s {
		return unnamedCode
	}
	words := strings.FieldsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	var camel strings.Builder
	for _, word := range words {
		if len(words) > 1 && word == strings.ToUpper(word) || isShouted(word) {
			word = strings.ToLower(word)
		}
		camel.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	code := strings.TrimLeft(camel.String(), "0123456789")
	if code == "" {
		return unnamedCode
	}
	code = strings.ToUpper(code[:1]) + code[1:]
	return code[:min(len(code), maxCodeLength)]
}

// isShouted tells EXPIRED from an initialism such as ID.
func isShouted(word string) bool {
	return len(word) > 4 && word == strings.ToUpper(word)
}

// objectPath is a path into a registration's spec.
var objectPath = regexp.MustCompile(`^spec(\.[a-z][A-Za-z]{0,63}(\[[0-9]{1,3}\])?){1,12}$`)

// path returns a path into the registration's spec, or nothing.
func (c Cleaner) path(s string) string {
	if len(s) > maxPathLength || !objectPath.MatchString(s) || c.redact(s) != s {
		return ""
	}
	return s
}

// plain returns one line of visible characters. Separators and line breaks become
// spaces; controls, and the formatting characters that hide or reorder text, go.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Z, r):
			return ' '
		case r == utf8.RuneError || unicode.Is(unicode.C, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r):
			return -1
		case r >= '！' && r <= '～' && isIdentifying(r-fullWidth):
			return r - fullWidth
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// fullWidth is the distance of the full-width forms (U+FF01…) from ASCII.
const fullWidth = '！' - '!'

// isIdentifying are the characters that numbers and addresses are made of. Full-width
// punctuation is left as it is: it is how Chinese is written.
func isIdentifying(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("@.+-_", r)
}
