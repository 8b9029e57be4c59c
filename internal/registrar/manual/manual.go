// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package manual is the way by hand: an agent files, and reports with FilingReports
// what came back. It reads reports, takes claims and writes down how reports were
// judged.
//
// It judges nothing itself, and it asks no registrar: what reports mean is lifecycle's.
package manual

import (
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar/words"
)

// Selectable fields of FilingReport, which the API server filters by.
const (
	fieldRegistration = "spec.registrationRef.name"
	fieldKey          = "spec.filingKey"
)

// Desk is where agents' reports arrive.
type Desk struct {
	// Reader is live, never a cache: a claim is judged by all that was said before.
	Reader client.Reader
	Writer client.StatusClient
}

// Reports returns the reports about a registration and those under its filing key,
// whoever they name. An agent's words are made fit to be shown, as a gateway's are.
func (d *Desk) Reports(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, key string) ([]v1alpha1.FilingReport, error) {
	var reports []v1alpha1.FilingReport
	cleaner := words.Of(&reg.Spec.Dossier)
	for _, by := range []client.MatchingFields{{fieldRegistration: reg.Name}, {fieldKey: key}} {
		list := &v1alpha1.FilingReportList{}
		if err := d.Reader.List(ctx, list, client.InNamespace(reg.Namespace), by); err != nil {
			return nil, fmt.Errorf("list FilingReports in %s: %w", reg.Namespace, err)
		}
		for _, report := range list.Items {
			if !slices.ContainsFunc(reports, func(r v1alpha1.FilingReport) bool { return r.UID == report.UID }) {
				clean(&report.Spec, cleaner)
				reports = append(reports, report)
			}
		}
	}
	return reports, nil
}

func clean(said *v1alpha1.FilingReportSpec, cleaner words.Cleaner) {
	said.Findings, _ = cleaner.Findings(said.Findings) // the schema has no more than fit
	said.Reference = cleaner.Reference(said.Reference)
	for i := range said.Challenges {
		said.Challenges[i].Message = cleaner.Message(said.Challenges[i].Message)
	}
}

// Take accepts a claim: the agent files exactly the content of that digest, from
// these versions of its Secrets. A claim that was taken stays as it was taken; one
// that is gone or was refused is an error.
func (d *Desk) Take(ctx context.Context, namespace, claim, digest string, versions []v1alpha1.SecretVersion) error {
	return d.write(ctx, namespace, claim, func(report *v1alpha1.FilingReport) error {
		if judged := meta.FindStatusCondition(report.Status.Conditions, v1alpha1.ConditionAccepted); judged != nil {
			if judged.Status == metav1.ConditionTrue {
				return nil
			}
			return fmt.Errorf("take claim %s/%s: it was refused (%s)", namespace, claim, judged.Reason)
		}
		report.Status.Digest, report.Status.SecretVersions = digest, versions
		setAccepted(report, true, v1alpha1.ReportReasonAccepted, "The dossier is locked: file it, and report what came back.")
		return nil
	})
}

// Judge writes a verdict on a report that has none. A report that is gone needs none.
func (d *Desk) Judge(ctx context.Context, namespace string, v lifecycle.Verdict) error {
	err := d.write(ctx, namespace, v.Name, func(report *v1alpha1.FilingReport) error {
		if meta.FindStatusCondition(report.Status.Conditions, v1alpha1.ConditionAccepted) == nil {
			setAccepted(report, v.Accepted, v.Reason, v.Message)
		}
		return nil
	})
	return client.IgnoreNotFound(err)
}

// write patches a report's status if change changes it.
func (d *Desk) write(ctx context.Context, namespace, name string, change func(*v1alpha1.FilingReport) error) error {
	report := &v1alpha1.FilingReport{}
	if err := d.Reader.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, report); err != nil {
		if apierrors.IsNotFound(err) {
			return err
		}
		return fmt.Errorf("read FilingReport %s/%s: %w", namespace, name, err)
	}
	before := report.DeepCopy()
	if err := change(report); err != nil {
		return err
	}
	if report.Status.ObservedGeneration == report.Generation {
		return nil
	}
	report.Status.ObservedGeneration = report.Generation
	patch := client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})
	if err := d.Writer.Status().Patch(ctx, report, patch); err != nil {
		return fmt.Errorf("judge FilingReport %s/%s: %w", namespace, name, err)
	}
	return nil
}

func setAccepted(report *v1alpha1.FilingReport, accepted bool, reason, message string) {
	status := metav1.ConditionFalse
	if accepted {
		status = metav1.ConditionTrue
	}
	meta.SetStatusCondition(&report.Status.Conditions, metav1.Condition{
		Type: v1alpha1.ConditionAccepted, Status: status, Reason: reason, Message: message, ObservedGeneration: report.Generation,
	})
}
