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
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var (
	filingKey      = strings.Repeat("a", 64)
	otherFilingKey = strings.Repeat("b", 64)
)

func signInOn(c client.Client) *SignIn { return &SignIn{Reader: c, Writer: c} }

func TestThePasswordIsMadeOnceAndStaysWithoutTheRegistration(t *testing.T) {
	c := clientWith()
	reg := registration()
	made, err := signInOn(c).Ensure(t.Context(), reg, filingKey)
	if err != nil {
		t.Fatal(err)
	}
	again, err := signInOn(c).Ensure(t.Context(), reg, filingKey)
	if err != nil || again != made {
		t.Fatalf("another password was made, or %v", err)
	}
	secret := &corev1.Secret{}
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: "acme-signin"}, secret); err != nil {
		t.Fatal(err)
	}
	if len(secret.OwnerReferences) != 0 {
		t.Error("the garbage collector would take the only password of an account")
	}
	if string(secret.Data["username"]) != "acmechina" || string(secret.Data["password"]) != made ||
		secret.Annotations[v1alpha1.FilingKeyAnnotation] != filingKey {
		t.Error("user name, password or filing key are not in the Secret")
	}
	if _, sent := secret.Labels[v1alpha1.SendToRegistrarLabel]; sent {
		t.Error("a generated password could be named, and so sent, by another registration")
	}
}

func TestASignInSecretThatIsNotThisFilingsIsLeftAlone(t *testing.T) {
	of := func(key string) *corev1.Secret {
		secret := newSignInSecret(registration(), key, "Old-Password-1")
		if key == "" {
			secret.Annotations = nil
		}
		return secret
	}
	tests := map[string]struct {
		stands []client.Object
		state  SignInState
		err    error
	}{
		"nothing":             {nil, SignInAbsent, nil},
		"this filing's":       {[]client.Object{of(filingKey)}, SignInOurs, nil},
		"another filing's":    {[]client.Object{of(otherFilingKey)}, SignInNameTaken, ErrSignInSecretNameTaken},
		"somebody's own":      {[]client.Object{of("")}, SignInNameTaken, ErrSignInSecretNameTaken},
		"ours without a word": {[]client.Object{withoutPassword(of(filingKey))}, SignInOurs, ErrSignInSecretMalformed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := clientWith(test.stands...)
			if state, err := signInOn(c).Check(t.Context(), registration(), filingKey); state != test.state || err != nil {
				t.Errorf("state %s, %v; want %s", state, err, test.state)
			}
			_, err := signInOn(c).Ensure(t.Context(), registration(), filingKey)
			if !errors.Is(err, test.err) {
				t.Fatalf("got %v, want %v", err, test.err)
			}
			if err == nil {
				return
			}
			if strings.Contains(err.Error(), "Old-Password-1") {
				t.Error("the error holds the password")
			}
			after := &corev1.Secret{}
			if err := c.Get(t.Context(), client.ObjectKeyFromObject(test.stands[0]), after); err != nil {
				t.Fatal(err)
			}
			if before := test.stands[0].(*corev1.Secret); !bytes.Equal(after.Data["password"], before.Data["password"]) {
				t.Error("a password that may be an account's only one was overwritten")
			}
		})
	}
}

func withoutPassword(secret *corev1.Secret) *corev1.Secret {
	delete(secret.Data, "password")
	return secret
}

func TestOfTwoLeadersTheFirstOnesPasswordIsFiled(t *testing.T) {
	for _, test := range []struct {
		name, key string
		want      error
	}{
		{"of the same filing", filingKey, nil},
		{"of another filing", otherFilingKey, ErrSignInSecretNameTaken},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := interceptor.NewClient(clientWith(), interceptor.Funcs{
				Create: func(ctx context.Context, c client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
					if err := c.Create(ctx, newSignInSecret(registration(), test.key, "First-Password-1")); err != nil {
						return err
					}
					return c.Create(ctx, obj, opts...)
				},
			})
			password, err := signInOn(c).Ensure(t.Context(), registration(), filingKey)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if err == nil && password != "First-Password-1" {
				t.Error("the second leader files a password that is nowhere kept")
			}
		})
	}
}

func TestNothingIsFiledWithAPasswordThatIsNotKept(t *testing.T) {
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "secrets"}, "acme-signin", errors.New("no"))
	exists := apierrors.NewAlreadyExists(schema.GroupResource{Resource: "secrets"}, "acme-signin")
	for name, refusal := range map[string]error{"not allowed": forbidden, "existed, and is gone": exists} {
		c := interceptor.NewClient(clientWith(), interceptor.Funcs{
			Create: func(context.Context, client.WithWatch, client.Object, ...client.CreateOption) error { return refusal },
		})
		password, err := signInOn(c).Ensure(t.Context(), registration(), filingKey)
		if password != "" || err == nil || !strings.HasPrefix(err.Error(), "create Secret team-a/acme-signin:") {
			t.Errorf("%s: got a password %t, %v", name, password != "", err)
		}
	}
	if _, err := signInOn(failingGet(forbidden)).Ensure(t.Context(), registration(), filingKey); !errors.Is(err, forbidden) {
		t.Errorf("got %v", err)
	}
	if _, err := signInOn(failingGet(forbidden)).Check(t.Context(), registration(), filingKey); !errors.Is(err, forbidden) {
		t.Errorf("got %v", err)
	}
}

func TestGeneratedPasswordsSatisfyIAMAndCanBeRead(t *testing.T) {
	if len(passwordAlphabet) != 64 {
		t.Fatalf("%d characters: the choice would not be even", len(passwordAlphabet))
	}
	seen := map[string]bool{}
	for range 1000 {
		password, err := generatePassword()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case len(password) < 20:
			t.Fatalf("only %d characters", len(password))
		case !strings.ContainsAny(password, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
			!strings.ContainsAny(password, "abcdefghijklmnopqrstuvwxyz"),
			!strings.ContainsAny(password, "0123456789"),
			!strings.ContainsAny(password, "!@#$%^&*()_+-=[]{}|'"):
			t.Fatal("a class is missing")
		case strings.ContainsAny(password, "0O1lIo"):
			t.Fatal("a character that is misread")
		case seen[password]:
			t.Fatal("made twice")
		}
		seen[password] = true
	}
}
