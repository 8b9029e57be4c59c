// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"sync"
	"time"

	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/feed"
)

// Priorities in the queue: what was just applied or changed comes first, at 0, then
// what registrars decided, then what merely waits, which a restart brings too.
const (
	priorityNews    = -10
	priorityWaiting = handler.LowPriority
)

// firstListing bounds how long the first pass waits for the registrars' listings after
// a start. Without one, each registration is asked for by itself.
const firstListing = 10 * time.Second

// News follows what changes at the gateways, and has the registrations reconciled that
// it is about. As a source of their controller it runs where that does: in the leader.
type News struct {
	// Cached reads registrations and Registrars.
	Cached client.Reader
	Clock  clock.Clock

	mu    sync.Mutex
	ctx   context.Context //nolint:containedctx // that of the source, which outlives the calls that begin a feed
	queue workqueue.TypedRateLimitingInterface[reconcile.Request]
	feeds map[string]*runningFeed
	// connect makes a connection to each gateway that there is, and so its feed; heard
	// takes note of a feed's trouble.
	connect func(context.Context, *v1alpha1.Registrar) error
	heard   func(name string, trouble *lifecycle.Trouble)
}

// runningFeed is one that is run, or will be once the source is started.
type runningFeed struct {
	*feed.Feed
	stop context.CancelFunc
}

// NewNews returns one that follows nobody yet.
func NewNews(cached client.Reader, clock clock.Clock) *News {
	return &News{Cached: cached, Clock: clock, feeds: map[string]*runningFeed{}}
}

// Start implements source.Source.
func (n *News) Start(ctx context.Context, queue workqueue.TypedRateLimitingInterface[reconcile.Request]) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ctx, n.queue = ctx, queue
	for _, f := range n.feeds {
		f.begin(ctx)
	}
	return nil
}

// WaitForSync implements source.SyncingSource: once what the registrars have is listed,
// nobody has to be asked about what is as it was.
func (n *News) WaitForSync(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, firstListing)
	defer cancel()
	list := &v1alpha1.RegistrarList{}
	if err := n.Cached.List(ctx, list); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "List the Registrars to follow")
		return nil
	}
	for i := range list.Items {
		if object := &list.Items[i]; object.Spec.Type == v1alpha1.RegistrarGateway {
			_ = n.connect(ctx, object) // its probe says on the Registrar what is wrong
		}
	}
	for _, f := range n.all() {
		select {
		case <-f.Settled():
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

func (n *News) all() []*runningFeed {
	n.mu.Lock()
	defer n.mu.Unlock()
	feeds := make([]*runningFeed, 0, len(n.feeds))
	for _, f := range n.feeds {
		feeds = append(feeds, f)
	}
	return feeds
}

// Follow begins to follow a gateway, in place of whatever had the Registrar's name.
func (n *News) Follow(name string, news registrar.News) {
	n.Unfollow(name)
	n.mu.Lock()
	defer n.mu.Unlock()
	f := &runningFeed{}
	f.Feed = feed.New(news, &newsOf{News: n, name: name, feed: f}, n.Clock)
	n.feeds[name] = f
	if n.ctx != nil {
		f.begin(n.ctx)
	}
}

func (f *runningFeed) begin(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	f.stop = cancel
	go f.Run(ctx)
}

// Unfollow ends it.
func (n *News) Unfollow(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f := n.feeds[name]; f != nil && f.stop != nil {
		f.stop()
	}
	delete(n.feeds, name)
}

// of returns the feed of a Registrar; one that was never run if there is none, which
// knows nothing.
func (n *News) of(name string) *feed.Feed {
	n.mu.Lock()
	defer n.mu.Unlock()
	if f := n.feeds[name]; f != nil {
		return f.Feed
	}
	return feed.New(nil, nil, n.Clock)
}

// add has registrations reconciled, after those that are new.
func (n *News) add(requests []reconcile.Request) {
	n.mu.Lock()
	queue := n.queue
	n.mu.Unlock()
	if q, ok := queue.(priorityqueue.PriorityQueue[reconcile.Request]); ok {
		q.AddWithOpts(priorityqueue.AddOpts{Priority: ptr.To(priorityNews)}, requests...)
		return
	}
	for _, request := range requests {
		queue.Add(request)
	}
}

// newsOf is what one gateway's feed tells.
type newsOf struct {
	*News
	name string
	feed *runningFeed
}

var _ feed.Listener = (*newsOf)(nil)

// Wants implements feed.Listener.
func (n *newsOf) Wants(ctx context.Context, key string) bool {
	return len(n.registrations(ctx, client.MatchingFields{indexKey: key})) > 0
}

// Changed implements feed.Listener.
func (n *newsOf) Changed(ctx context.Context, keys []string) {
	for _, key := range keys {
		n.tell(ctx, client.MatchingFields{indexKey: key})
	}
}

// Listed implements feed.Listener.
func (n *newsOf) Listed(ctx context.Context) {
	n.tell(ctx, client.MatchingFields{indexRegistrar: n.name})
}

// Troubled implements feed.Listener.
func (n *newsOf) Troubled(err error) { n.heard(n.name, registrar.Trouble(err)) }

// tell has those registrations reconciled of which the registrar has news, or all that
// are under way where it has ceased to tell any.
func (n *newsOf) tell(ctx context.Context, which client.MatchingFields) {
	following := n.feed.Following()
	var requests []reconcile.Request
	for _, reg := range n.registrations(ctx, which) {
		revision := int64(0)
		if following {
			revision = n.feed.Revision(keyOf(reg))
		}
		if lifecycle.HasNews(reg, revision) {
			requests = append(requests, requestFor(reg))
		}
	}
	n.add(requests)
}

// registrations are this Registrar's. They are the cache's own, and only looked at.
func (n *newsOf) registrations(ctx context.Context, which client.MatchingFields) []*v1alpha1.ChinaAccountRegistration {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	if err := n.Cached.List(ctx, list, which, client.UnsafeDisableDeepCopy); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "List the registrations that a gateway has news of", "registrar", n.name)
		return nil
	}
	var found []*v1alpha1.ChinaAccountRegistration
	for i := range list.Items {
		if list.Items[i].Spec.RegistrarRef.Name == n.name {
			found = append(found, &list.Items[i])
		}
	}
	return found
}

func keyOf(reg *v1alpha1.ChinaAccountRegistration) string {
	return registrar.Key(reg.Spec.Region, reg.Spec.Dossier.Account.Email)
}
