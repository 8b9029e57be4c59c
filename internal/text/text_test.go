// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/chinaaccount/china-account-operator/internal/text"
)

func TestCut(t *testing.T) {
	tests := map[string]struct {
		s     string
		limit int
		want  string
	}{
		"what fits stays":                          {"营业执照", 12, "营业执照"},
		"what does not is cut between characters":  {"营业执照", 11, "营业…"},
		"what is no text is left out":              {"a\xffb", 10, "ab"},
		"a limit below the ellipsis has none":      {"abcd", 2, "ab"},
		"nothing fits into nothing":                {"营", 0, ""},
		"a character that does not fit is dropped": {"营业执照", 2, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := text.Cut(test.s, test.limit); got != test.want {
				t.Errorf("Cut(%q, %d) = %q, want %q", test.s, test.limit, got, test.want)
			}
		})
	}
}

func TestCutKeepsToItsLimitAndToUTF8(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, limit := string(rapid.SliceOf(rapid.Byte()).Draw(t, "s")), rapid.IntRange(0, 40).Draw(t, "limit")
		got := text.Cut(s, limit)
		if len(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("Cut(%q, %d) = %q", s, limit, got)
		}
		if !strings.HasPrefix(strings.ToValidUTF8(s, ""), strings.TrimSuffix(got, "…")) {
			t.Fatalf("Cut(%q, %d) = %q, which is not its beginning", s, limit, got)
		}
	})
}
