// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"fmt"
	"math"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

// +kubebuilder:rbac:groups=registration.chinaaccount.dev,resources=registrars,verbs=list;watch
// +kubebuilder:rbac:groups=registration.chinaaccount.dev,resources=registrars/status,verbs=patch

const (
	// shortestProbe and longestProbe bound the pause between two probes of a gateway
	// that does not answer properly; one that does is probed at the longest.
	shortestProbe = 5 * time.Second
	longestProbe  = 5 * time.Minute
	// never is longer than any other pause.
	never = time.Duration(math.MaxInt64)
	// probeTimeout bounds one probe.
	probeTimeout = 10 * time.Second
)

// RegistrarReconciler probes gateways and says on the Registrar whether they can be used.
type RegistrarReconciler struct {
	client.Client
	Registrars *Registrars
	Holidays   *Holidays
	Clock      clock.PassiveClock
}

// Reconcile is one probe.
func (r *RegistrarReconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	object := &v1alpha1.Registrar{}
	if err := r.Get(ctx, req.NamespacedName, object); err != nil {
		if client.IgnoreNotFound(err) == nil {
			r.Registrars.Forget(req.Name)
		}
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	before := object.DeepCopy()
	object.Status.ObservedGeneration = object.Generation
	calendar, calendarChanges := r.Holidays.judge(ctx, r.Clock.Now())
	for _, c := range append(r.judge(ctx, object), calendar) {
		c.ObservedGeneration = object.Generation
		c.LastTransitionTime = metav1.NewTime(r.Clock.Now())
		meta.SetStatusCondition(&object.Status.Conditions, c)
	}
	if err := r.record(ctx, before, object); err != nil {
		return comeAgain(unlessEnding(ctx, err))
	}
	return ctrl.Result{RequeueAfter: min(r.nextProbe(object), calendarChanges.Sub(r.Clock.Now()))}, nil
}

// judge returns the conditions of a Registrar as it is now.
func (r *RegistrarReconciler) judge(ctx context.Context, object *v1alpha1.Registrar) []metav1.Condition {
	ready := metav1.Condition{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue}
	if _, err := metav1.LabelSelectorAsSelector(object.Spec.NamespaceSelector); err != nil {
		ready.Status, ready.Reason = metav1.ConditionFalse, "NamespaceSelectorInvalid"
		ready.Message = fmt.Sprintf("spec.namespaceSelector is no selector: %v", err)
		return []metav1.Condition{ready}
	}
	if object.Spec.Type == v1alpha1.RegistrarManual {
		ready.Reason, ready.Message = v1alpha1.ReasonByHand, "Agents file by hand, and report with FilingReports."
		return []metav1.Condition{ready}
	}
	if trouble := r.probe(ctx, object); trouble != nil {
		ready.Status, ready.Reason, ready.Message = metav1.ConditionFalse, string(trouble.Kind), trouble.Message
	} else {
		ready.Reason, ready.Message = v1alpha1.ReasonReachable, "The gateway answers, and takes the token."
	}
	return []metav1.Condition{ready, r.responding(object)}
}

func (r *RegistrarReconciler) probe(ctx context.Context, object *v1alpha1.Registrar) *lifecycle.Trouble {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	gateway, err := r.Registrars.Connect(ctx, object)
	if err == nil {
		err = gateway.Probe(ctx)
	}
	if err != nil {
		return registrar.Trouble(err)
	}
	return nil
}

// responding tells of requests about filings since the last probe: a gateway may
// answer probes and still talk nonsense.
func (r *RegistrarReconciler) responding(object *v1alpha1.Registrar) metav1.Condition {
	c := metav1.Condition{
		Type: v1alpha1.ConditionResponding, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonReachable,
		Message: "What was asked about filings since the last probe was answered in the contract's words.",
	}
	if trouble := r.Registrars.lastTrouble(object.Name); trouble != nil {
		c.Status, c.Reason, c.Message = metav1.ConditionFalse, string(trouble.Kind), trouble.Message
	}
	return c
}

func (r *RegistrarReconciler) record(ctx context.Context, before, object *v1alpha1.Registrar) error {
	difference, err := client.MergeFrom(before).Data(object)
	if err != nil || string(difference) == "{}" {
		return err
	}
	if err := r.Status().Patch(ctx, object, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})); err != nil {
		return fmt.Errorf("record status: %w", err)
	}
	return nil
}

// nextProbe: a gateway that does not answer, or not properly, is asked again soon,
// then less often.
func (r *RegistrarReconciler) nextProbe(object *v1alpha1.Registrar) time.Duration {
	if object.Spec.Type == v1alpha1.RegistrarManual {
		return never
	}
	for _, c := range object.Status.Conditions {
		if c.Type != v1alpha1.ConditionHolidaysPublished && c.Status != metav1.ConditionTrue {
			return min(max(r.Clock.Since(c.LastTransitionTime.Time)/4, shortestProbe), longestProbe)
		}
	}
	return longestProbe
}
