// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"fmt"
	"net/http"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// What a benchmark needs is many filings at once: each of these calls is one
// transaction, so that tens of thousands stand there, or are decided, within seconds.

// maxBulkRequest has room for some ten thousand registrations.
const maxBulkRequest = 8 << 20 // bytes

// Seed is a filing that the registrar has as if it had been filed long ago. Time alone
// changes nothing of it: it has no scenario.
type Seed struct {
	Key    string          `json:"key"`
	Owner  string          `json:"owner"`
	Region contract.Region `json:"region"`
	Digest string          `json:"digest"`
	State  contract.State  `json:"state"`
}

// Decision puts many filings where a registrar's day ends.
type Decision struct {
	ForcedState
	// Limit is how many of those under review are decided, in the order of their keys;
	// 0 is all.
	Limit int `json:"limit,omitempty"`
}

// Decided is how many were.
type Decided struct {
	Decided int `json:"decided"`
}

// adminSeed stores filings under keys that nobody used.
func (s *Server) adminSeed(w http.ResponseWriter, req *http.Request) {
	var seeds []Seed
	if err := readJSON(req, maxBulkRequest, &seeds); err != nil {
		s.answer(w, 0, nil, malformed(`The body is a JSON list such as [{"key": KEY, "owner": OWNER, "region": "cn-north-1", "digest": DIGEST, "state": "underReview"}].`))
		return
	}
	standings := make([]Standing, 0, len(seeds))
	err := s.store.update(func(t tx) error {
		for _, seed := range seeds {
			r, err := s.seed(t, seed)
			if err != nil {
				return err
			}
			standings = append(standings, r.standing())
		}
		return nil
	})
	s.answer(w, http.StatusOK, standings, err)
}

func (s *Server) seed(t tx, seed Seed) (*record, error) {
	if seed.Key == "" || seed.Owner == "" || seed.State == "" || !seed.Region.Valid() {
		return nil, malformed("A registration has a key, an owner, a Region and a state.")
	}
	known, err := t.get(seed.Key)
	if err != nil {
		return nil, err
	}
	if known != nil {
		return nil, errWrongAttempt
	}
	sequence, err := t.logAcceptance(acceptance{Key: seed.Key, Attempt: 1, Digest: seed.Digest})
	if err != nil {
		return nil, err
	}
	now := s.now()
	a := &attempt{Number: 1, Digest: seed.Digest, Reference: reference(seed.Region, now, sequence), FiledTime: now}
	r := &record{Key: seed.Key, Owner: seed.Owner, Region: seed.Region, Attempts: []*attempt{a}}
	s.pace.enter(r, a, step{state: seed.State}, now)
	return r, s.save(t, r, a)
}

// adminDecide decides those under review.
func (s *Server) adminDecide(w http.ResponseWriter, req *http.Request) {
	var decision Decision
	if err := readAdmin(req, &decision); err != nil || decision.State == "" || decision.Limit < 0 {
		s.answer(w, 0, nil, malformed(`The body is JSON such as {"state": "verified", "limit": 5000}.`))
		return
	}
	if !areChallenges(decision.Challenges) {
		s.answer(w, 0, nil, errNoChallenge)
		return
	}
	var told Decided
	err := s.store.update(func(t tx) error {
		keys, err := t.underReview(decision.Limit)
		if err != nil {
			return err
		}
		for _, key := range keys {
			r, err := t.get(key)
			if err != nil {
				return err
			}
			if err := s.force(t, r, r.newest(), decision.ForcedState); err != nil {
				return fmt.Errorf("decide %s: %w", short(key), err)
			}
		}
		told.Decided = len(keys)
		return nil
	})
	s.answer(w, http.StatusOK, told, err)
}

// underReview returns the keys whose newest attempt is; at most limit, all if it is 0.
func (t tx) underReview(limit int) (keys []string, err error) {
	cursor := t.Bucket(registrationsBucket).Cursor()
	for k, encoded := cursor.First(); k != nil && (limit == 0 || len(keys) < limit); k, encoded = cursor.Next() {
		r, err := decodeRecord(encoded)
		if err != nil {
			return nil, err
		}
		if newest := r.newest(); newest != nil && newest.State == contract.UnderReview {
			keys = append(keys, string(k))
		}
	}
	return keys, nil
}

// looked lets a scenario go on once its client was told where it stands, where that is
// what --step-on-look wants: no state is skipped, and none is waited for. Two looks at
// one state are one step.
func (s *Server) looked(seen *record) error {
	if !s.config.StepOnLook || s.pace.due(seen).IsZero() {
		return nil
	}
	return s.store.update(func(t tx) error {
		r, err := t.get(seen.Key)
		if err != nil || r == nil || r.Revision != seen.Revision {
			return err
		}
		return s.stepNow(t, r, r.newest())
	})
}
