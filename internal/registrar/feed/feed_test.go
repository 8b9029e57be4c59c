// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package feed_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/utils/clock"

	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/feed"
)

// script is a registrar that answers what a test has ready.
type script struct {
	mu      sync.Mutex
	pages   map[string]registrar.Page
	changes map[string]registrar.Changes
	listErr error
	// changesErr is answered instead of changes; asked are the cursors that were asked
	// for, listed how often the first page was.
	changesErr error
	// hasty: it does not wait for changes.
	hasty  bool
	asked  []string
	listed int
}

func (s *script) List(_ context.Context, continueFrom string) (registrar.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if continueFrom == "" {
		s.listed++
	}
	return s.pages[continueFrom], s.listErr
}

func (s *script) Changes(ctx context.Context, after string, wait time.Duration) (registrar.Changes, error) {
	s.mu.Lock()
	s.asked = append(s.asked, after)
	told, there := s.changes[after]
	delete(s.changes, after)
	err, hasty := s.changesErr, s.hasty
	s.mu.Unlock()
	if hasty {
		return registrar.Changes{Cursor: after}, nil
	}
	if err != nil || there {
		return told, err
	}
	select {
	case <-ctx.Done():
		return registrar.Changes{}, ctx.Err()
	case <-time.After(wait):
		return registrar.Changes{Cursor: after}, nil
	}
}

func (s *script) set(change func(*script)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *script) countAsked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

// heard is what a listener was told.
type heard struct {
	mu      sync.Mutex
	changed []string
	listed  int
	trouble []error
}

func (h *heard) Wants(_ context.Context, key string) bool { return key != "another's" }

func (h *heard) Changed(_ context.Context, keys []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.changed = append(h.changed, keys...)
}

func (h *heard) Listed(context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listed++
}

func (h *heard) Troubled(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.trouble = append(h.trouble, err)
}

func newScript() *script {
	return &script{
		pages: map[string]registrar.Page{
			"":  {Items: []registrar.Change{{Key: "a", Revision: 1}, {Key: "another's", Revision: 2}}, Cursor: "3", Continue: "2"},
			"2": {Items: []registrar.Change{{Key: "b", Revision: 3}}},
		},
		changes: map[string]registrar.Changes{},
	}
}

// follow runs a feed in a bubble whose time passes at once.
func follow(t *testing.T, s *script, test func(t *testing.T, f *feed.Feed, h *heard)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := &heard{}
		f := feed.New(s, h, clock.RealClock{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			f.Run(ctx)
		}()
		synctest.Wait()
		test(t, f, h)
		cancel()
		<-ended
	})
}

func TestItListsAndThenWaitsFromTheFirstPagesCursor(t *testing.T) {
	s := newScript()
	s.changes["3"] = registrar.Changes{Items: []registrar.Change{{Key: "b", Revision: 4}, {Key: "another's", Revision: 5}}, Cursor: "5"}
	follow(t, s, func(t *testing.T, f *feed.Feed, h *heard) {
		<-f.Settled()
		if !f.Following() || f.Revision("a") != 1 || f.Revision("b") != 4 || f.Revision("another's") != 0 {
			t.Errorf("following %v, a at %d, b at %d, another's at %d", f.Following(), f.Revision("a"), f.Revision("b"), f.Revision("another's"))
		}
		if h.listed != 1 || !slices.Equal(h.changed, []string{"b"}) {
			t.Errorf("listed %d times, changed %v", h.listed, h.changed)
		}
		if !slices.Equal(s.asked, []string{"3", "5"}) {
			t.Errorf("asked from %v", s.asked)
		}
	})
}

func TestWhereNothingHappensItAsksOnceAMinute(t *testing.T) {
	s := newScript()
	follow(t, s, func(t *testing.T, _ *feed.Feed, h *heard) {
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := s.countAsked(); n < 59 || n > 61 {
			t.Errorf("asked %d times in an hour", n)
		}
		if len(h.changed) != 0 {
			t.Errorf("told of %v", h.changed)
		}
	})
}

func TestARegistrarThatDoesNotWaitIsNotAskedTheMore(t *testing.T) {
	s := newScript()
	follow(t, s, func(t *testing.T, _ *feed.Feed, _ *heard) {
		s.set(func(s *script) { s.hasty = true })
		before := s.countAsked()
		time.Sleep(2 * time.Minute)
		if n := s.countAsked() - before; n > 121 {
			t.Errorf("asked %d times in two minutes", n)
		}
	})
}

func TestALostPlaceHasItListAgain(t *testing.T) {
	s := newScript()
	follow(t, s, func(t *testing.T, f *feed.Feed, h *heard) {
		s.set(func(s *script) {
			s.changesErr = registrar.ErrCursorExpired
			s.pages[""] = registrar.Page{Items: []registrar.Change{{Key: "a", Revision: 9}}, Cursor: "9"}
		})
		time.Sleep(61 * time.Second) // the wait that was begun
		s.set(func(s *script) { s.changesErr = nil })
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if f.Revision("a") != 9 || f.Revision("b") != 0 || h.listed < 2 || !f.Following() {
			t.Errorf("a at %d, b at %d, listed %d times", f.Revision("a"), f.Revision("b"), h.listed)
		}
		if last := s.asked[len(s.asked)-1]; last != "9" {
			t.Errorf("went on from %s", last)
		}
	})
}

func TestAnOutageLosesNothing(t *testing.T) {
	s := newScript()
	follow(t, s, func(t *testing.T, f *feed.Feed, h *heard) {
		s.set(func(s *script) {
			s.changesErr = &registrar.Error{Kind: lifecycle.TroubleUnreachable, Err: errors.New("no connection")}
		})
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if n := s.countAsked(); n > 30 {
			t.Errorf("asked %d times within 10 minutes", n)
		}
		if !f.Following() || s.listed != 1 || len(h.trouble) == 0 {
			t.Errorf("following %v, listed %d times, told of trouble %v", f.Following(), s.listed, h.trouble)
		}
		s.set(func(s *script) {
			s.changesErr = nil
			s.changes["3"] = registrar.Changes{Items: []registrar.Change{{Key: "a", Revision: 6}}, Cursor: "6"}
		})
		time.Sleep(31 * time.Second)
		synctest.Wait()
		if len(h.trouble) > s.countAsked() {
			t.Errorf("told of %d troubles", len(h.trouble))
		}
		if f.Revision("a") != 6 || !slices.Equal(h.changed, []string{"a"}) {
			t.Errorf("a at %d, told of %v", f.Revision("a"), h.changed)
		}
	})
}

func TestOneThatSpeaksNonsenseIsNotFollowed(t *testing.T) {
	s := newScript()
	follow(t, s, func(t *testing.T, f *feed.Feed, h *heard) {
		s.set(func(s *script) {
			s.changesErr = &registrar.Error{Kind: lifecycle.TroubleInvalid, Err: errors.New("no JSON")}
			s.listErr = s.changesErr
		})
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if f.Following() || h.listed != 2 || f.IsAt("a", 1) {
			t.Errorf("following %v, told %d times", f.Following(), h.listed)
		}
		s.set(func(s *script) { s.changesErr, s.listErr = nil, nil })
		time.Sleep(time.Minute)
		synctest.Wait()
		if !f.Following() || h.listed != 3 {
			t.Errorf("following %v, told %d times", f.Following(), h.listed)
		}
	})
}

func TestOneWithoutNewsIsAskedByKeyWithoutAWord(t *testing.T) {
	s := newScript()
	s.listErr = registrar.ErrNoNews
	follow(t, s, func(t *testing.T, f *feed.Feed, h *heard) {
		time.Sleep(time.Hour)
		synctest.Wait()
		if f.Following() || len(h.trouble) > 0 || s.listed > 8 {
			t.Errorf("following %v, told of trouble %v, listed %d times within an hour", f.Following(), h.trouble, s.listed)
		}
		s.set(func(s *script) { s.listErr = nil })
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if !f.Following() {
			t.Error("its news are not followed")
		}
	})
}

func TestAFirstListingThatFailsSettlesToo(t *testing.T) {
	s := newScript()
	s.listErr = &registrar.Error{Kind: lifecycle.TroubleUnreachable, Err: errors.New("no connection")}
	follow(t, s, func(t *testing.T, f *feed.Feed, h *heard) {
		<-f.Settled()
		if f.Following() || h.listed != 0 {
			t.Errorf("following %v, told %d times", f.Following(), h.listed)
		}
	})
}

func TestItListsAgainAfterALongTime(t *testing.T) {
	s := newScript()
	follow(t, s, func(t *testing.T, _ *feed.Feed, h *heard) {
		time.Sleep(25 * time.Hour)
		synctest.Wait()
		if h.listed != 5 {
			t.Errorf("listed %d times in 25 hours", h.listed)
		}
	})
}

func TestAnAttemptIsKeptUntilItChanges(t *testing.T) {
	s := newScript()
	open := []lifecycle.Challenge{{ID: "phone-code-1"}}
	follow(t, s, func(t *testing.T, f *feed.Feed, _ *heard) {
		f.Heard("a", &lifecycle.Attempt{Number: 1, Revision: 1})
		if f.Kept("a", 1, 1) != nil {
			t.Error("one without challenges was kept")
		}
		f.Heard("b", &lifecycle.Attempt{Number: 1, Revision: 2, Challenges: open})
		if f.Kept("b", 1, 1) != nil {
			t.Error("an old one was kept")
		}
		f.Heard("a", &lifecycle.Attempt{Number: 1, Revision: 1, Challenges: open})
		if f.Kept("a", 1, 1) == nil || f.Kept("a", 2, 1) != nil || f.Kept("a", 1, 2) != nil {
			t.Error("it was not kept, or as another attempt, or though it is old")
		}
		f.Doubt("a")
		if f.Kept("a", 1, 1) != nil || f.IsAt("a", 1) {
			t.Error("a doubt is not minded")
		}
		f.Heard("a", &lifecycle.Attempt{Number: 1, Revision: 1, Challenges: open})
		if f.Kept("a", 1, 1) == nil || !f.IsAt("a", 1) {
			t.Error("a doubt stays when it is answered")
		}
		s.set(func(s *script) {
			s.changes["3"] = registrar.Changes{Items: []registrar.Change{{Key: "a", Revision: 7}}, Cursor: "7"}
		})
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if f.Kept("a", 1, 1) != nil || f.IsAt("a", 1) || !f.IsAt("a", 7) {
			t.Error("it is kept after it changed")
		}
	})
}
