// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/internal/registrar/words"
)

// Bounds of the contract and of what the API server stores.
const (
	maxChallenges = 16
	maxTriesLeft  = 1000
	maxAttempt    = 1000
	// maxWords is the contract's longest message, 1024 characters, in bytes: longer
	// words would take more work to clean than they are worth.
	maxWords = 4096
	// Within these years every time, and a deadline counted from it, can be stored.
	firstYear, lastYear = 2000, 2199
)

var (
	// word is a state or a challenge type, known or not.
	word        = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,63}$`)
	accountID   = regexp.MustCompile(`^[0-9]{12}$`)
	challengeID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	// digest has the form in which ours are filed, so that it can hold nothing else.
	digest = regexp.MustCompile(`^(v[0-9]{1,3}:[0-9a-z]{1,64}:[0-9a-f]{1,128})?$`)
)

// attempt checks what was told of attempt n, or of any if n is 0, and cleans its
// words. A state that nobody knows passes: to hold it is lifecycle's rule.
func (a *answer) attempt(told contract.Attempt, n int32, clean words.Cleaner) (*lifecycle.Attempt, error) {
	if err := check(told, n); err != nil {
		return nil, a.invalid(err)
	}
	challenges, err := readChallenges(told.Challenges, clean)
	if err != nil {
		return nil, a.invalid(err)
	}
	findings, omitted := clean.Findings(findingsOf(told.Findings))
	return &lifecycle.Attempt{
		Number:          told.Number,
		State:           lifecycle.State(told.State),
		Revision:        told.Revision,
		Digest:          told.Digest,
		Reference:       clean.Reference(told.Reference),
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
	case told.Number < 1 || told.Number > maxAttempt || n != 0 && told.Number != n:
		return fmt.Errorf("it speaks of attempt %d, and %d was asked for", told.Number, n)
	case !isWord(string(state)):
		return errors.New("its attempt has no state")
	case told.Revision < 1:
		return errors.New("its attempt has no revision")
	case !digest.MatchString(told.Digest):
		return errors.New("its attempt's digest is none")
	case areTooLong(told.Findings):
		return errTooLong
	case told.AccountID != "" && !accountID.MatchString(told.AccountID):
		return errors.New("its account id has not 12 digits")
	case told.AccountID == "" && state == lifecycle.StateActive:
		return errors.New("its active attempt has no account id")
	}
	return checkTimes(told)
}

func checkTimes(told contract.Attempt) error {
	switch {
	case told.FiledTime.IsZero() && lifecycle.State(told.State) != lifecycle.StateWithdrawn:
		return errors.New("its attempt has no filedTime")
	case !isStorable(told.FiledTime) || !isStorable(told.DueTime):
		return fmt.Errorf("a time of its attempt is not within the years %d to %d", firstYear, lastYear)
	}
	return nil
}

func readChallenges(told []contract.Challenge, clean words.Cleaner) ([]lifecycle.Challenge, error) {
	if len(told) > maxChallenges {
		return nil, fmt.Errorf("its attempt has more than %d open challenges", maxChallenges)
	}
	var challenges []lifecycle.Challenge
	seen := map[string]bool{}
	for i, one := range told {
		switch {
		case !challengeID.MatchString(one.ID) || seen[one.ID] || !clean.IsIdentifier(one.ID):
			return nil, fmt.Errorf("the id of its challenge %d is none", i)
		case !isWord(one.Type):
			return nil, fmt.Errorf("the type of its challenge %d is none", i)
		case len(one.Message) > maxWords:
			return nil, errTooLong
		case !isStorable(one.Expires):
			return nil, fmt.Errorf("its challenge %d does not expire within the years %d to %d", i, firstYear, lastYear)
		case one.TriesLeft != nil && (*one.TriesLeft < 0 || *one.TriesLeft > maxTriesLeft):
			return nil, fmt.Errorf("the tries left for its challenge %d are out of bounds", i)
		}
		seen[one.ID] = true
		challenges = append(challenges, lifecycle.Challenge{
			ID:          one.ID,
			Type:        v1alpha1.ChallengeType(one.Type),
			Message:     clean.Message(one.Message),
			ExpiresTime: one.Expires,
			TriesLeft:   one.TriesLeft,
		})
	}
	return challenges, nil
}

func findingsOf(told []contract.Finding) []v1alpha1.Finding {
	findings := make([]v1alpha1.Finding, 0, len(told))
	for _, f := range told {
		findings = append(findings, v1alpha1.Finding{Code: f.Code, Path: f.Path, Message: f.Message})
	}
	return findings
}

// errTooLong refuses words instead of cutting them: half a personal number is not
// known for one.
var errTooLong = fmt.Errorf("its words are longer than %d bytes", maxWords)

// areTooLong looks at all that is cleaned: what does not fit into status is only counted.
func areTooLong(told []contract.Finding) bool {
	shown := told[:min(len(told), v1alpha1.MaxRejectionFindings)]
	return slices.ContainsFunc(shown, func(f contract.Finding) bool {
		return max(len(f.Code), len(f.Message)) > maxWords
	})
}

// isWord: one that we do not know is shown, and must not hide a person's number.
func isWord(s string) bool {
	return word.MatchString(s) && words.Cleaner{}.IsIdentifier(s)
}

// isStorable: the API server takes no year of more than four digits.
func isStorable(t time.Time) bool {
	year := t.UTC().Year()
	return t.IsZero() || year >= firstYear && year <= lastYear
}
