// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

const (
	reportingController = v1alpha1.GroupName + "/operator"
	// maxNote: the API server drops events with longer notes.
	maxNote = 1024
	// maxEventPrefix leaves room for the hash in a name of 253.
	maxEventPrefix = 200
	// emitTimeout keeps an event that cannot be written from holding up the end of
	// the process.
	emitTimeout = 5 * time.Second
)

// Actions of events: what the operator did.
const (
	actionFollow  = "FollowRegistrar"
	actionRequire = "Require"
	actionRetain  = "RetainFiling"
	actionExpire  = "WatchCertificate"
)

// telling is one event in the making.
type telling struct {
	kind, reason, action, note string
	// identity makes the name: the same thing told again is the same event.
	identity []any
}

// tell writes one event for each phase that was reached and for each thing that
// somebody has to do now, and one line of the log for each phase. Events are best
// effort; status.history is the record.
func (r *RegistrationReconciler) tell(ctx context.Context, before, reg *v1alpha1.ChinaAccountRegistration) {
	log := ctrl.LoggerFrom(ctx)
	for _, entry := range newHistory(before, reg) {
		log.Info("Reached a phase", "phase", entry.Phase, "attempt", entry.Attempt, "reason", entry.Reason)
		if entry.Phase == v1alpha1.PhasePending {
			continue // nothing happened yet: what is due is told below
		}
		kind := corev1.EventTypeNormal
		if entry.Phase == v1alpha1.PhaseRejected {
			kind = corev1.EventTypeWarning
		}
		r.emit(ctx, reg, telling{
			kind: kind, reason: string(entry.Phase), action: actionFollow,
			note:     transitionNote(reg, entry),
			identity: []any{entry.Attempt, entry.Phase, entry.Time.Unix()},
		})
	}
	if c := newCertificateStage(before, reg); c != nil {
		r.tellCertificate(ctx, reg, c)
	}
	for _, q := range newRequirements(before, reg) {
		r.emit(ctx, reg, telling{
			kind: eventType(q), reason: q.Code, action: actionRequire,
			note:     strings.TrimPrefix(q.Path+": "+q.Message, ": "),
			identity: []any{q.Code, q.Path, q.Awaiting, q.SinceTime.Unix()},
		})
	}
}

// tellRetained says that a deleted registration's filing and account stay. One that
// was withdrawn first leaves nothing.
func (r *RegistrationReconciler) tellRetained(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) {
	withdrawn := reg.Spec.DeletionPolicy == v1alpha1.DeletionWithdraw && reg.Status.Phase == v1alpha1.PhaseRejected
	if reg.Status.Filing == nil || withdrawn {
		return
	}
	reason, note := "FilingRetained", fmt.Sprintf("The registration is deleted; attempt %d at the registrar stays as it is.", reg.Status.Filing.Attempt)
	if reg.Status.Phase == v1alpha1.PhaseActive {
		reason, note = "AccountRetained", "The registration is deleted; the account stays as it is. An account is never closed from here."
	}
	r.emit(ctx, reg, telling{kind: corev1.EventTypeNormal, reason: reason, action: actionRetain, note: note, identity: []any{"retained"}})
}

// tellCertificate says that an active account's certificate comes nearer to its end, or
// was renewed.
func (r *RegistrationReconciler) tellCertificate(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, c *metav1.Condition) {
	kind := corev1.EventTypeWarning
	if c.Reason == v1alpha1.ReasonCurrent || c.Reason == v1alpha1.ReasonLongTerm {
		kind = corev1.EventTypeNormal
	}
	r.emit(ctx, reg, telling{
		kind: kind, reason: "Certificate" + c.Reason, action: actionExpire, note: c.Message,
		identity: []any{"certificate", c.Reason, reg.Spec.Dossier.Documents.BusinessCertificate.ExpiryDate},
	})
}

// newCertificateStage is the condition of an active account's certificate where it says
// something new. What is unfit about a renewed one is told as what is due.
func newCertificateStage(before, reg *v1alpha1.ChinaAccountRegistration) *metav1.Condition {
	is := meta.FindStatusCondition(reg.Status.Conditions, v1alpha1.ConditionCertificateCurrent)
	if is == nil || reg.Status.Phase != v1alpha1.PhaseActive {
		return nil
	}
	was := meta.FindStatusCondition(before.Status.Conditions, v1alpha1.ConditionCertificateCurrent)
	isNew := before.Status.Phase == v1alpha1.PhaseActive && was != nil
	switch is.Reason {
	case v1alpha1.ReasonCurrent, v1alpha1.ReasonLongTerm:
		if !isNew || was.Reason == is.Reason {
			return nil
		}
	case v1alpha1.ReasonExpiresIn90Days, v1alpha1.ReasonExpiresIn30Days, v1alpha1.ReasonExpiresIn7Days, v1alpha1.ReasonExpired:
		if isNew && was.Reason == is.Reason && was.Message == is.Message {
			return nil
		}
	default:
		return nil
	}
	return is
}

// transitionNote tells what happened in the words of the field.
func transitionNote(reg *v1alpha1.ChinaAccountRegistration, entry v1alpha1.HistoryEntry) string {
	note := fmt.Sprintf("Attempt %d %s.", entry.Attempt, happened(entry))
	switch entry.Reason {
	case v1alpha1.ReasonAdopted:
		note = "Joined a filing that exists already. " + note
	case v1alpha1.ReasonReopened:
		note = "The registrar took the attempt up again. " + note
	}
	switch {
	case entry.Phase == v1alpha1.PhaseActive && reg.Status.Account != nil:
		note += fmt.Sprintf(" The account's id is %s; ConfigMap %s hands it over.", reg.Status.Account.ID, reg.AccountConfigMapName())
	case entry.Reason == v1alpha1.FindingWithdrawn || entry.Reason == v1alpha1.FindingSignUpExpired:
		// That is all there is to say.
	case entry.Phase == v1alpha1.PhaseRejected && reg.Status.Rejection != nil:
		for _, f := range reg.Status.Rejection.Findings {
			note += fmt.Sprintf(" %s: %s", strings.TrimSpace(f.Code+" "+f.Path), f.Message)
		}
	case entry.Phase == v1alpha1.PhaseSubmitted && reg.Status.Filing != nil && reg.Status.Filing.DueTime != nil:
		note += " The decision is due by " + reg.Status.Filing.DueTime.In(businessday.Shanghai).Format("2006-01-02 15:04 GMT+8") + "."
	}
	return note
}

func happened(entry v1alpha1.HistoryEntry) string {
	switch entry.Phase {
	case v1alpha1.PhaseSubmitted:
		return "is filed"
	case v1alpha1.PhaseUnderReview:
		return "is under review"
	case v1alpha1.PhaseVerified:
		return "is verified; the sign-up is to be completed"
	case v1alpha1.PhaseActive:
		return "is active"
	default:
	}
	switch entry.Reason {
	case v1alpha1.FindingWithdrawn:
		return "is withdrawn"
	case v1alpha1.FindingSignUpExpired:
		return "is over: the sign-up was not completed in time"
	case v1alpha1.ReasonRejectedFinally:
		return "is rejected, and the registrar takes no other"
	default:
		return "is rejected"
	}
}

func newHistory(before, reg *v1alpha1.ChinaAccountRegistration) []v1alpha1.HistoryEntry {
	known := map[v1alpha1.HistoryEntry]bool{}
	for _, entry := range before.Status.History {
		entry.Time = metav1.Unix(entry.Time.Unix(), 0)
		known[entry] = true
	}
	var fresh []v1alpha1.HistoryEntry
	for _, entry := range reg.Status.History {
		entry.Time = metav1.Unix(entry.Time.Unix(), 0)
		if !known[entry] {
			fresh = append(fresh, entry)
		}
	}
	return fresh
}

// newRequirements are those that somebody but the registrar has to see to.
func newRequirements(before, reg *v1alpha1.ChinaAccountRegistration) []v1alpha1.Requirement {
	type name struct {
		code, path string
		awaiting   v1alpha1.Party
	}
	known := map[name]bool{}
	for _, q := range before.Status.Requirements {
		known[name{q.Code, q.Path, q.Awaiting}] = true
	}
	var fresh []v1alpha1.Requirement
	for _, q := range reg.Status.Requirements {
		if !belongsToTheLife(q.Code) && !known[name{q.Code, q.Path, q.Awaiting}] {
			fresh = append(fresh, q)
		}
	}
	return fresh
}

// belongsToTheLife: it follows from the phase or from a condition, which is told.
func belongsToTheLife(code string) bool {
	switch code {
	case v1alpha1.RequirementDecision, v1alpha1.RequirementFirstContact, v1alpha1.RequirementDossierUnchanged,
		v1alpha1.RequirementCertificateRenewalDue, v1alpha1.RequirementDocumentsNoLongerNeeded:
		return true
	default:
		return false
	}
}

// eventType: what belongs to every life is Normal; what went wrong is a Warning.
func eventType(q v1alpha1.Requirement) string {
	switch q.Code {
	case v1alpha1.RequirementEmailCode, v1alpha1.RequirementPhoneCode, v1alpha1.RequirementSupportPlan,
		v1alpha1.RequirementDocuments, v1alpha1.RequirementFileByHand, v1alpha1.RequirementWithdrawByHand,
		v1alpha1.RequirementResubmission:
		return corev1.EventTypeNormal
	default:
		return corev1.EventTypeWarning
	}
}

func (r *RegistrationReconciler) emit(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, t telling) {
	event := &eventsv1.Event{
		ObjectMeta:          metav1.ObjectMeta{Namespace: reg.Namespace, Name: eventName(reg, t.identity)},
		EventTime:           metav1.NewMicroTime(r.Clock.Now()),
		ReportingController: reportingController,
		ReportingInstance:   r.Instance,
		Type:                t.kind,
		Reason:              t.reason,
		Action:              t.action,
		Note:                text.Cut(t.note, maxNote),
		Regarding: corev1.ObjectReference{
			APIVersion: v1alpha1.GroupVersion.String(), Kind: "ChinaAccountRegistration",
			Namespace: reg.Namespace, Name: reg.Name, UID: reg.UID, ResourceVersion: reg.ResourceVersion,
		},
	}
	// What is recorded is told, also while the process ends.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), emitTimeout)
	defer cancel()
	if err := r.Direct.Create(ctx, event); err != nil && !apierrors.IsAlreadyExists(err) {
		ctrl.LoggerFrom(ctx).V(1).Info("An event was not written", "reason", t.reason, "error", err.Error())
	}
}

// eventName is the same for the same thing, so that nothing is told twice.
func eventName(reg *v1alpha1.ChinaAccountRegistration, identity []any) string {
	h := fnv.New64a()
	_, _ = fmt.Fprintln(h, append([]any{reg.UID}, identity...)...)
	prefix := strings.TrimRight(reg.Name[:min(len(reg.Name), maxEventPrefix)], ".-")
	return fmt.Sprintf("%s.%016x", prefix, h.Sum64())
}
