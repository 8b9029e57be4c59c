// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// observeHandOver compares the ConfigMap of an active account with the registration.
func (r *RegistrationReconciler) observeHandOver(ctx context.Context, s *scene, need lifecycle.Need) error {
	if !need.HandOver {
		return nil
	}
	done, err := r.HandOver.IsDone(ctx, s.Registration)
	s.HandOver = lifecycle.HandOverDue
	if done {
		s.HandOver = lifecycle.HandOverDone
	}
	return err
}

// observeHeld looks which Secrets of an active account's documents are still there. What
// they hold is read of the certificate alone, where it may be a new one.
func (r *RegistrationReconciler) observeHeld(ctx context.Context, s *scene, need lifecycle.Need) error {
	if !need.Held {
		return nil
	}
	secrets, err := r.Loader.Held(ctx, s.Registration)
	if err != nil {
		return err
	}
	s.Held = &lifecycle.HeldState{Secrets: secrets, CertificateChecked: need.Certificate}
	if need.Certificate {
		s.Held.Findings, err = r.checkCertificate(ctx, s)
	}
	return err
}

// checkCertificate is preflight on the certificate alone. Secrets that are absent are no
// finding, and how long it is valid is told otherwise.
func (r *RegistrationReconciler) checkCertificate(ctx context.Context, s *scene) (findings []lifecycle.Finding, err error) {
	documents, missing, err := r.Loader.LoadCertificate(ctx, s.Registration)
	if err != nil {
		return nil, err
	}
	d := dossier.Dossier{Documents: documents, Missing: missing}
	for _, f := range preflight.Check(d.Material(s.Registration), s.Now) {
		if f.Severity == v1alpha1.SeverityError && f.Code != preflight.CodeCertificateExpired && strings.HasPrefix(f.Path, lifecycle.PathOfCertificate) {
			findings = append(findings, lifecycle.Finding{Code: f.Code, Severity: f.Severity, Path: f.Path, Message: f.Message})
		}
	}
	return findings, nil
}
