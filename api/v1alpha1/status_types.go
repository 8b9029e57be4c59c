// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Limits of the lists in status. What does not fit is counted or dropped oldest first.
const (
	MaxRequirements      = 32
	MaxRejectionFindings = 32
	MaxHistory           = 64
	MaxAnswers           = 32
)

// ChinaAccountRegistrationStatus is where a registration stands.
//
// +kubebuilder:validation:XValidation:rule="!has(self.phase) || (has(oldSelf.phase) ? (self.phase == oldSelf.phase || self.phase in {'Pending': ['Submitted', 'UnderReview', 'Rejected', 'Verified', 'Active'], 'Submitted': ['UnderReview', 'Rejected', 'Verified', 'Active'], 'UnderReview': ['Rejected', 'Verified', 'Active'], 'Verified': ['Active', 'Rejected'], 'Rejected': ['Submitted', 'UnderReview', 'Verified', 'Active'], 'Active': []}[oldSelf.phase]) : self.phase == 'Pending')",message="this phase does not follow from the one before",reason=FieldValueForbidden,fieldPath=".phase"
// +kubebuilder:validation:MinProperties=0
type ChinaAccountRegistrationStatus struct {
	// observedGeneration of spec that this status speaks of; -1
	// before the first look.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// phase sums up where the registration stands: Pending, Submitted,
	// UnderReview, Rejected, Verified, Active.
	// +optional
	Phase RegistrationPhase `json:"phase,omitempty"`
	// dossierLock Locked: spec.dossier, region and registrarRef cannot change
	// while the filing is under way. Rejected, withdrawn or active, it is Open.
	// +optional
	DossierLock DossierLock `json:"dossierLock,omitempty"`
	// awaiting names who has to act next.
	// +optional
	Awaiting Party `json:"awaiting,omitempty"`
	// filing is the newest attempt. Without a filedTime it is an intent to file
	// that may or may not have reached the registrar.
	// +optional
	Filing *Filing `json:"filing,omitempty"`
	// requirements are what is due now, from whom, where and until when.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +listType=atomic
	// +optional
	Requirements []Requirement `json:"requirements,omitempty"`
	// rejection is what the registrar found wrong with the newest attempt.
	// +optional
	Rejection *Rejection `json:"rejection,omitempty"`
	// refusedDigest is the content that the registrar would not take. It is not
	// sent again unchanged.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +optional
	RefusedDigest string `json:"refusedDigest,omitempty"`
	// account is the account that was registered.
	// +optional
	Account *AccountStatus `json:"account,omitempty"`
	// history is every phase that was reached, oldest first. Events
	// expire, this does not.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	// +listType=atomic
	// +optional
	History []HistoryEntry `json:"history,omitempty"`
	// documentsCheckedTime is when it was last looked whether Secrets of an
	// active account's documents are still there.
	// +optional
	DocumentsCheckedTime *metav1.Time `json:"documentsCheckedTime,omitempty"`
	// lastHandledRefreshRequest repeats the annotation
	// registration.chinaaccount.dev/refresh-requested-at when that look is done.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +optional
	LastHandledRefreshRequest string `json:"lastHandledRefreshRequest,omitempty"`
	// lastHandledResendCodeRequest repeats the annotation
	// registration.chinaaccount.dev/resend-code-requested-at when it is done.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +optional
	LastHandledResendCodeRequest string `json:"lastHandledResendCodeRequest,omitempty"`
	// conditions are the contract for tools: Ready, Reconciling, Stalled,
	// PreflightPassed, Submitted, Verified, Active, Overdue,
	// CertificateCurrent, Suspended.
	// +listType=map
	// +listMapKey=type
	// +optional
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// DossierLock says whether what is filed may change.
// +kubebuilder:validation:Enum=Open;Locked
type DossierLock string

const (
	// DossierOpen lets the dossier change.
	DossierOpen DossierLock = "Open"
	// DossierLocked holds it from intent to rejection or activation.
	DossierLocked DossierLock = "Locked"
)

// Party is who has to act.
// +kubebuilder:validation:Enum=Applicant;Agent;Registrar;None
type Party string

const (
	// PartyApplicant owns the object and its documents.
	PartyApplicant Party = "Applicant"
	// PartyAgent files by hand and reports what came back.
	PartyAgent Party = "Agent"
	// PartyRegistrar decides.
	PartyRegistrar Party = "Registrar"
	// PartyNone: nobody; the operator is at work, or all is done.
	PartyNone Party = "None"
)

// Filing is one attempt's submission of a dossier.
type Filing struct {
	// key of the filing at the registrar: SHA-256 of contract version,
	// Region and e-mail.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	Key string `json:"key,omitempty"`
	// owner tells this object's filings from another's at the registrar: an HMAC
	// of namespace and name by the installation's key.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	Owner string `json:"owner,omitempty"`
	// attempt counts from 1.
	// +kubebuilder:validation:Minimum=1
	// +required
	Attempt int32 `json:"attempt,omitempty"`
	// digest of the content as it was filed: VERSION:KEY ID:HMAC.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +optional
	Digest string `json:"digest,omitempty"`
	// registrarRef names the Registrar that it was filed through.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +optional
	RegistrarRef string `json:"registrarRef,omitempty"`
	// claimName is the FilingReport by which an agent claimed the filing.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +optional
	ClaimName string `json:"claimName,omitempty"`
	// reference is the registrar's own number for it.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +optional
	Reference string `json:"reference,omitempty"` //nolint:kubeapilinter // a reference number, not a reference to an object
	// revision of the registrar's record, as last seen.
	// +optional
	Revision int64 `json:"revision,omitempty"`
	// filedTime is when the registrar had it. Absent: an open intent.
	// +optional
	FiledTime *metav1.Time `json:"filedTime,omitempty"`
	// dueTime is when the registrar's decision is due: the end of the second
	// business day after filing (FAQ Q9), unless the registrar said otherwise.
	// Absent once it is made.
	// +optional
	DueTime *metav1.Time `json:"dueTime,omitempty"`
	// dueBasis Provisional: dueTime may move, because the State Council has not
	// published the holidays of that year yet. Published: it has, or the
	// registrar named the time itself.
	// +optional
	DueBasis DueBasis `json:"dueBasis,omitempty"`
	// answers to challenges that were sent, so that no code is tried twice.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +listType=atomic
	// +optional
	Answers []Answer `json:"answers,omitempty"`
}

// DueBasis is what a due time rests on.
// +kubebuilder:validation:Enum=Published;Provisional
type DueBasis string

const (
	// DuePublished rests on published holidays or the registrar's own word.
	DuePublished DueBasis = "Published"
	// DueProvisional rests on the statutory days alone.
	DueProvisional DueBasis = "Provisional"
)

// Answer is one answer to a challenge.
type Answer struct {
	// challengeID as the registrar named it.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +required
	ChallengeID string `json:"challengeID,omitempty"`
	// digest of the answer: an HMAC, from which the answer cannot be told.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +required
	Digest string `json:"digest,omitempty"`
}

// Severity of a finding or requirement.
// +kubebuilder:validation:Enum=Error;Warning
type Severity string

const (
	// SeverityError blocks.
	SeverityError Severity = "Error"
	// SeverityWarning is shown, and blocks nothing.
	SeverityWarning Severity = "Warning"
)

// Requirement is one thing that is due now.
type Requirement struct {
	// code in CamelCase, e.g. DocumentTooLarge, PhoneCodeRequired, FileByHand.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	Code string `json:"code,omitempty"`
	// awaiting names who has to act.
	// +required
	Awaiting Party `json:"awaiting,omitempty"`
	// severity Error blocks; Warning blocks nothing.
	// +required
	Severity Severity `json:"severity,omitempty"`
	// path of the field or file to mend, e.g.
	// spec.dossier.documents.businessCertificate.files[0].
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +optional
	Path string `json:"path,omitempty"`
	// message says what to do. No personal data.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	// +optional
	Message string `json:"message,omitempty"`
	// sinceTime is when it became due.
	// +required
	SinceTime metav1.Time `json:"sinceTime,omitzero"` //nolint:kubeapilinter // no time is empty, and none is left out
	// dueTime is until when, where that is known.
	// +optional
	DueTime *metav1.Time `json:"dueTime,omitempty"`
}

// Rejection is what the registrar found wrong.
// +kubebuilder:validation:MinProperties=0
type Rejection struct {
	// final true: the registrar takes no other attempt.
	// +optional
	Final bool `json:"final,omitempty"`
	// findings are what is wrong, in the registrar's order.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +listType=atomic
	// +optional
	Findings []Finding `json:"findings,omitempty"`
	// omittedFindingsCount is how many more there were.
	// +optional
	OmittedFindingsCount int32 `json:"omittedFindingsCount,omitempty"`
}

// AccountStatus is the account that was registered.
// +kubebuilder:validation:MinProperties=0
type AccountStatus struct {
	// id of the account, 12 digits.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=12
	// +optional
	ID string `json:"id,omitempty"`
	// activatedTime is when the operator learnt of it.
	// +optional
	ActivatedTime *metav1.Time `json:"activatedTime,omitempty"`
	// signInURL of the account's IAM users.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +optional
	SignInURL string `json:"signInURL,omitempty"`
}

// HistoryEntry is one phase that was reached.
type HistoryEntry struct {
	// phase that was reached: Pending, Submitted, UnderReview, Rejected,
	// Verified or Active.
	// +required
	Phase RegistrationPhase `json:"phase,omitempty"`
	// attempt it belongs to; 0 before the first.
	// +optional
	Attempt int32 `json:"attempt,omitempty"`
	// reason in CamelCase, e.g. Filed, Adopted, UnderReview, Withdrawn.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +optional
	Reason string `json:"reason,omitempty"`
	// time at which the operator recorded it.
	// +required
	Time metav1.Time `json:"time,omitzero"` //nolint:kubeapilinter // no time is empty, and none is left out
}
