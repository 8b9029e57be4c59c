// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// board holds the registrations as the API server last told of them, and what their
// scenes are doing. All that is shown and awaited is read here.
type board struct {
	view view

	mu   sync.Mutex
	rows []*row
	// changed is closed, and made anew, at each change.
	changed chan struct{}
}

// row is one registration.
type row struct {
	key client.ObjectKey
	// object is nil before it is created and after it is deleted.
	object *v1alpha1.ChinaAccountRegistration
	// now says in plain words what happens.
	now string
}

func newBoard(scenes []scene, v view) *board {
	b := &board{view: v, changed: make(chan struct{})}
	for _, s := range scenes {
		b.rows = append(b.rows, &row{key: client.ObjectKey{Namespace: s.team(), Name: s.name}})
	}
	return b
}

// follow watches the registrations until the context ends.
func (b *board) follow(ctx context.Context, config *rest.Config) error {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return fmt.Errorf("make a scheme: %w", err)
	}
	watched, err := cache.New(config, cache.Options{Scheme: scheme})
	if err != nil {
		return fmt.Errorf("watch registrations: %w", err)
	}
	informer, err := watched.GetInformer(ctx, &v1alpha1.ChinaAccountRegistration{}, cache.BlockUntilSynced(false))
	if err != nil {
		return fmt.Errorf("watch registrations: %w", err)
	}
	_, err = informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    func(o any) { b.see(o.(*v1alpha1.ChinaAccountRegistration), false) },
		UpdateFunc: func(_, o any) { b.see(o.(*v1alpha1.ChinaAccountRegistration), false) },
		DeleteFunc: func(o any) {
			if reg, ok := o.(*v1alpha1.ChinaAccountRegistration); ok {
				b.see(reg, true)
			}
		},
	})
	if err != nil {
		return fmt.Errorf("watch registrations: %w", err)
	}
	go func() { _ = watched.Start(ctx) }()
	return nil
}

func (b *board) see(reg *v1alpha1.ChinaAccountRegistration, gone bool) {
	b.change(client.ObjectKeyFromObject(reg), func(r *row) {
		if r.object = reg; gone {
			r.object = nil
		}
	})
}

// note says what a scene does now.
func (b *board) note(key client.ObjectKey, now string) {
	b.change(key, func(r *row) { r.now = now })
}

func (b *board) change(key client.ObjectKey, change func(*row)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rows {
		if r.key == key {
			before := *r
			change(r)
			b.view.show(b.rows, before, r)
		}
	}
	close(b.changed)
	b.changed = make(chan struct{})
}

// look returns the registration as it is, nil if there is none, and a channel that
// is closed at the next change of any.
func (b *board) look(key client.ObjectKey) (*v1alpha1.ChinaAccountRegistration, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rows {
		if r.key == key {
			return r.object, b.changed
		}
	}
	return nil, b.changed
}

// await returns the registration once it is as wanted, which may be nil: gone.
func (b *board) await(ctx context.Context, key client.ObjectKey, wanted func(*v1alpha1.ChinaAccountRegistration) bool) (*v1alpha1.ChinaAccountRegistration, error) {
	for {
		reg, changed := b.look(key)
		if wanted(reg) {
			return reg, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return reg, context.Cause(ctx)
		}
	}
}
