// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// awaitConfigMap waits until the account's ConfigMap says so. The demo asks for it as a
// person would: there is no watch of ConfigMaps here.
func awaitConfigMap(now, key, value string) step {
	return step{now, func(ctx context.Context, s *stage) error {
		for {
			found, err := s.applicant.kubectl(ctx, "get", "configmap", s.name+"-account", "-n", s.team(),
				"--ignore-not-found", "-o", "jsonpath={.data."+key+"}")
			if found == value {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("waited for %s=%s in ConfigMap %s-account; found %q: %w", key, value, s.name, found, errors.Join(err, context.Cause(ctx)))
			case <-time.After(200 * time.Millisecond):
			}
		}
	}}
}

func patchConfigMap(now, key, value string) step {
	return step{now, func(ctx context.Context, s *stage) error {
		_, err := s.applicant.kubectl(ctx, "patch", "configmap", s.name+"-account", "-n", s.team(),
			"--type=merge", "-p", fmt.Sprintf(`{"data":{%q:%q}}`, key, value))
		return err
	}}
}

var deleteConfigMap = step{"somebody deletes the ConfigMap", func(ctx context.Context, s *stage) error {
	_, err := s.applicant.kubectl(ctx, "delete", "configmap", s.name+"-account", "-n", s.team())
	return err
}}

var deleteDocuments = step{"the applicant deletes the Secrets that the warning names", func(ctx context.Context, s *stage) error {
	_, err := s.applicant.kubectl(ctx, "delete", "secret", s.name+"-identity", s.values.Certificate[0].Secret, "-n", s.team())
	return err
}}

var refresh = step{"the applicant asks for a look at once", func(ctx context.Context, s *stage) error {
	_, err := s.applicant.kubectl(ctx, "annotate", "--overwrite", "car", s.name, "-n", s.team(),
		v1alpha1.RefreshRequestedAtAnnotation+"="+time.Now().Format(time.RFC3339Nano))
	return err
}}

func certificateIs(reason string) condition {
	return condition{"certificate " + reason, func(reg *v1alpha1.ChinaAccountRegistration) bool {
		c := meta.FindStatusCondition(reg.Status.Conditions, v1alpha1.ConditionCertificateCurrent)
		return c != nil && c.Reason == reason
	}}
}

var requiresNothing = condition{"no requirement", func(reg *v1alpha1.ChinaAccountRegistration) bool {
	return len(reg.Status.Requirements) == 0
}}
