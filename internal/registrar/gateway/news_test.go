// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

var listedKey = strings.Repeat("0a", 32)

func TestThePagesOfAListingAreRead(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path != "/v1/registrations" || req.URL.Query().Get("limit") != "500" {
			t.Errorf("asked for %s", req.URL)
		}
		body := `{"items": [{"key": "` + listedKey + `", "revision": 7}], "cursor": "12", "continue": "more"}`
		if req.URL.Query().Get("continue") == "more" {
			body = `{"items": []}`
		}
		answering(http.StatusOK, jsonType, body)(w, req)
	})
	page, err := client.List(testContext(t), "")
	if err != nil {
		t.Fatal(err)
	}
	want := registrar.Page{Items: []registrar.Change{{Key: listedKey, Revision: 7}}, Cursor: "12", Continue: "more"}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("first page (-want +got):\n%s", diff)
	}
	if page, err = client.List(testContext(t), "more"); err != nil || len(page.Items) != 0 || page.Continue != "" {
		t.Errorf("last page: %+v, %v", page, err)
	}
}

func TestChangesAreWaitedForLongerThanAnAnswerMayTake(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if after, wait := req.URL.Query().Get("after"), req.URL.Query().Get("wait"); after != "12" || wait != "1s" {
			t.Errorf("asked for changes after %q within %q", after, wait)
		}
		time.Sleep(100 * time.Millisecond)
		answering(http.StatusOK, jsonType, `{"items": [{"key": "`+listedKey+`", "revision": 8}], "cursor": "13"}`)(w, req)
	}, func(c *Config) { c.Timeout = 50 * time.Millisecond })
	changes, err := client.Changes(testContext(t), "12", time.Second)
	if err != nil || changes.Cursor != "13" || len(changes.Items) != 1 || changes.Items[0].Revision != 8 {
		t.Errorf("changes: %+v, %v", changes, err)
	}
}

func TestACursorThatIsNotKnownIsToldApart(t *testing.T) {
	client := serve(t, answering(http.StatusGone, problemType, `{"title": "Gone", "status": 410, "code": "cursorExpired"}`))
	if _, err := client.Changes(testContext(t), "12", time.Second); !errors.Is(err, registrar.ErrCursorExpired) {
		t.Errorf("changes: %v", err)
	}
	if _, err := client.List(testContext(t), "12"); !errors.Is(err, registrar.ErrCursorExpired) {
		t.Errorf("listing: %v", err)
	}
}

func TestNewsThatAreNotTheContractsAreNonsense(t *testing.T) {
	item := func(key string, revision int) string {
		return fmt.Sprintf(`{"key": %q, "revision": %d}`, key, revision)
	}
	for name, body := range map[string]string{
		"no key":             `{"items": [` + item("cloud@acme.example.cn", 1) + `], "cursor": "1"}`,
		"no revision":        `{"items": [` + item(listedKey, 0) + `], "cursor": "1"}`,
		"too many":           `{"items": [` + strings.Repeat(item(listedKey, 1)+",", 500) + item(listedKey, 1) + `], "cursor": "1"}`,
		"no cursor":          `{"items": []}`,
		"an endless cursor":  `{"items": [], "cursor": "` + strings.Repeat("x", 257) + `"}`,
		"a page to no end":   `{"items": [], "cursor": "1", "continue": "` + strings.Repeat("x", 257) + `"}`,
		"items of no kind":   `{"items": "none", "cursor": "1"}`,
		"something entirely": `[]`,
	} {
		t.Run(name, func(t *testing.T) {
			client := serve(t, answering(http.StatusOK, jsonType, body))
			_, err := client.List(testContext(t), "")
			wantTrouble(t, err, lifecycle.TroubleInvalid)
			if name == "a page to no end" {
				return
			}
			_, err = client.Changes(testContext(t), "1", time.Second)
			wantTrouble(t, err, lifecycle.TroubleInvalid)
		})
	}
	t.Run("a page that leads to itself", func(t *testing.T) {
		client := serve(t, answering(http.StatusOK, jsonType, `{"items": [], "continue": "again"}`))
		_, err := client.List(testContext(t), "again")
		wantTrouble(t, err, lifecycle.TroubleInvalid)
	})
}

func TestAGatewayMayHaveNoNews(t *testing.T) {
	for _, status := range []int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented} {
		client := serve(t, answering(status, "text/plain", "no such page"))
		if _, err := client.List(testContext(t), ""); !errors.Is(err, registrar.ErrNoNews) {
			t.Errorf("listing, %d: %v", status, err)
		}
		if _, err := client.Changes(testContext(t), "1", time.Second); !errors.Is(err, registrar.ErrNoNews) {
			t.Errorf("changes, %d: %v", status, err)
		}
	}
}

func TestAGatewayThatDoesNotAnswerIsNotAskedForAWhile(t *testing.T) {
	var asked atomic.Int32
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusBadGateway)
	})
	for range unansweredInARow + 3 {
		_, err := client.Attempt(testContext(t), testFiling, 1)
		wantTrouble(t, err, lifecycle.TroubleUnreachable)
	}
	if n := asked.Load(); n != unansweredInARow {
		t.Errorf("it was asked %d times, want %d", n, unansweredInARow)
	}
	_, err := client.Attempt(testContext(t), testFiling, 1)
	if trouble := wantTrouble(t, err, lifecycle.TroubleUnreachable); trouble.After != defaultOpenFor {
		t.Errorf("it is asked again after %s, want %s", trouble.After, defaultOpenFor)
	}
	if wantTrouble(t, client.Probe(testContext(t)), lifecycle.TroubleUnreachable); asked.Load() != unansweredInARow+1 {
		t.Error("a probe was held back")
	}
}

func TestAnAnswerThatNobodyCanUseOpensNoCircuit(t *testing.T) {
	var asked atomic.Int32
	client := serve(t, func(w http.ResponseWriter, req *http.Request) {
		asked.Add(1)
		answering(http.StatusOK, jsonType, "nonsense")(w, req)
	})
	for range 2 * unansweredInARow {
		_, err := client.Attempt(testContext(t), testFiling, 1)
		wantTrouble(t, err, lifecycle.TroubleInvalid)
	}
	if n := asked.Load(); n != 2*unansweredInARow {
		t.Errorf("it was asked %d times, want %d", n, 2*unansweredInARow)
	}
}
