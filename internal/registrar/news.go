// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"context"
	"errors"
	"time"
)

// ErrCursorExpired: the registrar does not know the cursor, or the page, any more: list
// again.
var ErrCursorExpired = errors.New("the cursor is not known any more")

// ErrNoNews: the registrar has no such thing as news, and is to be asked key by key.
var ErrNoNews = errors.New("the registrar does not tell of changes")

// News tells what changes at a registrar, so that nobody has to ask key by key. Its
// errors are ErrCursorExpired, ErrNoNews or an *Error.
type News interface {
	// List returns a page of all keys; the first has no continueFrom, and says from
	// where changes go on.
	List(ctx context.Context, continueFrom string) (Page, error)
	// Changes returns what changed after the cursor, oldest first: at once if there is
	// something, otherwise when there is or when wait, of whole seconds up to a minute,
	// is over.
	Changes(ctx context.Context, after string, wait time.Duration) (Changes, error)
}

// Change says which revision of its record a key has.
type Change struct {
	Key      string
	Revision int64
}

// Page is a part of the listing.
type Page struct {
	Items []Change
	// Continue names the next page; empty on the last.
	Continue string
	// Cursor is where changes go on from; on the first page.
	Cursor string
}

// Changes are what changed, and the cursor to go on from.
type Changes struct {
	Items  []Change
	Cursor string
}
