// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/feed"
)

// scene is one pass: what Decide sees, and beside it what Decide must not see: the
// content of Secrets, and the connection to the registrar.
type scene struct {
	lifecycle.Observation
	// before is what the pass before saw, where this one goes on from it.
	before    *scene
	registrar registrar.Interface
	filing    registrar.Filing
	key       *dossier.InstallationKey
	dossier   *dossier.Dossier
	answers   map[string]registrar.Answer
}

// observe reads, once, what lifecycle.Needs names. A dossier that the pass before read
// and judged is taken from it.
func (r *RegistrationReconciler) observe(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, before *scene) (*scene, error) {
	calendar, _ := r.Holidays.Calendar(ctx) // what is wrong with it stands on the Registrar
	s := &scene{before: before, Observation: lifecycle.Observation{
		Now: r.Clock.Now().Truncate(time.Second), Calendar: calendar, Pacing: r.Pacing, Registration: reg,
	}}
	need := lifecycle.Needs(reg, s.Now)
	for _, look := range []func(context.Context, *scene, lifecycle.Need) error{
		r.observeKey, r.observeRegistrar, r.observeFiling, r.observeDossier, r.observeAnswers, r.observeHandOver, r.observeHeld,
	} {
		if err := look(ctx, s, need); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// observeKey reads the installation key where something is to be signed, and who
// asks: as recorded, or as it would be recorded.
func (r *RegistrationReconciler) observeKey(ctx context.Context, s *scene, need lifecycle.Need) (err error) {
	reg := s.Registration
	s.filing = registrar.Filing{Key: registrar.Key(reg.Spec.Region, reg.Spec.Dossier.Account.Email)}
	if need.Newest || need.Dossier || need.Supplements || len(need.Codes) > 0 {
		if s.key, err = r.installationKey(ctx); err != nil {
			return err
		}
	}
	if s.key != nil {
		s.filing.Owner = s.key.Owner(reg.Namespace, reg.Name)
	}
	if recorded := reg.Status.Filing; recorded != nil {
		s.filing = registrar.Filing{Key: recorded.Key, Owner: recorded.Owner}
	}
	s.filing.Spec = &reg.Spec.Dossier
	s.Key = s.filing.Key
	if s.key != nil {
		s.Owner = s.filing.Owner
	}
	return nil
}

// installationKey returns the key, nil if it is lost: what follows from that is
// lifecycle's.
func (r *RegistrationReconciler) installationKey(ctx context.Context) (*dossier.InstallationKey, error) {
	key, err := r.Keys.Ensure(ctx, r.keyInUse)
	if errors.Is(err, dossier.ErrInstallationKeyMissing) || errors.Is(err, dossier.ErrInstallationKeyMalformed) {
		return nil, nil
	}
	return key, err
}

// keyInUse tells whether any registration's filing was signed with a key.
func (r *RegistrationReconciler) keyInUse(ctx context.Context) (inUse bool, err error) {
	namespaces := r.Namespaces
	if len(namespaces) == 0 {
		namespaces = []string{metav1.NamespaceAll}
	}
	for _, namespace := range namespaces {
		if inUse, err = r.anyFiled(ctx, namespace); inUse || err != nil {
			return inUse, err
		}
	}
	return false, nil
}

// anyFiled tells whether any registration of a namespace has a filing.
func (r *RegistrationReconciler) anyFiled(ctx context.Context, namespace string) (bool, error) {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	for {
		if err := r.Direct.List(ctx, list, client.InNamespace(namespace), client.Limit(500), client.Continue(list.Continue)); err != nil {
			return false, fmt.Errorf("list ChinaAccountRegistrations: %w", err)
		}
		if slices.ContainsFunc(list.Items, func(reg v1alpha1.ChinaAccountRegistration) bool { return reg.Status.Filing != nil }) {
			return true, nil
		}
		if list.Continue == "" {
			return false, nil
		}
	}
}

// observeRegistrar reads the Registrar and connects to it.
func (r *RegistrationReconciler) observeRegistrar(ctx context.Context, s *scene, _ lifecycle.Need) error {
	reg := s.Registration
	object := &v1alpha1.Registrar{}
	err := r.Get(ctx, client.ObjectKey{Name: reg.Spec.RegistrarRef.Name}, object)
	if apierrors.IsNotFound(err) || err == nil && !object.DeletionTimestamp.IsZero() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read Registrar %s: %w", reg.Spec.RegistrarRef.Name, err)
	}
	allowed, err := r.allowsNamespace(ctx, object, reg.Namespace)
	if err != nil {
		return err
	}
	s.Registrar = lifecycle.RegistrarState{
		Found: true, Type: object.Spec.Type,
		ServesRegion: object.Serves(reg.Spec.Region), AllowsNamespace: allowed,
	}
	ready := meta.FindStatusCondition(object.Status.Conditions, v1alpha1.ConditionReady)
	switch {
	case ready == nil || ready.ObservedGeneration != object.Generation:
		s.Registrar.Message = "It was not probed yet."
	case ready.Status != metav1.ConditionTrue:
		s.Registrar.Message = ready.Message
	default:
		s.Registrar.Ready = true
	}
	if s.Registrar.Ready && object.Spec.Type == v1alpha1.RegistrarGateway {
		s.registrar, err = r.Registrars.For(ctx, object)
		if err != nil {
			s.Registrar.Ready, s.Registrar.Message = false, registrar.Trouble(err).Message
		}
	}
	return nil
}

// allowsNamespace asks for the namespace's labels only where a selector wants them.
func (r *RegistrationReconciler) allowsNamespace(ctx context.Context, object *v1alpha1.Registrar, namespace string) (bool, error) {
	if object.Spec.NamespaceSelector == nil {
		return true, nil
	}
	selector, err := metav1.LabelSelectorAsSelector(object.Spec.NamespaceSelector)
	if err != nil {
		return false, nil //nolint:nilerr // its Registrar says so: it is not ready
	}
	ns := &corev1.Namespace{}
	if err := r.Direct.Get(ctx, client.ObjectKey{Name: namespace}, ns); err != nil {
		return false, fmt.Errorf("read Namespace %s: %w", namespace, err)
	}
	return selector.Matches(labels.Set(ns.Labels)), nil
}

// observeFiling asks the registrar, or reads what agents reported.
func (r *RegistrationReconciler) observeFiling(ctx context.Context, s *scene, need lifecycle.Need) error {
	switch {
	case s.Registrar.Type == v1alpha1.RegistrarManual:
		reports, err := r.Desk.Reports(ctx, s.Registration, s.Key)
		s.View.Reports = reports
		return err
	case s.registrar == nil:
		return nil
	}
	if err := r.cachedReports(ctx, s); err != nil {
		return err
	}
	news := r.Registrars.News.of(s.Registration.Spec.RegistrarRef.Name)
	s.Registrar.Followed, s.View.Latest = news.Following(), news.Revision(s.Key)
	if s.View.Unchanged = need.Rests && news.IsAt(s.Key, s.Registration.Status.Filing.Revision); s.View.Unchanged {
		return nil
	}
	err := look(ctx, s, need, news)
	switch {
	case errors.Is(err, registrar.ErrOtherOwner):
		s.View.OtherOwner = true
	case err != nil:
		s.View.Trouble = registrar.Trouble(err)
	}
	r.Registrars.Heard(s.Registration.Spec.RegistrarRef.Name, s.View.Trouble)
	return nil
}

// cachedReports are those that an agent made where there is a gateway; they are
// only told so.
func (r *RegistrationReconciler) cachedReports(ctx context.Context, s *scene) error {
	list := &v1alpha1.FilingReportList{}
	err := r.List(ctx, list, client.InNamespace(s.Registration.Namespace), client.MatchingFields{indexRegistration: s.Registration.Name})
	s.View.Reports = list.Items
	return err
}

// look asks for the attempts that the step needs. Nobody is asked without an owner.
func look(ctx context.Context, s *scene, need lifecycle.Need, news *feed.Feed) (err error) {
	if s.filing.Owner == "" {
		return nil
	}
	if need.Newest {
		if s.View.Newest, err = s.registrar.Newest(ctx, s.filing); err != nil {
			return err
		}
	}
	if need.Current > 0 {
		if s.View.Current, err = current(ctx, s, need, news); err != nil {
			return err
		}
	}
	if need.Previous > 0 && s.View.Current == nil {
		s.View.Previous, err = s.registrar.Attempt(ctx, s.filing, need.Previous)
	}
	return err
}

// current asks for the recorded attempt, unless what was heard of it last is still so.
func current(ctx context.Context, s *scene, need lifecycle.Need, news *feed.Feed) (*lifecycle.Attempt, error) {
	if kept := news.Kept(s.Key, need.Current, s.Registration.Status.Filing.Revision); kept != nil && !need.Asked {
		return kept, nil
	}
	attempt, err := s.registrar.Attempt(ctx, s.filing, need.Current)
	if attempt != nil {
		news.Heard(s.Key, attempt)
	}
	return attempt, err
}
