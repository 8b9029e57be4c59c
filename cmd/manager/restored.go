// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/resourceversion"
	toolscache "k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
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

// syncedOf returns how far the caches of some kinds have come.
func syncedOf(ctx context.Context, caches cache.Cache, kinds ...client.Object) (func() []string, error) {
	var informers []interface{ LastSyncResourceVersion() string }
	for _, kind := range kinds {
		informer, err := caches.GetInformer(ctx, kind, cache.BlockUntilSynced(false))
		if err != nil {
			return nil, fmt.Errorf("find the cache of %T: %w", kind, err)
		}
		informers = append(informers, informer.(toolscache.SharedIndexInformer))
	}
	return func() (versions []string) {
		for _, informer := range informers {
			versions = append(versions, informer.LastSyncResourceVersion())
		}
		return versions
	}, nil
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
