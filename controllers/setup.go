// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/handover"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

// Fields by which the cache finds registrations and reports.
const (
	indexRegistrar    = "spec.registrarRef.name"
	indexRegistration = "spec.registrationRef.name"
	// indexKey is the key under which a registrar has the filing.
	indexKey = "filing key"
	// indexFiledEmail has registrations with a recorded filing alone.
	indexFiledEmail = "spec.dossier.account.email"
)

// firstRetry and lastRetry bound the pause after an error of the API server. The
// usual limit of 16 minutes would keep a filing waiting long after it is back.
const (
	firstRetry = 200 * time.Millisecond
	lastRetry  = time.Minute
)

// SetupWithManager has registrations reconciled when their spec or annotations
// change, when their Registrar changes or has news of them, when an agent reports, when
// the ConfigMap of an account changes, and when the calendar changes that a due time is
// reckoned by.
// Status is ours alone, so that its changes say nothing new.
func (r *RegistrationReconciler) SetupWithManager(ctx context.Context, mgr ctrl.Manager, concurrency int) error {
	if err := setupIndexes(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.ChinaAccountRegistration{}, builder.WithPredicates(predicate.Or(
			predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}, wentBack(),
		))).
		Watches(&v1alpha1.ChinaAccountRegistration{}, handler.Funcs{DeleteFunc: r.deleted}).
		Watches(&v1alpha1.Registrar{}, handler.EnqueueRequestsFromMapFunc(r.registrationsOf), builder.WithPredicates(registrarChanged())).
		Watches(&v1alpha1.FilingReport{}, handler.EnqueueRequestsFromMapFunc(registrationOf)).
		Owns(&corev1.ConfigMap{}).
		WatchesRawSource(r.Holidays.changes(r.awaitingDecision)).
		WatchesRawSource(r.Registrars.News).
		WithOptions(controller.Options{
			MaxConcurrentReconciles: concurrency,
			RateLimiter:             workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](firstRetry, lastRetry),
		}).
		Complete(r)
}

// CachedObjects are the kinds of which the manager's cache has a part only: the
// registrations that are this operator's, and the ConfigMaps that it made.
func CachedObjects(registrations labels.Selector) map[client.Object]cache.ByObject {
	return map[client.Object]cache.ByObject{
		&v1alpha1.ChinaAccountRegistration{}: {Label: registrations},
		&corev1.ConfigMap{}:                  {Label: handover.Selector()},
	}
}

// StripForCache drops what is never looked at: managed fields, and the copy of the
// object that kubectl apply leaves in an annotation.
func StripForCache(in any) (any, error) {
	if object, err := meta.Accessor(in); err == nil {
		object.SetManagedFields(nil)
		if annotations := object.GetAnnotations(); annotations[corev1.LastAppliedConfigAnnotation] != "" {
			delete(annotations, corev1.LastAppliedConfigAnnotation)
			object.SetAnnotations(annotations)
		}
	}
	return in, nil
}

// SetupWithManager has Registrars probed when they change, when their gateway is
// heard to have trouble, and when the calendar changes.
func (r *RegistrarReconciler) SetupWithManager(mgr ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.Registrar{}, builder.WithPredicates(predicate.Or(predicate.GenerationChangedPredicate{}, wentBack()))).
		WatchesRawSource(source.Channel(r.Registrars.heard, &handler.EnqueueRequestForObject{})).
		WatchesRawSource(r.Holidays.changes(r.all)).
		Complete(r)
}

func setupIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	err := indexer.IndexField(ctx, &v1alpha1.ChinaAccountRegistration{}, indexRegistrar, func(o client.Object) []string {
		return []string{o.(*v1alpha1.ChinaAccountRegistration).Spec.RegistrarRef.Name}
	})
	if err != nil {
		return fmt.Errorf("index registrations by Registrar: %w", err)
	}
	err = indexer.IndexField(ctx, &v1alpha1.ChinaAccountRegistration{}, indexKey, func(o client.Object) []string {
		return []string{keyOf(o.(*v1alpha1.ChinaAccountRegistration))}
	})
	if err != nil {
		return fmt.Errorf("index registrations by filing key: %w", err)
	}
	err = indexer.IndexField(ctx, &v1alpha1.ChinaAccountRegistration{}, indexFiledEmail, func(o client.Object) []string {
		reg := o.(*v1alpha1.ChinaAccountRegistration)
		if reg.Status.Filing == nil {
			return nil
		}
		return []string{registrar.NormalizeEmail(reg.Spec.Dossier.Account.Email)}
	})
	if err != nil {
		return fmt.Errorf("index registrations by e-mail address: %w", err)
	}
	err = indexer.IndexField(ctx, &v1alpha1.FilingReport{}, indexRegistration, func(o client.Object) []string {
		return []string{o.(*v1alpha1.FilingReport).Spec.RegistrationRef.Name}
	})
	if err != nil {
		return fmt.Errorf("index reports by registration: %w", err)
	}
	return nil
}

// registrarChanged: another spec, another readiness, a Registrar that came or went.
func registrarChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		before, after := e.ObjectOld.(*v1alpha1.Registrar), e.ObjectNew.(*v1alpha1.Registrar)
		return before.Generation != after.Generation ||
			!apiequality.Semantic.DeepEqual(readyOf(before), readyOf(after))
	}}
}

// wentBack: an older version follows a newer one, because the API server was restored
// from a backup. What status said of it has been undone.
func wentBack() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		order, err := resourceversion.CompareResourceVersion(e.ObjectNew.GetResourceVersion(), e.ObjectOld.GetResourceVersion())
		return err == nil && order < 0
	}}
}

func readyOf(object *v1alpha1.Registrar) *metav1.Condition {
	for i := range object.Status.Conditions {
		if c := object.Status.Conditions[i]; c.Type == v1alpha1.ConditionReady {
			return &c
		}
	}
	return nil
}

func (r *RegistrationReconciler) registrationsOf(ctx context.Context, object client.Object) []reconcile.Request {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	if err := r.List(ctx, list, client.MatchingFields{indexRegistrar: object.GetName()}, client.UnsafeDisableDeepCopy); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "List the registrations of a Registrar", "registrar", object.GetName())
		return nil
	}
	requests := make([]reconcile.Request, 0, len(list.Items))
	for i := range list.Items {
		requests = append(requests, requestFor(&list.Items[i]))
	}
	return requests
}

func requestFor(object client.Object) reconcile.Request {
	return reconcile.Request{NamespacedName: client.ObjectKeyFromObject(object)}
}

// awaitingDecision are the registrations whose due time the calendar says, unless the
// registrar does: it is asked.
func (r *RegistrationReconciler) awaitingDecision(ctx context.Context) []reconcile.Request {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	if err := r.List(ctx, list, client.UnsafeDisableDeepCopy); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "List the registrations that await a decision")
		return nil
	}
	var requests []reconcile.Request
	for i := range list.Items {
		if phase := list.Items[i].Status.Phase; phase == v1alpha1.PhaseSubmitted || phase == v1alpha1.PhaseUnderReview {
			r.Registrars.News.of(list.Items[i].Spec.RegistrarRef.Name).Doubt(keyOf(&list.Items[i]))
			requests = append(requests, requestFor(&list.Items[i]))
		}
	}
	return requests
}

func (r *RegistrarReconciler) all(ctx context.Context) []reconcile.Request {
	list := &v1alpha1.RegistrarList{}
	if err := r.List(ctx, list); err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "List the Registrars")
		return nil
	}
	requests := make([]reconcile.Request, 0, len(list.Items))
	for i := range list.Items {
		requests = append(requests, requestFor(&list.Items[i]))
	}
	return requests
}

func registrationOf(_ context.Context, report client.Object) []reconcile.Request {
	name := report.(*v1alpha1.FilingReport).Spec.RegistrationRef.Name
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: report.GetNamespace(), Name: name}}}
}

// deleted: the object is gone, the filing and the account are not.
func (r *RegistrationReconciler) deleted(ctx context.Context, e event.DeleteEvent, _ workqueue.TypedRateLimitingInterface[reconcile.Request]) {
	if reg, ok := e.Object.(*v1alpha1.ChinaAccountRegistration); ok {
		r.tellRetained(ctx, reg)
	}
}
