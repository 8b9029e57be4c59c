// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

// record writes what was decided, and only what changed. The finalizer is there
// before a filing is open and goes after it is closed; verdicts, events and metrics
// follow the status, which is what they tell of.
func (r *RegistrationReconciler) record(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, d lifecycle.Decision) error {
	if d.Finalizer && reg.DeletionTimestamp.IsZero() {
		if err := r.recordFinalizer(ctx, reg, controllerutil.AddFinalizer); err != nil {
			return err
		}
	}
	before := reg.DeepCopy()
	reg.Status = d.Status
	changed, err := r.recordStatus(ctx, before, reg)
	if err != nil {
		return err
	}
	if changed {
		countTransitions(before, reg)
		r.tell(ctx, before, reg)
	}
	for _, verdict := range d.Verdicts {
		if err := r.Desk.Judge(ctx, reg.Namespace, verdict); err != nil {
			return err
		}
	}
	if !d.Finalizer {
		return r.recordFinalizer(ctx, reg, controllerutil.RemoveFinalizer)
	}
	return nil
}

// recordStatus patches status if it changed. The resourceVersion makes sure that
// what was decided on is what is there.
func (r *RegistrationReconciler) recordStatus(ctx context.Context, before, reg *v1alpha1.ChinaAccountRegistration) (changed bool, err error) {
	difference, err := client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}).Data(reg)
	if err != nil {
		return false, fmt.Errorf("compare status: %w", err)
	}
	if string(difference) == fmt.Sprintf(`{"metadata":{"resourceVersion":%q}}`, before.ResourceVersion) {
		return false, nil
	}
	status := reg.Status.DeepCopy()
	if err := r.Status().Patch(ctx, reg, client.RawPatch(types.MergePatchType, difference)); err != nil {
		return false, fmt.Errorf("record status: %w", err)
	}
	reg.Status = *status
	return true, nil
}

func (r *RegistrationReconciler) recordFinalizer(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, change func(client.Object, string) bool) error {
	before := reg.DeepCopy()
	if !change(reg, v1alpha1.WithdrawFinalizer) {
		return nil
	}
	err := r.Patch(ctx, reg, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
	if err != nil {
		return fmt.Errorf("record finalizer: %w", err)
	}
	return nil
}
