// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// canonical names a world up to what no rule depends on: times, messages, and by how
// much a revision is ahead.
func (w *world) canonical() string {
	var b strings.Builder
	w.writeSpec(&b)
	w.writeStatus(&b)
	w.writeRegistrar(&b)
	for _, r := range w.reports {
		judged := "?"
		if c := meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted); c != nil {
			judged = string(c.Status)
		}
		fmt.Fprint(&b, "|", r.Spec.Type, r.Spec.Attempt, w.indexOf(r.Spec.ClaimName), judged, r.Status.Digest)
	}
	return b.String()
}

// indexOf names a report by its place, because names are never used again.
func (w *world) indexOf(report string) int {
	return slices.IndexFunc(w.reports, func(r v1alpha1.FilingReport) bool { return r.Name == report })
}

func (w *world) writeSpec(b *strings.Builder) {
	s := &w.reg.Spec
	fmt.Fprint(b, w.gone, w.reg.UID, s.Suspend, number(s.ResubmitAfterAttempt), number(s.WithdrawAttempt), s.DeletionPolicy,
		!w.reg.DeletionTimestamp.IsZero(), refreshRequested(w.reg), len(w.reg.Finalizers),
		w.keyLost, w.object.Found, w.object.Ready, w.object.AllowsNamespace, w.dossier.Digest, len(w.dossier.Missing), len(w.dossier.Findings))
	for _, id := range []string{"phone-1", "plan-1", "documents-1", "novel-1"} {
		fmt.Fprint(b, w.answers[id].Digest, ";")
	}
}

func (w *world) writeStatus(b *strings.Builder) {
	s := &w.reg.Status
	fmt.Fprint(b, "|", s.Phase, s.DossierLock, s.Awaiting, s.RefusedDigest, s.LastHandledRefreshRequest != "")
	if f := s.Filing; f != nil {
		fmt.Fprint(b, "|", f.Attempt, f.Digest, f.FiledTime != nil, f.ClaimName != "", w.indexOf(f.ClaimName), f.Answers, w.revisionOf(f))
	}
	for _, q := range s.Requirements {
		fmt.Fprint(b, "|", q.Code, q.Awaiting, q.Severity)
	}
	if r := s.Rejection; r != nil {
		fmt.Fprint(b, "|", r.Final, len(r.Findings))
	}
	if n := len(s.History); n > 0 {
		fmt.Fprint(b, "|", s.History[n-1].Attempt)
	}
	for _, c := range s.Conditions {
		fmt.Fprint(b, c.Type[:3], c.Status[:1], c.Reason)
	}
}

// revisionOf tells how the recorded revision compares with what there is.
func (w *world) revisionOf(f *v1alpha1.Filing) int {
	a := w.registrar.attempt(f.Attempt)
	if w.byHand() || a == nil || f.FiledTime == nil {
		return 0
	}
	return cmp.Compare(f.Revision, a.Revision)
}

func (w *world) writeRegistrar(b *strings.Builder) {
	m := w.registrar
	fmt.Fprint(b, "|", m.owner, len(m.forgotten))
	for _, a := range m.attempts {
		fmt.Fprint(b, a.Number, a.State, a.Final, a.Digest)
		for _, c := range a.Challenges {
			fmt.Fprint(b, c.ID)
		}
	}
	if m.refusal != nil {
		fmt.Fprint(b, "refuses", m.refusal.Reason)
	}
	if m.late != nil {
		fmt.Fprint(b, "late", m.late.Attempt, m.late.Digest)
	}
}

func number(n *int32) int32 {
	if n == nil {
		return 0
	}
	return *n
}
