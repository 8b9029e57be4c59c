// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// name is written without fmt, because there are a million of them.
type name []byte

func (n *name) put(parts ...any) {
	for _, part := range parts {
		switch v := part.(type) {
		case string:
			*n = append(*n, v...)
		case bool:
			*n = strconv.AppendBool(*n, v)
		case int:
			*n = strconv.AppendInt(*n, int64(v), 10)
		case int32:
			*n = strconv.AppendInt(*n, int64(v), 10)
		default:
			*n = fmt.Append(*n, v)
		}
		*n = append(*n, ',')
	}
}

// canonical names a world up to what no rule depends on: times until a decision is overdue, messages,
// and by how much a revision is ahead.
func (w *world) canonical() string {
	b := make(name, 0, 1024)
	w.writeSpec(&b)
	w.writeStatus(&b)
	w.writeRegistrar(&b)
	for _, r := range w.reports {
		judged := "?"
		if c := meta.FindStatusCondition(r.Status.Conditions, v1alpha1.ConditionAccepted); c != nil {
			judged = string(c.Status)
		}
		b.put("|", string(r.Spec.Type), r.Spec.Attempt, w.indexOf(r.Spec.ClaimName), judged, r.Status.Digest)
	}
	return string(b)
}

// indexOf names a report by its place, because names are never used again.
func (w *world) indexOf(report string) int {
	return slices.IndexFunc(w.reports, func(r v1alpha1.FilingReport) bool { return r.Name == report })
}

func (w *world) writeSpec(b *name) {
	s := &w.reg.Spec
	b.put(w.refused, w.now.After(later), w.gone, string(w.reg.UID), s.Suspend, number(s.ResubmitAfterAttempt), number(s.WithdrawAttempt), string(s.DeletionPolicy),
		!w.reg.DeletionTimestamp.IsZero(), refreshRequested(w.reg), len(w.reg.Finalizers),
		w.keyLost, w.object.Found, w.object.Ready, w.object.AllowsNamespace, w.dossier.Digest, len(w.dossier.Missing), len(w.dossier.Findings))
	b.put(w.handedOver.ID, w.nameTaken, w.reg.Generation != w.reg.Status.ObservedGeneration, w.reg.Status.DocumentsCheckedTime != nil)
	for _, id := range []string{"phone-1", "plan-1", "documents-1", "novel-1"} {
		b.put(w.answers[id].Digest, ";")
	}
}

func (w *world) writeStatus(b *name) {
	s := &w.reg.Status
	b.put("|", string(s.Phase), string(s.DossierLock), string(s.Awaiting), s.RefusedDigest, s.LastHandledRefreshRequest != "")
	if f := s.Filing; f != nil {
		b.put("|", f.Attempt, f.Digest, f.FiledTime != nil, f.ClaimName != "", w.indexOf(f.ClaimName), w.revisionOf(f))
		for _, a := range f.Answers {
			b.put(a.ChallengeID, a.Digest)
		}
	}
	for _, q := range s.Requirements {
		b.put("|", q.Code, string(q.Awaiting), string(q.Severity))
	}
	if r := s.Rejection; r != nil {
		b.put("|", r.Final, len(r.Findings))
	}
	if n := len(s.History); n > 0 {
		b.put("|", s.History[n-1].Attempt)
	}
	for _, c := range s.Conditions {
		b.put(c.Type[:3], string(c.Status[:1]), c.Reason)
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

func (w *world) writeRegistrar(b *name) {
	m := w.registrar
	b.put("|", m.owner, len(m.forgotten))
	for _, a := range m.attempts {
		b.put(a.Number, string(a.State), a.Final, a.Digest)
		for _, c := range a.Challenges {
			b.put(c.ID)
		}
	}
	if m.refusal != nil {
		b.put("refuses", string(m.refusal.Reason))
	}
	if m.late != nil {
		b.put("late", m.late.Attempt, m.late.Digest)
	}
}

func number(n *int32) int32 {
	if n == nil {
		return 0
	}
	return *n
}
