// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"context"
	"errors"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// ErrNameTaken: what stands under the ConfigMap's name is not ours. It is left alone.
var ErrNameTaken = errors.New("the name of the account's ConfigMap is taken")

// Selector chooses the ConfigMaps that are kept: those alone are worth a cache.
func Selector() labels.Selector {
	return labels.SelectorFromSet(labels.Set{v1alpha1.ManagedByLabel: v1alpha1.ManagedByOperator})
}

// Desk writes the ConfigMaps.
type Desk struct {
	// Cached has those that Selector chooses.
	Cached client.Reader
	// Direct reads and writes without a cache.
	Direct client.Client
}

// IsDone tells whether the ConfigMap is there and says what is so. It asks the cache,
// in which one that is not ours, or lost its label, is not there.
func (d *Desk) IsDone(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (bool, error) {
	found := &corev1.ConfigMap{}
	err := d.Cached.Get(ctx, client.ObjectKey{Namespace: reg.Namespace, Name: reg.AccountConfigMapName()}, found)
	switch {
	case apierrors.IsNotFound(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read ConfigMap %s/%s: %w", reg.Namespace, reg.AccountConfigMapName(), err)
	}
	wanted := found.DeepCopy()
	if err := d.fill(reg, wanted); err != nil {
		return false, err
	}
	return isSame(found, wanted), nil
}

// Ensure makes the ConfigMap, or mends it. What others added to it stays. It may be
// called again. ErrNameTaken is a ConfigMap that is not this registration's.
func (d *Desk) Ensure(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	made := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: reg.Namespace, Name: reg.AccountConfigMapName()}}
	if err := d.fill(reg, made); err != nil {
		return err
	}
	err := d.Direct.Create(ctx, made)
	switch {
	case apierrors.IsAlreadyExists(err):
		return d.mend(ctx, reg)
	case err != nil:
		return fmt.Errorf("create ConfigMap %s/%s: %w", made.Namespace, made.Name, err)
	}
	return nil
}

func (d *Desk) mend(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	found := &corev1.ConfigMap{}
	if err := d.Direct.Get(ctx, client.ObjectKey{Namespace: reg.Namespace, Name: reg.AccountConfigMapName()}, found); err != nil {
		return fmt.Errorf("read ConfigMap %s/%s: %w", reg.Namespace, reg.AccountConfigMapName(), err)
	}
	if !isOurs(reg, found) {
		return fmt.Errorf("%w: %s/%s", ErrNameTaken, found.Namespace, found.Name)
	}
	wanted := found.DeepCopy()
	if err := d.fill(reg, wanted); err != nil {
		return err
	}
	if isSame(found, wanted) {
		return nil
	}
	if err := d.Direct.Update(ctx, wanted); err != nil {
		return fmt.Errorf("update ConfigMap %s/%s: %w", found.Namespace, found.Name, err)
	}
	return nil
}

// isOurs: it is this registration's, or was that of an earlier life of it: then it
// names the same filing, and nobody else owns it.
func isOurs(reg *v1alpha1.ChinaAccountRegistration, found *corev1.ConfigMap) bool {
	owner := metav1.GetControllerOf(found)
	switch {
	case owner != nil && owner.UID == reg.UID:
		return true
	case owner != nil && (owner.Kind != kind || owner.Name != reg.Name):
		return false
	default:
		filing := reg.Status.Filing
		return filing != nil && found.Annotations[v1alpha1.FilingKeyAnnotation] == filing.Key
	}
}

const kind = "ChinaAccountRegistration"

// fill sets what is kept. A ConfigMap that blocks its owner's deletion would need a
// right to the owner's finalizers.
func (d *Desk) fill(reg *v1alpha1.ChinaAccountRegistration, into *corev1.ConfigMap) error {
	if into.Data == nil {
		into.Data = map[string]string{}
	}
	maps.Copy(into.Data, Account(reg))
	metav1.SetMetaDataLabel(&into.ObjectMeta, v1alpha1.ManagedByLabel, v1alpha1.ManagedByOperator)
	if reg.Status.Filing != nil {
		metav1.SetMetaDataAnnotation(&into.ObjectMeta, v1alpha1.FilingKeyAnnotation, reg.Status.Filing.Key)
	}
	if owner := metav1.GetControllerOf(into); owner != nil && owner.UID != reg.UID {
		into.OwnerReferences = nil // of its earlier life
	}
	err := controllerutil.SetControllerReference(reg, into, d.Direct.Scheme(), controllerutil.WithBlockOwnerDeletion(false))
	if err != nil {
		return fmt.Errorf("own ConfigMap %s/%s: %w", into.Namespace, into.Name, err)
	}
	return nil
}

func isSame(a, b *corev1.ConfigMap) bool {
	return maps.Equal(a.Data, b.Data) && maps.Equal(a.Labels, b.Labels) && maps.Equal(a.Annotations, b.Annotations) &&
		equality.Semantic.DeepEqual(a.OwnerReferences, b.OwnerReferences)
}
