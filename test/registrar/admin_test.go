// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

func TestAStateIsForced(t *testing.T) {
	e, a := start(t), applicantOf("review")
	e.file(a, 1)
	force := func(body string) {
		t.Helper()
		if got := e.control(http.MethodPost, "/registrations/"+a.Key+"/state", body); got.Code != http.StatusOK {
			t.Fatalf("force %s: %d %s", body, got.Code, got.Body)
		}
	}
	force(`{"state":"rejected","final":true,"findings":[{"code":"NameMismatch"}]}`)
	e.paces(10)
	if got := e.wantState(a, 1, lifecycle.StateRejected); !got.Final || len(got.Findings) != 1 {
		t.Errorf("forced attempt is %+v", got)
	}
	force(`{"state":"verified","challenges":["phoneCode"]}`)
	if got := open(e.wantState(a, 1, lifecycle.StateVerified)); got != "phoneCode" {
		t.Errorf("forced attempt asks for %q", got)
	}
	force(`{"state":"active"}`)
	e.wantState(a, 1, lifecycle.StateActive)
}

func TestAStepIsTakenAtOnce(t *testing.T) {
	e, a := start(t), applicantOf("verified-only")
	e.file(a, 1)
	for _, state := range []lifecycle.State{lifecycle.StateUnderReview, lifecycle.StateVerified, lifecycle.StateActive} {
		if got := e.control(http.MethodPost, "/registrations/"+a.Key+"/step", ""); got.Code != http.StatusOK {
			t.Fatalf("step to %s: %d %s", state, got.Code, got.Body)
		}
		e.wantState(a, 1, state)
	}
	if got := e.control(http.MethodPost, "/registrations/"+a.Key+"/step", ""); got.Code != http.StatusConflict {
		t.Errorf("step beyond the end: %d", got.Code)
	}
}

func TestFaultsAreSwitchedOnAndOff(t *testing.T) {
	tests := map[string]struct {
		fault string
		kind  lifecycle.TroubleKind
	}{
		"fails":                    {fault: `{"kind":"500"}`, kind: lifecycle.TroubleUnreachable},
		"is unavailable":           {fault: `{"kind":"503"}`, kind: lifecycle.TroubleWaiting},
		"has too many requests":    {fault: `{"kind":"429"}`, kind: lifecycle.TroubleWaiting},
		"does not take the token":  {fault: `{"kind":"401"}`, kind: lifecycle.TroubleRefused},
		"answers a web page":       {fault: `{"kind":"garbage"}`, kind: lifecycle.TroubleInvalid},
		"answers half an object":   {fault: `{"kind":"truncated"}`, kind: lifecycle.TroubleInvalid},
		"answers two megabytes":    {fault: `{"kind":"oversized"}`, kind: lifecycle.TroubleInvalid},
		"sends elsewhere":          {fault: `{"kind":"redirect"}`, kind: lifecycle.TroubleInvalid},
		"does not answer":          {fault: `{"kind":"timeout"}`, kind: lifecycle.TroubleUnreachable},
		"hangs up":                 {fault: `{"kind":"disconnected"}`, kind: lifecycle.TroubleUnreachable},
		"fails after it has filed": {fault: `{"kind":"500","takesEffect":true}`, kind: lifecycle.TroubleUnreachable},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, a := start(t, func(c *registrar.Config) { c.Clock = clock.RealClock{} }), applicantOf("silent")
			once := strings.TrimSuffix(test.fault, "}") + `,"count":1,"operations":["fileAttempt"],"key":"` + a.Key + `"}`
			if got := e.control(http.MethodPut, "/faults", "["+once+"]"); got.Code != http.StatusOK {
				t.Fatalf("switch on %s: %d %s", once, got.Code, got.Body)
			}
			if err := e.Probe(e.ctx()); err != nil {
				t.Errorf("another operation is spoiled: %v", err)
			}
			_, err := e.File(e.ctx(), a.Filing, 1, a.submission())
			e.wantTrouble(err, test.kind)
			filed := 0
			if strings.Contains(test.fault, "takesEffect") {
				filed = 1
			}
			if got := e.counters().Filings; got != filed {
				t.Errorf("%d filings after the fault, want %d", got, filed)
			}
			e.file(a, 1)
		})
	}
}

func TestAFaultLastsUntilItIsSwitchedOff(t *testing.T) {
	e := start(t)
	e.control(http.MethodPut, "/faults", `[{"kind":"503","retryAfterSeconds":7}]`)
	for range 3 {
		e.wantTrouble(e.Probe(e.ctx()), lifecycle.TroubleWaiting)
	}
	e.control(http.MethodDelete, "/faults", "")
	if err := e.Probe(e.ctx()); err != nil {
		t.Error(err)
	}
	if got := e.counters(); got.Faults["503"] != 3 || got.Requests["getStatus"] != 4 {
		t.Errorf("counters are %+v, want 3 faults of 4 requests", got)
	}
}

func TestControlsThatMakeNoSenseAreRefused(t *testing.T) {
	e, a := start(t), applicantOf("silent")
	e.file(a, 1)
	tests := map[string]struct {
		method, path, body string
		status             int
	}{
		"a kind of fault that is none":  {http.MethodPut, "/faults", `[{"kind":"earthquake"}]`, 400},
		"an operation that is none":     {http.MethodPut, "/faults", `[{"kind":"500","operations":["fly"]}]`, 400},
		"a field that is none":          {http.MethodPut, "/faults", `[{"kind":"500","often":true}]`, 400},
		"no JSON":                       {http.MethodPut, "/faults", `500`, 400},
		"a state for an unknown key":    {http.MethodPost, "/registrations/abc/state", `{"state":"active"}`, 404},
		"no state":                      {http.MethodPost, "/registrations/" + a.Key + "/state", `{}`, 400},
		"a challenge that is none":      {http.MethodPost, "/registrations/" + a.Key + "/state", `{"state":"verified","challenges":["riddle"]}`, 400},
		"a step that waits for nothing": {http.MethodPost, "/registrations/" + a.Key + "/step", ``, 409},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := e.control(test.method, test.path, test.body); got.Code != test.status {
				t.Errorf("%d %s, want %d", got.Code, got.Body, test.status)
			}
		})
	}
}

func TestStandingsTellNoPersonalData(t *testing.T) {
	e, a := start(t), applicantOf("more-documents")
	e.file(a, 1)
	e.paces(1)
	e.wantState(a, 1, lifecycle.StateUnderReview)
	for _, path := range []string{"/registrations", "/registrations/" + a.Key, "/counters"} {
		got := e.control(http.MethodGet, path, "")
		if got.Code != http.StatusOK || !json.Valid(got.Body.Bytes()) || !strings.Contains(got.Body.String(), a.Key) {
			t.Errorf("GET %s: %d %s", path, got.Code, got.Body)
		}
		for _, personal := range []string{a.email, a.Owner, "王小明", "11010519491231002X", "13800138000", "passw0rd"} {
			if strings.Contains(got.Body.String(), personal) {
				t.Errorf("GET %s tells %q", path, personal)
			}
		}
	}
}

func TestARequestThatComesTwiceIsOneFiling(t *testing.T) {
	e := start(t)
	e.control(http.MethodPut, "/faults", `[{"kind": "twice"}]`)
	e.file(applicantOf("silent"), 1)
	counters := e.counters()
	if counters.Filings != 1 || counters.DuplicateFilings != 0 || counters.Faults[registrar.FaultTwice] == 0 {
		t.Errorf("counters %+v", counters)
	}
}

func TestAStaleAnswerIsThatOfBeforeTheLastChange(t *testing.T) {
	e := start(t)
	a := applicantOf("review")
	e.file(a, 1)
	e.wantState(a, 1, lifecycle.StateReceived)
	e.paces(1)
	e.wantState(a, 1, lifecycle.StateUnderReview)
	e.control(http.MethodPut, "/faults", `[{"kind": "stale", "count": 1}]`)
	e.wantState(a, 1, lifecycle.StateReceived)
	e.wantState(a, 1, lifecycle.StateUnderReview)
}

func TestManyAreFiledAndDecidedAtOnce(t *testing.T) {
	e := start(t)
	applicants := []applicant{applicantOf("a"), applicantOf("b"), applicantOf("c")}
	var seeds []registrar.Seed
	for _, a := range applicants {
		seeds = append(seeds, registrar.Seed{Key: a.Key, Owner: a.Owner, Region: "cn-northwest-1", Digest: "v1:test:0", State: "underReview"})
	}
	body, err := json.Marshal(seeds)
	if err != nil {
		t.Fatal(err)
	}
	got := e.control(http.MethodPost, "/registrations", string(body))
	var standings []registrar.Standing
	if err := json.Unmarshal(got.Body.Bytes(), &standings); err != nil || len(standings) != len(applicants) {
		t.Fatalf("seed: %d %s", got.Code, got.Body)
	}
	e.paces(10)
	for i, a := range applicants {
		found := e.wantState(a, 1, lifecycle.StateUnderReview)
		if told := standings[i].Attempts[0]; told.Revision != found.Revision || told.Reference != found.Reference || found.Reference == "" {
			t.Errorf("it was told %+v, and is %+v", told, found)
		}
	}
	if again := e.control(http.MethodPost, "/registrations", string(body)); again.Code != http.StatusConflict {
		t.Errorf("the same keys again: %d", again.Code)
	}
	if got := e.control(http.MethodPost, "/decisions", `{"state":"rejected","limit":2,"findings":[{"code":"NameMismatch"}]}`); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"decided":2`) {
		t.Fatalf("decide two: %d %s", got.Code, got.Body)
	}
	if got := e.control(http.MethodPost, "/decisions", `{"state":"verified"}`); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"decided":1`) {
		t.Fatalf("decide the rest: %d %s", got.Code, got.Body)
	}
	if counters := e.counters(); counters.Filings != len(applicants) || counters.DuplicateFilings != 0 {
		t.Errorf("counted %+v", counters)
	}
}

func TestALookIsAStepWhereThatIsWanted(t *testing.T) {
	e, a := start(t, func(c *registrar.Config) { c.StepOnLook = true }), applicantOf("review")
	if got := e.file(a, 1); got.State != lifecycle.StateReceived {
		t.Errorf("the filing is answered with %s", got.State)
	}
	e.wantState(a, 1, lifecycle.StateUnderReview)
	for range 2 { // it waits for answers
		if got := open(e.wantState(a, 1, lifecycle.StateVerified)); got != "phoneCode supportPlan" {
			t.Errorf("verified asks for %q", got)
		}
	}
	if got := e.completeSignUp(a, 1); got.State != lifecycle.StateActive {
		t.Errorf("completed, it is %s", got.State)
	}
}
