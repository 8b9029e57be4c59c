// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lives

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// AgentName is the user that reports.
const AgentName = "agent-zhang"

// AccountID is what agents report.
const AccountID = "123456789012"

// agent claims, files and reports what came back, one thing at a time.
func (p *People) agent(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	filing := reg.Status.Filing
	switch {
	case p.awaitsAgent(reg, v1alpha1.RequirementFileByHand) && (filing == nil || filing.ClaimName == "" || filing.FiledTime != nil):
		attempt := int32(1)
		if filing != nil {
			attempt = filing.Attempt
			if filing.FiledTime != nil {
				attempt++
			}
		}
		return p.claim(ctx, attempt)
	case p.awaitsAgent(reg, v1alpha1.RequirementWithdrawByHand):
		return p.report(ctx, filing, v1alpha1.ReportWithdrawn, nil)
	case filing == nil || filing.ClaimName == "":
		return nil
	case filing.FiledTime == nil:
		return p.fileByHand(ctx, filing)
	default:
		return p.followByHand(ctx, reg)
	}
}

// fileByHand types the dossier into the web form once the claim is accepted, as an
// agent does who reads the claim's digest, and reports that.
func (p *People) fileByHand(ctx context.Context, filing *v1alpha1.Filing) error {
	claim := &v1alpha1.FilingReport{}
	if err := p.Client.Get(ctx, client.ObjectKey{Namespace: p.Namespace, Name: filing.ClaimName}, claim); err != nil {
		return err
	}
	if !meta.IsStatusConditionTrue(claim.Status.Conditions, v1alpha1.ConditionAccepted) {
		return nil
	}
	if len(p.filed[filing.Attempt]) == 0 {
		p.filed[filing.Attempt] = append(p.filed[filing.Attempt], claim.Status.Digest)
	}
	return p.report(ctx, filing, v1alpha1.ReportSubmitted, nil)
}

// followByHand reports the registrar's next word once the last one is recorded.
func (p *People) followByHand(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	filing := reg.Status.Filing
	switch reg.Status.Phase {
	case v1alpha1.PhaseSubmitted:
		if p.habits.rejectedByHand && filing.Attempt == 1 {
			return p.report(ctx, filing, v1alpha1.ReportRejected, func(s *v1alpha1.FilingReportSpec) {
				s.Findings = []v1alpha1.Finding{{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "It is not the certificate's."}}
			})
		}
		return p.report(ctx, filing, v1alpha1.ReportUnderReview, nil)
	case v1alpha1.PhaseUnderReview:
		if p.habits.withdraws && filing.Attempt == 1 {
			return nil
		}
		return p.report(ctx, filing, v1alpha1.ReportVerified, func(s *v1alpha1.FilingReportSpec) {
			s.Challenges = []v1alpha1.ReportedChallenge{{ID: "phone-1", Type: v1alpha1.ChallengePhoneCode}}
		})
	case v1alpha1.PhaseVerified:
		if !p.awaitsAgent(reg, v1alpha1.RequirementPhoneCode) {
			return nil
		}
		return p.report(ctx, filing, v1alpha1.ReportActive, func(s *v1alpha1.FilingReportSpec) { s.AccountID = AccountID })
	default:
		return nil
	}
}

// claim asks for an attempt, again under another name where the last claim was refused.
func (p *People) claim(ctx context.Context, attempt int32) error {
	for i := 1; ; i++ {
		name := fmt.Sprintf("%s-%d-claimed-%d", p.Name, attempt, i)
		claim := &v1alpha1.FilingReport{}
		err := p.Client.Get(ctx, client.ObjectKey{Namespace: p.Namespace, Name: name}, claim)
		if apierrors.IsNotFound(err) {
			return p.create(ctx, name, v1alpha1.FilingReportSpec{Attempt: attempt, Type: v1alpha1.ReportClaimed})
		}
		if err != nil || !meta.IsStatusConditionFalse(claim.Status.Conditions, v1alpha1.ConditionAccepted) {
			return err
		}
	}
}

// report says one thing about a claimed attempt once: its name tells what.
func (p *People) report(ctx context.Context, filing *v1alpha1.Filing, kind v1alpha1.FilingReportType, change func(*v1alpha1.FilingReportSpec)) error {
	spec := v1alpha1.FilingReportSpec{Attempt: filing.Attempt, Type: kind, ClaimName: filing.ClaimName}
	if change != nil {
		change(&spec)
	}
	return p.create(ctx, fmt.Sprintf("%s-%d-%s", p.Name, filing.Attempt, strings.ToLower(string(kind))), spec)
}

func (p *People) create(ctx context.Context, name string, spec v1alpha1.FilingReportSpec) error {
	spec.RegistrationRef.Name, spec.FilingKey, spec.ReportedBy = p.Name, p.Key(), AgentName
	report := &v1alpha1.FilingReport{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: name}, Spec: spec}
	if err := client.IgnoreAlreadyExists(p.Client.Create(ctx, report)); err != nil {
		return fmt.Errorf("report %s of %s: %w", spec.Type, p.Name, err)
	}
	return nil
}
func (p *People) awaitsAgent(reg *v1alpha1.ChinaAccountRegistration, code string) bool {
	return slices.ContainsFunc(reg.Status.Requirements, func(q v1alpha1.Requirement) bool {
		return q.Code == code && q.Awaiting == v1alpha1.PartyAgent
	})
}
