// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"context"
	"fmt"
	"slices"

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
	for _, name := range documentSecrets(reg) {
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

// documentSecrets are the names of the Secrets with personal information: not those of
// codes and passwords.
func documentSecrets(reg *v1alpha1.ChinaAccountRegistration) []string {
	dossier := reg.Spec.Dossier
	names := []string{dossier.SecurityAdministrator.Identification.NumberFrom.SecretKeyRef.Name}
	files := slices.Concat(dossier.Documents.BusinessCertificate.Files, dossier.Documents.Identification.Files)
	for _, supplement := range reg.Spec.SupplementaryDocuments {
		files = append(files, supplement.Files...)
	}
	for _, file := range files {
		for _, part := range file.Parts {
			names = append(names, part.SecretKeyRef.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
