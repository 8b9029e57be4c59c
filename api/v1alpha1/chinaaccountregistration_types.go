// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// In each rule of the kind "unchanged" comes first, because a root rule also runs on
// status and label writes. The table of phases is in phase.go.

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ChinaAccountRegistration registers one account with the registrar of one AWS
// China Region: Sinnet (cn-north-1) or NWCD (cn-northwest-1).
//
// The API server itself holds the order of phases, the lock on what is filed,
// and what may not change once a filing is recorded.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=chinaaccountregistrations,shortName=car,categories=china-account
// +kubebuilder:printcolumn:name="Phase",type=string,JSONPath=`.status.phase`,description="Where the registration stands"
// +kubebuilder:printcolumn:name="Awaiting",type=string,JSONPath=`.status.awaiting`,description="Who has to act"
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`,description="Why it is not ready"
// +kubebuilder:printcolumn:name="Account",type=string,JSONPath=`.status.account.id`,description="The account's 12-digit id"
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Region",type=string,JSONPath=`.spec.region`,priority=1
// +kubebuilder:printcolumn:name="Attempt",type=integer,JSONPath=`.status.filing.attempt`,priority=1
// +kubebuilder:printcolumn:name="Due",type=string,JSONPath=`.status.filing.dueTime`,priority=1,description="When the registrar's decision is due"
// +kubebuilder:selectablefield:JSONPath=`.status.phase`
// +kubebuilder:selectablefield:JSONPath=`.spec.region`
// +kubebuilder:selectablefield:JSONPath=`.spec.registrarRef.name`
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.status) || !has(oldSelf.status.phase) || (has(self.status) && has(self.status.phase))",message="status.phase is never unset",reason=FieldValueForbidden,fieldPath=".status.phase"
// +kubebuilder:validation:XValidation:rule="(self.spec.dossier == oldSelf.spec.dossier && self.spec.region == oldSelf.spec.region && self.spec.registrarRef == oldSelf.spec.registrarRef) || !has(oldSelf.status) || !has(oldSelf.status.dossierLock) || oldSelf.status.dossierLock == 'Open'",message="the dossier, the region and the registrar are locked while a filing is under way: wait for the registrar's decision, or set spec.withdrawAttempt to status.filing.attempt",reason=FieldValueForbidden,fieldPath=".spec.dossier"
// +kubebuilder:validation:XValidation:rule="(self.spec.dossier.account.email == oldSelf.spec.dossier.account.email && self.spec.region == oldSelf.spec.region && self.spec.registrarRef == oldSelf.spec.registrarRef) || !has(oldSelf.status) || !has(oldSelf.status.filing)",message="a filing is recorded under this e-mail address, region and registrar: they stay; another address is another ChinaAccountRegistration",reason=FieldValueForbidden,fieldPath=".spec.dossier.account.email"
// +kubebuilder:validation:XValidation:rule="(self.spec.dossier.account.username == oldSelf.spec.dossier.account.username && self.spec.dossier.company.unifiedSocialCreditCode == oldSelf.spec.dossier.company.unifiedSocialCreditCode) || !has(oldSelf.status) || !has(oldSelf.status.phase) || oldSelf.status.phase != 'Active'",message="the account is active: its user name and the company's credit code stay",reason=FieldValueForbidden,fieldPath=".spec.dossier"
type ChinaAccountRegistration struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// spec is what the applicant wants.
	// +required
	Spec ChinaAccountRegistrationSpec `json:"spec,omitzero"`
	// status is where the registration stands. Only the operator writes it.
	// +kubebuilder:default={"observedGeneration":-1}
	// +optional
	Status ChinaAccountRegistrationStatus `json:"status,omitzero"`
}

// ChinaAccountRegistrationList is a list of registrations.
// +kubebuilder:object:root=true
type ChinaAccountRegistrationList struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard list metadata.
	metav1.ListMeta `json:"metadata,omitempty"`
	// items are the registrations.
	Items []ChinaAccountRegistration `json:"items"`
}

// ChinaAccountRegistrationSpec is what the applicant wants.
type ChinaAccountRegistrationSpec struct {
	// region in which the account is registered, and with it the registrar that
	// decides: cn-north-1 is Beijing (Sinnet), cn-northwest-1 is Ningxia (NWCD).
	// It cannot change once filed.
	// +required
	Region Region `json:"region,omitempty"`
	// registrarRef names the Registrar object, which says how filings reach that
	// registrar: through a gateway, or by the hand of an agent. Default: the one
	// named "default". It cannot change once filed.
	// +kubebuilder:default={"name":"default"}
	// +optional
	RegistrarRef RegistrarReference `json:"registrarRef,omitzero"`
	// dossier is all that is filed. It cannot change while a filing is under way
	// (status.dossierLock); after a rejection it can.
	// +required
	Dossier Dossier `json:"dossier,omitzero"`
	// supplementaryDocuments answer a reviewer's request for more
	// documents. The requirement AdditionalDocumentsRequired states the
	// challengeID. Never locked.
	// +kubebuilder:validation:MinItems=0
	// +kubebuilder:validation:MaxItems=8
	// +listType=map
	// +listMapKey=challengeID
	// +optional
	SupplementaryDocuments []SupplementaryDocument `json:"supplementaryDocuments,omitempty"`
	// passwordFrom takes the first IAM user's password from a Secret. Without it
	// one is generated into the Secret NAME-signin before the first filing.
	// +optional
	PasswordFrom *SecretKeySource `json:"passwordFrom,omitempty"`
	// supportPlan is the AWS support plan of the account: Basic, Developer,
	// Business or Enterprise. The registrar asks for it when the sign-up is
	// completed; until then it may be left out.
	// +optional
	SupportPlan SupportPlan `json:"supportPlan,omitempty"`
	// verificationCodesSecretRef names the Secret of the verification codes: key
	// email-code (6 digits), key phone-code (4 digits). Default: NAME-codes.
	// +optional
	VerificationCodesSecretRef *SecretReference `json:"verificationCodesSecretRef,omitempty"`
	// resubmitAfterAttempt files again after a rejection: set it to the number
	// of the rejected attempt, which is in status.filing.attempt. It is the
	// [Resubmission] button of the registrar's mail (FAQ Q11).
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	// +optional
	ResubmitAfterAttempt *int32 `json:"resubmitAfterAttempt,omitempty"` // below 1.37 the API server takes what int32 cannot hold, and one such object fails every List
	// withdrawAttempt takes a filing back: set it to status.filing.attempt while
	// the phase is Submitted, UnderReview or Verified. It is then Rejected: mend
	// the dossier and resubmit.
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	// +optional
	WithdrawAttempt *int32 `json:"withdrawAttempt,omitempty"` // the same
	// suspend true: nothing is filed, answered or withdrawn. The dossier is
	// still checked, and the registrar's decision still followed.
	// +optional
	Suspend bool `json:"suspend,omitempty"`
	// deletionPolicy says what becomes of an open filing when this object
	// is deleted. Retain leaves it; Withdraw withdraws it first. An
	// account is never closed.
	// +kubebuilder:default=Retain
	// +optional
	DeletionPolicy DeletionPolicy `json:"deletionPolicy,omitempty"`
}

// RegistrarReference names a Registrar.
// +kubebuilder:validation:MinProperties=0
type RegistrarReference struct {
	// name of the Registrar.
	// +kubebuilder:default=default
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="no Registrar can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"
	// +optional
	Name string `json:"name,omitempty"`
}

// SupplementaryDocument answers one request for more documents.
type SupplementaryDocument struct {
	// challengeID as the requirement states it.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +required
	ChallengeID string `json:"challengeID,omitempty"`
	// files asked for, by the same rules as the dossier's.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	// +listType=atomic
	// +required
	Files []File `json:"files,omitempty"`
}

// SupportPlan is one of the plans that complete a sign-up (FAQ Q10).
// +kubebuilder:validation:Enum=Basic;Developer;Business;Enterprise
type SupportPlan string

// DeletionPolicy says what becomes of an open filing when its object is deleted.
// +kubebuilder:validation:Enum=Retain;Withdraw
type DeletionPolicy string

const (
	// DeletionRetain leaves the filing and the account as they are.
	DeletionRetain DeletionPolicy = "Retain"
	// DeletionWithdraw withdraws an open filing before the object goes.
	DeletionWithdraw DeletionPolicy = "Withdraw"
)
