// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// SignInState says what stands under the name of a registration's sign-in Secret.
type SignInState string

const (
	// SignInAbsent: nothing; Ensure may make it.
	SignInAbsent SignInState = "Absent"
	// SignInOurs: the password of this filing.
	SignInOurs SignInState = "Ours"
	// SignInNameTaken: another filing's password, or a Secret that is not ours.
	SignInNameTaken SignInState = "NameTaken"
)

var (
	// ErrSignInSecretNameTaken: the Secret is another filing's or not ours. It is left
	// alone, because it may be the only password of a live account.
	ErrSignInSecretNameTaken = errors.New("the name of the sign-in Secret is taken")

	// ErrSignInSecretMalformed: the Secret is this filing's, and the password is gone.
	ErrSignInSecretMalformed = errors.New("the sign-in Secret holds no password")
)

// SignIn keeps generated passwords in Secrets NAME-signin. They have no owner
// reference and are never overwritten: each is the only password of an account.
type SignIn struct {
	// Reader is live.
	Reader client.Reader
	Writer client.Writer
}

// Check tells what stands under the name, without the password.
func (s *SignIn) Check(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, filingKey string) (SignInState, error) {
	secret, err := getSecret(ctx, s.Reader, reg.Namespace, reg.SignInSecretName())
	if err != nil {
		return "", err
	}
	return signInState(secret, filingKey), nil
}

// Ensure returns the password of the filing, and makes it once. It is called
// before the first filing, where the registration has no spec.passwordFrom.
func (s *SignIn) Ensure(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, filingKey string) (password string, err error) {
	password, err = s.read(ctx, reg, filingKey)
	if err != nil || password != "" {
		return password, err
	}
	if password, err = generatePassword(); err != nil {
		return "", err
	}
	secret := newSignInSecret(reg, filingKey, password)
	err = s.Writer.Create(ctx, secret)
	switch {
	case apierrors.IsAlreadyExists(err):
		return s.readAfterRace(ctx, reg, filingKey)
	case err != nil:
		return "", fmt.Errorf("create Secret %s/%s: %w", secret.Namespace, secret.Name, err)
	}
	return password, nil
}

// read returns the stored password, none if there is no Secret.
func (s *SignIn) read(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, filingKey string) (string, error) {
	secret, err := getSecret(ctx, s.Reader, reg.Namespace, reg.SignInSecretName())
	if err != nil || secret == nil {
		return "", err
	}
	if signInState(secret, filingKey) == SignInNameTaken {
		return "", fmt.Errorf("%w: Secret %s/%s is not this filing's: give it another name, or name the password in spec.passwordFrom",
			ErrSignInSecretNameTaken, secret.Namespace, secret.Name)
	}
	password := string(secret.Data[v1alpha1.PasswordKey])
	if password == "" {
		return "", fmt.Errorf("%w: restore key %s of Secret %s/%s",
			ErrSignInSecretMalformed, v1alpha1.PasswordKey, secret.Namespace, secret.Name)
	}
	return password, nil
}

func (s *SignIn) readAfterRace(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, filingKey string) (string, error) {
	password, err := s.read(ctx, reg, filingKey)
	if err == nil && password == "" {
		return "", fmt.Errorf("create Secret %s/%s: it existed, and is gone", reg.Namespace, reg.SignInSecretName())
	}
	return password, err
}

func signInState(secret *corev1.Secret, filingKey string) SignInState {
	switch {
	case secret == nil:
		return SignInAbsent
	case secret.Annotations[v1alpha1.FilingKeyAnnotation] == filingKey:
		return SignInOurs
	default:
		return SignInNameTaken
	}
}

func newSignInSecret(reg *v1alpha1.ChinaAccountRegistration, filingKey, password string) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: reg.Namespace, Name: reg.SignInSecretName(),
			Labels:      map[string]string{labelPartOf: operatorName},
			Annotations: map[string]string{v1alpha1.FilingKeyAnnotation: filingKey},
		},
		Type: corev1.SecretTypeBasicAuth,
		Data: map[string][]byte{
			v1alpha1.UsernameKey: []byte(reg.Spec.Dossier.Account.Username),
			v1alpha1.PasswordKey: []byte(password),
		},
	}
}
