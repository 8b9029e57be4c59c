// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

func TestScenariosGoOnWhereTheyWouldBeWithoutARestart(t *testing.T) {
	path, a := filepath.Join(t.TempDir(), "store"), applicantOf("reject-once")
	clock := clocktesting.NewFakeClock(time.Date(2026, 9, 30, 1, 0, 0, 0, time.UTC))
	t.Run("before", func(t *testing.T) { startOn(t, path, clock).file(a, 1) })
	clock.Step(5 * pace)
	t.Run("after", func(t *testing.T) { startOn(t, path, clock).wantState(a, 1, lifecycle.StateRejected) })
}

func TestTheStoreHoldsNoPersonalData(t *testing.T) {
	path, a := filepath.Join(t.TempDir(), "store"), applicantOf("review")
	e := startOn(t, path, clocktesting.NewFakeClock(time.Date(2026, 9, 30, 1, 0, 0, 0, time.UTC)))
	e.file(a, 1)
	e.paces(2)
	e.completeSignUp(a, 1)
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(stored, []byte(a.Key)) {
		t.Fatal("the store does not even hold the key")
	}
	for _, personal := range []string{a.email, "acmechina", "王小明", "李娜", "11010519491231002X", "13800138000", "passw0rd", token} {
		if bytes.Contains(stored, []byte(personal)) {
			t.Errorf("the store holds %q", personal)
		}
	}
}

func TestScenariosGoOnUnasked(t *testing.T) {
	e, a := start(t), applicantOf("verified-only")
	e.file(a, 1)
	go e.server.Run(t.Context())
	for _, state := range []string{"underReview", "verified", "active"} {
		revision := e.wantRevisionAfter("0")
		e.waitForTicker()
		e.paces(1)
		if e.wantRevisionAfter(revision) == revision {
			t.Errorf("nothing changed when %s was due", state)
		}
	}
}

func TestAConfigThatCannotWorkIsRefused(t *testing.T) {
	store := filepath.Join(t.TempDir(), "store")
	tests := map[string]registrar.Config{
		"no token":              {StorePath: store},
		"an unknown scenario":   {StorePath: store, Token: token, Scenario: "comedy"},
		"a store in no place":   {StorePath: filepath.Join(store, "nowhere", "store"), Token: token},
		"a store that is a dir": {StorePath: filepath.Dir(store), Token: token},
	}
	for name, config := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := registrar.New(config); err == nil {
				t.Error("no error")
			}
		})
	}
}
