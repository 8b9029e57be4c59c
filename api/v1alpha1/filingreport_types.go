// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// FilingReport is the word of an agent, who files by hand: a claim before
// filing, then what came back. It is created once and never changed; the
// operator judges it and says so in the condition Accepted. Reports are the
// record: they outlive a deleted registration.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=china-account
// +kubebuilder:printcolumn:name="Registration",type=string,JSONPath=`.spec.registrationRef.name`
// +kubebuilder:printcolumn:name="Attempt",type=integer,JSONPath=`.spec.attempt`
// +kubebuilder:printcolumn:name="Type",type=string,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="Accepted",type=string,JSONPath=`.status.conditions[?(@.type=="Accepted")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Accepted")].reason`
// +kubebuilder:printcolumn:name="By",type=string,JSONPath=`.spec.reportedBy`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:selectablefield:JSONPath=`.spec.registrationRef.name`
// +kubebuilder:selectablefield:JSONPath=`.spec.filingKey`
type FilingReport struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// spec is the agent's word. It never changes.
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a report never changes: create another one",reason=FieldValueForbidden
	// +required
	Spec FilingReportSpec `json:"spec,omitzero"`
	// status is the operator's judgement.
	// +kubebuilder:default={"observedGeneration":-1}
	// +optional
	Status FilingReportStatus `json:"status,omitzero"`
}

// FilingReportList is a list of FilingReports.
// +kubebuilder:object:root=true
type FilingReportList struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard list metadata.
	metav1.ListMeta `json:"metadata,omitempty"`
	// items are the reports.
	Items []FilingReport `json:"items"`
}

// FilingReportType is what an agent reports.
// +kubebuilder:validation:Enum=Claimed;Released;Submitted;UnderReview;Rejected;Verified;Active;Withdrawn
type FilingReportType string

const (
	// ReportClaimed: an agent is about to file. It asks for the dossier's lock.
	ReportClaimed FilingReportType = "Claimed"
	// ReportReleased: a claim is given back and nothing was filed. Any agent may say so.
	ReportReleased FilingReportType = "Released"
	// ReportSubmitted: filed.
	ReportSubmitted FilingReportType = "Submitted"
	// ReportUnderReview: the registrar verifies.
	ReportUnderReview FilingReportType = "UnderReview"
	// ReportRejected: the registrar rejected, with findings.
	ReportRejected FilingReportType = "Rejected"
	// ReportVerified: the registrar verified; sign-up is to be completed.
	ReportVerified FilingReportType = "Verified"
	// ReportActive: the account is active.
	ReportActive FilingReportType = "Active"
	// ReportWithdrawn: the filing was withdrawn.
	ReportWithdrawn FilingReportType = "Withdrawn"
)

// FilingReportSpec is the agent's word.
// +kubebuilder:validation:XValidation:rule="self.type != 'Rejected' || has(self.findings)",message="a rejection has findings: what did the registrar say?",fieldPath=".findings",reason=FieldValueRequired
// +kubebuilder:validation:XValidation:rule="self.type == 'Rejected' || !has(self.findings)",message="only a rejection has findings: leave them out, or report type Rejected",fieldPath=".findings",reason=FieldValueForbidden
// +kubebuilder:validation:XValidation:rule="self.type == 'Rejected' || !has(self.final) || !self.final",message="only a rejection is final: leave it out, or report type Rejected",fieldPath=".final",reason=FieldValueForbidden
// +kubebuilder:validation:XValidation:rule="self.type != 'Active' || has(self.accountID)",message="an activation has the account's 12-digit id",fieldPath=".accountID",reason=FieldValueRequired
// +kubebuilder:validation:XValidation:rule="self.type == 'Active' || !has(self.accountID)",message="only an activation has an account id: leave it out, or report type Active",fieldPath=".accountID",reason=FieldValueForbidden
// +kubebuilder:validation:XValidation:rule="self.type == 'Claimed' || has(self.claimName)",message="every report but a claim names its claim: the FilingReport of type Claimed that was accepted",fieldPath=".claimName",reason=FieldValueRequired
// +kubebuilder:validation:XValidation:rule="self.type != 'Claimed' || !has(self.claimName)",message="a claim names no other claim: leave it out",fieldPath=".claimName",reason=FieldValueForbidden
// +kubebuilder:validation:XValidation:rule="!has(self.challenges) || self.type in ['Submitted', 'UnderReview', 'Verified']",message="only a filing under way has open challenges: leave them out, or report type Submitted, UnderReview or Verified",fieldPath=".challenges",reason=FieldValueForbidden
type FilingReportSpec struct {
	// registrationRef names the registration in the same namespace.
	// +required
	RegistrationRef RegistrationReference `json:"registrationRef,omitzero"`
	// filingKey of the filing, as the requirement FileByHand or
	// status.filing.key states it: 64 hexadecimal digits.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9a-f]{64}$')",message="must be the 64 hexadecimal digits that the requirement FileByHand states"
	// +required
	FilingKey string `json:"filingKey,omitempty"`
	// attempt that this speaks of, from 1.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	// +required
	Attempt int32 `json:"attempt,omitempty"` // below 1.37 the API server takes what int32 cannot hold, and one such object fails every List
	// claimName names the FilingReport by which this attempt was claimed.
	// Absent on a claim.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="no FilingReport can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"
	// +optional
	ClaimName string `json:"claimName,omitempty"`
	// type of the report: Claimed before filing, or Released where nothing was
	// filed; then what came back: Submitted, UnderReview, Rejected, Verified,
	// Active or Withdrawn.
	// +required
	Type FilingReportType `json:"type,omitempty"`
	// reference is the registrar's own number for the filing.
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=128
	// +optional
	Reference string `json:"reference,omitempty"` //nolint:kubeapilinter // a reference number, not a reference to an object
	// findings of a rejection.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +listType=atomic
	// +optional
	Findings []Finding `json:"findings,omitempty"`
	// final true: the registrar takes no other attempt. Only with type Rejected.
	// +optional
	Final bool `json:"final,omitempty"`
	// accountID of an activation: 12 digits.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9]{12}$')",message="an account id has 12 digits"
	// +optional
	AccountID string `json:"accountID,omitempty"`
	// challenges that are open now.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	// +listType=map
	// +listMapKey=id
	// +optional
	Challenges []ReportedChallenge `json:"challenges,omitempty"`
	// reportedBy is the reporting user's name, as the API server knows them
	// (kubectl auth whoami).
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	// +required
	ReportedBy string `json:"reportedBy,omitempty"`
	// reportedTime is when it happened. Absent: when the report was created.
	// +optional
	ReportedTime *metav1.Time `json:"reportedTime,omitempty"`
}

// RegistrationReference names a ChinaAccountRegistration in the same namespace.
type RegistrationReference struct {
	// name of the registration.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="no registration can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"
	// +required
	Name string `json:"name,omitempty"`
}

// ReportedChallenge is something that the registrar asks for now.
type ReportedChallenge struct {
	// id that answers refer to, e.g. documents-1.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +required
	ID string `json:"id,omitempty"`
	// type of the challenge.
	// +kubebuilder:validation:Enum=emailCode;phoneCode;supportPlan;documents
	// +required
	Type ChallengeType `json:"type,omitempty"`
	// message of the registrar, e.g. which documents. No personal data.
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=1024
	// +optional
	Message string `json:"message,omitempty"`
}

// FilingReportStatus is the operator's judgement of a report.
// +kubebuilder:validation:MinProperties=0
type FilingReportStatus struct {
	// observedGeneration of spec that this status speaks of; -1
	// before the first look.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// digest of the content that an accepted claim locks.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +optional
	Digest string `json:"digest,omitempty"`
	// secretVersions are the Secrets that the digest was made from. The filing
	// page is made from exactly these.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=256
	// +listType=atomic
	// +optional
	SecretVersions []SecretVersion `json:"secretVersions,omitempty"`
	// conditions of the report: Accepted, True or False with the reason.
	// +listType=map
	// +listMapKey=type
	// +optional
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// SecretVersion is a Secret as it was read.
type SecretVersion struct {
	// name of the Secret.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +required
	Name string `json:"name,omitempty"`
	// uid of the Secret.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	UID string `json:"uid,omitempty"`
	// resourceVersion of the Secret.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +required
	ResourceVersion string `json:"resourceVersion,omitempty"`
}
