// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// refusedError is the operator's no to a report.
type refusedError struct{ kind, name, reason, message string }

func (e *refusedError) Error() string {
	return fmt.Sprintf("the operator refused the report %s (%s): %s: %s", e.name, e.kind, e.reason, e.message)
}

func (*refusedError) Is(target error) bool { return target == errFound }

// file creates a report in the user's own name and waits for the operator's word on it.
// A report that is refused is a refusedError.
func (s *session) file(ctx context.Context, spec v1alpha1.FilingReportSpec, timeout time.Duration) (*v1alpha1.FilingReport, error) {
	var err error
	if spec.ReportedBy, err = s.whoami(ctx); err != nil {
		return nil, err
	}
	report := &v1alpha1.FilingReport{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: s.namespace, GenerateName: fmt.Sprintf("%s-%d-%s-", nameStem(spec.RegistrationRef.Name), spec.Attempt, wordOf(spec.Type)),
		},
		Spec: spec,
	}
	if err := s.Create(ctx, report); err != nil {
		if apierrors.IsForbidden(err) {
			return nil, fmt.Errorf("report on ChinaAccountRegistration %s/%s: you may not: %w: an administrator can bind you the role china-account-filing-agent", s.namespace, spec.RegistrationRef.Name, err)
		}
		return nil, fmt.Errorf("report on ChinaAccountRegistration %s/%s: %w", s.namespace, spec.RegistrationRef.Name, err)
	}
	return s.awaitVerdict(ctx, report, timeout)
}

// nameStem leaves room for what the API server adds to make a name unique.
func nameStem(name string) string { return name[:min(len(name), 200)] }

func (s *session) awaitVerdict(ctx context.Context, report *v1alpha1.FilingReport, timeout time.Duration) (*v1alpha1.FilingReport, error) {
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := s.until(bounded, &v1alpha1.FilingReport{}, &v1alpha1.FilingReportList{}, report.Name, func(object runtime.Object) (bool, error) {
		report = object.(*v1alpha1.FilingReport)
		return meta.FindStatusCondition(report.Status.Conditions, v1alpha1.ConditionAccepted) != nil, nil
	})
	verdict := meta.FindStatusCondition(report.Status.Conditions, v1alpha1.ConditionAccepted)
	switch {
	case verdict != nil && verdict.Status == metav1.ConditionTrue:
		return report, nil
	case verdict != nil:
		return nil, &refusedError{kind: string(report.Spec.Type), name: report.Name, reason: verdict.Reason, message: verdict.Message}
	case err != nil && bounded.Err() != nil && ctx.Err() == nil:
		return nil, fmt.Errorf("wait for the operator's word on the report %s: %w after %s: the report stands; see 'kubectl get filingreport %s', and whether the operator runs", report.Name, errTimeUp, timeout, report.Name)
	case err == nil:
		return nil, errors.New("wait for the operator's word: none came")
	default:
		return nil, fmt.Errorf("wait for the operator's word on the report %s: %w", report.Name, err)
	}
}

// reportsOf lists the reports on a registration.
func (s *session) reportsOf(ctx context.Context, name string) ([]v1alpha1.FilingReport, error) {
	var reports []v1alpha1.FilingReport
	list := &v1alpha1.FilingReportList{}
	for {
		token := list.Continue
		list = &v1alpha1.FilingReportList{}
		err := s.List(ctx, list, client.InNamespace(s.namespace), client.MatchingFields{"spec.registrationRef.name": name}, client.Limit(chunk), client.Continue(token))
		if err != nil {
			return nil, fmt.Errorf("list the reports on ChinaAccountRegistration %s/%s: %w", s.namespace, name, err)
		}
		reports = append(reports, list.Items...)
		if list.Continue == "" {
			return reports, nil
		}
	}
}

// claimOf returns the claim that stands: an agent files from it, and has not said what
// came back.
func claimOf(reg *v1alpha1.ChinaAccountRegistration) (name string, stands bool) {
	filing := reg.Status.Filing
	if filing == nil || filing.ClaimName == "" || filing.FiledTime != nil {
		return "", false
	}
	return filing.ClaimName, true
}
