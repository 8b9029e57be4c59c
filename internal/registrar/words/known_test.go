// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatAPatternFindsMayBeThere(t *testing.T) {
	alphabet := []rune("aAkK\u212asS\u017f9 .-王小")
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.StringOfN(rapid.SampledFrom(alphabet), 2, 5, -1), 0, 3).Draw(t, "values")
		s := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 12, -1).Draw(t, "text")
		k := newKnown(values)
		if len(k.values) > 0 && k.pattern().MatchString(s) && !k.mayBeIn(s) {
			t.Fatalf("%q is in %q", values, s)
		}
	})
}

func TestAPatternIsMadeOnlyWhereItMayFindSomething(t *testing.T) {
	k := newKnown([]string{"王小明", "+8613800138000", "cloud@acme.example.cn"})
	for text, may := range map[string]bool{
		"NW-20261127-000138": false, "under review": false, "": false,
		"王·小·明": true, "CLOUD @ACME.EXAMPLE.CN": true, "+86 138 0013 8000": true,
	} {
		if k.mayBeIn(text) != may {
			t.Errorf("%q: %v", text, !may)
		}
		if got := k.replace(text); strings.Contains(got, removed) != may {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
