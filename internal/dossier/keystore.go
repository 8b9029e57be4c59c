// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	// InstallationKeySecretName names the Secret of the installation key, in the
	// operator's namespace. It belongs into the backup.
	InstallationKeySecretName = "china-account-operator-keys"

	// InstallationKeyIDKey is that Secret's key of the id: 16 hexadecimal digits.
	InstallationKeyIDKey = "id"

	// InstallationKeyKey is that Secret's key of the key: 32 bytes.
	InstallationKeyKey = "key"
)

var (
	// ErrInstallationKeyMissing: filings refer to a key that is gone. They are
	// followed with what is recorded; nothing is joined, claimed or filed.
	ErrInstallationKeyMissing = errors.New("the installation key is missing")

	// ErrInstallationKeyMalformed: the Secret is there, and holds no key.
	ErrInstallationKeyMalformed = errors.New("the installation key is malformed")
)

// KeyStore keeps the installation key in a Secret.
type KeyStore struct {
	// Reader is live, never a cache: a key that is merely not seen yet must not be
	// made again.
	Reader client.Reader
	Writer client.Writer
	// Namespace of the operator.
	Namespace string
}

// Get returns the key; ErrInstallationKeyMissing if there is none,
// ErrInstallationKeyMalformed if the Secret holds something else.
func (s *KeyStore) Get(ctx context.Context) (*InstallationKey, error) {
	secret, err := getSecret(ctx, s.Reader, s.Namespace, InstallationKeySecretName)
	if err != nil {
		return nil, err
	}
	if secret == nil {
		return nil, fmt.Errorf("%w: restore Secret %s/%s from the backup",
			ErrInstallationKeyMissing, s.Namespace, InstallationKeySecretName)
	}
	key, err := parseInstallationKey(secret.Data[InstallationKeyIDKey], secret.Data[InstallationKeyKey])
	if err != nil {
		return nil, fmt.Errorf("%w: %w: delete Secret %s/%s and restore it from the backup",
			ErrInstallationKeyMalformed, err, s.Namespace, InstallationKeySecretName)
	}
	return key, nil
}

// Ensure returns the key, and makes it once. While inUse, something refers to a
// key, and a missing one is ErrInstallationKeyMissing: another would make every
// recorded filing a stranger's. inUse is asked only if there is no key.
func (s *KeyStore) Ensure(ctx context.Context, inUse func(context.Context) (bool, error)) (*InstallationKey, error) {
	key, err := s.Get(ctx)
	if !errors.Is(err, ErrInstallationKeyMissing) {
		return key, err
	}
	used, inUseErr := inUse(ctx)
	if inUseErr != nil {
		return nil, fmt.Errorf("ask whether an installation key is in use: %w", inUseErr)
	}
	if used {
		return nil, err
	}
	return s.create(ctx)
}

func (s *KeyStore) create(ctx context.Context) (*InstallationKey, error) {
	key, err := generateInstallationKey()
	if err != nil {
		return nil, err
	}
	err = s.Writer.Create(ctx, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: s.Namespace, Name: InstallationKeySecretName,
			Labels: map[string]string{labelPartOf: operatorName},
		},
		Type:      corev1.SecretTypeOpaque,
		Immutable: ptr.To(true),
		Data: map[string][]byte{
			InstallationKeyIDKey: []byte(key.id),
			InstallationKeyKey:   bytes.Clone(key.secret()),
		},
	})
	switch {
	case apierrors.IsAlreadyExists(err):
		// Another leader was first, and its key is the key.
		return s.Get(ctx)
	case err != nil:
		return nil, fmt.Errorf("create Secret %s/%s: %w", s.Namespace, InstallationKeySecretName, err)
	}
	return key, nil
}

// Marks of the Secrets that the operator makes.
const (
	labelPartOf  = "app.kubernetes.io/part-of"
	operatorName = "china-account-operator"
)
