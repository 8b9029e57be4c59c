// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/lives"
	"github.com/chinaaccount/china-account-operator/test/process"
)

// Kinds that are removed after a run.
var (
	secrets = &corev1.Secret{}
	events  = &eventsv1.Event{}
)

const (
	// lifeLimit bounds a life, which takes a second or two.
	lifeLimit = 40 * time.Second
	// settled is how long nothing is written once a life has ended.
	settled = 250 * time.Millisecond
	// settling is how long what was written last may take to arrive.
	settling = 5 * time.Second
	// lateness is how long a second leader has for its first write.
	lateness = 1500 * time.Millisecond
)

// outcome of one run.
type outcome struct {
	calls   []call
	reached bool
	broken  []string
}

// run is one life with one point.
type run struct {
	*worker
	people  *lives.People
	witness *lives.Witness
	// changed tells of each version that the witness sees.
	changed chan struct{}
	point   point

	mu       sync.Mutex
	operator *process.Process
	// second leads while the first is held up; lateUntil is when the first ends.
	second    *process.Process
	lateUntil time.Time
	touched   int
	// failed is what went wrong with the breakage itself, in the midst of a call.
	failed error
	// starts is what the tap had counted of the calls that end a start, when the
	// operator was last started.
	starts int
}

// lastOfStart is asked once the caches are filled: the probe of the Registrars, which
// every operator begins with.
const lastOfStart = "GET gateway status"

// play runs a life once. A point without breakage is a clean run.
func (w *worker) play(ctx context.Context, life lives.Life, p point) (outcome, error) {
	w.runs++
	registrar := ground.GatewayName
	if life.ByHand() {
		registrar = v1alpha1.DefaultRegistrarName
	}
	cast := lives.Cast{Life: life, Namespace: namespace, Name: fmt.Sprintf("run-%d", w.runs), Registrar: registrar}
	r := &run{worker: w, people: lives.NewPeople(cast, w.Onlooker), witness: lives.NewWitness(), changed: make(chan struct{}, 1), point: p}
	limited, cancel := context.WithTimeout(ctx, lifeLimit)
	defer cancel()
	seen, err := r.watch(limited)
	if err != nil {
		return outcome{}, err
	}
	err = r.live(limited)
	out := outcome{calls: w.tap.calls(), reached: w.tap.wasHit()}
	if err != nil && ctx.Err() == nil && errors.Is(limited.Err(), context.DeadlineExceeded) {
		err = nil // it is stuck, which the judgement says
	}
	if err == nil {
		err = await(ctx, settling, func() (bool, error) {
			out.broken, err = r.judge(ctx)
			return len(out.broken) == 0, err
		})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = nil // what is broken stays so
		}
	}
	err = errors.Join(err, r.end())
	cancel()
	<-seen
	return out, errors.Join(err, w.tidy(ctx))
}

// watch has the witness see every version of the object.
func (r *run) watch(ctx context.Context) (seen chan struct{}, err error) {
	w, err := r.Onlooker.Watch(ctx, &v1alpha1.ChinaAccountRegistrationList{}, client.InNamespace(namespace),
		client.MatchingFieldsSelector{Selector: fields.OneTermEqualSelector("metadata.name", r.people.Name)})
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", r.people.Name, err)
	}
	seen = make(chan struct{})
	go func() {
		defer close(seen)
		for event := range w.ResultChan() {
			if reg, ok := event.Object.(*v1alpha1.ChinaAccountRegistration); ok {
				r.see(event.Type, reg)
			}
		}
	}()
	return seen, nil
}

func (r *run) see(kind watch.EventType, reg *v1alpha1.ChinaAccountRegistration) {
	if kind == watch.Deleted {
		r.witness.SeeGone()
	} else {
		r.witness.See(reg)
	}
	select {
	case r.changed <- struct{}{}:
	default: // it is told already
	}
}

// live plays the life to its end.
func (r *run) live(ctx context.Context) (err error) {
	if err := r.begin(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		reg := r.witness.Now()
		begun := r.witness.Last() != nil // what was never seen is not gone
		if begun && r.people.Ended(reg) && r.tap.quiet(settled) && r.isSettled() {
			return nil
		}
		if err := r.people.Act(ctx, reg); err != nil {
			return err
		}
		if err := r.registrar(ctx, reg); err != nil {
			return err
		}
		if err := r.restart(ctx); err != nil {
			return err
		}
		select {
		case <-r.changed:
		case <-time.After(glance):
		}
	}
	return ctx.Err()
}

// begin starts the operator and then the life, so that each of its calls is about
// that; or the other way round, so that it finds work when it starts.
func (r *run) begin(ctx context.Context) (err error) {
	do := hooks{kill: r.kill, touch: r.touch, held: r.held}
	var breaks *point
	if r.point.breakage != none {
		breaks = &r.point
	}
	if r.people.Life.Name == restarted {
		if err := r.people.Begin(ctx); err != nil {
			return err
		}
		r.tap.begin(r.people.Name, breaks, do)
		r.operator, err = r.startOperator()
		return err
	}
	r.tap.begin(r.people.Name, nil, hooks{})
	if r.operator, err = r.startOperator(); err != nil {
		return err
	}
	err = await(ctx, startLimit, func() (bool, error) {
		return r.tap.asked(lastOfStart) > 0 && r.tap.quiet(settled), nil
	})
	if err != nil {
		return fmt.Errorf("wait for the operator: %w; its log is %s", err, r.operator.LogPath)
	}
	r.tap.begin(r.people.Name, breaks, do)
	r.starts = -1 // it has started
	return r.people.Begin(ctx)
}

// registrar takes the next step once its last word is recorded.
func (r *run) registrar(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	if r.people.ByHand() || reg == nil || reg.Status.Filing == nil || reg.Status.Filing.FiledTime == nil {
		return nil
	}
	standing, err := r.Gateway.Standing(ctx, reg.Status.Filing.Key)
	if err != nil || len(standing.Attempts) == 0 {
		return err
	}
	newest := standing.Attempts[len(standing.Attempts)-1]
	if standing.NextStepTime == nil || r.people.RegistrarWaits(reg, newest) || newest.Number != reg.Status.Filing.Attempt || newest.Revision != reg.Status.Filing.Revision {
		return nil
	}
	return r.Gateway.Step(ctx, reg.Status.Filing.Key)
}

// kill is called while a call is under way.
func (r *run) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = errors.Join(r.failed, r.operator.Kill())
}

// touch writes what a call is about, so that its resourceVersion is another.
func (r *run) touch(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.touched++
	patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"crash.test/touched":"%d"}}}`, r.touched)
	ctx := context.Background()
	if !strings.Contains(what, "filingreports") {
		reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: r.people.Name}}
		_ = r.Onlooker.Patch(ctx, reg, client.RawPatch(types.MergePatchType, patch))
		return
	}
	reports := &v1alpha1.FilingReportList{}
	_ = r.Onlooker.List(ctx, reports, client.InNamespace(namespace))
	for i := range reports.Items {
		_ = r.Onlooker.Patch(ctx, &reports.Items[i], client.RawPatch(types.MergePatchType, patch))
	}
}

// held starts another operator and waits until it has taken the life further.
func (r *run) held() {
	r.mu.Lock()
	defer r.mu.Unlock()
	written := r.tap.written()
	r.starts = r.tap.asked(lastOfStart)
	second, err := r.startOperator()
	if err != nil {
		r.failed = err
		return
	}
	r.second = second
	_ = await(context.Background(), lateness, func() (bool, error) { return r.tap.written() > written, nil })
	r.lateUntil = time.Now().Add(settled)
}

// restart brings an operator back that was killed, after what happens meanwhile, and
// ends one that is no longer the leader.
func (r *run) restart(ctx context.Context) (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed != nil {
		return r.failed
	}
	if r.second != nil {
		if time.Now().After(r.lateUntil) {
			err = r.operator.Kill()
			r.operator, r.second = r.second, nil
		}
		return err
	}
	select {
	case <-r.operator.Ended():
	default:
		return nil
	}
	if !r.tap.wasHit() {
		return r.operator.UnexpectedEnd()
	}
	if err := r.meanwhile(ctx); err != nil {
		return err
	}
	r.starts = r.tap.asked(lastOfStart)
	r.operator, err = r.startOperator()
	return err
}

// meanwhile: the applicant edits while the operator is dead. What is locked, the API
// server refuses.
func (r *run) meanwhile(ctx context.Context) error {
	switch r.point.breakage {
	case secretEdited:
		return r.people.Alter(ctx)
	case specEdited:
		reg := &v1alpha1.ChinaAccountRegistration{}
		if err := r.Onlooker.Get(ctx, client.ObjectKey{Namespace: namespace, Name: r.people.Name}, reg); err != nil {
			return client.IgnoreNotFound(err)
		}
		reg.Spec.Dossier.Contact.Mobile = "+8613800138001"
		if err := r.Onlooker.Update(ctx, reg); err != nil && !apierrors.IsInvalid(err) {
			return err
		}
	}
	return nil
}

// isSettled tells whether the operator that is to live on is at work: one that was
// killed, and is not started again yet, is not.
func (r *run) isSettled() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.operator.Ended():
		return false
	default:
		return r.second == nil && r.tap.asked(lastOfStart) > r.starts
	}
}

func (r *run) judge(ctx context.Context) ([]string, error) {
	books, err := r.Books(ctx)
	if err != nil {
		return nil, err
	}
	broken, err := r.people.Judge(ctx, r.witness, books, false)
	if books.Counters.DuplicateFilings > 0 {
		broken = append(broken, "the registrar counts a filing twice")
	}
	if books.Counters.PreventableFilings > 0 {
		broken = append(broken, "a dossier was filed that preflight should have stopped")
	}
	return broken, err
}

func (r *run) end() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tap.freeze(false)
	var failures []error
	for _, p := range []*process.Process{r.operator, r.second} {
		if p != nil {
			failures = append(failures, p.Kill())
		}
	}
	return errors.Join(failures...)
}
