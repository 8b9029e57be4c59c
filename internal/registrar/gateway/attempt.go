// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// Bounds of the contract and of what the API server stores.
const (
	maxChallenges      = 16
	maxReferenceLength = 128
	maxTriesLeft       = 1000
)

var (
	// word is a state or a challenge type, known or not.
	word        = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,63}$`)
	accountID   = regexp.MustCompile(`^[0-9]{12}$`)
	challengeID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	digest      = regexp.MustCompile(`^[A-Za-z0-9:._=-]{0,256}$`)
)

// attempt checks what was told of attempt n, or of any if n is 0, and cleans its
// words. A state that nobody knows passes: to hold it is lifecycle's rule.
func (a *answer) attempt(told contract.Attempt, n int32, clean cleaner) (*lifecycle.Attempt, error) {
	if err := check(told, n); err != nil {
		return nil, a.invalid(err)
	}
	challenges, err := readChallenges(told.Challenges, clean)
	if err != nil {
		return nil, a.invalid(err)
	}
	findings, omitted := clean.findings(told.Findings)
	return &lifecycle.Attempt{
		Number:          told.Number,
		State:           lifecycle.State(told.State),
		Revision:        told.Revision,
		Digest:          told.Digest,
		Reference:       clean.reference(told.Reference),
		FiledTime:       told.FiledTime,
		DueTime:         told.DueTime,
		Findings:        findings,
		OmittedFindings: omitted,
		Final:           told.Final,
		AccountID:       told.AccountID,
		Challenges:      challenges,
	}, nil
}

func check(told contract.Attempt, n int32) error {
	state := lifecycle.State(told.State)
	switch {
	case told.Number < 1 || n != 0 && told.Number != n:
		return fmt.Errorf("it speaks of attempt %d, and %d was asked for", told.Number, n)
	case !word.MatchString(string(state)):
		return errors.New("its attempt has no state")
	case told.Revision < 1:
		return errors.New("its attempt has no revision")
	case told.FiledTime.IsZero() && state != lifecycle.StateWithdrawn:
		return errors.New("its attempt has no filedTime")
	case !digest.MatchString(told.Digest):
		return errors.New("its attempt's digest is none")
	case told.AccountID != "" && !accountID.MatchString(told.AccountID):
		return errors.New("its account id has not 12 digits")
	case told.AccountID == "" && state == lifecycle.StateActive:
		return errors.New("its active attempt has no account id")
	}
	return nil
}

func readChallenges(told []contract.Challenge, clean cleaner) ([]lifecycle.Challenge, error) {
	if len(told) > maxChallenges {
		return nil, fmt.Errorf("its attempt has more than %d open challenges", maxChallenges)
	}
	var challenges []lifecycle.Challenge
	seen := map[string]bool{}
	for i, one := range told {
		switch {
		case !challengeID.MatchString(one.ID) || seen[one.ID] || clean.identifier(one.ID) != one.ID:
			return nil, fmt.Errorf("the id of its challenge %d is none", i)
		case !word.MatchString(one.Type):
			return nil, fmt.Errorf("the type of its challenge %d is none", i)
		case one.TriesLeft != nil && (*one.TriesLeft < 0 || *one.TriesLeft > maxTriesLeft):
			return nil, fmt.Errorf("the tries left for its challenge %d are out of bounds", i)
		}
		seen[one.ID] = true
		challenges = append(challenges, lifecycle.Challenge{
			ID:          one.ID,
			Type:        v1alpha1.ChallengeType(one.Type),
			Message:     clean.message(one.Message),
			ExpiresTime: one.Expires,
			TriesLeft:   one.TriesLeft,
		})
	}
	return challenges, nil
}
