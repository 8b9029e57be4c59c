// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestStatusIsNotWrittenOverWhatSomebodyElseWroteSince(t *testing.T) {
	ctx := t.Context()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	stored := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: "retail", Name: "acme"}}
	c := fake.NewClientBuilder().WithScheme(scheme).WithObjects(stored).WithStatusSubresource(stored).Build()
	r := &RegistrationReconciler{Client: c}

	observed := &v1alpha1.ChinaAccountRegistration{}
	if err := c.Get(ctx, client.ObjectKeyFromObject(stored), observed); err != nil {
		t.Fatal(err)
	}
	faster := observed.DeepCopy()
	faster.Labels = map[string]string{"touched": "since"}
	if err := c.Update(ctx, faster); err != nil {
		t.Fatal(err)
	}

	decided := observed.DeepCopy()
	decided.Status.Phase = v1alpha1.PhasePending
	if _, err := r.recordStatus(ctx, observed, decided); !apierrors.IsConflict(err) {
		t.Errorf("recordStatus on a stale object: %v, want a conflict", err)
	}
	decided = faster.DeepCopy()
	decided.Status.Phase = v1alpha1.PhasePending
	if changed, err := r.recordStatus(ctx, faster, decided); err != nil || !changed {
		t.Errorf("recordStatus on the newest object: %v, %v, want it written", changed, err)
	}
	if changed, err := r.recordStatus(ctx, decided, decided.DeepCopy()); err != nil || changed {
		t.Errorf("recordStatus of what is there: %v, %v, want nothing written", changed, err)
	}
}
