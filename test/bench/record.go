// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/ground"
)

// life is what the operator wrote in one life. The floor writes the same things for
// others, so that their size is no guess, and seeds have the status that it gives.
type life struct {
	// intent is the last status before the filing.
	intent v1alpha1.ChinaAccountRegistrationStatus
	// statuses are the last of each phase.
	statuses map[v1alpha1.RegistrationPhase]v1alpha1.ChinaAccountRegistrationStatus
	// events by what they tell of: phases, and what was required in them.
	events  map[v1alpha1.RegistrationPhase][]eventsv1.Event
	signIn  *corev1.Secret
	account *corev1.ConfigMap
	// registrar is the status of one that is ready.
	registrar v1alpha1.RegistrarStatus
}

// lifePhases are those that a reviewed life goes through after its filing.
var lifePhases = []v1alpha1.RegistrationPhase{
	v1alpha1.PhaseSubmitted, v1alpha1.PhaseUnderReview, v1alpha1.PhaseVerified, v1alpha1.PhaseActive,
}

// recordPace has an operator that polls come to the end soon. What is recorded is what
// is written, and not when.
var recordPace = []string{"--poll-min", "200ms", "--poll-max", "1s"}

// recordLife has the operator take one object through its life.
func recordLife(ctx context.Context, s *stand) (*life, error) {
	if _, err := s.startOperator(ctx, "recorded", recordPace...); err != nil {
		return nil, err
	}
	if err := s.awaitRegistrar(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.b.limit)
	defer cancel()
	watching, err := s.Onlooker.Watch(ctx, &v1alpha1.ChinaAccountRegistrationList{}, client.InNamespace(s.namespace))
	if err != nil {
		return nil, fmt.Errorf("watch registrations: %w", err)
	}
	defer watching.Stop()
	p := s.person(0, reviewed)
	if err := s.makeSecrets(ctx, []person{p}); err != nil {
		return nil, err
	}
	if err := s.apply(ctx, []person{p}, nil); err != nil {
		return nil, err
	}
	l := &life{
		statuses: map[v1alpha1.RegistrationPhase]v1alpha1.ChinaAccountRegistrationStatus{},
		events:   map[v1alpha1.RegistrationPhase][]eventsv1.Event{},
	}
	if err := l.follow(ctx, watching); err != nil {
		return nil, err
	}
	return l, l.collect(ctx, s, p)
}

// follow looks until the object is active and was handed over.
func (l *life) follow(ctx context.Context, watching watch.Interface) error {
	last := v1alpha1.RegistrationPhase("none")
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for one registration to be Active: it is %s: %w", last, ctx.Err())
		case event := <-watching.ResultChan():
			reg, ok := event.Object.(*v1alpha1.ChinaAccountRegistration)
			if !ok {
				return fmt.Errorf("the watch of registrations broke off: %v", event.Object)
			}
			status := reg.Status
			if last = status.Phase; last == v1alpha1.PhasePending && status.Filing != nil {
				l.intent = status
			}
			l.statuses[last] = status
			if last == v1alpha1.PhaseActive && status.DocumentsCheckedTime != nil {
				return nil
			}
		}
	}
}

// settle is longer than the operator takes for what follows the last status.
const settle = time.Second

// collect reads what else it wrote, and makes sure that the life was whole.
func (l *life) collect(ctx context.Context, s *stand, p person) error {
	wait(ctx, settle)
	for _, phase := range lifePhases {
		if _, seen := l.statuses[phase]; !seen {
			return fmt.Errorf("the life of %s had no phase %s", p.name, phase)
		}
	}
	if l.intent.Filing == nil {
		return fmt.Errorf("the life of %s had no intent to file", p.name)
	}
	list := &eventsv1.EventList{}
	if err := s.Onlooker.List(ctx, list, client.InNamespace(s.namespace)); err != nil {
		return fmt.Errorf("list events: %w", err)
	}
	for _, event := range list.Items {
		phase := v1alpha1.RegistrationPhase(event.Reason)
		if _, is := l.statuses[phase]; !is {
			phase = v1alpha1.PhaseVerified // what is required then: a code
		}
		l.events[phase] = append(l.events[phase], event)
	}
	reg := p.registration()
	l.signIn, l.account = &corev1.Secret{}, &corev1.ConfigMap{}
	if err := s.Onlooker.Get(ctx, client.ObjectKey{Namespace: p.namespace, Name: reg.SignInSecretName()}, l.signIn); err != nil {
		return fmt.Errorf("read the sign-in Secret: %w", err)
	}
	if err := s.Onlooker.Get(ctx, client.ObjectKey{Namespace: p.namespace, Name: reg.AccountConfigMapName()}, l.account); err != nil {
		return fmt.Errorf("read the account's ConfigMap: %w", err)
	}
	registrar := &v1alpha1.Registrar{}
	if err := s.Onlooker.Get(ctx, client.ObjectKey{Name: ground.GatewayName}, registrar); err != nil {
		return fmt.Errorf("read the Registrar: %w", err)
	}
	l.registrar = registrar.Status
	return nil
}

// filed gives a recorded status to another filing.
func filed(status v1alpha1.ChinaAccountRegistrationStatus, filing v1alpha1.Filing) v1alpha1.ChinaAccountRegistrationStatus {
	other := *status.DeepCopy()
	if other.Filing == nil {
		return other
	}
	into := other.Filing
	into.Key, into.Owner, into.Digest, into.Attempt = filing.Key, filing.Owner, filing.Digest, filing.Attempt
	if into.FiledTime != nil {
		into.Reference, into.Revision, into.FiledTime = filing.Reference, filing.Revision, filing.FiledTime
	}
	return other
}

// eventFor gives a recorded event to another object.
func eventFor(event eventsv1.Event, reg *v1alpha1.ChinaAccountRegistration) *eventsv1.Event {
	other := event.DeepCopy()
	suffix := event.Name[len(event.Regarding.Name):]
	other.ObjectMeta = metav1.ObjectMeta{Namespace: reg.Namespace, Name: reg.Name + suffix}
	other.Regarding.Namespace, other.Regarding.Name, other.Regarding.UID = reg.Namespace, reg.Name, reg.UID
	other.Regarding.ResourceVersion = reg.ResourceVersion
	return other
}

// wait for a while, or for the end.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
