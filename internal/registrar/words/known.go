// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// known are values that are looked for in a registrar's words, however they are spelled.
// nil is none.
type known struct {
	values []string
	// pattern finds them. It costs much to make, and is made when it may find something.
	pattern func() *regexp.Regexp
}

// newKnown returns those values, longest first. Values of one character are not looked
// for: they are in every text.
func newKnown(values []string) *known {
	k := &known{}
	for _, value := range values {
		if value = strings.ReplaceAll(plain(value), " ", ""); utf8.RuneCountInString(value) > 1 {
			k.values = append(k.values, value)
		}
	}
	slices.SortFunc(k.values, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	k.pattern = sync.OnceValue(func() *regexp.Regexp {
		patterns := make([]string, len(k.values))
		for i, value := range k.values {
			patterns[i] = spelled(value)
		}
		return regexp.MustCompile(`(?i:` + strings.Join(patterns, "|") + `)`)
	})
	return k
}

// replace removes the values.
func (k *known) replace(s string) string {
	if k == nil || !k.mayBeIn(s) {
		return s
	}
	return k.pattern().ReplaceAllString(s, removed)
}

// mayBeIn tells whether all characters of a value are there: most words have none, and
// need no pattern.
func (k *known) mayBeIn(s string) bool {
	there := map[rune]bool{}
	for _, r := range s {
		there[folded(r)] = true
	}
	return slices.ContainsFunc(k.values, func(value string) bool {
		return !strings.ContainsFunc(value, func(r rune) bool { return !there[folded(r)] })
	})
}

// folded is the same for characters that differ in case alone, as (?i) takes them.
func folded(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	return least
}
