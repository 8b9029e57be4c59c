// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"slices"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// record is all that is stored of a key.
type record struct {
	Key      string
	Owner    string
	Region   contract.Region
	Scenario string
	Revision int64
	Attempts []*attempt
	// RefusedDigest is content that the scenario refuses.
	RefusedDigest string
	// FaultsLeft is how many more answers about the key the scenario spoils.
	FaultsLeft int
	// DueTime is when the scenario goes on; zero if time alone changes nothing.
	DueTime time.Time
}

// attempt is one attempt. A tombstone has no digest.
type attempt struct {
	Number   int32
	State    contract.State
	Revision int64
	Digest   string
	// Content is the SHA-256 of the files' own.
	Content    string
	Reference  string
	FiledTime  time.Time
	Findings   []contract.Finding
	Final      bool
	AccountID  string
	Challenges []*challenge
	// Script and Position are where the scenario stands; Since is when it got there.
	Script   string
	Position int
	Since    time.Time
}

// challenge is one that was opened; it stays after it was answered.
type challenge struct {
	ID        string
	Type      string
	Message   string
	Expires   time.Time
	TriesLeft *int32
	Closed    bool
	// Verdicts are the answers that came, by digest: true if it was right.
	Verdicts map[string]bool
}

// newest returns the newest attempt, nil if there is none.
func (r *record) newest() *attempt {
	if r == nil || len(r.Attempts) == 0 {
		return nil
	}
	return r.Attempts[len(r.Attempts)-1]
}

// attempt returns attempt n, nil if there is none.
func (r *record) attempt(n int32) *attempt {
	if r == nil || n < 1 || int(n) > len(r.Attempts) {
		return nil
	}
	return r.Attempts[n-1]
}

// takes says whether n may be filed now.
func (r *record) takes(n int32) bool {
	last := r.newest()
	if last == nil {
		return n == 1
	}
	return n == last.Number+1 && last.allowsAnother()
}

func (a *attempt) allowsAnother() bool {
	switch a.State {
	case contract.Withdrawn, contract.SignUpExpired:
		return true
	case contract.Rejected:
		return !a.Final
	default:
		return false
	}
}

// underWay says whether the registrar still has something to decide or to await.
func (a *attempt) underWay() bool {
	switch a.State {
	case contract.Rejected, contract.Active, contract.Withdrawn, contract.SignUpExpired:
		return false
	default:
		return true
	}
}

func (a *attempt) challenge(id string) *challenge {
	i := slices.IndexFunc(a.Challenges, func(c *challenge) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return a.Challenges[i]
}

// awaitsAnswers says whether a challenge is open.
func (a *attempt) awaitsAnswers() bool {
	return slices.ContainsFunc(a.Challenges, func(c *challenge) bool { return !c.Closed })
}

// closeChallenges closes what a new state no longer asks for.
func (a *attempt) closeChallenges() {
	for _, c := range a.Challenges {
		c.Closed = true
	}
}

// wire says the attempt in the contract's words.
func (a *attempt) wire() contract.Attempt {
	told := contract.Attempt{
		Number:    a.Number,
		State:     a.State,
		Revision:  a.Revision,
		Digest:    a.Digest,
		Reference: a.Reference,
		FiledTime: a.FiledTime,
		Findings:  a.Findings,
		Final:     a.Final,
		AccountID: a.AccountID,
	}
	for _, c := range a.Challenges {
		if !c.Closed {
			told.Challenges = append(told.Challenges, contract.Challenge{
				ID: c.ID, Type: c.Type, Message: c.Message, Expires: c.Expires, TriesLeft: c.TriesLeft,
			})
		}
	}
	return told
}
