// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	toolscache "k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// restoreCheckPeriod is how soon a restored backup is noticed, at one request a check.
const restoreCheckPeriod = 30 * time.Second

// restoreCheck notices that etcd was restored from a backup under the running
// operator. resourceVersions then count again from where they were, and a watch that
// goes on from a later one tells nothing until they are past it: caches keep what never
// was, and a life would stand still. Kubernetes' documentation has every client of a
// restored API server restarted; this one ends itself, for its Deployment to start it.
type restoreCheck struct {
	// reader asks the API server itself.
	reader client.Reader
	// synced returns the resourceVersions up to which the caches were told.
	synced func() []string
	period time.Duration
}

// ownCaches are those of this API's kinds, one for each namespace that is watched. The
// others may well lie in another etcd.
type ownCaches struct {
	mu        sync.Mutex
	informers []toolscache.SharedIndexInformer
}

// newInformer makes one, as a cache has it made otherwise, and remembers it.
func (c *ownCaches) newInformer(source toolscache.ListerWatcher, kind runtime.Object, resync time.Duration, indexers toolscache.Indexers) toolscache.SharedIndexInformer {
	informer := toolscache.NewSharedIndexInformer(source, kind, resync, indexers)
	switch kind.(type) {
	case *v1alpha1.ChinaAccountRegistration, *v1alpha1.FilingReport, *v1alpha1.Registrar:
		c.mu.Lock()
		defer c.mu.Unlock()
		c.informers = append(c.informers, informer)
	}
	return informer
}

// synced returns how far they have come.
func (c *ownCaches) synced() (versions []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, informer := range c.informers {
		versions = append(versions, informer.LastSyncResourceVersion())
	}
	return versions
}

// Start checks until ctx is done, and fails when the API server has gone back.
func (c *restoreCheck) Start(ctx context.Context) error {
	ticker := time.NewTicker(c.period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if err := c.look(ctx); err != nil {
			return err
		}
	}
}

// NeedLeaderElection is false: a replica that waits has caches too.
func (*restoreCheck) NeedLeaderElection() bool { return false }

// look holds the caches against the API server, which was asked after them and so
// cannot be behind. A resourceVersion that cannot be had is looked for again.
func (c *restoreCheck) look(ctx context.Context) error {
	versions := c.synced()
	list := &v1alpha1.RegistrarList{}
	if err := c.reader.List(ctx, list, client.Limit(1)); err != nil {
		ctrl.LoggerFrom(ctx).V(1).Info("The API server's resourceVersion cannot be read", "error", err.Error())
		return nil
	}
	for _, version := range versions {
		if version == "" {
			continue // nothing was told yet
		}
		order, err := resourceversion.CompareResourceVersion(list.ResourceVersion, version)
		if err != nil {
			return fmt.Errorf("compare the API server's resourceVersions: %w", err)
		}
		if order < 0 {
			return fmt.Errorf("the API server has gone back from resourceVersion %s to %s, as after the restore of a backup: the operator ends, to be started with fresh caches", version, list.ResourceVersion)
		}
	}
	return nil
}
