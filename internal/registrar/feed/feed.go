// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package feed follows what changes at one registrar, in place of asking key by key:
// it lists once, waits for changes from there, and lists again where the registrar has
// lost the place or a long time has passed. Nothing is lost between listing and
// waiting, because the cursor is older than the first page.
package feed

import (
	"context"
	"errors"
	"sync"
	"time"

	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

const (
	// wait is the contract's longest: one request a minute where nothing happens.
	wait = time.Minute
	// relist bounds how long anything that a registrar has not told of stays unseen.
	relist = 6 * time.Hour
	// shortestPause and longestPause bound the pause after an answer that did not come.
	shortestPause = time.Second
	longestPause  = 30 * time.Second
	// noNews is the pause before a registrar without news is asked whether it has them now.
	noNews = 10 * time.Minute
	// brisk is how soon an answer without news may come before it is taken for one of
	// a registrar that does not wait.
	brisk = time.Second
	// maxPages bounds a listing: 5,000,000 keys.
	maxPages = 10_000
)

// Listener hears what a feed has to say. It is called from one goroutine.
type Listener interface {
	// Wants tells whether a key is worth remembering: all others are dropped.
	Wants(ctx context.Context, key string) bool
	// Changed is told keys whose revision is another now.
	Changed(ctx context.Context, keys []string)
	// Listed is told that all is listed anew, or that the feed has begun or ceased to
	// be any good: any key's standing may be another.
	Listed(ctx context.Context)
	// Troubled is told what kept the feed from hearing more.
	Troubled(err error)
}

// Feed is one registrar's. The zero value is of no use; New makes one.
type Feed struct {
	news     registrar.News
	listener Listener
	clock    clock.Clock

	mu        sync.Mutex
	following bool
	revisions map[string]int64
	// kept are attempts with open challenges, of which status has no more than words.
	kept map[string]*lifecycle.Attempt
	// doubted are keys that are to be asked for though nothing new was told of them.
	doubted map[string]struct{}
	settled chan struct{}
	settle  sync.Once
}

// New returns a feed that follows once it is run.
func New(news registrar.News, listener Listener, clock clock.Clock) *Feed {
	return &Feed{
		news: news, listener: listener, clock: clock,
		revisions: map[string]int64{}, kept: map[string]*lifecycle.Attempt{}, doubted: map[string]struct{}{}, settled: make(chan struct{}),
	}
}

// Settled is closed once the first listing has come to its end, well or ill.
func (f *Feed) Settled() <-chan struct{} { return f.settled }

// Following tells whether changes are told. It stays so while the registrar does not
// answer: what changes meanwhile is told when it does.
func (f *Feed) Following() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.following
}

// Revision is the last that was told of a key; 0 if none was.
func (f *Feed) Revision(key string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.revisions[key]
}

// IsAt tells whether the key still has this revision, so that nobody needs to ask.
func (f *Feed) IsAt(key string, revision int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, doubted := f.doubted[key]
	return f.following && !doubted && revision > 0 && f.revisions[key] == revision
}

// Heard takes an attempt as the registrar answered it, which must not be changed any
// more: one with open challenges is kept until the key has another revision.
func (f *Feed) Heard(key string, attempt *lifecycle.Attempt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.doubted, key)
	if f.following && len(attempt.Challenges) > 0 && f.revisions[key] == attempt.Revision {
		f.kept[key] = attempt
	}
}

// Kept returns attempt n if it was kept, is still what the registrar has, and is not older
// than a revision that was heard of since; nil if not.
func (f *Feed) Kept(key string, n int32, revision int64) *lifecycle.Attempt {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kept := f.kept[key]; f.following && kept != nil && kept.Number == n && kept.Revision >= revision && kept.Revision == f.revisions[key] {
		return kept
	}
	return nil
}

// Doubt has the registrar asked for a key once more, because something else than its
// record is new.
func (f *Feed) Doubt(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.following {
		f.doubted[key] = struct{}{}
		delete(f.kept, key)
	}
}

// Run follows until the context ends.
func (f *Feed) Run(ctx context.Context) {
	defer f.settle.Do(func() { close(f.settled) })
	pause := shortestPause
	for ctx.Err() == nil {
		cursor, err := f.list(ctx)
		f.settle.Do(func() { close(f.settled) })
		if err == nil {
			pause = shortestPause
			err = f.follow(ctx, cursor)
		}
		f.judge(ctx, err)
		switch {
		case errors.Is(err, errRelist):
		case errors.Is(err, registrar.ErrNoNews):
			f.sleep(ctx, noNews)
		default:
			f.sleep(ctx, pause)
			pause = min(2*pause, longestPause)
		}
	}
}

// errRelist: it is time to list again.
var errRelist = errors.New("the listing is old")

// list reads all pages, and replaces what was known.
func (f *Feed) list(ctx context.Context) (cursor string, err error) {
	revisions := map[string]int64{}
	next := ""
	for range maxPages {
		page, err := f.news.List(ctx, next)
		if err != nil {
			return "", err
		}
		if next == "" {
			cursor = page.Cursor
		}
		for _, item := range page.Items {
			if f.listener.Wants(ctx, item.Key) {
				revisions[item.Key] = item.Revision
			}
		}
		if next = page.Continue; next == "" {
			f.mu.Lock()
			f.revisions, f.following = revisions, true
			f.kept, f.doubted = map[string]*lifecycle.Attempt{}, map[string]struct{}{}
			f.mu.Unlock()
			f.listener.Listed(ctx)
			return cursor, nil
		}
	}
	return "", &registrar.Error{Kind: lifecycle.TroubleInvalid, Op: "list registrations", Err: errors.New("the listing has no end")}
}

// follow waits for changes from a cursor until listing again is due, or until the
// registrar's answer is of no use. One that does not answer is asked again.
func (f *Feed) follow(ctx context.Context, cursor string) error {
	listed, pause := f.clock.Now(), shortestPause
	for ctx.Err() == nil {
		if f.clock.Since(listed) > relist {
			return errRelist
		}
		asked := f.clock.Now()
		changes, err := f.news.Changes(ctx, cursor, wait)
		switch {
		case isOutage(err):
			f.report(ctx, err)
			f.sleep(ctx, pause)
			pause = min(2*pause, longestPause)
			continue
		case err != nil:
			return err
		}
		cursor, pause = changes.Cursor, shortestPause
		f.tell(ctx, changes.Items)
		if len(changes.Items) == 0 && f.clock.Since(asked) < brisk {
			f.sleep(ctx, brisk)
		}
	}
	return ctx.Err()
}

// tell remembers the revisions that are wanted, and says whose they are.
func (f *Feed) tell(ctx context.Context, items []registrar.Change) {
	var keys []string
	for _, item := range items {
		if !f.listener.Wants(ctx, item.Key) {
			continue
		}
		f.mu.Lock()
		if f.revisions[item.Key] != item.Revision {
			f.revisions[item.Key] = item.Revision
			delete(f.kept, item.Key)
			keys = append(keys, item.Key)
		}
		f.mu.Unlock()
	}
	if len(keys) > 0 {
		f.listener.Changed(ctx, keys)
	}
}

// judge: a registrar that does not speak of changes, or not in the contract's words, is not
// followed, and those that it has are asked for one by one.
func (f *Feed) judge(ctx context.Context, err error) {
	f.report(ctx, err)
	trouble, ok := errors.AsType[*registrar.Error](err)
	if !errors.Is(err, registrar.ErrNoNews) && (!ok || trouble.Kind != lifecycle.TroubleInvalid) {
		return
	}
	f.mu.Lock()
	was := f.following
	f.following = false
	f.mu.Unlock()
	if was {
		f.listener.Listed(ctx)
	}
}

// report tells of trouble, but not of what is in order: the end, a lost place, a new
// listing.
func (f *Feed) report(ctx context.Context, err error) {
	if _, ok := errors.AsType[*registrar.Error](err); ok && ctx.Err() == nil {
		f.listener.Troubled(err)
	}
}

// isOutage: there was no answer, or one that says to come back; the cursor is as good
// as before.
func isOutage(err error) bool {
	trouble, ok := errors.AsType[*registrar.Error](err)
	return ok && trouble.Kind != lifecycle.TroubleInvalid
}

func (f *Feed) sleep(ctx context.Context, pause time.Duration) {
	timer := f.clock.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C():
	}
}
