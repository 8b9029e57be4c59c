// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

func TestKeyNamesWhatTheRegistrarHoldsUnique(t *testing.T) {
	key := registrar.Key(v1alpha1.RegionNingxia, "cloud@acme.example.cn")
	// printf 'v1\ncn-northwest-1\ncloud@acme.example.cn' | sha256sum
	const want = "d9dfcdcc136c5eed649f7c31a969bbba93aa587f569a658419630a8111eb9871"
	if key != want {
		t.Errorf("Key = %s, want %s: filings that exist would not be found again", key, want)
	}
	if registrar.Key(v1alpha1.RegionNingxia, " Cloud@ACME.example.cn") != key {
		t.Error("the same address, written otherwise, has another key")
	}
	for _, other := range []string{
		registrar.Key(v1alpha1.RegionBeijing, "cloud@acme.example.cn"),
		registrar.Key(v1alpha1.RegionNingxia, "cloud+2@acme.example.cn"),
	} {
		if other == key {
			t.Error("another Region or address has the same key")
		}
	}
}

func TestTroubleTellsWhatKindItIs(t *testing.T) {
	err := fmt.Errorf("look: %w", &registrar.Error{
		Kind: lifecycle.TroubleWaiting, Op: "GET attempt 1 at gateway.example.cn", After: time.Minute, Err: errors.New("429"),
	})
	trouble := registrar.Trouble(err)
	if trouble.Kind != lifecycle.TroubleWaiting || trouble.After != time.Minute || trouble.Message != "GET attempt 1 at gateway.example.cn: 429" {
		t.Errorf("Trouble = %+v", trouble)
	}
	if kind := registrar.Trouble(errors.New("broken pipe")).Kind; kind != lifecycle.TroubleUnreachable {
		t.Errorf("an error of another package is %s, want Unreachable", kind)
	}
}
