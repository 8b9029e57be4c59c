// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// meddles does something between what the plugin read and what it first patches.
type meddles struct {
	http.RoundTripper
	once   *sync.Once
	meddle func()
}

func (m meddles) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPatch {
		m.once.Do(m.meddle)
	}
	return m.RoundTripper.RoundTrip(r)
}

func (b *bench) runMeddling(meddle func(), args ...string) result {
	b.Helper()
	return b.runThrough(func(rt http.RoundTripper) http.RoundTripper { return meddles{rt, &sync.Once{}, meddle} }, "", args...)
}

func TestAStatusThatIsWrittenMeanwhileIsNoConflict(t *testing.T) {
	t.Parallel()
	b := newBench(t, "status-meanwhile")
	b.put(in("submitted"))
	told := b.runMeddling(func() {
		before := b.registration()
		after := before.DeepCopy()
		after.Status.Filing.Revision++
		b.patchStatus(after, before)
	}, "suspend", "acme")
	if told.code != exitDone || !b.registration().Spec.Suspend {
		t.Errorf("%+v", told)
	}
}

func TestAChangeOfSomebodyElseMeanwhileIsAConflict(t *testing.T) {
	t.Parallel()
	b := newBench(t, "spec-meanwhile")
	b.put(in("submitted"))
	told := b.runMeddling(func() {
		before := b.registration()
		after := before.DeepCopy()
		after.Spec.SupportPlan = "Developer"
		if err := b.admin.Patch(b.Context(), after, client.MergeFrom(before)); err != nil {
			t.Error(err)
		}
	}, "suspend", "acme")
	if told.code != exitFailed || !strings.Contains(told.stderr, "has just changed: run it again") || b.registration().Spec.Suspend {
		t.Errorf("%+v", told)
	}
}
