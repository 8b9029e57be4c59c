// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// Bounds of the contract.
const (
	maxItems  = 500
	maxCursor = 256 // bytes
)

var key = regexp.MustCompile(`^[0-9a-f]{64}$`)

var _ registrar.News = (*Client)(nil)

// List implements registrar.News. Neither it nor Changes minds the circuit: they pause by
// themselves.
func (c *Client) List(ctx context.Context, continueFrom string) (registrar.Page, error) {
	req, err := contract.NewListRegistrationsRequest(c.server, &contract.ListRegistrationsParams{Limit: maxItems, Continue: continueFrom})
	call := c.call("GET registrations", req, err)
	call.forNews = true
	got, err := c.ask(ctx, call)
	if err != nil {
		return registrar.Page{}, err
	}
	var page contract.RegistrationPage
	if err := got.decodeNews(&page); err != nil {
		return registrar.Page{}, err
	}
	items, err := got.changes(page.Items)
	switch {
	case err != nil:
		return registrar.Page{}, err
	case continueFrom == "" && !isCursor(page.Cursor):
		return registrar.Page{}, got.invalid(errors.New("its first page has no cursor"))
	case page.Continue != "" && (!isCursor(page.Continue) || page.Continue == continueFrom):
		return registrar.Page{}, got.invalid(errors.New("its page does not say what the next one is"))
	}
	return registrar.Page{Items: items, Continue: page.Continue, Cursor: page.Cursor}, nil
}

// Changes implements registrar.News.
func (c *Client) Changes(ctx context.Context, after string, wait time.Duration) (registrar.Changes, error) {
	seconds := fmt.Sprintf("%ds", int(wait.Seconds()))
	req, err := contract.NewListChangesRequest(c.server, &contract.ListChangesParams{After: after, Wait: seconds})
	call := c.call("GET changes", req, err)
	call.timeout, call.forNews = call.timeout+wait, true
	got, err := c.ask(ctx, call)
	if err != nil {
		return registrar.Changes{}, err
	}
	var told contract.Changes
	if err := got.decodeNews(&told); err != nil {
		return registrar.Changes{}, err
	}
	items, err := got.changes(told.Items)
	if err == nil && !isCursor(told.Cursor) {
		err = got.invalid(errors.New("its changes have no cursor"))
	}
	return registrar.Changes{Items: items, Cursor: told.Cursor}, err
}

// decodeNews is decode for what speaks of all keys.
func (a *answer) decodeNews(into any) error {
	switch {
	case a.problem == nil:
		return a.decode(into)
	case a.status == http.StatusGone:
		return registrar.ErrCursorExpired
	default:
		return a.noContract()
	}
}

// changes checks what is told of each key.
func (a *answer) changes(told []contract.Change) ([]registrar.Change, error) {
	if len(told) > maxItems {
		return nil, a.invalid(fmt.Errorf("it tells of more than %d keys at once", maxItems))
	}
	items := make([]registrar.Change, len(told))
	for i, one := range told {
		if !key.MatchString(one.Key) || one.Revision < 1 {
			return nil, a.invalid(errors.New("what it tells of a key is none, or has no revision"))
		}
		items[i] = registrar.Change(one)
	}
	return items, nil
}

func isCursor(s string) bool { return s != "" && len(s) <= maxCursor }
