// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// The store's buckets.
var (
	registrationsBucket = []byte("registrations") // key → record
	changesBucket       = []byte("changes")       // revision → key, the last change of each key
	dueBucket           = []byte("due")           // time and key → nothing
	acceptedBucket      = []byte("accepted")      // sequence → acceptance: a log that nothing is taken from
	metaBucket          = []byte("meta")          // name → value
)

// store keeps records in one file. A change is on the disk when it returns.
type store struct {
	db *bbolt.DB

	mu      sync.Mutex
	changed chan struct{} // closed at the next change
}

// tx is one transaction on the store.
type tx struct{ *bbolt.Tx }

func openStore(path string) (*store, error) {
	// Another process that has the file open is waited for: after a crash the
	// lock is gone at once.
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 5 * time.Second})
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	err = db.Update(func(t *bbolt.Tx) error {
		for _, name := range [][]byte{registrationsBucket, changesBucket, dueBucket, acceptedBucket, metaBucket} {
			if _, err := t.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare store %s: %w", path, err), db.Close())
	}
	return &store{db: db, changed: make(chan struct{})}, nil
}

func (s *store) close() error { return s.db.Close() }

func (s *store) view(f func(tx) error) error {
	return s.db.View(func(t *bbolt.Tx) error { return f(tx{t}) })
}

// update runs f in a transaction, and wakes who waits for changes. What f returns
// as an error undoes what it did.
func (s *store) update(f func(tx) error) error {
	if err := s.db.Update(func(t *bbolt.Tx) error { return f(tx{t}) }); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// nextChange returns a channel that is closed at the next change.
func (s *store) nextChange() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// get returns the record of a key, nil if there is none.
func (t tx) get(key string) (*record, error) {
	encoded := t.Bucket(registrationsBucket).Get([]byte(key))
	if encoded == nil {
		return nil, nil
	}
	return decodeRecord(encoded)
}

func decodeRecord(encoded []byte) (*record, error) {
	r := &record{}
	if err := json.Unmarshal(encoded, r); err != nil {
		return nil, fmt.Errorf("decode a stored record: %w", err)
	}
	return r, nil
}

// put stores a changed record under a new revision. The attempts named are those
// that changed.
func (t tx) put(r *record, due time.Time, changed ...*attempt) error {
	changes := t.Bucket(changesBucket)
	revision, err := changes.NextSequence()
	if err != nil {
		return err
	}
	if r.Revision > 0 {
		if err := changes.Delete(number(uint64(r.Revision))); err != nil {
			return err
		}
	}
	r.Revision = int64(revision)
	for _, a := range changed {
		a.Revision = r.Revision
	}
	if err := changes.Put(number(revision), []byte(r.Key)); err != nil {
		return err
	}
	if err := t.moveDue(r, due); err != nil {
		return err
	}
	return t.rewrite(r)
}

// rewrite stores a record whose change is nobody else's business.
func (t tx) rewrite(r *record) error {
	encoded, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode a record: %w", err)
	}
	return t.Bucket(registrationsBucket).Put([]byte(r.Key), encoded)
}

// forget removes a record and leaves its revision as a change.
func (t tx) forget(r *record) error {
	if err := t.put(r, time.Time{}); err != nil {
		return err
	}
	return t.Bucket(registrationsBucket).Delete([]byte(r.Key))
}

// moveDue keeps the index of what time alone will change.
func (t tx) moveDue(r *record, due time.Time) error {
	bucket := t.Bucket(dueBucket)
	if !r.DueTime.IsZero() {
		if err := bucket.Delete(dueKey(r.DueTime, r.Key)); err != nil {
			return err
		}
	}
	r.DueTime = due
	if due.IsZero() {
		return nil
	}
	return bucket.Put(dueKey(due, r.Key), nil)
}

// dueKeys returns the keys that are due at now.
func (s *store) dueKeys(now time.Time) (keys []string, err error) {
	err = s.view(func(t tx) error {
		cursor := t.Bucket(dueBucket).Cursor()
		for k, _ := cursor.First(); k != nil && dueTime(k) <= now.UnixNano(); k, _ = cursor.Next() {
			keys = append(keys, string(k[8:]))
		}
		return nil
	})
	return keys, err
}

func dueKey(due time.Time, key string) []byte {
	return append(number(uint64(due.UnixNano())), key...)
}

func dueTime(key []byte) int64 { return int64(binary.BigEndian.Uint64(key[:8])) }

// number encodes so that the order of bytes is the order of numbers.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// revision returns the store's newest revision.
func (t tx) revision() uint64 { return t.Bucket(changesBucket).Sequence() }
