// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

const maxAdminRequest = 64 << 10 // bytes

// Standing is what the admin API tells of a registration.
type Standing struct {
	Key      string             `json:"key"`
	Scenario string             `json:"scenario,omitempty"`
	Attempts []contract.Attempt `json:"attempts"`
	// NextStepTime is when its scenario goes on by itself.
	NextStepTime *time.Time `json:"nextStepTime,omitempty"`
}

// ForcedState puts the newest attempt where a test wants it. The scenario ends there.
type ForcedState struct {
	// State may be one that the contract does not have.
	State    contract.State     `json:"state"`
	Findings []contract.Finding `json:"findings,omitempty"`
	Final    bool               `json:"final,omitempty"`
	// AccountID is made from the key if an active attempt names none.
	AccountID string `json:"accountID,omitempty"`
	// Challenges to open: emailCode, phoneCode, supportPlan, documents; or faceScan, which
	// the contract does not have.
	Challenges []string `json:"challenges,omitempty"`
}

// AdminHandler returns the switches and counters. It asks for no token: it belongs on
// a loopback address.
func (s *Server) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /counters", func(w http.ResponseWriter, _ *http.Request) {
		counters, err := s.Counters()
		s.answer(w, http.StatusOK, counters, err)
	})
	mux.HandleFunc("GET /registrations", s.adminList)
	mux.HandleFunc("POST /registrations", s.adminSeed)
	mux.HandleFunc("POST /decisions", s.adminDecide)
	mux.HandleFunc("GET /registrations/{key}", func(w http.ResponseWriter, req *http.Request) {
		s.adminAnswer(w, req.PathValue("key"), func(tx, *record, *attempt) error { return nil })
	})
	mux.HandleFunc("POST /registrations/{key}/state", s.adminState)
	mux.HandleFunc("POST /registrations/{key}/step", func(w http.ResponseWriter, req *http.Request) {
		s.adminAnswer(w, req.PathValue("key"), s.stepNow)
	})
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.answer(w, http.StatusOK, s.switches.list(), nil)
	})
	mux.HandleFunc("PUT /faults", s.adminFaults)
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) {
		s.switches.set(nil)
		s.answer(w, http.StatusOK, s.switches.list(), nil)
	})
	return mux
}

func (s *Server) adminList(w http.ResponseWriter, _ *http.Request) {
	standings := []Standing{}
	err := s.store.view(func(t tx) error {
		return t.Bucket(registrationsBucket).ForEach(func(_, encoded []byte) error {
			r, err := decodeRecord(encoded)
			if err != nil {
				return err
			}
			standings = append(standings, r.standing())
			return nil
		})
	})
	s.answer(w, http.StatusOK, standings, err)
}

func (s *Server) adminState(w http.ResponseWriter, req *http.Request) {
	var forced ForcedState
	if err := readAdmin(req, &forced); err != nil || forced.State == "" {
		s.answer(w, 0, nil, malformed(`The body is JSON such as {"state": "underReview"}.`))
		return
	}
	if !areChallenges(forced.Challenges) {
		s.answer(w, 0, nil, errNoChallenge)
		return
	}
	s.adminAnswer(w, req.PathValue("key"), func(t tx, r *record, a *attempt) error {
		return s.force(t, r, a, forced)
	})
}

var errNoChallenge = malformed("A challenge is emailCode, phoneCode, supportPlan, documents or faceScan.")

func areChallenges(kinds []string) bool {
	return !slices.ContainsFunc(kinds, func(kind string) bool { return challengeNames[kind] == "" })
}

// force ends the scenario and puts the attempt where it is wanted.
func (s *Server) force(t tx, r *record, a *attempt, forced ForcedState) error {
	a.Script = ""
	s.pace.enter(r, a, step{
		state: forced.State, findings: forced.Findings, final: forced.Final, opens: forced.Challenges,
	}, s.now())
	if forced.AccountID != "" {
		a.AccountID = forced.AccountID
	}
	return s.save(t, r, a)
}

// stepNow takes the scenario's next step at once.
func (s *Server) stepNow(t tx, r *record, a *attempt) error {
	due := s.pace.due(r)
	if due.IsZero() {
		return errWrongState
	}
	a.Since = a.Since.Add(s.now().Sub(due))
	if s.pace.advance(r, s.now()) {
		return t.forget(r)
	}
	return s.save(t, r, a)
}

func (s *Server) adminFaults(w http.ResponseWriter, req *http.Request) {
	var faults []Fault
	if err := readAdmin(req, &faults); err != nil {
		s.answer(w, 0, nil, malformed(`The body is a JSON list such as [{"kind": "500", "count": 3}].`))
		return
	}
	for _, fault := range faults {
		if !fault.valid() {
			s.answer(w, 0, nil, malformed("A fault's kind or operation is not known, or a number is negative."))
			return
		}
	}
	s.switches.set(faults)
	s.answer(w, http.StatusOK, s.switches.list(), nil)
}

// adminAnswer lets change work on a key's newest attempt, and tells how it stands.
func (s *Server) adminAnswer(w http.ResponseWriter, key string, change func(tx, *record, *attempt) error) {
	var standing Standing
	err := s.store.update(func(t tx) error {
		r, err := s.current(t, key)
		if err != nil {
			return err
		}
		if r.newest() == nil {
			return errUnknown
		}
		err = change(t, r, r.newest())
		standing = r.standing()
		return err
	})
	s.answer(w, http.StatusOK, standing, err)
}

func (r *record) standing() Standing {
	standing := Standing{Key: r.Key, Scenario: r.Scenario, Attempts: []contract.Attempt{}}
	for _, a := range r.Attempts {
		standing.Attempts = append(standing.Attempts, a.wire())
	}
	if !r.DueTime.IsZero() {
		standing.NextStepTime = &r.DueTime
	}
	return standing
}

func readAdmin(req *http.Request, into any) error { return readJSON(req, maxAdminRequest, into) }

func readJSON(req *http.Request, limit int64, into any) error {
	decoder := json.NewDecoder(io.LimitReader(req.Body, limit))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.More() {
		return errors.New("there is more than one value")
	}
	return nil
}
