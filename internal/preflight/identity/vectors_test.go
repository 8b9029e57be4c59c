// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"encoding/json"
	"os"
	"testing"
	"time"
)

var today = time.Date(2026, time.March, 2, 9, 0, 0, 0, chinaStandardTime)

// judges are the functions by the kinds that the vectors name.
var judges = map[string]func(string) Problems{
	"uscc":            CreditCode,
	"uscc-pilot":      CreditCode,
	"resident-id":     func(number string) Problems { return ResidentID(number, today) },
	"hk-macao-permit": HongKongMacaoPermit,
	"taiwan-permit":   TaiwanPermit,
	"passport":        Passport,
	"mobile":          Mobile,
	"postal-code":     PostalCode,
}

type vector struct {
	Kind, Value, Note string
	Valid             bool
}

func readVectors(tb testing.TB) []vector {
	tb.Helper()
	content, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		tb.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(content, &vectors); err != nil {
		tb.Fatal(err)
	}
	if len(vectors) < 40 {
		tb.Fatalf("only %d vectors: the file was cut", len(vectors))
	}
	return vectors
}

func TestPublicVectors(t *testing.T) {
	// What each note of an invalid vector says is wrong.
	wrong := map[string]Problem{
		"mod31": CheckFailed, "length": Malformed, "alphabet": Malformed,
		"org check": OrganisationCheckFailed, "authority": AuthorityUnknown,
		"check": CheckFailed, "29 Feb 1900": BirthDateInvalid, "province 99": RegionUnknown,
		"15-digit, void since 2013":                   FirstGeneration,
		"residence permit, other type":                ResidencePermit,
		"foreign permanent resident card, other type": PermanentResidence,
	}
	for _, v := range readVectors(t) {
		t.Run(v.Kind+" "+v.Value, func(t *testing.T) {
			judge := judges[v.Kind]
			if judge == nil {
				t.Fatalf("nobody judges a %s", v.Kind)
			}
			got := judge(v.Value)
			switch {
			case v.Kind == "uscc-pilot":
				if got != Problems(CheckFailed) {
					t.Errorf("a pilot code fails the mod-31 check and nothing else, got %s", got)
				}
			case v.Valid && got != 0:
				t.Errorf("valid, got %s", got)
			case !v.Valid && got == 0:
				t.Errorf("not valid (%s), got no problem", v.Note)
			case !v.Valid && v.Note != "" && !got.Has(wrong[v.Note]):
				t.Errorf("not valid for %s, got %s", v.Note, got)
			}
		})
	}
}
