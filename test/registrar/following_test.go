// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// get reads a path of the contract that the client has no method for.
func get[T any](e *env, path string, wantStatus int) (got T) {
	e.Helper()
	req := httptest.NewRequestWithContext(e.ctx(), http.MethodGet, path, http.NoBody)
	req.Header.Set("Authorization", "Bearer "+token)
	answer := httptest.NewRecorder()
	e.server.Handler().ServeHTTP(answer, req)
	if answer.Code != wantStatus {
		e.Fatalf("GET %s: status %d, want %d", path, answer.Code, wantStatus)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
		e.Fatalf("GET %s: %v", path, err)
	}
	return got
}

func TestEveryKeyIsListedOnce(t *testing.T) {
	e := start(t)
	filed := map[string]bool{}
	for i := range 7 {
		a := applicantOf(fmt.Sprintf("silent.%d", i))
		e.file(a, 1)
		filed[a.Key] = true
	}
	page := get[contract.RegistrationPage](e, "/v1/registrations?limit=3", 200)
	if page.Cursor == "" {
		t.Error("the first page has no cursor")
	}
	pages := 1
	for listed := page.Items; ; pages++ {
		for _, item := range listed {
			if !filed[item.Key] || item.Revision < 1 {
				t.Errorf("item %+v was not filed, or is listed twice", item)
			}
			delete(filed, item.Key)
		}
		if page.Continue == "" {
			break
		}
		page = get[contract.RegistrationPage](e, "/v1/registrations?limit=3&continue="+page.Continue, 200)
		listed = page.Items
	}
	if pages != 3 || len(filed) != 0 {
		t.Errorf("%d pages, and %d keys are missing; want 3 and none", pages, len(filed))
	}
}

func TestChangesAreToldFromACursorOn(t *testing.T) {
	e, a, b := start(t), applicantOf("review.a"), applicantOf("silent.b")
	e.file(a, 1)
	cursor := get[contract.RegistrationPage](e, "/v1/registrations", 200).Cursor
	if got := get[contract.Changes](e, "/v1/changes?wait=0s&after="+cursor, 200); len(got.Items) != 0 || got.Cursor != cursor {
		t.Errorf("without a change: %+v", got)
	}
	e.file(b, 1)
	e.paces(1)
	e.wantState(a, 1, "underReview")
	got := get[contract.Changes](e, "/v1/changes?after="+cursor, 200)
	if len(got.Items) != 2 || got.Items[0].Key != b.Key || got.Items[1].Key != a.Key || got.Items[0].Revision >= got.Items[1].Revision {
		t.Errorf("changes are %+v, want b's filing, then a's review", got.Items)
	}
	if again := get[contract.Changes](e, "/v1/changes?wait=0s&after="+got.Cursor, 200); len(again.Items) != 0 {
		t.Errorf("from the new cursor on: %+v", again.Items)
	}
	for _, unknown := range []string{"999999", "not-a-cursor"} {
		if got := get[contract.Problem](e, "/v1/changes?after="+unknown, 410); got.Code != "cursorExpired" {
			t.Errorf("cursor %s: code %s", unknown, got.Code)
		}
	}
	get[contract.Problem](e, "/v1/changes?after=1&wait=61s", 400)
}

func TestAChangeEndsTheWait(t *testing.T) {
	e := start(t, func(c *registrar.Config) { c.Clock = clock.RealClock{} })
	told := make(chan contract.Changes)
	go func() { told <- get[contract.Changes](e, "/v1/changes?after=0&wait=60s", 200) }()
	a := applicantOf("silent")
	e.file(a, 1)
	if got := <-told; len(got.Items) != 1 || got.Items[0].Key != a.Key {
		t.Errorf("told of %+v, want the filing", got.Items)
	}
}

// wantRevisionAfter waits for a change after a cursor, and returns the next cursor.
func (e *env) wantRevisionAfter(cursor string) string {
	e.Helper()
	return get[contract.Changes](e, "/v1/changes?wait=60s&after="+cursor, 200).Cursor
}

// waitForTicker waits until the server waits for the time to pass.
func (e *env) waitForTicker() {
	e.Helper()
	for !e.clock.HasWaiters() {
		if err := e.Context().Err(); err != nil {
			e.Fatal(err)
		}
		runtime.Gosched()
	}
}
