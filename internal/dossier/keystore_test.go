// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

const operatorNamespace = "china-account-system"

func storeOn(c client.Client) *KeyStore {
	return &KeyStore{Reader: c, Writer: c, Namespace: operatorNamespace}
}

func unused(context.Context) (bool, error) { return false, nil }

func used(context.Context) (bool, error) { return true, nil }

func TestTheInstallationKeyIsMadeOnceAndReadEverAfter(t *testing.T) {
	c := clientWith()
	made, err := storeOn(c).Ensure(t.Context(), unused)
	if err != nil {
		t.Fatal(err)
	}
	again, err := storeOn(c).Ensure(t.Context(), func(context.Context) (bool, error) {
		t.Error("a key that is there is nobody's question")
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if made.ID() != again.ID() || made.Owner(namespace, "acme") != again.Owner(namespace, "acme") {
		t.Error("the key was made twice")
	}
	secret := &corev1.Secret{}
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: operatorNamespace, Name: "china-account-operator-keys"}, secret); err != nil {
		t.Fatal(err)
	}
	if len(secret.Data["key"]) != 32 || string(secret.Data["id"]) != made.ID() || secret.Type != corev1.SecretTypeOpaque ||
		secret.Labels["app.kubernetes.io/part-of"] != "china-account-operator" || secret.Immutable == nil || !*secret.Immutable {
		t.Errorf("the Secret is not as documented: type %s, labels %v, %d bytes", secret.Type, secret.Labels, len(secret.Data["key"]))
	}
}

func TestAMissingKeyIsNotMadeAgainWhileFilingsReferToIt(t *testing.T) {
	c := clientWith()
	if _, err := storeOn(c).Ensure(t.Context(), used); !errors.Is(err, ErrInstallationKeyMissing) {
		t.Errorf("got %v", err)
	}
	trouble := errors.New("the list failed")
	if _, err := storeOn(c).Ensure(t.Context(), func(context.Context) (bool, error) { return false, trouble }); !errors.Is(err, trouble) {
		t.Errorf("got %v", err)
	}
	if _, err := storeOn(c).Get(t.Context()); !errors.Is(err, ErrInstallationKeyMissing) {
		t.Errorf("a key was made all the same: %v", err)
	}
}

func TestOfTwoLeadersTheFirstOnesKeyIsTheKey(t *testing.T) {
	first, err := generateInstallationKey()
	if err != nil {
		t.Fatal(err)
	}
	c := interceptor.NewClient(clientWith(), interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
			if err := c.Create(ctx, keySecret([]byte(first.id), first.secret())); err != nil {
				return err
			}
			return c.Create(ctx, obj, opts...)
		},
	})
	got, err := storeOn(c).Ensure(t.Context(), unused)
	if err != nil {
		t.Fatal(err)
	}
	if got.ID() != first.ID() {
		t.Error("the second leader goes on with a key of its own")
	}
}

func keySecret(id, key []byte) *corev1.Secret {
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: operatorNamespace, Name: InstallationKeySecretName},
		Data:       map[string][]byte{"id": id, "key": key},
	}
}

func TestAMalformedKeyIsNeitherUsedNorReplaced(t *testing.T) {
	good := testKey(t, 7)
	tests := map[string]*corev1.Secret{
		"empty":                       keySecret(nil, nil),
		"no id":                       keySecret(nil, good.secret()),
		"another key's id":            keySecret([]byte(testKey(t, 8).id), good.secret()),
		"cut":                         keySecret([]byte(good.id), good.secret()[:31]),
		"encoded in base64 once more": keySecret([]byte(good.id), []byte("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")),
	}
	for name, secret := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := storeOn(clientWith(secret)).Ensure(t.Context(), unused)
			if !errors.Is(err, ErrInstallationKeyMalformed) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), "restore it from the backup") {
				t.Errorf("the error does not say the cure: %v", err)
			}
		})
	}
}

func TestTroubleWithTheKeysSecretIsNoMissingKey(t *testing.T) {
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, InstallationKeySecretName, errors.New("no"))
	_, err := storeOn(failingGet(forbidden)).Ensure(t.Context(), unused)
	if !errors.Is(err, forbidden) || errors.Is(err, ErrInstallationKeyMissing) {
		t.Errorf("got %v", err)
	}
	refusing := interceptor.NewClient(clientWith(), interceptor.Funcs{
		Create: func(context.Context, client.WithWatch, client.Object, ...client.CreateOption) error { return forbidden },
	})
	if _, err := storeOn(refusing).Ensure(t.Context(), unused); !errors.Is(err, forbidden) ||
		!strings.HasPrefix(err.Error(), "create Secret "+operatorNamespace+"/china-account-operator-keys:") {
		t.Errorf("got %v", err)
	}
}

func TestAKeyHas32Bytes(t *testing.T) {
	for _, size := range []int{0, 31, 33} {
		if _, err := NewInstallationKey(bytes.Repeat([]byte{1}, size)); err == nil {
			t.Errorf("a key of %d bytes is taken", size)
		}
	}
	own := bytes.Repeat([]byte{1}, 32)
	key, err := NewInstallationKey(own)
	if err != nil {
		t.Fatal(err)
	}
	before := key.Owner(namespace, "acme")
	clear(own)
	if key.Owner(namespace, "acme") != before {
		t.Error("the key changes with the caller's bytes")
	}
}
