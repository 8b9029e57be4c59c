// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"errors"
	"fmt"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

// ErrOtherOwner: the key belongs to another owner, who learns nothing either.
var ErrOtherOwner = errors.New("the filing key belongs to another owner")

// Error says that a registrar could not be asked. Its text has no personal data and
// none of the registrar's words.
type Error struct {
	// Kind: TroubleUnreachable and TroubleWaiting pass by themselves,
	// TroubleInvalid may, TroubleRefused needs an administrator.
	Kind lifecycle.TroubleKind
	// Op is what was tried on what, e.g. "GET attempt 1 at gateway.example.cn".
	Op string
	// After is the pause that the registrar asked for; 0 if none.
	After time.Duration
	Err   error
}

// Error returns what was tried and what came of it.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Op, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Trouble turns any error of this package into what a decision rests on.
func Trouble(err error) *lifecycle.Trouble {
	if e, ok := errors.AsType[*Error](err); ok {
		return &lifecycle.Trouble{Kind: e.Kind, Message: e.Error(), After: e.After}
	}
	return &lifecycle.Trouble{Kind: lifecycle.TroubleUnreachable, Message: err.Error()}
}
