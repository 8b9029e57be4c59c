// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/utils/clock"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/handover"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar/manual"
)

// +kubebuilder:rbac:groups=registration.chinaaccount.dev,resources=chinaaccountregistrations,verbs=get;list;watch;patch
// +kubebuilder:rbac:groups=registration.chinaaccount.dev,resources=chinaaccountregistrations/status,verbs=patch
// +kubebuilder:rbac:groups=registration.chinaaccount.dev,resources=filingreports,verbs=get;list;watch
// +kubebuilder:rbac:groups=registration.chinaaccount.dev,resources=filingreports/status,verbs=patch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get;create
// +kubebuilder:rbac:groups="",resources=configmaps,verbs=get;list;watch;create;update
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create

// RegistrationReconciler takes registrations through their life.
type RegistrationReconciler struct {
	// Client reads registrations, Registrars and reports from the cache.
	client.Client
	// Direct reads and writes without a cache: Secrets are never watched, and what
	// decides to file is never stale.
	Direct     client.Client
	Registrars *Registrars
	Desk       *manual.Desk
	Keys       *dossier.KeyStore
	Loader     *dossier.Loader
	SignIn     *dossier.SignIn
	HandOver   *handover.Desk
	Holidays   *Holidays
	// Namespaces are those whose registrations are seen to; none for all.
	Namespaces []string
	Pacing     lifecycle.Pacing
	Clock      clock.PassiveClock
	// Instance names this process in events.
	Instance string
}

// Reconcile is one pass over one registration; one that records the intent to file is
// followed by that which files. A pass that met another writer, or a stale cache,
// changes nothing and comes again.
func (r *RegistrationReconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	reg := &v1alpha1.ChinaAccountRegistration{}
	if err := r.Get(ctx, req.NamespacedName, reg); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}

	seen, decision, err := r.pass(ctx, reg, nil)
	if err == nil && decision.Intends(seen.Now) {
		seen, decision, err = r.pass(ctx, reg, seen)
	}
	switch {
	case seen == nil:
		return ctrl.Result{}, unlessEnding(ctx, err)
	case err != nil:
		return comeAgain(unlessEnding(ctx, err))
	}
	return nextLook(seen.Now, decision), nil
}

// pass observes, decides, acts and records; what it saw is nil if it could not. It reads
// no Secret of the dossier that the pass before, if there was one, has just read for it.
func (r *RegistrationReconciler) pass(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, before *scene) (*scene, lifecycle.Decision, error) {
	scene, err := r.observe(ctx, reg, before)
	if err != nil {
		return nil, lifecycle.Decision{}, err
	}
	decision := lifecycle.Decide(scene.Observation)
	if decision.Effect.Kind != lifecycle.EffectNone {
		if scene.Outcome, err = r.act(ctx, scene, decision.Effect); err != nil {
			return scene, decision, err
		}
		decision = lifecycle.Decide(scene.Observation)
	}
	return scene, decision, r.record(ctx, reg, decision)
}

// nextLook turns the decision's time into a pause, counted from the time that it was
// decided on, which is cut to the second: by the clock, short pauses would be over
// already. A timer of 0 would be none. What waits gives way to what is new.
func nextLook(now time.Time, decision lifecycle.Decision) ctrl.Result {
	if decision.NextLook.IsZero() {
		return ctrl.Result{}
	}
	result := ctrl.Result{RequeueAfter: max(decision.NextLook.Sub(now), time.Millisecond)}
	if decision.Waits(now) {
		result.Priority = ptr.To(priorityWaiting)
	}
	return result
}

// conflictPause lets the cache see the write that was in the way.
const conflictPause = 100 * time.Millisecond

// comeAgain: a conflict is no error, only another's write that was faster; an object
// that is gone needs nothing.
func comeAgain(err error) (ctrl.Result, error) {
	if apierrors.IsConflict(err) {
		return ctrl.Result{RequeueAfter: conflictPause}, nil
	}
	return ctrl.Result{}, client.IgnoreNotFound(err)
}

// unlessEnding drops what goes wrong because the operator was asked to end in the
// middle of a pass: the next one begins it anew.
func unlessEnding(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // nothing is lost
	}
	return err
}
