// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// versions are what the API server says, one list after another; an empty one is a
// list that fails.
type versions struct {
	client.Reader
	told []string
	over context.CancelFunc
}

func (v *versions) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	if len(v.told) == 0 {
		v.over()
		return context.Canceled
	}
	version := v.told[0]
	v.told = v.told[1:]
	if version == "" {
		return errors.New("connection refused")
	}
	list.(*v1alpha1.RegistrarList).ResourceVersion = version
	return nil
}

func TestTheOperatorEndsWhenTheAPIServerIsBehindItsCaches(t *testing.T) {
	for name, c := range map[string]struct {
		told   []string
		synced []string
		ends   bool
	}{
		"it is where they are":             {told: []string{"99"}, synced: []string{"99", "98"}},
		"it is further":                    {told: []string{"1000", "1001"}, synced: []string{"99", "98"}},
		"they were told nothing":           {told: []string{"1"}, synced: []string{"", ""}},
		"it is away for a while":           {told: []string{"99", "", "100"}, synced: []string{"99"}},
		"it was restored":                  {told: []string{"999"}, synced: []string{"99", "1000"}, ends: true},
		"it was restored while away":       {told: []string{"", "", "99"}, synced: []string{"1000"}, ends: true},
		"its versions are none any longer": {told: []string{"restored"}, synced: []string{"1000"}, ends: true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			check := &restoreCheck{
				reader: &versions{told: c.told, over: cancel}, synced: func() []string { return c.synced }, period: time.Millisecond,
			}
			err := check.Start(ctx)
			if c.ends {
				g.Expect(err).To(HaveOccurred())
			} else {
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(ctx.Err()).To(HaveOccurred(), "all was told")
			}
		})
	}
}
