// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// active: the account exists. It is handed over, an agent may still correct its number,
// and its certificate and documents are seen to. All that is due now is a warning: the
// account can be used.
func (p *pass) active() {
	if a := p.view.Current; a != nil && a.State == StateActive {
		p.recordFiling(a)
		p.recordAccount(a)
	}
	if p.deleting() {
		return
	}
	p.handOver()
	p.renewal()
	p.retention()
}

// handOver keeps the account's ConfigMap as the registration is.
func (p *pass) handOver() {
	was, is := p.was.Account, p.status.Account
	switch {
	case is == nil:
	case was == nil || was.ID != is.ID:
		p.lookAgain() // recorded first
	case p.o.Outcome != nil && p.o.Outcome.Trouble != nil:
		p.troubled(p.o.Outcome.Trouble)
	case p.o.Outcome != nil && p.o.Outcome.Refusal != nil:
		p.require(v1alpha1.Requirement{
			Code: v1alpha1.RequirementAccountConfigMapNameTaken, Severity: v1alpha1.SeverityWarning,
			Awaiting: v1alpha1.PartyApplicant, Path: "metadata.name",
			Message: fmt.Sprintf("The ConfigMap %s, which would hand the account over, is another's. It is left alone: rename it or delete it, and this one is made.", p.reg.AccountConfigMapName()),
		})
		p.lookForMissing(p.since(v1alpha1.RequirementAccountConfigMapNameTaken))
	case p.o.Outcome != nil:
	case p.o.HandOver == HandOverDue:
		p.do(Effect{Kind: EffectHandOver})
	}
}

// heldPause is between two looks for documents that are still there. They cost a
// request each; whoever deleted them may ask for a refresh.
const heldPause = 24 * time.Hour

// heldDue tells whether to look which documents of an active account are still there,
// and whether to check the certificate: when spec changed, because it may be a new one.
func heldDue(r *v1alpha1.ChinaAccountRegistration, now time.Time) (held, certificate bool) {
	checked := r.Status.DocumentsCheckedTime
	changed := r.Generation != r.Status.ObservedGeneration || refreshRequested(r)
	switch {
	case !r.DeletionTimestamp.IsZero():
		return false, false
	case checked == nil:
		return true, changed // what was filed was checked before
	case changed:
		return true, true
	case now.Before(checked.Add(heldPause)):
		return false, false
	default:
		unfit := certificateFindings(r.Status.Requirements)
		return len(unfit) > 0 || hasRequirement(r.Status.Requirements, v1alpha1.RequirementDocumentsNoLongerNeeded), len(unfit) > 0
	}
}

// retention says which Secrets have outlived what they were for. None is deleted: the
// operator may not, and who may knows better what else they are for.
func (p *pass) retention() {
	held := p.o.Held
	switch {
	case p.was.Phase != v1alpha1.PhaseActive:
		p.lookAgain()
		return
	case held == nil:
		p.keep(v1alpha1.RequirementDocumentsNoLongerNeeded)
	default:
		now := p.now()
		p.status.DocumentsCheckedTime = &now
		p.requireDeletion(held.Secrets)
	}
	looksOn := p.requires(v1alpha1.RequirementDocumentsNoLongerNeeded) || len(certificateFindings(p.requirements)) > 0
	if checked := p.status.DocumentsCheckedTime; checked != nil && looksOn {
		p.lookAt(checked.Add(heldPause))
	}
}

func (p *pass) requireDeletion(secrets []string) {
	if len(secrets) == 0 {
		return
	}
	p.require(v1alpha1.Requirement{
		Code: v1alpha1.RequirementDocumentsNoLongerNeeded, Severity: v1alpha1.SeverityWarning,
		Awaiting: v1alpha1.PartyApplicant, Path: "spec.dossier",
		Message: "The account is active. Delete the Secrets with personal information that are not needed for it any more, also where they are synced from, unless you keep them for another reason; they are looked for once a day: " +
			strings.Join(secrets, ", ") + ".",
	})
}

// keep carries over what was due, where this step does not look.
func (p *pass) keep(code string) {
	for _, q := range p.was.Requirements {
		if q.Code == code {
			p.require(q)
		}
	}
}

// renewal says when a new certificate is due, and what is wrong with it. Nothing is filed.
func (p *pass) renewal() {
	if stage, expiry := p.certificateStage(); stage != nil {
		p.require(v1alpha1.Requirement{
			Code: v1alpha1.RequirementCertificateRenewalDue, Severity: v1alpha1.SeverityWarning,
			Awaiting: v1alpha1.PartyApplicant, Path: PathOfCertificate + ".expiryDate", DueTime: &metav1.Time{Time: expiry},
			Message: fmt.Sprintf("%s Put the renewed one's scan and expiry date in its place; it is checked, and nothing is filed.", p.certificateMessage(*stage)),
		})
	}
	switch held := p.o.Held; {
	case held != nil && held.CertificateChecked:
		for _, f := range held.Findings {
			p.require(v1alpha1.Requirement{
				Code: f.Code, Severity: v1alpha1.SeverityWarning, Awaiting: v1alpha1.PartyApplicant, Path: f.Path, Message: f.Message,
			})
		}
	case p.was.Phase == v1alpha1.PhaseActive:
		p.requirements = append(p.requirements, certificateFindings(p.was.Requirements)...)
	}
}

// PathOfCertificate is of all that a registration says of the business certificate.
const PathOfCertificate = "spec.dossier.documents.businessCertificate"

// certificateFindings are what preflight found wrong with an active account's certificate.
func certificateFindings(requirements []v1alpha1.Requirement) (findings []v1alpha1.Requirement) {
	for _, q := range requirements {
		if strings.HasPrefix(q.Path, PathOfCertificate) && q.Code != v1alpha1.RequirementCertificateRenewalDue {
			findings = append(findings, q)
		}
	}
	return findings
}
