// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// errGone: what is followed was deleted.
var errGone = errors.New("it is gone")

// follow shows look the registration as it is, and whenever it changes, until look has
// seen enough. A connection that breaks is made again.
func (s *session) follow(ctx context.Context, name string, look func(*v1alpha1.ChinaAccountRegistration) (enough bool, err error)) error {
	return s.until(ctx, &v1alpha1.ChinaAccountRegistration{}, &v1alpha1.ChinaAccountRegistrationList{}, name, func(object runtime.Object) (bool, error) {
		return look(object.(*v1alpha1.ChinaAccountRegistration))
	})
}

func (s *session) until(ctx context.Context, kind client.Object, list client.ObjectList, name string, look func(runtime.Object) (bool, error)) error {
	options := func(o metav1.ListOptions) *client.ListOptions {
		return &client.ListOptions{
			Namespace: s.namespace, FieldSelector: fields.OneTermEqualSelector("metadata.name", name), Raw: &o,
		}
	}
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
			found := list.DeepCopyObject().(client.ObjectList)
			err := s.watcher.List(ctx, found, options(o))
			return found, err
		},
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
			return s.watcher.Watch(ctx, list.DeepCopyObject().(client.ObjectList), options(o))
		},
	}
	_, err := watchtools.UntilWithSync(ctx, lw, kind, nil, func(event watch.Event) (bool, error) {
		if event.Type == watch.Deleted {
			return false, errGone
		}
		return look(event.Object)
	})
	return err
}

// errTimeUp: what was waited for did not come in time.
var errTimeUp = errors.New("the time is up")

// await follows a registration for no longer than limit.
func (s *session) await(ctx context.Context, name string, limit time.Duration, look func(*v1alpha1.ChinaAccountRegistration) (bool, error)) error {
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := s.follow(bounded, name, look)
	switch {
	case errors.Is(err, errGone):
		return fmt.Errorf("wait for ChinaAccountRegistration %s/%s: %w", s.namespace, name, err)
	case err != nil && bounded.Err() != nil && ctx.Err() == nil:
		return errTimeUp
	default:
		return err
	}
}
