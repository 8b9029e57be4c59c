// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	apischema "k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// CheckLive says of a registration in a cluster what preflight would find now. Secrets
// are read with the rights of reader; what these do not reach is a warning.
func CheckLive(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, reader client.Reader, now time.Time) ([]Finding, error) {
	allowed := &allowedReader{Reader: reader, forbidden: map[string]bool{}}
	c := &checker{notFound: allowed.notFound, loader: dossier.NewLoader(allowed), now: now, emails: map[string]string{}}
	found, err := c.preflight(ctx, reg)
	if err != nil {
		return nil, fmt.Errorf("check ChinaAccountRegistration %s/%s: %w", reg.Namespace, reg.Name, err)
	}
	return printable(merge(nil, found)), nil
}

// allowedReader takes what may not be read for what is not there, and remembers it.
type allowedReader struct {
	client.Reader
	forbidden map[string]bool
}

func (r *allowedReader) Get(ctx context.Context, key client.ObjectKey, object client.Object, options ...client.GetOption) error {
	err := r.Reader.Get(ctx, key, object, options...)
	if apierrors.IsForbidden(err) {
		r.forbidden[key.Name] = true
		return apierrors.NewNotFound(apischema.GroupResource{Resource: "secrets"}, key.Name)
	}
	return err
}

func (r *allowedReader) notFound(_ string, missing dossier.Missing) preflight.Finding {
	if r.forbidden[missing.Name] {
		return preflight.Finding{
			Code: v1alpha1.RequirementSecretNotFound, Severity: v1alpha1.SeverityWarning, Path: missing.Path, Source: sourceOperator,
			Message: fmt.Sprintf("you may not read Secret %q: its content was not checked here", missing.Name),
		}
	}
	return refused(missing, fmt.Sprintf("key %q of Secret %q cannot be read: make the Secret, with this key and the label %s: \"true\"", missing.Key, missing.Name, v1alpha1.SendToRegistrarLabel))
}
