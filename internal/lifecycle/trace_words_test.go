// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

// tell writes what a pass observed, decided and did; nothing if nothing changed.
func (t *tracer) tell(before *v1alpha1.ChinaAccountRegistration, s step) {
	was, is := &before.Status, &s.final.Status
	lines := slices.Concat(toldPhase(was, is), toldFiling(was, is), toldReports(s), toldRequirements(was, is), toldCertificate(was, is), toldReady(was, is))
	if len(lines) == 0 && s.outcome == nil {
		t.quiet++
		return
	}
	t.flushQuiet()
	t.say("observed", "%s", strings.Join(observed(s.observed, is), "; "))
	if s.outcome != nil {
		t.say("did", "%s", toldEffect(s))
	}
	who := "decided"
	for _, line := range append(lines, t.toldNext(s.final.NextLook)) {
		t.say(who, "%s", line)
		who = ""
	}
}

func observed(o Observation, is *v1alpha1.ChinaAccountRegistrationStatus) (seen []string) {
	v := o.View
	switch {
	case !o.Registrar.Found:
		seen = append(seen, "there is no Registrar object")
	case v.Trouble != nil:
		seen = append(seen, "the registrar cannot be asked")
	case v.OtherOwner:
		seen = append(seen, "the e-mail address has a filing of somebody else")
	case v.Newest != nil:
		seen = append(seen, "the registrar has a filing of ours: "+attemptInWords(v.Newest))
	case v.Current != nil:
		seen = append(seen, "the registrar says: "+attemptInWords(v.Current))
	case o.Registrar.Type == v1alpha1.RegistrarGateway && is.Phase != v1alpha1.PhaseActive:
		seen = append(seen, "the registrar knows no such filing")
	}
	if d := o.Dossier; d != nil {
		switch {
		case d.passes():
			seen = append(seen, "the dossier passes preflight")
		case len(d.Missing) > 0:
			seen = append(seen, "the dossier is not complete")
		default:
			seen = append(seen, "the dossier has findings")
		}
	}
	for _, id := range []string{"mail-1", "phone-1", "plan-1", "documents-1"} {
		if o.Answers[id].Digest != "" {
			seen = append(seen, "the answer to "+id+" is there")
		}
	}
	for _, r := range v.Reports {
		if len(r.Status.Conditions) == 0 {
			seen = append(seen, fmt.Sprintf("%s says %s of attempt %d", r.Name, r.Spec.Type, r.Spec.Attempt))
		}
	}
	if len(seen) == 0 {
		seen = append(seen, "nothing new")
	}
	if o.Registration.Spec.Suspend {
		seen = append(seen, "spec.suspend is true")
	}
	return seen
}

func attemptInWords(a *Attempt) string {
	words := fmt.Sprintf("attempt %d is %s", a.Number, a.State)
	if a.Final {
		words += ", finally"
	}
	for _, c := range a.Challenges {
		words += fmt.Sprintf(", asks for %s (%s)", c.Type, c.ID)
		if c.TriesLeft != nil {
			words += fmt.Sprintf(", %d tries left", *c.TriesLeft)
		}
	}
	return words
}

func toldEffect(s step) string {
	e := s.planned.Effect
	what := fmt.Sprintf("%s attempt %d", strings.ToLower(string(e.Kind)), e.Attempt)
	switch {
	case e.ClaimName != "":
		what = fmt.Sprintf("accept the claim %s of attempt %d", e.ClaimName, e.Attempt)
	case e.Kind == EffectHandOver:
		what = "write the ConfigMap acme-account"
	case e.Kind == EffectAnswer:
		what = fmt.Sprintf("answer %s of attempt %d", e.ChallengeID, e.Attempt)
	}
	switch out := s.outcome; {
	case out.Trouble != nil:
		return what + " — whether it arrived is not known"
	case out.Refusal != nil:
		return fmt.Sprintf("%s — the registrar refuses: %s", what, out.Refusal.Reason)
	case out.Attempt != nil:
		return what + " — the registrar answers: " + attemptInWords(out.Attempt)
	default:
		return what
	}
}

func toldPhase(was, is *v1alpha1.ChinaAccountRegistrationStatus) (lines []string) {
	for _, h := range is.History[min(len(was.History), len(is.History)):] {
		from := string(was.Phase)
		if from == "" {
			from = "(new)"
		}
		line := fmt.Sprintf("%s → %s", from, h.Phase)
		if h.Reason != string(h.Phase) {
			line += " (" + h.Reason + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

func toldFiling(was, is *v1alpha1.ChinaAccountRegistrationStatus) (lines []string) {
	open := is.Filing != nil && is.Filing.FiledTime == nil
	wasOpen := was.Filing != nil && was.Filing.FiledTime == nil
	switch {
	case open && (!wasOpen || was.Filing.Attempt != is.Filing.Attempt):
		lines = append(lines, fmt.Sprintf("records the intent to file attempt %d", is.Filing.Attempt))
	case open && was.Filing.Digest != is.Filing.Digest:
		lines = append(lines, "records the new content in the intent")
	case wasOpen && is.Filing == nil:
		lines = append(lines, "gives up the intent to file")
	case is.Filing != nil && is.Filing.DueTime != nil && (was.Filing == nil || was.Filing.DueTime == nil || !was.Filing.DueTime.Equal(is.Filing.DueTime)):
		lines = append(lines, fmt.Sprintf("attempt %d was filed %s; the decision is due by %s", is.Filing.Attempt,
			inShanghai(is.Filing.FiledTime.Time), inShanghai(is.Filing.DueTime.Time)))
	}
	if was.DossierLock != is.DossierLock && (was.DossierLock != "" || is.DossierLock == v1alpha1.DossierLocked) {
		lines = append(lines, "the dossier is "+strings.ToLower(string(is.DossierLock))+map[v1alpha1.DossierLock]string{
			v1alpha1.DossierLocked: ": what is filed cannot be edited", v1alpha1.DossierOpen: ": it can be edited",
		}[is.DossierLock])
	}
	return lines
}

func toldReports(s step) (lines []string) {
	for _, v := range s.final.Verdicts {
		word := map[bool]string{true: "accepts", false: "refuses"}[v.Accepted]
		lines = append(lines, fmt.Sprintf("%s the agent's %s (%s): %s", word, v.Name, v.Reason, v.Message))
	}
	return lines
}

func toldRequirements(was, is *v1alpha1.ChinaAccountRegistrationStatus) (lines []string) {
	for _, q := range is.Requirements {
		same := func(p v1alpha1.Requirement) bool {
			return p.Code == q.Code && p.Path == q.Path && p.Message == q.Message && p.Awaiting == q.Awaiting
		}
		if slices.ContainsFunc(was.Requirements, same) {
			continue
		}
		where, kind := "", "requires"
		if q.Path != "" {
			where = " at " + q.Path
		}
		if q.Severity == v1alpha1.SeverityWarning {
			kind = "notes"
		}
		due := ""
		if q.DueTime != nil {
			due = " [until " + inShanghai(q.DueTime.Time) + "]"
		}
		lines = append(lines, fmt.Sprintf("%s %s from %s%s: %s%s", kind, q.Code, q.Awaiting, where, q.Message, due))
	}
	for _, q := range was.Requirements {
		if !slices.Contains(codes(is), q.Code) {
			lines = append(lines, "no longer due: "+q.Code)
		}
	}
	return lines
}

// toldCertificate tells of an active account's certificate.
func toldCertificate(was, is *v1alpha1.ChinaAccountRegistrationStatus) []string {
	before, after := meta.FindStatusCondition(was.Conditions, v1alpha1.ConditionCertificateCurrent), meta.FindStatusCondition(is.Conditions, v1alpha1.ConditionCertificateCurrent)
	if before == nil || is.Phase != v1alpha1.PhaseActive || before.Reason == after.Reason {
		return nil
	}
	return []string{fmt.Sprintf("CertificateCurrent is %s: %s", after.Status, after.Reason)}
}

func toldReady(was, is *v1alpha1.ChinaAccountRegistrationStatus) []string {
	before, after := meta.FindStatusCondition(was.Conditions, v1alpha1.ConditionReady), meta.FindStatusCondition(is.Conditions, v1alpha1.ConditionReady)
	if before != nil && before.Reason == after.Reason {
		return nil
	}
	kind := ""
	for _, c := range []string{v1alpha1.ConditionReconciling, v1alpha1.ConditionStalled} {
		if meta.IsStatusConditionTrue(is.Conditions, c) {
			kind = ", " + c
		}
	}
	return []string{fmt.Sprintf("Ready is %s%s: %s; awaiting %s", after.Status, kind, after.Reason, is.Awaiting)}
}

func (t *tracer) toldNext(next time.Time) string {
	switch {
	case next.IsZero():
		return "does not look again unless something changes"
	case next.Equal(t.now):
		return "looks again at once"
	default:
		return "looks again at " + inShanghai(next)
	}
}

func inShanghai(t time.Time) string { return t.In(businessday.Shanghai).Format("2006-01-02 15:04:05") }
