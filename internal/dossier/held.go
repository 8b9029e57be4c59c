// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Held returns, in order, the names of the Secrets with scans or the ID's number that
// are still there and labelled to be sent. What they hold is not read.
func (l *Loader) Held(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) ([]string, error) {
	var held []string
	for _, name := range reg.DocumentSecretNames() {
		secret := &metav1.PartialObjectMetadata{}
		secret.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
		err := l.reader.Get(ctx, client.ObjectKey{Namespace: reg.Namespace, Name: name}, secret)
		switch {
		case apierrors.IsNotFound(err):
		case err != nil:
			return nil, fmt.Errorf("look for Secret %s/%s: %w", reg.Namespace, name, err)
		case secret.DeletionTimestamp.IsZero() && secret.Labels[v1alpha1.SendToRegistrarLabel] == "true":
			held = append(held, name)
		}
	}
	return held, nil
}
