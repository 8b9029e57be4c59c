// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"fmt"
	"net/http"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// FileAttempt implements contract.ServerInterface.
func (s *Server) FileAttempt(w http.ResponseWriter, req *http.Request, key contract.Key, n contract.AttemptNumber, params contract.FileAttemptParams) {
	defer drain(req)
	// Another's body is not even read.
	if _, err := s.owned(key, params.XFilingOwner); err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	filed, err := readFiling(req)
	if err == nil {
		err = filed.check(key, params.XFilingOwner)
	}
	if err != nil {
		s.answer(w, 0, nil, err)
		return
	}
	attempt, created, err := s.file(key, n, filed)
	if err == nil {
		err = s.lookedAtFiling(key, attempt)
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	s.answer(w, status, attempt, err)
}

// check compares what came by two ways.
func (f *filing) check(key, owner string) error {
	if f.owner != owner {
		return malformed("The part owner is not the header's.")
	}
	if key != registrar.Key(v1alpha1.Region(f.dossier.Region), v1alpha1.EmailAddress(f.dossier.Account.Email)) {
		return errKeyMismatch
	}
	return nil
}

// file takes a filing, or says what stands in its way.
func (s *Server) file(key string, n int32, filed *filing) (told contract.Attempt, created bool, err error) {
	var refusal error
	err = s.store.update(func(t tx) error {
		r, err := s.current(t, key)
		if err != nil {
			return err
		}
		if err := r.checkOwner(filed.owner); err != nil {
			return err
		}
		if known := r.attempt(n); known != nil {
			told = known.wire()
			return known.compare(filed)
		}
		if !r.takes(n) {
			return errWrongAttempt
		}
		if refusal, err = s.judge(t, r, key, filed); refusal != nil || err != nil {
			return err // what judging has stored stays
		}
		told, err = s.accept(t, r, key, n, filed)
		created = true
		return err
	})
	if err == nil {
		err = refusal
	}
	return told, created, err
}

// lookedAtFiling: the answer to a filing tells where it stands, too.
func (s *Server) lookedAtFiling(key string, told contract.Attempt) error {
	if !s.config.StepOnLook {
		return nil
	}
	r, err := s.read(key)
	if err != nil || r.newest() == nil || r.newest().Revision != told.Revision {
		return err
	}
	return s.looked(r)
}

// compare says whether a filing is the one that is known. A tombstone takes any.
func (a *attempt) compare(filed *filing) error {
	tombstone := a.Digest == "" && a.State == contract.Withdrawn
	if tombstone || a.Digest == filed.digest && a.Content == filed.content() {
		return nil
	}
	return errOtherContent
}

// judge returns the registrar's refusal of the content, nil if it takes it. An unfit
// dossier is counted: preflight should have stopped it.
func (s *Server) judge(t tx, r *record, key string, filed *filing) (refusal, err error) {
	if findings := filed.findings(s.now()); len(findings) > 0 {
		return refusedContent(findings), t.count(preventableCounter)
	}
	name := scenarioOf(filed.dossier.Account.Email, s.config.Scenario)
	chosen, err := findScenario(name)
	if err != nil || !chosen.refuses {
		return nil, err
	}
	if r == nil {
		r = &record{Key: key, Owner: filed.owner, Region: filed.dossier.Region, Scenario: name}
	}
	if r.RefusedDigest != "" && r.RefusedDigest != filed.digest {
		return nil, nil
	}
	r.RefusedDigest = filed.digest
	return refusedContent([]contract.Finding{{
		Code: "CompanyNotFound", Path: "spec.dossier.company.legalName", Message: "No entity of this name and code is on the registry: correct one of them.",
	}}), s.save(t, r)
}

// accept stores a new attempt and lets its scenario begin.
func (s *Server) accept(t tx, r *record, key string, n int32, filed *filing) (contract.Attempt, error) {
	now := s.now()
	if r == nil {
		r = &record{Key: key, Owner: filed.owner, Region: filed.dossier.Region}
	}
	r.Scenario = scenarioOf(filed.dossier.Account.Email, s.config.Scenario)
	r.Region = filed.dossier.Region
	sequence, err := t.logAcceptance(acceptance{Key: key, Attempt: n, Digest: filed.digest, Content: filed.content()})
	if err != nil {
		return contract.Attempt{}, err
	}
	a := &attempt{
		Number:    n,
		State:     contract.Received,
		Digest:    filed.digest,
		Content:   filed.content(),
		Reference: reference(r.Region, now, sequence),
		FiledTime: now,
		Script:    r.Scenario,
		Since:     now,
	}
	r.Attempts = append(r.Attempts, a)
	if chosen, err := findScenario(r.Scenario); err == nil && chosen.fault != "" && n == 1 {
		r.FaultsLeft = spoiledAnswers
	}
	s.pace.advance(r, now)
	if err := s.save(t, r, a); err != nil {
		return contract.Attempt{}, err
	}
	return a.wire(), nil
}

// reference is the registrar's own number for a filing.
func reference(region contract.Region, now time.Time, sequence uint64) string {
	operator := "SINNET" // Beijing
	if region == contract.CnNorthwest1 {
		operator = "NWCD" // Ningxia
	}
	return fmt.Sprintf("%s-%d-%06d", operator, now.Year(), sequence)
}

// WithdrawAttempt implements contract.ServerInterface.
func (s *Server) WithdrawAttempt(w http.ResponseWriter, _ *http.Request, key contract.Key, n contract.AttemptNumber, params contract.WithdrawAttemptParams) {
	var told contract.Attempt
	err := s.store.update(func(t tx) error {
		r, err := s.current(t, key)
		if err != nil {
			return err
		}
		if err := r.checkOwner(params.XFilingOwner); err != nil {
			return err
		}
		a := r.attempt(n)
		switch {
		case a == nil && !r.takes(n):
			return errWrongAttempt
		case a == nil:
			if r == nil {
				r = &record{Key: key, Owner: params.XFilingOwner}
			}
			a = &attempt{Number: n}
			r.Attempts = append(r.Attempts, a)
		case a.State == contract.Withdrawn:
			told = a.wire()
			return nil
		case !a.underWay():
			return errWrongState
		}
		a.withdraw(s.now())
		err = s.save(t, r, a)
		told = a.wire()
		return err
	})
	s.answer(w, http.StatusOK, told, err)
}

func (a *attempt) withdraw(now time.Time) {
	a.State, a.Script, a.Since = contract.Withdrawn, "", now
	a.closeChallenges()
}
