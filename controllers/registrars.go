// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/metrics"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway"
)

// Registrars keeps a connection to each gateway, and what was heard of it since its
// last probe.
type Registrars struct {
	// Direct reads the token's Secret, which is never watched.
	Direct client.Reader
	// Namespace of the operator, where tokens lie.
	Namespace string
	// News follows those that are connected.
	News *News
	// Timeout of a request without files; 0 is the gateway client's own.
	Timeout time.Duration
	// OpenFor is how long one that does not answer is left alone; 0 is the gateway
	// client's own.
	OpenFor time.Duration
	// RequestsPerSecond to one gateway at most, in bursts of up to twice as many; 0 is
	// the gateway client's own.
	RequestsPerSecond float64

	mu       sync.Mutex
	gateways map[string]connection
	troubles map[string]*lifecycle.Trouble
	// answered is when each last answered in the contract's words.
	answered map[string]time.Time
	// told are those whose Registrar says already that there is trouble.
	told map[string]bool
	// heard wakes the Registrar's controller when a gateway stops answering properly.
	heard chan event.GenericEvent
}

// connection is a client and what it was made from.
type connection struct {
	uid        types.UID
	generation int64
	token      string
	client     *measured
}

// NewRegistrars returns an empty set.
func NewRegistrars(direct client.Reader, news *News, namespace string) *Registrars {
	r := &Registrars{
		Direct: direct, News: news, Namespace: namespace,
		gateways: map[string]connection{}, troubles: map[string]*lifecycle.Trouble{}, told: map[string]bool{}, answered: map[string]time.Time{},
		heard: make(chan event.GenericEvent, 64),
	}
	news.connect = func(ctx context.Context, object *v1alpha1.Registrar) error {
		_, err := r.For(ctx, object)
		return err
	}
	news.heard = r.Heard
	return r
}

// For returns the connection to a gateway. The token is read when it is first
// needed and again at each probe.
func (r *Registrars) For(ctx context.Context, object *v1alpha1.Registrar) (registrar.Interface, error) {
	r.mu.Lock()
	known, ok := r.gateways[object.Name]
	r.mu.Unlock()
	if ok && known.uid == object.UID && known.generation == object.Generation {
		return known.client, nil
	}
	return r.Connect(ctx, object)
}

// Connect reads the token and returns the connection, a new one if anything changed.
func (r *Registrars) Connect(ctx context.Context, object *v1alpha1.Registrar) (registrar.Interface, error) {
	secret, err := r.tokenSecret(ctx, object.Spec.Gateway.TokenSecretRef.Name)
	if err != nil {
		return nil, err
	}
	token := string(secret.UID) + "/" + secret.ResourceVersion
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.gateways[object.Name]
	if ok && known.uid == object.UID && known.generation == object.Generation && known.token == token {
		return known.client, nil
	}
	if ok {
		known.client.close()
		delete(r.gateways, object.Name)
		r.News.Unfollow(object.Name)
	}
	connected, err := gateway.New(gateway.Config{
		URL: object.Spec.Gateway.URL, CABundle: object.Spec.Gateway.CABundle, Timeout: r.Timeout, OpenFor: r.OpenFor,
		RequestsPerSecond: r.RequestsPerSecond, Burst: int(math.Ceil(2 * r.RequestsPerSecond)),
		Token: string(secret.Data[v1alpha1.GatewayTokenKey]), TokenHost: string(secret.Data[v1alpha1.GatewayHostKey]),
	})
	if err != nil {
		return nil, err
	}
	made := &measured{client: connected, name: object.Name, clock: r.News.Clock, answered: r.heardFrom}
	r.gateways[object.Name] = connection{uid: object.UID, generation: object.Generation, token: token, client: made}
	r.News.Follow(object.Name, made)
	return made, nil
}

// tokenSecret reads a gateway's token. Its type keeps any other Secret of the
// operator's namespace from being sent out.
func (r *Registrars) tokenSecret(ctx context.Context, name string) (*corev1.Secret, error) {
	secret := &corev1.Secret{}
	err := r.Direct.Get(ctx, client.ObjectKey{Namespace: r.Namespace, Name: name}, secret)
	op := fmt.Sprintf("read the token's Secret %s/%s", r.Namespace, name)
	switch {
	case apierrors.IsNotFound(err):
		return nil, &registrar.Error{Kind: lifecycle.TroubleRefused, Op: op, Err: fmt.Errorf("there is none: create it with type %s", v1alpha1.GatewayTokenSecretType)}
	case err != nil:
		return nil, &registrar.Error{Kind: lifecycle.TroubleLocal, Op: op, Err: err}
	case secret.Type != v1alpha1.GatewayTokenSecretType:
		return nil, &registrar.Error{Kind: lifecycle.TroubleRefused, Op: op, Err: fmt.Errorf("its type must be %s", v1alpha1.GatewayTokenSecretType)}
	}
	return secret, nil
}

// Forget drops what is kept of a Registrar that is gone.
func (r *Registrars) Forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known, ok := r.gateways[name]; ok {
		known.client.close()
	}
	delete(r.gateways, name)
	delete(r.troubles, name)
	delete(r.told, name)
	delete(r.answered, name)
	r.News.Unfollow(name)
	metrics.Forget(name)
}

// heardFrom takes note of an answer.
func (r *Registrars) heardFrom(name string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered[name] = at
}

// LastContact is when a Registrar's gateway last answered in the contract's words, zero
// if it never did.
func (r *Registrars) LastContact(name string) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answered[name]
}

// Heard takes note of how a request about a filing went. The first trouble is told
// to the Registrar at once; further ones wait for its next probe.
func (r *Registrars) Heard(name string, trouble *lifecycle.Trouble) {
	if trouble == nil || trouble.Kind == lifecycle.TroubleLocal {
		return
	}
	r.mu.Lock()
	first := r.troubles[name] == nil && !r.told[name]
	r.troubles[name] = trouble
	r.mu.Unlock()
	if !first {
		return
	}
	select {
	case r.heard <- event.GenericEvent{Object: &v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: name}}}:
	default: // the queue is full of others: its next probe tells
	}
}

// lastTrouble returns the last trouble since it was asked for, nil if there was none.
func (r *Registrars) lastTrouble(name string) *lifecycle.Trouble {
	r.mu.Lock()
	defer r.mu.Unlock()
	trouble := r.troubles[name]
	delete(r.troubles, name)
	r.told[name] = trouble != nil
	return trouble
}
