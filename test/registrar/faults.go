// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"bytes"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// The kinds of faults.
const (
	Fault500          = "500"          // fails
	Fault503          = "503"          // asks to come back later
	Fault429          = "429"          // asks to come back later
	Fault401          = "401"          // does not take the token
	FaultGarbage      = "garbage"      // answers 200 with a web page
	FaultTruncated    = "truncated"    // answers 200 with half an object
	FaultOversized    = "oversized"    // answers 200 with 2 MiB
	FaultRedirect     = "redirect"     // sends the client elsewhere
	FaultTimeout      = "timeout"      // does not answer
	FaultDisconnected = "disconnected" // hangs up
	FaultTwice        = "twice"        // gets the request twice, as from a network that repeats it
	FaultStale        = "stale"        // answers a look as it would have before the last change
)

var faultKinds = []string{
	Fault500, Fault503, Fault429, Fault401, FaultGarbage, FaultTruncated, FaultOversized, FaultRedirect, FaultTimeout, FaultDisconnected, FaultTwice, FaultStale,
}

// Fault spoils answers while it is switched on.
type Fault struct {
	// Kind is one of the constants Fault….
	Kind string `json:"kind"`
	// Operations that it spoils, by operationId; all if empty.
	Operations []string `json:"operations,omitempty"`
	// Key that it spoils; all if empty.
	Key string `json:"key,omitempty"`
	// Count of answers to spoil; 0 is until it is switched off.
	Count int `json:"count,omitempty"`
	// TakesEffect: the request is carried out, and only its answer is lost.
	TakesEffect bool `json:"takesEffect,omitempty"`
	// RetryAfterSeconds of kinds 429 and 503; 0 is one pace, at least 1 s.
	RetryAfterSeconds int `json:"retryAfterSeconds,omitempty"`
}

// valid says whether the fault is one.
func (f Fault) valid() bool {
	known := func(operation string) bool {
		return slices.Contains(slices.Collect(maps.Values(operations)), operation)
	}
	return slices.Contains(faultKinds, f.Kind) && f.Count >= 0 && f.RetryAfterSeconds >= 0 &&
		!slices.ContainsFunc(f.Operations, func(o string) bool { return !known(o) })
}

// takesEffect tells whether the request is carried out all the same.
func (f Fault) takesEffect() bool {
	return f.TakesEffect || f.Kind == FaultTwice || f.Kind == FaultStale
}

// switches are the faults that are switched on.
type switches struct {
	mu     sync.Mutex
	faults []Fault
}

func (s *switches) set(faults []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.Clone(faults)
}

func (s *switches) list() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Fault{}, s.faults...)
}

// take returns the fault that spoils a request, and uses it up by one.
func (s *switches) take(operation, key string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if len(f.Operations) > 0 && !slices.Contains(f.Operations, operation) || f.Key != "" && f.Key != key {
			continue
		}
		if f.Count > 0 {
			if s.faults[i].Count--; s.faults[i].Count == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		return f, true
	}
	return Fault{}, false
}

// spoiled lets faults come between the registrar and its answers.
func (s *Server) spoiled(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		fault, on := s.switches.take(operationOf(mux, req), keyOf(req))
		if on && !fault.takesEffect() {
			drain(req)
			s.spoil(w, req, fault)
			return
		}
		answer := s.carryOut(mux, req, on && fault.Kind == FaultTwice)
		older := s.looks.remember(req, answer)
		if !on {
			fault, on = s.takeScenarioFault(keyOf(req))
		}
		switch {
		case !on:
			answer.send(w)
		case fault.Kind == FaultTwice:
			s.counted.fault(fault.Kind)
			answer.send(w)
		case fault.Kind == FaultStale:
			s.counted.fault(fault.Kind)
			older.send(w)
		default:
			s.spoil(w, req, fault)
		}
	})
}

// carryOut has the request handled, or handled twice: the second answer is what its
// sender gets.
func (s *Server) carryOut(mux *http.ServeMux, req *http.Request, twice bool) *heldAnswer {
	if twice {
		sent, err := io.ReadAll(io.LimitReader(req.Body, maxRepeated))
		if err != nil {
			panic(http.ErrAbortHandler) // its sender hung up
		}
		again := req.Clone(req.Context())
		again.Body, req.Body = io.NopCloser(bytes.NewReader(sent)), io.NopCloser(bytes.NewReader(sent))
		mux.ServeHTTP(newHeldAnswer(), again)
	}
	answer := newHeldAnswer()
	mux.ServeHTTP(answer, req)
	return answer
}

// maxRepeated bounds a request that is handled twice.
const maxRepeated = 256 << 20 // bytes

// takeScenarioFault returns the fault that a key's scenario has, and uses it up by one.
func (s *Server) takeScenarioFault(key string) (fault Fault, on bool) {
	r, err := s.read(key)
	if err != nil || r == nil || r.FaultsLeft == 0 {
		return Fault{}, false
	}
	err = s.store.update(func(t tx) error {
		r, err := t.get(key)
		if err != nil || r == nil || r.FaultsLeft == 0 {
			return err
		}
		chosen, err := findScenario(r.Scenario)
		if err != nil {
			return err
		}
		r.FaultsLeft--
		fault, on = Fault{Kind: chosen.fault}, true
		return t.rewrite(r)
	})
	if err != nil {
		s.config.Log.Error("A scenario's fault is not counted", "error", err)
	}
	return fault, on && err == nil
}

// spoil answers as the fault says.
func (s *Server) spoil(w http.ResponseWriter, req *http.Request, fault Fault) {
	s.counted.fault(fault.Kind)
	later := &problem{status: http.StatusTooManyRequests, code: "waiting", detail: "Come back later."}
	switch fault.Kind {
	case Fault503:
		later.status = http.StatusServiceUnavailable
		fallthrough
	case Fault429:
		w.Header().Set("Retry-After", s.retryAfter(fault))
		later.write(w)
	case Fault401:
		errUnauthorized.write(w)
	case FaultGarbage:
		write(w, "text/html", "<!doctype html><title>Welcome</title>")
	case FaultTruncated:
		write(w, "application/json", `{"number": 1, "sta`)
	case FaultOversized:
		write(w, "application/json", `{"number": 1, "state": "`+strings.Repeat("x", 2<<20)+`"}`)
	case FaultRedirect:
		http.Redirect(w, req, "https://elsewhere.invalid/", http.StatusTemporaryRedirect)
	case FaultTimeout:
		s.hold(req)
		panic(http.ErrAbortHandler)
	case FaultDisconnected:
		panic(http.ErrAbortHandler)
	default:
		errInternal.write(w)
	}
}

func (s *Server) retryAfter(fault Fault) string {
	if fault.RetryAfterSeconds > 0 {
		return seconds(time.Duration(fault.RetryAfterSeconds) * time.Second)
	}
	return seconds(s.config.Step)
}

// hold keeps an answer back until the client gives up.
func (s *Server) hold(req *http.Request) {
	timer := s.config.Clock.NewTimer(s.config.Hold)
	defer timer.Stop()
	select {
	case <-req.Context().Done():
	case <-s.closing:
	case <-timer.C():
	}
}

// looks remembers, for each look at a filing, the last answer and the one before that.
type looks struct {
	mu      sync.Mutex
	answers map[string][2]*heldAnswer
}

// remember takes note of an answer and returns the one before the last change, or the
// answer itself if there was none.
func (l *looks) remember(req *http.Request, answer *heldAnswer) *heldAnswer {
	if req.Method != http.MethodGet || keyOf(req) == "" {
		return answer
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	look := req.URL.Path + " of " + req.Header.Get("X-Filing-Owner")
	known := l.answers[look]
	switch {
	case known[1] == nil:
		known = [2]*heldAnswer{answer, answer}
	case !known[1].equals(answer):
		known = [2]*heldAnswer{known[1], answer}
	}
	l.answers[look] = known
	return known[0]
}

func newHeldAnswer() *heldAnswer {
	return &heldAnswer{header: http.Header{}, status: http.StatusOK}
}

// heldAnswer keeps an answer until it is known whether it is to be spoiled.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) WriteHeader(status int)      { h.status = status }
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }

func (h *heldAnswer) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), h.header)
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body.Bytes()) // it may be sent again
}

func (h *heldAnswer) equals(other *heldAnswer) bool {
	return h.status == other.status && bytes.Equal(h.body.Bytes(), other.body.Bytes())
}

func write(w http.ResponseWriter, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write([]byte(body))
}

// seconds rounds up to at least one.
func seconds(d time.Duration) string {
	return cursor(uint64(max(1, math.Ceil(d.Seconds()))))
}
