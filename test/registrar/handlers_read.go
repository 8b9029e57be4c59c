// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"net/http"
	"strconv"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// maxPage is the most items of a page.
const maxPage = 500

// GetStatus implements contract.ServerInterface.
func (s *Server) GetStatus(w http.ResponseWriter, _ *http.Request) {
	s.answer(w, http.StatusOK, contract.Status{
		Contract: registrar.ContractVersion,
		Regions:  []contract.Region{contract.CnNorth1, contract.CnNorthwest1},
	}, nil)
}

// GetRegistration implements contract.ServerInterface.
func (s *Server) GetRegistration(w http.ResponseWriter, _ *http.Request, key contract.Key, params contract.GetRegistrationParams) {
	r, err := s.owned(key, params.XFilingOwner)
	if err == nil && r.newest() == nil {
		err = errUnknown
	}
	if err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	told := contract.Registration{Key: key, Revision: r.Revision, Newest: r.newest().wire()}
	s.answer(w, http.StatusOK, told, s.looked(r))
}

// GetAttempt implements contract.ServerInterface.
func (s *Server) GetAttempt(w http.ResponseWriter, _ *http.Request, key contract.Key, n contract.AttemptNumber, params contract.GetAttemptParams) {
	r, err := s.owned(key, params.XFilingOwner)
	if err == nil && r.attempt(n) == nil {
		err = errUnknown
	}
	if err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	told := r.attempt(n).wire()
	if r.attempt(n) == r.newest() {
		err = s.looked(r)
	}
	s.answer(w, http.StatusOK, told, err)
}

// owned reads a key's record for its owner; nil if there is none.
func (s *Server) owned(key, owner string) (*record, error) {
	r, err := s.read(key)
	if err != nil {
		return nil, err
	}
	return r, r.checkOwner(owner)
}

func (r *record) checkOwner(owner string) error {
	if r != nil && r.Owner != owner {
		return errOtherOwner
	}
	return nil
}

// ListRegistrations implements contract.ServerInterface.
func (s *Server) ListRegistrations(w http.ResponseWriter, _ *http.Request, params contract.ListRegistrationsParams) {
	limit := int(params.Limit)
	if limit == 0 {
		limit = maxPage
	}
	if limit < 1 || limit > maxPage {
		s.answer(w, 0, nil, malformed("A page has 1 to 500 items."))
		return
	}
	var page contract.RegistrationPage
	err := s.store.view(func(t tx) (err error) {
		if params.Continue == "" {
			page.Cursor = cursor(t.revision())
		}
		page.Items, page.Continue, err = t.page(params.Continue, limit)
		return err
	})
	s.answer(w, http.StatusOK, page, err)
}

// page returns the records whose keys follow after, and where to go on.
func (t tx) page(after string, limit int) (items []contract.Change, next string, err error) {
	items = []contract.Change{}
	c := t.Bucket(registrationsBucket).Cursor()
	for k, v := c.Seek([]byte(after)); k != nil; k, v = c.Next() {
		if string(k) == after {
			continue
		}
		if len(items) == limit {
			return items, items[limit-1].Key, nil
		}
		r, err := decodeRecord(v)
		if err != nil {
			return nil, "", err
		}
		items = append(items, contract.Change{Key: r.Key, Revision: r.Revision})
	}
	return items, "", nil
}

// ListChanges implements contract.ServerInterface.
func (s *Server) ListChanges(w http.ResponseWriter, req *http.Request, params contract.ListChangesParams) {
	after, err := strconv.ParseUint(params.After, 10, 63)
	if err != nil {
		s.answer(w, 0, nil, errCursorGone)
		return
	}
	wait, err := readWait(params.Wait)
	if err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	timer := s.config.Clock.NewTimer(wait)
	defer timer.Stop()
	for {
		woken := s.store.nextChange()
		changes, err := s.changesAfter(after)
		if err != nil || len(changes.Items) > 0 || wait == 0 {
			s.answer(w, http.StatusOK, changes, err)
			return
		}
		select {
		case <-woken:
			continue
		case <-timer.C():
		case <-s.closing:
		case <-req.Context().Done():
		}
		s.answer(w, http.StatusOK, changes, nil)
		return
	}
}

// readWait reads 0s to 60s.
func readWait(value string) (time.Duration, error) {
	if value == "" {
		return time.Minute, nil
	}
	wait, err := time.ParseDuration(value)
	if err != nil || wait < 0 || wait > time.Minute {
		return 0, malformed("wait is 0s to 60s.")
	}
	return wait, nil
}

// changesAfter returns the keys that changed after a revision, oldest first. A
// key that changed often is there once, with its last revision.
func (s *Server) changesAfter(after uint64) (changes contract.Changes, err error) {
	changes.Items = []contract.Change{}
	err = s.store.view(func(t tx) error {
		if after > t.revision() {
			return errCursorGone // another store's, or one that was set back
		}
		c := t.Bucket(changesBucket).Cursor()
		for k, v := c.Seek(number(after + 1)); k != nil && len(changes.Items) < maxPage; k, v = c.Next() {
			after = uint64(dueTime(k))
			changes.Items = append(changes.Items, contract.Change{Key: string(v), Revision: int64(after)})
		}
		changes.Cursor = cursor(after)
		return nil
	})
	return changes, err
}

func cursor(revision uint64) string { return strconv.FormatUint(revision, 10) }
