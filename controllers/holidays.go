// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/metrics"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// maxConditionMessage is the API's bound.
const maxConditionMessage = 32 << 10

// Holidays is the calendar: the compiled-in one, and over it the ConfigMap's, because
// the State Council publishes a year late and amends it.
type Holidays struct {
	// cache has this one ConfigMap. The manager's has those of accounts alone.
	cache cache.Cache
	key   client.ObjectKey

	mu       sync.Mutex
	read     string
	calendar *businessday.Calendar
	problem  error
}

// NewHolidays returns the calendar of the operator in that namespace. mgr starts its cache.
func NewHolidays(mgr ctrl.Manager, namespace string) (*Holidays, error) {
	key := client.ObjectKey{Namespace: namespace, Name: v1alpha1.HolidaysConfigMapName}
	one, err := cache.New(mgr.GetConfig(), cache.Options{
		HTTPClient: mgr.GetHTTPClient(), Scheme: mgr.GetScheme(), Mapper: mgr.GetRESTMapper(),
		DefaultNamespaces:    map[string]cache.Config{namespace: {}},
		DefaultFieldSelector: fields.OneTermEqualSelector("metadata.name", key.Name),
		DefaultTransform:     cache.TransformStripManagedFields(),
	})
	if err != nil {
		return nil, fmt.Errorf("set up the cache of ConfigMap %s: %w", key, err)
	}
	h := &Holidays{cache: one, key: key, calendar: businessday.Default()}
	if err := mgr.Add(h); err != nil {
		return nil, fmt.Errorf("start the cache of ConfigMap %s: %w", key, err)
	}
	metrics.Covers(h.calendar)
	return h, nil
}

// Start and GetCache have the manager fill the cache before anything is reconciled.
func (h *Holidays) Start(ctx context.Context) error { return h.cache.Start(ctx) }

// GetCache returns the cache of the one ConfigMap.
func (h *Holidays) GetCache() cache.Cache { return h.cache }

// Calendar returns the calendar as it is now, and what is wrong with the ConfigMap:
// then the calendar is the last good one.
func (h *Holidays) Calendar(ctx context.Context) (calendar *businessday.Calendar, problem error) {
	object := &corev1.ConfigMap{}
	err := h.cache.Get(ctx, h.key, object)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case apierrors.IsNotFound(err):
		h.take(ctx, "", businessday.Default(), nil)
	case err != nil:
		return h.calendar, fmt.Errorf("read ConfigMap %s: %w", h.key, err)
	case h.read != version(object):
		years, wrong := parseHolidays(object)
		calendar = h.calendar
		if wrong == nil {
			calendar = businessday.Default().With(years...)
		}
		h.take(ctx, version(object), calendar, wrong)
	}
	return h.calendar, h.problem
}

func (h *Holidays) take(ctx context.Context, read string, calendar *businessday.Calendar, problem error) {
	if h.read == read {
		return
	}
	h.read, h.calendar, h.problem = read, calendar, problem
	metrics.Covers(calendar)
	log := ctrl.LoggerFrom(ctx)
	if problem != nil {
		log.Info("The calendar of public holidays cannot be read, and stays as it was", "error", problem.Error())
		return
	}
	coverage := calendar.Coverage()
	log.Info("Took the calendar of public holidays", "published", coverage.Published, "provisional", coverage.Provisional)
}

func version(object client.Object) string {
	return string(object.GetUID()) + "/" + object.GetResourceVersion()
}

func parseHolidays(object *corev1.ConfigMap) ([]businessday.Year, error) {
	table, there := object.Data[v1alpha1.HolidaysKey]
	if !there {
		return nil, fmt.Errorf("ConfigMap %s/%s has no key %s", object.Namespace, object.Name, v1alpha1.HolidaysKey)
	}
	years, err := businessday.Parse([]byte(table))
	if err != nil {
		return nil, fmt.Errorf("key %s of ConfigMap %s/%s: %w", v1alpha1.HolidaysKey, object.Namespace, object.Name, err)
	}
	return years, nil
}

// changes are requests for what list returns, each time that the ConfigMap changes. That
// it is there when the operator starts is no change.
func (h *Holidays) changes(list func(context.Context) []reconcile.Request) source.Source {
	return source.Kind(h.cache, &corev1.ConfigMap{}, handler.TypedEnqueueRequestsFromMapFunc(
		func(ctx context.Context, _ *corev1.ConfigMap) []reconcile.Request { return list(ctx) },
	), predicate.TypedFuncs[*corev1.ConfigMap]{CreateFunc: func(e event.TypedCreateEvent[*corev1.ConfigMap]) bool { return !e.IsInInitialList }})
}

// judge tells on a Registrar how far the calendar reaches, and when that is next to
// be asked.
func (h *Holidays) judge(ctx context.Context, now time.Time) (c metav1.Condition, next time.Time) {
	calendar, problem := h.Calendar(ctx)
	year, next := calendar.Unpublished(now)
	coverage := calendar.Coverage()
	c = metav1.Condition{
		Type: v1alpha1.ConditionHolidaysPublished, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonPublished,
		Message: fmt.Sprintf("Years with published holidays: %s; by the statutory days alone: %s.", inWords(coverage.Published), inWords(coverage.Provisional)),
	}
	switch {
	case problem != nil:
		c.Status, c.Reason = metav1.ConditionFalse, v1alpha1.ReasonHolidaysInvalid
		c.Message = text.Cut(fmt.Sprintf("The calendar stays as it was, because it cannot be read: %v. %s", problem, c.Message), maxConditionMessage)
	case year != 0:
		c.Status, c.Reason = metav1.ConditionFalse, v1alpha1.ReasonYearNotPublished
		c.Message = fmt.Sprintf("The holidays of %d are not in the calendar: due times that reach that year are provisional. Put the State Council's notice into key %s of ConfigMap %s. %s",
			year, v1alpha1.HolidaysKey, h.key, c.Message)
	}
	return c, next
}

func inWords(years []int) string {
	if len(years) == 0 {
		return "none"
	}
	words := make([]string, len(years))
	for i, year := range years {
		words[i] = strconv.Itoa(year)
	}
	return strings.Join(words, ", ")
}
