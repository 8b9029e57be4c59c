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

// active: the account exists. An agent may still correct its number; apart from
// that only the certificate moves.
func (p *pass) active() {
	if a := p.view.Current; a != nil && a.State == StateActive {
		p.recordFiling(a)
		p.recordAccount(a)
	}
}

// certificate tells how the business certificate stands, and looks again when that changes.
func (p *pass) certificate() metav1.Condition {
	c := metav1.Condition{Type: v1alpha1.ConditionCertificateCurrent, Status: metav1.ConditionTrue}
	certificate := p.reg.Spec.Dossier.Documents.BusinessCertificate
	date := certificate.ExpiryDate
	notice, end, err := certificate.Validity()
	switch {
	case err != nil:
		c.Status, c.Reason, c.Message = metav1.ConditionUnknown, v1alpha1.ReasonNotChecked, "The expiry date is no date."
	case end.IsZero():
		c.Reason, c.Message = v1alpha1.ReasonLongTerm, "The certificate is long-term (长期)."
	case !p.o.Now.Before(end):
		c.Status, c.Reason = metav1.ConditionFalse, v1alpha1.ReasonExpired
		c.Message = fmt.Sprintf("The certificate expired on %s.", date)
	case !p.o.Now.Before(notice):
		c.Reason, c.Message = v1alpha1.ReasonExpiresSoon, fmt.Sprintf("The certificate expires on %s.", date)
		p.lookAtCertificate(end)
	default:
		c.Reason, c.Message = v1alpha1.ReasonCurrent, fmt.Sprintf("The certificate is valid until %s.", date)
		p.lookAtCertificate(notice)
	}
	return c
}

// lookAtCertificate: after a final rejection no certificate matters any more.
func (p *pass) lookAtCertificate(t time.Time) {
	if p.status.Phase == v1alpha1.PhaseActive || !p.isOver() {
		p.lookAt(t)
	}
}

// keepCondition returns a condition as it was, or unknown.
func (p *pass) keepCondition(kind string) metav1.Condition {
	if c := meta.FindStatusCondition(p.was.Conditions, kind); c != nil {
		return *c
	}
	return metav1.Condition{Type: kind, Status: metav1.ConditionUnknown, Reason: v1alpha1.ReasonNotChecked, Message: "Not checked yet."}
}
