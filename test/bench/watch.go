// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Paths of what is watched.
const (
	registrationsOf = "/apis/" + v1alpha1.GroupName + "/v1alpha1/namespaces/%s/chinaaccountregistrations"
	eventsOf        = "/apis/events.k8s.io/v1/namespaces/%s/events"
)

// seen is all that is decoded of what a watch tells: the figures would suffer from more.
type seen struct {
	Metadata struct {
		Name            string
		ResourceVersion string
	}
	Status    json.RawMessage
	Regarding struct{ Name string }
	Reason    string
}

// phase is a registration's; a Status, which ends a watch, has none.
func (o *seen) phase() string {
	var status struct{ Phase string }
	if json.Unmarshal(o.Status, &status) != nil {
		return ""
	}
	return status.Phase
}

// marks are when each object was first seen at each mark: a phase that it reached, or the
// reason of an event about it. There is one watch, and one who waits.
type marks struct {
	changed chan struct{}

	mu     sync.Mutex
	times  map[string]map[string]time.Time
	counts map[string]int
	err    error
}

// watchPhases notes phases from now on; watchEvents the reasons of events.
func (s *stand) watchPhases(ctx context.Context) (*marks, error) {
	return startMarks(ctx, s.raw, fmt.Sprintf(registrationsOf, s.namespace), func(o *seen) (name, mark string) { return o.Metadata.Name, o.phase() })
}

func (s *stand) watchEvents(ctx context.Context) (*marks, error) {
	return startMarks(ctx, s.raw, fmt.Sprintf(eventsOf, s.namespace), func(o *seen) (name, mark string) { return o.Regarding.Name, o.Reason })
}

func startMarks(ctx context.Context, raw rest.Interface, path string, read func(*seen) (name, mark string)) (*marks, error) {
	m := &marks{changed: make(chan struct{}, 1), times: map[string]map[string]time.Time{}, counts: map[string]int{}}
	from, err := raw.Get().AbsPath(path).Param("limit", "1").DoRaw(ctx)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", path, err)
	}
	var list seen
	if err := json.Unmarshal(from, &list); err != nil {
		return nil, fmt.Errorf("list %s: %w", path, err)
	}
	stream, err := raw.Get().AbsPath(path).Param("watch", "1").Param("timeoutSeconds", "7200").
		Param("resourceVersion", list.Metadata.ResourceVersion).Stream(ctx)
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", path, err)
	}
	context.AfterFunc(ctx, func() { _ = stream.Close() })
	go func() {
		err := m.follow(stream, read)
		m.mu.Lock()
		m.err = fmt.Errorf("watch %s: %w", path, err)
		m.mu.Unlock()
		m.wake()
	}()
	return m, nil
}

func (m *marks) follow(stream io.Reader, read func(*seen) (name, mark string)) error {
	decoder := json.NewDecoder(stream)
	for {
		var event struct {
			Type   string
			Object seen
		}
		if err := decoder.Decode(&event); err != nil {
			return err
		}
		if event.Type == "ERROR" {
			return errors.New("it was ended by the API server")
		}
		if name, mark := read(&event.Object); mark != "" && event.Type != "DELETED" {
			m.note(name, mark, time.Now())
		}
	}
}

func (m *marks) note(name, mark string, at time.Time) {
	m.mu.Lock()
	known := m.times[name]
	if known == nil {
		known = map[string]time.Time{}
		m.times[name] = known
	}
	_, before := known[mark]
	if !before {
		known[mark] = at
		m.counts[mark]++
	}
	m.mu.Unlock()
	if !before {
		m.wake()
	}
}

func (m *marks) wake() {
	select {
	case m.changed <- struct{}{}:
	default:
	}
}

// at is when an object was first seen there.
func (m *marks) at(name, mark string) (time.Time, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, is := m.times[name][mark]
	return at, is
}

func (m *marks) count(mark string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[mark]
}

// last is when the last object was first seen there.
func (m *marks) last(mark string) (last time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, times := range m.times {
		if at := times[mark]; at.After(last) {
			last = at
		}
	}
	return last
}

// await waits until it is so. What cannot come any more ends it, too.
func (m *marks) await(ctx context.Context, limit time.Duration, what string, isSo func() bool, others func() error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for !isSo() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w; so far %s", what, ctx.Err(), m.sofar())
		case <-m.changed:
		case <-time.After(time.Second):
		}
		if err := errors.Join(m.failure(), others()); err != nil {
			return fmt.Errorf("wait for %s: %w", what, err)
		}
	}
	return nil
}

func (m *marks) failure() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

func (m *marks) sofar() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprint(m.counts)
}
