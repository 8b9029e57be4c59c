// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

const goodAttempt = `"number":1,"state":"underReview","revision":7,"digest":"v1:0123:abcd","filedTime":"2026-09-30T01:00:00Z"`

func TestAnAttemptIsReadAsItIsTold(t *testing.T) {
	client := serve(t, answering(200, jsonType, `{`+goodAttempt+`,"reference":"NWCD-2026-000001","somethingNew":[1],
		"dueTime":"2026-10-09T16:00:00Z","challenges":[
			{"id":"phone-code-1","type":"phoneCode","expires":"2026-09-30T01:30:00Z","triesLeft":5},
			{"id":"seal-1","type":"companySeal","message":"Stamp it."}]}`))
	got, err := client.Attempt(testContext(t), testFiling, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got.State != lifecycle.StateUnderReview || got.Revision != 7 || got.Reference != "NWCD-2026-000001" ||
		got.Digest != "v1:0123:abcd" || !got.DueTime.Equal(time.Date(2026, 10, 9, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("attempt is read as %+v", got)
	}
	if len(got.Challenges) != 2 || *got.Challenges[0].TriesLeft != 5 || got.Challenges[1].Type != "companySeal" || got.Challenges[1].TriesLeft != nil {
		t.Errorf("challenges are read as %+v", got.Challenges)
	}
}

func TestAStateThatNobodyKnowsIsPassedOn(t *testing.T) {
	client := serve(t, answering(200, jsonType, `{"number":1,"state":"awaitingSeal","revision":1,"filedTime":"2026-09-30T01:00:00Z"}`))
	got, err := client.Attempt(testContext(t), testFiling, 1)
	if err != nil || got.State != "awaitingSeal" {
		t.Errorf("Attempt = %+v, %v; want the state as it was told", got, err)
	}
}

func TestNonsenseIsNeverFollowed(t *testing.T) {
	tests := map[string]struct {
		status      int
		contentType string
		body        string
	}{
		"a web page":                            {contentType: "text/html", body: "<p>quoted"},
		"no content type":                       {contentType: "", body: `{` + goodAttempt + `}`},
		"half an object":                        {body: `{"number":1,"sta`},
		"something after the object":            {body: `{` + goodAttempt + `} quoted`},
		"nothing":                               {body: ``},
		"null":                                  {body: `null`},
		"another attempt":                       {body: `{` + strings.Replace(goodAttempt, `"number":1`, `"number":2`, 1) + `}`},
		"no state":                              {body: `{` + strings.Replace(goodAttempt, `"underReview"`, `""`, 1) + `}`},
		"a state that is a sentence":            {body: `{` + strings.Replace(goodAttempt, `underReview`, `quoted state of mind`, 1) + `}`},
		"no revision":                           {body: `{` + strings.Replace(goodAttempt, `7`, `0`, 1) + `}`},
		"a number where a text is due":          {body: `{` + strings.Replace(goodAttempt, `"underReview"`, `13800138000`, 1) + `}`},
		"a time that is none":                   {body: `{` + strings.Replace(goodAttempt, `2026-09-30T01:00:00Z`, `quoted`, 1) + `}`},
		"filed at no time":                      {body: `{"number":1,"state":"received","revision":1}`},
		"a digest with spaces":                  {body: `{` + strings.Replace(goodAttempt, `v1:0123:abcd`, `quoted digest`, 1) + `}`},
		"active without an account":             {body: `{` + strings.Replace(goodAttempt, `underReview`, `active`, 1) + `}`},
		"an account id of 11 digits":            {body: `{` + strings.Replace(goodAttempt, `underReview`, `active`, 1) + `,"accountID":"12345678901"}`},
		"a challenge without an id":             {body: `{` + goodAttempt + `,"challenges":[{"type":"phoneCode"}]}`},
		"a challenge id that leaves the path":   {body: `{` + goodAttempt + `,"challenges":[{"id":"../../quoted","type":"phoneCode"}]}`},
		"a challenge id that is an ID's number": {body: `{` + goodAttempt + `,"challenges":[{"id":"11010519491231002X","type":"phoneCode"}]}`},
		"two challenges of one id":              {body: `{` + goodAttempt + `,"challenges":[{"id":"a","type":"phoneCode"},{"id":"a","type":"emailCode"}]}`},
		"tries below none":                      {body: `{` + goodAttempt + `,"challenges":[{"id":"a","type":"phoneCode","triesLeft":-1}]}`},
		"a hundred challenges":                  {body: `{` + goodAttempt + `,"challenges":[` + manyChallenges(100) + `]}`},
		"more than a MiB":                       {body: `{` + goodAttempt + `,"x":"` + strings.Repeat("x", 1<<20) + `"}`},
		"accepted, to be looked for later":      {status: 202, body: `{` + goodAttempt + `}`},
		"no content":                            {status: 204},
		"a method that it does not have":        {status: 405, contentType: problemType, body: `{"code":"quoted"}`},
		"a 404 that is not the contract's":      {status: 404, contentType: "text/plain", body: "404 page not found"},
		"a 404 with another code":               {status: 404, contentType: problemType, body: `{"title":"","status":404,"code":"noSuchPath"}`},
		"a conflict that a read cannot have":    {status: 409, contentType: problemType, body: `{"title":"","status":409,"code":"wrongAttempt"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if test.status == 0 {
				test.status = 200
			}
			if test.contentType == "" && name != "no content type" {
				test.contentType = jsonType
			}
			got, err := serve(t, answering(test.status, test.contentType, test.body)).Attempt(testContext(t), testFiling, 1)
			wantTrouble(t, err, lifecycle.TroubleInvalid)
			if got != nil {
				t.Errorf("attempt %+v was made of it", got)
			}
			if err != nil && strings.Contains(err.Error(), "138") {
				t.Errorf("error quotes the answer: %v", err)
			}
		})
	}
}

func manyChallenges(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"id":"a%d","type":"phoneCode"}`, i)
	}
	return strings.Join(list, ",")
}

func TestTroubleIsToldApart(t *testing.T) {
	now := time.Date(2026, 9, 30, 1, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		status     int
		retryAfter string
		body       string
		kind       lifecycle.TroubleKind
		after      time.Duration
	}{
		"too many requests, seconds":        {status: 429, retryAfter: "7", kind: lifecycle.TroubleWaiting, after: 7 * time.Second},
		"too many requests, a date":         {status: 429, retryAfter: now.Add(time.Minute).Format(http.TimeFormat), kind: lifecycle.TroubleWaiting, after: time.Minute},
		"too many requests, a date gone by": {status: 429, retryAfter: now.Add(-time.Minute).Format(http.TimeFormat), kind: lifecycle.TroubleWaiting},
		"too many requests, nonsense":       {status: 429, retryAfter: "soon", kind: lifecycle.TroubleWaiting},
		"too many requests, negative":       {status: 429, retryAfter: "-5", kind: lifecycle.TroubleWaiting},
		"too many requests, a year":         {status: 429, retryAfter: "31536000", kind: lifecycle.TroubleWaiting, after: 24 * time.Hour},
		"too many requests":                 {status: 429, kind: lifecycle.TroubleWaiting},
		"unavailable until":                 {status: 503, retryAfter: "30", kind: lifecycle.TroubleWaiting, after: 30 * time.Second},
		"unavailable":                       {status: 503, kind: lifecycle.TroubleUnreachable},
		"failed":                            {status: 500, kind: lifecycle.TroubleUnreachable},
		"a proxy without its gateway":       {status: 502, kind: lifecycle.TroubleUnreachable},
		"timed out":                         {status: 408, kind: lifecycle.TroubleUnreachable},
		"token not taken":                   {status: 401, kind: lifecycle.TroubleRefused},
		"token may not do this":             {status: 403, body: `{"title":"","status":403,"code":"readOnly"}`, kind: lifecycle.TroubleRefused},
		"a proxy's 403":                     {status: 403, kind: lifecycle.TroubleRefused},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			client := serve(t, func(w http.ResponseWriter, req *http.Request) {
				if test.retryAfter != "" {
					w.Header().Set("Retry-After", test.retryAfter)
				}
				contentType, body := "text/html", "quoted"
				if test.body != "" {
					contentType, body = problemType, test.body
				}
				answering(test.status, contentType, body)(w, req)
			}, func(c *Config) { c.Clock = clocktesting.NewFakePassiveClock(now) })
			outcome, err := client.File(testContext(t), testFiling, 1, testSubmission())
			if trouble := wantTrouble(t, err, test.kind); trouble.After != test.after {
				t.Errorf("told to come back after %s, want %s", trouble.After, test.after)
			}
			if outcome != nil {
				t.Errorf("outcome %+v beside an error", outcome)
			}
		})
	}
}

func TestAnothersKeyTellsNothing(t *testing.T) {
	ctx := testContext(t)
	client := serve(t, answering(403, problemType, `{"title":"","status":403,"code":"otherOwner"}`))
	if _, err := client.Newest(ctx, testFiling); !errors.Is(err, registrar.ErrOtherOwner) {
		t.Errorf("Newest: %v", err)
	}
	if _, err := client.Attempt(ctx, testFiling, 1); !errors.Is(err, registrar.ErrOtherOwner) {
		t.Errorf("Attempt: %v", err)
	}
	for name, effect := range effects(client) {
		t.Run(name, func(t *testing.T) {
			outcome, err := effect(t)
			if err != nil || outcome.Refusal == nil || outcome.Refusal.Reason != lifecycle.RefusedOtherOwner {
				t.Errorf("outcome %+v, %v", outcome, err)
			}
		})
	}
}

func TestANoIsAValue(t *testing.T) {
	tests := map[string]struct {
		status int
		want   lifecycle.RefusalReason
	}{
		"unknown":         {status: 404, want: lifecycle.RefusedUnknown},
		"otherContent":    {status: 409, want: lifecycle.RefusedOtherContent},
		"wrongAttempt":    {status: 409, want: lifecycle.RefusedWrongAttempt},
		"wrongState":      {status: 409, want: lifecycle.RefusedState},
		"challengeClosed": {status: 409, want: lifecycle.RefusedAnswer},
		"content":         {status: 422, want: lifecycle.RefusedContent},
		"wrongAnswer":     {status: 422, want: lifecycle.RefusedAnswer},
	}
	for code, test := range tests {
		client := serve(t, answering(test.status, problemType, fmt.Sprintf(`{"title":"","status":%d,"code":%q,
			"findings":[{"code":"NAME_MISMATCH","path":"spec.dossier.company.legalName","message":"Not equal."}]}`, test.status, code)))
		for name, effect := range effects(client) {
			t.Run(code+" to "+name, func(t *testing.T) {
				outcome, err := effect(t)
				if err != nil || outcome.Attempt != nil || outcome.Refusal == nil {
					t.Fatalf("outcome %+v, %v; want a refusal", outcome, err)
				}
				if outcome.Refusal.Reason != test.want || len(outcome.Refusal.Findings) != 1 || outcome.Refusal.Findings[0].Code != "NameMismatch" {
					t.Errorf("refusal %+v, want %s with its finding", outcome.Refusal, test.want)
				}
			})
		}
	}
}

func TestANoOutOfPlaceIsNonsense(t *testing.T) {
	tests := map[string]struct {
		status int
		code   string
	}{
		"a conflict called unknown":         {status: 409, code: "unknown"},
		"an unknown attempt called content": {status: 404, code: "content"},
		"content called another's":          {status: 422, code: "otherOwner"},
		"a code that is none":               {status: 422, code: "quoted"},
		"no code":                           {status: 409},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			client := serve(t, answering(test.status, problemType, fmt.Sprintf(`{"title":"","status":%d,"code":%q}`, test.status, test.code)))
			for _, effect := range effects(client) {
				outcome, err := effect(t)
				wantTrouble(t, err, lifecycle.TroubleInvalid)
				if outcome != nil {
					t.Errorf("outcome %+v was made of it", outcome)
				}
			}
		})
	}
}

// effects are the methods that change something.
func effects(client *Client) map[string]func(t *testing.T) (*lifecycle.Outcome, error) {
	return map[string]func(t *testing.T) (*lifecycle.Outcome, error){
		"filing": func(t *testing.T) (*lifecycle.Outcome, error) {
			return client.File(testContext(t), testFiling, 1, testSubmission())
		},
		"a code": func(t *testing.T) (*lifecycle.Outcome, error) {
			return client.Answer(testContext(t), testFiling, 1, registrar.Answer{ChallengeID: "a", Type: "phoneCode", Digest: "d", Text: "2468"})
		},
		"documents": func(t *testing.T) (*lifecycle.Outcome, error) {
			return client.Answer(testContext(t), testFiling, 1, registrar.Answer{ChallengeID: "a", Type: "documents", Digest: "d"})
		},
		"resending": func(t *testing.T) (*lifecycle.Outcome, error) {
			return client.Resend(testContext(t), testFiling, 1, "a")
		},
		"withdrawing": func(t *testing.T) (*lifecycle.Outcome, error) {
			return client.Withdraw(testContext(t), testFiling, 1)
		},
	}
}

func TestEveryRequestAboutAKeySaysWhoAsks(t *testing.T) {
	var asked int
	client := serve(t, func(w http.ResponseWriter, req *http.Request) {
		asked++
		if got := req.Header.Get("X-Filing-Owner"); got != testFiling.Owner {
			t.Errorf("%s %s: owner %q", req.Method, req.URL.Path, got)
		}
		if got := req.Header.Get("Authorization"); got != "Bearer "+testToken {
			t.Errorf("%s %s: authorization %q", req.Method, req.URL.Path, got)
		}
		if !strings.HasPrefix(req.URL.Path, "/v1/registrations/"+testFiling.Key) {
			t.Errorf("%s %s: want the key in the path", req.Method, req.URL.Path)
		}
		answering(404, problemType, `{"title":"","status":404,"code":"unknown"}`)(w, req)
	})
	newest, err := client.Newest(testContext(t), testFiling)
	if newest != nil || err != nil {
		t.Errorf("Newest of an unknown key = %v, %v; want nothing", newest, err)
	}
	attempt, err := client.Attempt(testContext(t), testFiling, 1)
	if attempt != nil || err != nil {
		t.Errorf("Attempt of an unknown key = %v, %v; want nothing", attempt, err)
	}
	for _, effect := range effects(client) {
		if _, err := effect(t); err != nil {
			t.Error(err)
		}
	}
	if asked != 7 {
		t.Errorf("%d requests, want 7: nothing is sent twice", asked)
	}
}

func TestARegistrationOfAnotherKeyIsNonsense(t *testing.T) {
	client := serve(t, answering(200, jsonType, `{"key":"`+strings.Repeat("0", 64)+`","revision":7,"newest":{`+goodAttempt+`}}`))
	_, err := client.Newest(testContext(t), testFiling)
	wantTrouble(t, err, lifecycle.TroubleInvalid)
}

func TestAProbeAsksForTheVersion(t *testing.T) {
	if err := serve(t, answering(200, jsonType, `{"contract":"v1"}`)).Probe(testContext(t)); err != nil {
		t.Error(err)
	}
	wantTrouble(t, serve(t, answering(200, jsonType, `{"contract":"v2"}`)).Probe(testContext(t)), lifecycle.TroubleInvalid)
}
