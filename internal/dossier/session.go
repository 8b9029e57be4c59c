// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validation"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// session is one load. It reads each Secret once, so that the files of one Secret
// are of one version.
type session struct {
	reader    client.Reader
	namespace string
	// secrets that were asked for; nil where there is none that may be read.
	secrets map[string]*corev1.Secret
	missing []Missing
}

func (l *Loader) newSession(reg *v1alpha1.ChinaAccountRegistration) *session {
	return &session{reader: l.reader, namespace: reg.Namespace, secrets: map[string]*corev1.Secret{}}
}

// value returns a Secret's key. Whatever the reason why it cannot be read, it is
// just not found.
func (s *session) value(ctx context.Context, ref v1alpha1.SecretKeyReference) (value []byte, found bool, err error) {
	secret, asked := s.secrets[ref.Name]
	if !asked {
		if secret, err = s.read(ctx, ref.Name); err != nil {
			return nil, false, err
		}
		s.secrets[ref.Name] = secret
	}
	if secret == nil {
		return nil, false, nil
	}
	value, found = secret.Data[ref.Key]
	return value, found, nil
}

// read returns the Secret, nil if it is absent, on its way out, or was not
// released to be sent.
func (s *session) read(ctx context.Context, name string) (*corev1.Secret, error) {
	// The client refuses a name that cannot be one in a path; the server would say
	// that there is none.
	if len(validation.NameIsDNSSubdomain(name, false)) > 0 {
		return nil, nil
	}
	secret, err := getSecret(ctx, s.reader, s.namespace, name)
	if err != nil || secret == nil {
		return nil, err
	}
	if !secret.DeletionTimestamp.IsZero() || secret.Labels[v1alpha1.SendToRegistrarLabel] != "true" || isOperators(secret) {
		return nil, nil
	}
	return secret, nil
}

// isOperators: no label releases what is no applicant's. A token may be sent to its own
// gateway alone, and with the installation key anybody could pass for an owner.
func isOperators(secret *corev1.Secret) bool {
	return secret.Type == v1alpha1.GatewayTokenSecretType || secret.Name == InstallationKeySecretName
}

func (s *session) miss(path string, ref v1alpha1.SecretKeyReference) {
	s.missing = append(s.missing, Missing{Path: path, Name: ref.Name, Key: ref.Key})
}

// versions returns what was read, by name. A Secret that was not released shows nothing.
func (s *session) versions() []v1alpha1.SecretVersion {
	var versions []v1alpha1.SecretVersion
	for name, secret := range s.secrets {
		if secret != nil {
			versions = append(versions, v1alpha1.SecretVersion{
				Name: name, UID: string(secret.UID), ResourceVersion: secret.ResourceVersion,
			})
		}
	}
	slices.SortFunc(versions, func(a, b v1alpha1.SecretVersion) int { return cmp.Compare(a.Name, b.Name) })
	return versions
}

// getSecret returns nil if there is none.
func getSecret(ctx context.Context, reader client.Reader, namespace, name string) (*corev1.Secret, error) {
	secret := &corev1.Secret{}
	err := reader.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, secret)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read Secret %s/%s: %w", namespace, name, err)
	}
	return secret, nil
}
