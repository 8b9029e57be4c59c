// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
)

// preventableCounter counts unfit dossiers that were filed.
var preventableCounter = []byte("preventableFilings")

// Counters are what a client of this registrar did since the store was made, and
// since the process began.
type Counters struct {
	// Registrations are the keys under which something was filed or withdrawn.
	Registrations int `json:"registrations"`
	// Filings that were accepted, and how many of them by key and attempt
	// ("KEY/1"). One attempt has one filing.
	Filings  int            `json:"filings"`
	Accepted map[string]int `json:"accepted"`
	// DuplicateFilings are filings accepted for an attempt that had one already.
	// More than 0 is a fault, of this server or, where the registrar forgot a
	// filing, of a client that filed it again.
	DuplicateFilings int `json:"duplicateFilings"`
	// PreventableFilings are dossiers that were filed though preflight should have
	// stopped them: the registrar's own first look refused them.
	PreventableFilings int `json:"preventableFilings"`
	// Requests by operation, and spoiled answers by kind of fault, of this process.
	Requests map[string]int `json:"requests"`
	Faults   map[string]int `json:"faults"`
}

// acceptance is one entry of the log that duplicates are counted from. It is kept
// apart from the records, which cannot have any.
type acceptance struct {
	Key     string
	Attempt int32
	Digest  string
	Content string
}

// logAcceptance writes an entry and returns its number.
func (t tx) logAcceptance(a acceptance) (uint64, error) {
	bucket := t.Bucket(acceptedBucket)
	sequence, err := bucket.NextSequence()
	if err != nil {
		return 0, err
	}
	encoded, err := json.Marshal(a)
	if err != nil {
		return 0, fmt.Errorf("encode an acceptance: %w", err)
	}
	return sequence, bucket.Put(number(sequence), encoded)
}

// count adds one to a stored counter.
func (t tx) count(name []byte) error {
	return t.Bucket(metaBucket).Put(name, number(t.counter(name)+1))
}

func (t tx) counter(name []byte) uint64 {
	value := t.Bucket(metaBucket).Get(name)
	if value == nil {
		return 0
	}
	return binary.BigEndian.Uint64(value)
}

// Counters returns the counters as they stand.
func (s *Server) Counters() (Counters, error) {
	counters := s.counted.snapshot()
	counters.Accepted = map[string]int{}
	err := s.store.view(func(t tx) error {
		counters.Registrations = t.Bucket(registrationsBucket).Stats().KeyN
		counters.PreventableFilings = int(t.counter(preventableCounter))
		return t.Bucket(acceptedBucket).ForEach(func(_, encoded []byte) error {
			var a acceptance
			if err := json.Unmarshal(encoded, &a); err != nil {
				return fmt.Errorf("decode an acceptance: %w", err)
			}
			name := fmt.Sprintf("%s/%d", a.Key, a.Attempt)
			counters.Filings++
			counters.Accepted[name]++
			if counters.Accepted[name] > 1 {
				counters.DuplicateFilings++
			}
			return nil
		})
	})
	return counters, err
}

// counted is what this process counts.
type counted struct {
	mu       sync.Mutex
	requests map[string]int
	faults   map[string]int
}

func newCounted() *counted {
	return &counted{requests: map[string]int{}, faults: map[string]int{}}
}

func (c *counted) request(operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests[operation]++
}

func (c *counted) fault(kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults[kind]++
}

func (c *counted) snapshot() Counters {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Counters{Requests: maps.Clone(c.requests), Faults: maps.Clone(c.faults)}
}
