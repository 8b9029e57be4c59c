// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// certificateStage is one step of a certificate towards its end.
type certificateStage struct {
	// daysBefore its last day this stage begins; -1 is the end.
	daysBefore int
	reason     string
}

// certificateStages: a renewal at the market regulator takes weeks, so that the first
// word comes early.
var certificateStages = []certificateStage{
	{90, v1alpha1.ReasonExpiresIn90Days},
	{30, v1alpha1.ReasonExpiresIn30Days},
	{7, v1alpha1.ReasonExpiresIn7Days},
	{-1, v1alpha1.ReasonExpired},
}

// certificateStage returns how near its end the certificate is, and the end; nil where
// there is no need to speak of it. It looks again when that changes.
func (p *pass) certificateStage() (stage *certificateStage, end time.Time) {
	valid, err := p.reg.Spec.Dossier.Documents.BusinessCertificate.Validity()
	if err != nil || valid.IsLongTerm() {
		return nil, time.Time{}
	}
	for i := range certificateStages {
		begins := valid.DaysBefore(certificateStages[i].daysBefore)
		if p.o.Now.Before(begins) {
			p.lookAtCertificate(begins)
			break
		}
		stage = &certificateStages[i]
	}
	return stage, valid.End()
}

// lookAtCertificate: after a final rejection no certificate matters any more.
func (p *pass) lookAtCertificate(t time.Time) {
	if p.status.Phase == v1alpha1.PhaseActive || !p.isOver() {
		p.lookAt(t)
	}
}

func (p *pass) certificateMessage(stage certificateStage) string {
	date := p.reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate
	if stage.reason == v1alpha1.ReasonExpired {
		return fmt.Sprintf("The certificate expired on %s.", date)
	}
	return fmt.Sprintf("The certificate expires on %s.", date)
}

// certificate tells how the business certificate stands.
func (p *pass) certificate() metav1.Condition {
	c := metav1.Condition{Type: v1alpha1.ConditionCertificateCurrent, Status: metav1.ConditionTrue}
	certificate := p.reg.Spec.Dossier.Documents.BusinessCertificate
	valid, err := certificate.Validity()
	stage, _ := p.certificateStage()
	switch {
	case err != nil:
		c.Status, c.Reason, c.Message = metav1.ConditionUnknown, v1alpha1.ReasonNotChecked, "The expiry date is no date."
	case stage != nil && stage.reason == v1alpha1.ReasonExpired:
		c.Status, c.Reason, c.Message = metav1.ConditionFalse, stage.reason, p.certificateMessage(*stage)
	case p.renewedUnfit() != "":
		c.Status, c.Reason, c.Message = metav1.ConditionFalse, v1alpha1.ReasonPreflightFailed, p.renewedUnfit()
	case stage != nil:
		c.Reason, c.Message = stage.reason, p.certificateMessage(*stage)
	case valid.IsLongTerm():
		c.Reason, c.Message = v1alpha1.ReasonLongTerm, "The certificate is long-term (长期)."
	default:
		c.Reason, c.Message = v1alpha1.ReasonCurrent, fmt.Sprintf("The certificate is valid until %s.", certificate.ExpiryDate)
	}
	return c
}

// renewedUnfit is what preflight found first in the certificate of an active account.
func (p *pass) renewedUnfit() string {
	if p.status.Phase != v1alpha1.PhaseActive {
		return ""
	}
	for _, q := range certificateFindings(p.requirements) {
		return q.Message
	}
	return ""
}

// keepCondition returns a condition as it was, or unknown.
func (p *pass) keepCondition(kind string) metav1.Condition {
	if c := meta.FindStatusCondition(p.was.Conditions, kind); c != nil {
		return *c
	}
	return metav1.Condition{Type: kind, Status: metav1.ConditionUnknown, Reason: v1alpha1.ReasonNotChecked, Message: "Not checked yet."}
}
