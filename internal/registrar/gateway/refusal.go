// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"mime"
	"net/http"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar/words"
)

// The codes of the contract's problems that mean something for a filing, or for those
// that follow them.
const (
	codeOtherOwner      = "otherOwner"
	codeUnknown         = "unknown"
	codeOtherContent    = "otherContent"
	codeWrongAttempt    = "wrongAttempt"
	codeWrongState      = "wrongState"
	codeChallengeClosed = "challengeClosed"
	codeContent         = "content"
	codeWrongAnswer     = "wrongAnswer"
	codeCursorExpired   = "cursorExpired"
)

// meanings are the statuses that say something about a filing, and their codes.
var meanings = map[int]map[string]bool{
	http.StatusForbidden:           {codeOtherOwner: true},
	http.StatusNotFound:            {codeUnknown: true},
	http.StatusConflict:            {codeOtherContent: true, codeWrongAttempt: true, codeWrongState: true, codeChallengeClosed: true},
	http.StatusGone:                {codeCursorExpired: true},
	http.StatusUnprocessableEntity: {codeContent: true, codeWrongAnswer: true},
}

// reasons turns the contract's codes into what a decision rests on.
var reasons = map[string]lifecycle.RefusalReason{
	codeOtherOwner:      lifecycle.RefusedOtherOwner,
	codeUnknown:         lifecycle.RefusedUnknown,
	codeOtherContent:    lifecycle.RefusedOtherContent,
	codeWrongAttempt:    lifecycle.RefusedWrongAttempt,
	codeWrongState:      lifecycle.RefusedState,
	codeChallengeClosed: lifecycle.RefusedAnswer,
	codeContent:         lifecycle.RefusedContent,
	codeWrongAnswer:     lifecycle.RefusedAnswer,
}

// refusal reads the registrar's no.
func (a *answer) refusal(clean words.Cleaner) (*lifecycle.Refusal, error) {
	reason, ok := reasons[a.problem.Code]
	if !ok {
		return nil, a.noContract()
	}
	if areTooLong(a.problem.Findings) {
		return nil, a.invalid(errTooLong)
	}
	findings, omitted := clean.Findings(findingsOf(a.problem.Findings))
	return &lifecycle.Refusal{Reason: reason, Findings: findings, OmittedFindings: omitted}, nil
}

func isProblem(response *http.Response) bool {
	mediaType, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	return err == nil && mediaType == "application/problem+json"
}
