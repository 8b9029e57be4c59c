// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var filingKey = strings.Repeat("0123456789abcdef", 4)

// A phase is a registration at one moment of a life, as the operator leaves it.
type phase struct {
	name string
	// at sets what the operator wrote; nothing for an object that it has not seen.
	at func(*v1alpha1.ChinaAccountRegistration)
}

// ago is a time before now, in whole seconds as the API server keeps it.
func ago(d time.Duration) metav1.Time { return metav1.NewTime(now.Add(-d).UTC()) }

func reached(phase v1alpha1.RegistrationPhase, attempt int32, reason string, at time.Duration) v1alpha1.HistoryEntry {
	return v1alpha1.HistoryEntry{Phase: phase, Attempt: attempt, Reason: reason, Time: ago(at)}
}

func requirement(code string, from v1alpha1.Party, path, message string) v1alpha1.Requirement {
	return v1alpha1.Requirement{Code: code, Awaiting: from, Severity: v1alpha1.SeverityError, Path: path, Message: message, SinceTime: ago(time.Hour)}
}

// stands writes what all moments have in common.
func stands(reg *v1alpha1.ChinaAccountRegistration, phase v1alpha1.RegistrationPhase, reason string, requirements ...v1alpha1.Requirement) {
	status := &reg.Status
	status.Phase, status.Requirements = phase, requirements
	status.Awaiting = v1alpha1.PartyNone
	if len(requirements) > 0 && requirements[0].Severity == v1alpha1.SeverityError {
		status.Awaiting = requirements[0].Awaiting
	}
	ready := metav1.ConditionFalse
	if phase == v1alpha1.PhaseActive {
		ready = metav1.ConditionTrue
	}
	condition(reg, v1alpha1.ConditionReady, ready, reason)
	if len(status.History) == 0 {
		status.History = []v1alpha1.HistoryEntry{reached(v1alpha1.PhasePending, 0, "Created", 26*time.Hour)}
	}
}

func condition(reg *v1alpha1.ChinaAccountRegistration, kind string, is metav1.ConditionStatus, reason string) {
	reg.Status.Conditions = append(reg.Status.Conditions, metav1.Condition{Type: kind, Status: is, Reason: reason, Message: "As it is.", LastTransitionTime: ago(time.Hour)})
}

// filed records a filing of that attempt; by hand if it names a claim.
func filed(reg *v1alpha1.ChinaAccountRegistration, attempt int32, claim string, due time.Duration) {
	at, until := ago(25*time.Hour), metav1.NewTime(now.Add(due).UTC())
	reg.Status.Filing = &v1alpha1.Filing{
		Key: filingKey, Owner: "owner", Attempt: attempt, ClaimName: claim, RegistrarRef: "default",
		Reference: "SAMPLE-2026-000123", FiledTime: &at, DueTime: &until, DueBasis: v1alpha1.DuePublished,
	}
	reg.Status.DossierLock = v1alpha1.DossierLocked
	reg.Status.History = append(reg.Status.History,
		reached(v1alpha1.PhasePending, 0, "Created", 26*time.Hour), reached(v1alpha1.PhaseSubmitted, attempt, "Filed", 25*time.Hour))
}

func decision(due time.Duration) v1alpha1.Requirement {
	q := requirement(v1alpha1.RequirementDecision, v1alpha1.PartyRegistrar, "", "NWCD judges the dossier and writes its result to the registration's e-mail address (FAQ Q9). Until then there is nothing to do.")
	until := metav1.NewTime(now.Add(due).UTC())
	q.DueTime = &until
	return q
}

func rejectedWith(reg *v1alpha1.ChinaAccountRegistration, final bool) {
	filed(reg, 1, "", 0)
	reg.Status.DossierLock, reg.Status.Filing.DueTime, reg.Status.Filing.DueBasis = v1alpha1.DossierOpen, nil, ""
	reg.Status.Rejection = &v1alpha1.Rejection{Final: final, Findings: []v1alpha1.Finding{
		{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "The name differs from the one on the certificate."},
		{Code: "DocumentNotReadable", Path: "spec.dossier.documents.identification.files[1]", Message: "The back is out of focus."},
	}}
	reg.Status.History = append(reg.Status.History, reached(v1alpha1.PhaseRejected, 1, "Rejected", 2*time.Hour))
}

func resubmission() []v1alpha1.Requirement {
	return []v1alpha1.Requirement{
		requirement("NameMismatch", v1alpha1.PartyApplicant, "spec.dossier.company.legalName", "The name differs from the one on the certificate."),
		requirement("DocumentNotReadable", v1alpha1.PartyApplicant, "spec.dossier.documents.identification.files[1]", "The back is out of focus."),
		requirement(v1alpha1.RequirementResubmission, v1alpha1.PartyApplicant, "spec.resubmitAfterAttempt",
			"Attempt 1 was not accepted. Mend what is listed. To file again set spec.resubmitAfterAttempt: 1 (FAQ Q11)."),
	}
}

var phases = []phase{
	{"new", nil},
	{"secrets-missing", func(reg *v1alpha1.ChinaAccountRegistration) {
		stands(reg, v1alpha1.PhasePending, v1alpha1.ReasonSecretsMissing,
			requirement(v1alpha1.RequirementSecretNotFound, v1alpha1.PartyApplicant, "spec.dossier.documents.businessCertificate.files[0].parts[1]",
				`Key "scan.pdf" of Secret "acme-license-2" cannot be read.`))
		condition(reg, v1alpha1.ConditionReconciling, metav1.ConditionTrue, v1alpha1.ReasonSecretsMissing)
	}},
	{"preflight-failed", func(reg *v1alpha1.ChinaAccountRegistration) {
		warning := requirement("ChineseProficiencyNotAttested", v1alpha1.PartyApplicant, "spec.dossier.securityAdministrator.chineseProficiency",
			"the security administrator must be able to talk with the regulator in Chinese: if so, set chineseProficiency: Attested; otherwise name somebody else")
		warning.Severity = v1alpha1.SeverityWarning
		stands(reg, v1alpha1.PhasePending, v1alpha1.ReasonPreflightFailed,
			requirement("DocumentTooLarge", v1alpha1.PartyApplicant, "spec.dossier.documents.businessCertificate.files[0]", "the file has 10,000,000 bytes or more: scan it again at 300 dots per inch"), warning)
		condition(reg, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonPreflightFailed)
	}},
	{"suspended", func(reg *v1alpha1.ChinaAccountRegistration) {
		stands(reg, v1alpha1.PhasePending, v1alpha1.ReasonSuspended)
	}},
	{"awaits-agent", func(reg *v1alpha1.ChinaAccountRegistration) {
		stands(reg, v1alpha1.PhasePending, v1alpha1.ReasonAwaitingAgent, requirement(v1alpha1.RequirementFileByHand, v1alpha1.PartyAgent, "",
			"File attempt 1 by hand: claim it with a FilingReport of type Claimed, attempt 1, filingKey "+filingKey+"."))
	}},
	{"claimed", func(reg *v1alpha1.ChinaAccountRegistration) {
		reg.Status.Filing = &v1alpha1.Filing{Key: filingKey, Owner: "owner", Attempt: 1, ClaimName: "acme-1-claimed-by-another", RegistrarRef: "default"}
		reg.Status.DossierLock = v1alpha1.DossierLocked
		stands(reg, v1alpha1.PhasePending, v1alpha1.ReasonAwaitingAgent, requirement(v1alpha1.RequirementFileByHand, v1alpha1.PartyAgent, "",
			"Attempt 1 is claimed by FilingReport acme-1-claimed-by-another. File the locked dossier and report what came back, or report Released."))
	}},
	{"submitted", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "", 14*time.Hour)
		code := requirement(v1alpha1.RequirementEmailCode, v1alpha1.PartyApplicant, "spec.verificationCodesSecretRef",
			`Enter the 6-digit code from the registrar's e-mail into key email-code of the Secret "acme-codes", labelled registration.chinaaccount.dev/send-to-registrar: "true".`)
		until := metav1.NewTime(now.Add(20 * time.Minute).UTC())
		code.DueTime = &until
		stands(reg, v1alpha1.PhaseSubmitted, v1alpha1.RequirementEmailCode, code)
	}},
	{"under-review", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "", 38*time.Hour)
		reg.Status.History = append(reg.Status.History, reached(v1alpha1.PhaseUnderReview, 1, "UnderReview", 90*time.Minute))
		stands(reg, v1alpha1.PhaseUnderReview, v1alpha1.ReasonUnderReview, decision(38*time.Hour))
	}},
	{"overdue", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "acme-1-claimed", -10*time.Hour)
		late := decision(-10 * time.Hour)
		late.Message = "The decision is overdue: call NWCD, whose hotline 1010 0966 is open now, until 20:00 GMT+8; or write to support@amazonaws.com.cn."
		stands(reg, v1alpha1.PhaseSubmitted, v1alpha1.ReasonAwaitingDecision, late)
		condition(reg, v1alpha1.ConditionOverdue, metav1.ConditionTrue, v1alpha1.ReasonDecisionOverdue)
	}},
	{"documents-asked", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "", 14*time.Hour)
		reg.Status.History = append(reg.Status.History, reached(v1alpha1.PhaseUnderReview, 1, "UnderReview", 3*time.Hour))
		stands(reg, v1alpha1.PhaseUnderReview, v1alpha1.RequirementDocuments,
			requirement(v1alpha1.RequirementDocuments, v1alpha1.PartyApplicant, `spec.supplementaryDocuments[?(@.challengeID=="documents-1")]`,
				"The reviewer asks for more documents. Add them to spec.supplementaryDocuments with challengeID: documents-1. The registrar says: a letter of authorisation"),
			decision(14*time.Hour))
	}},
	{"documents-given", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "acme-1-claimed", 14*time.Hour)
		reg.Status.History = append(reg.Status.History, reached(v1alpha1.PhaseUnderReview, 1, "UnderReview", 3*time.Hour))
		stands(reg, v1alpha1.PhaseUnderReview, v1alpha1.RequirementDocuments,
			requirement(v1alpha1.RequirementDocuments, v1alpha1.PartyAgent, `spec.supplementaryDocuments[?(@.challengeID=="documents-1")]`,
				"The reviewer asks for more documents. Add them to spec.supplementaryDocuments with challengeID: documents-1. The applicant's answer is there: enter it at the registrar and report what came back."),
			decision(14*time.Hour))
	}},
	{"rejected", func(reg *v1alpha1.ChinaAccountRegistration) {
		rejectedWith(reg, false)
		stands(reg, v1alpha1.PhaseRejected, v1alpha1.ReasonRejected, resubmission()...)
		condition(reg, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRejected)
	}},
	{"rejected-unchanged", func(reg *v1alpha1.ChinaAccountRegistration) {
		rejectedWith(reg, false)
		unchanged := requirement(v1alpha1.RequirementDossierUnchanged, v1alpha1.PartyApplicant, "spec.dossier",
			"The dossier is just as attempt 1 filed it, and would be judged the same again.")
		unchanged.Severity = v1alpha1.SeverityWarning
		stands(reg, v1alpha1.PhaseRejected, v1alpha1.ReasonRejected, append(resubmission(), unchanged)...)
		condition(reg, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRejected)
	}},
	{"rejected-finally", func(reg *v1alpha1.ChinaAccountRegistration) {
		rejectedWith(reg, true)
		stands(reg, v1alpha1.PhaseRejected, v1alpha1.ReasonRejectedFinally)
		condition(reg, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRejectedFinally)
	}},
	{"verified", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "acme-1-claimed", 0)
		reg.Status.Filing.DueTime, reg.Status.Filing.DueBasis = nil, ""
		reg.Status.History = append(reg.Status.History, reached(v1alpha1.PhaseVerified, 1, "Verified", 10*time.Minute))
		stands(reg, v1alpha1.PhaseVerified, v1alpha1.RequirementPhoneCode,
			requirement(v1alpha1.RequirementPhoneCode, v1alpha1.PartyApplicant, "spec.verificationCodesSecretRef",
				`Enter the 4-digit code that the contact's mobile received into key phone-code of the Secret "acme-codes", labelled registration.chinaaccount.dev/send-to-registrar: "true" (FAQ Q10).`),
			requirement(v1alpha1.RequirementSupportPlan, v1alpha1.PartyApplicant, "spec.supportPlan", "Choose a support plan in spec.supportPlan: Basic, Developer, Business or Enterprise (FAQ Q10)."))
	}},
	{"held", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "", 14*time.Hour)
		stands(reg, v1alpha1.PhaseSubmitted, v1alpha1.ReasonRegistrarContradiction, requirement(v1alpha1.RequirementRegistrarContradiction, v1alpha1.PartyRegistrar, "",
			"Held: the registrar does not know the recorded filing any more. Nothing is filed again; call NWCD (hotline 1010 0966)."))
		condition(reg, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonRegistrarContradiction)
	}},
	{"active", func(reg *v1alpha1.ChinaAccountRegistration) {
		filed(reg, 1, "", 0)
		reg.Status.DossierLock, reg.Status.Filing.DueTime, reg.Status.Filing.DueBasis = v1alpha1.DossierOpen, nil, ""
		reg.Status.History = append(reg.Status.History, reached(v1alpha1.PhaseVerified, 1, "Verified", 20*time.Hour), reached(v1alpha1.PhaseActive, 1, "Active", 19*time.Hour))
		activated := ago(19 * time.Hour)
		reg.Status.Account = &v1alpha1.AccountStatus{ID: "123456789012", ActivatedTime: &activated, SignInURL: "https://123456789012.signin.amazonaws.cn/console/"}
		stands(reg, v1alpha1.PhaseActive, v1alpha1.ReasonActive)
	}},
}

// put makes the registration stand so, with the Secrets that it names.
func (b *bench) put(p phase) {
	b.Helper()
	b.clear()
	reg := &v1alpha1.ChinaAccountRegistration{}
	if err := yaml.Unmarshal([]byte(registrationText(b.T)), reg); err != nil {
		b.Fatal(err)
	}
	reg.Namespace, reg.Spec.Suspend, reg.Spec.SupportPlan = b.namespace, p.name == "suspended", ""
	if p.name == "documents-given" {
		reg.Spec.SupplementaryDocuments = []v1alpha1.SupplementaryDocument{{ChallengeID: "documents-1", Files: reg.Spec.Dossier.Documents.Identification.Files}}
	}
	b.make(reg)
	b.putSecrets(p)
	if p.at == nil {
		return
	}
	// No object is born in a later phase.
	pending := reg.DeepCopy()
	pending.Status.Phase = v1alpha1.PhasePending
	b.patchStatus(pending, reg)
	after := pending.DeepCopy()
	p.at(after)
	after.Status.ObservedGeneration = after.Generation
	for i := range after.Status.Conditions {
		after.Status.Conditions[i].ObservedGeneration = after.Generation
	}
	b.patchStatus(after, pending)
	for _, entry := range after.Status.History {
		b.make(eventOfPhase(after, entry))
	}
}

// eventOfPhase is as the operator tells it.
func eventOfPhase(reg *v1alpha1.ChinaAccountRegistration, entry v1alpha1.HistoryEntry) *corev1.Event {
	kind := corev1.EventTypeNormal
	if entry.Phase == v1alpha1.PhaseRejected {
		kind = corev1.EventTypeWarning
	}
	return &corev1.Event{
		ObjectMeta: metav1.ObjectMeta{Namespace: reg.Namespace, Name: "acme." + strings.ToLower(string(entry.Phase))},
		InvolvedObject: corev1.ObjectReference{
			APIVersion: v1alpha1.GroupVersion.String(), Kind: "ChinaAccountRegistration", Namespace: reg.Namespace, Name: reg.Name, UID: reg.UID,
		},
		Type: kind, Reason: string(entry.Phase), Action: "FollowRegistrar", Message: "Attempt " + strconv.Itoa(int(entry.Attempt)) + " is " + string(entry.Phase) + ".",
		EventTime: metav1.NewMicroTime(entry.Time.Time), ReportingController: "registration.chinaaccount.dev/operator", ReportingInstance: "test",
	}
}

func (b *bench) patchStatus(to, from *v1alpha1.ChinaAccountRegistration) {
	b.Helper()
	if err := b.admin.Status().Patch(b.Context(), to, client.MergeFrom(from)); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) putSecrets(p phase) {
	b.Helper()
	for text := range strings.SplitSeq(samplesOfSecrets(b.T), "---\n") {
		secret := &corev1.Secret{}
		if err := yaml.Unmarshal([]byte(text), secret); err != nil {
			b.Fatal(err)
		}
		if secret.Name == "" || p.name == "secrets-missing" && secret.Name == "acme-license-2" {
			continue
		}
		secret.Namespace = b.namespace
		b.make(secret)
	}
	if p.name == "claimed" {
		b.make(&v1alpha1.FilingReport{
			ObjectMeta: metav1.ObjectMeta{Namespace: b.namespace, Name: "acme-1-claimed-by-another"},
			Spec: v1alpha1.FilingReportSpec{
				RegistrationRef: v1alpha1.RegistrationReference{Name: "acme"}, FilingKey: filingKey, Attempt: 1,
				Type: v1alpha1.ReportClaimed, ReportedBy: "agent-li",
			},
		})
	}
}
