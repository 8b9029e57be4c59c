// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Region is an AWS China Region, and with it the registrar that decides:
// Sinnet for cn-north-1, NWCD for cn-northwest-1.
// +kubebuilder:validation:Enum=cn-north-1;cn-northwest-1
type Region string

const (
	// RegionBeijing is operated by Sinnet (北京光环新网).
	RegionBeijing Region = "cn-north-1"
	// RegionNingxia is operated by NWCD (宁夏西云数据).
	RegionNingxia Region = "cn-northwest-1"
)

// SecretKeySource takes a value from a Secret, never in clear.
type SecretKeySource struct {
	// secretKeyRef names a key of a Secret in the registration's namespace. The
	// Secret must carry the label
	// registration.chinaaccount.dev/send-to-registrar: "true".
	// +required
	SecretKeyRef SecretKeyReference `json:"secretKeyRef,omitzero"`
}

// SecretKeyReference names one key of a Secret in the same namespace.
type SecretKeyReference struct {
	// name of the Secret, e.g. acme-documents.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="no Secret can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"
	// +required
	Name string `json:"name,omitempty"`
	// key in the Secret's data, e.g. license.pdf.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^([-_a-zA-Z0-9]|[.][-_a-zA-Z0-9])[-._a-zA-Z0-9]*$')",message="a Secret's key has only letters, digits, '-', '_' and '.', and does not begin with '..'"
	// +required
	Key string `json:"key,omitempty"`
}

// SecretReference names a Secret in the same namespace.
type SecretReference struct {
	// name of the Secret.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="no Secret can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"
	// +required
	Name string `json:"name,omitempty"`
}

// File is one scan: a Secret's key, or several joined in order, because a Secret
// holds at most 1 MiB and a scan may have 10 MB.
type File struct {
	// parts are joined in this order. One part is the normal case.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +listType=atomic
	// +required
	Parts []SecretKeySource `json:"parts,omitempty"`
}

// Finding is one thing wrong with a dossier in the registrar's words.
type Finding struct {
	// code is the reason, in CamelCase. New codes may appear at any time, e.g.
	// NameMismatch, DocumentNotReadable, Withdrawn, SignUpExpired.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Z][A-Za-z0-9]*$')",message="a code is CamelCase, e.g. NameMismatch"
	// +required
	Code string `json:"code,omitempty"`
	// path of the field or file to mend, e.g. spec.dossier.company.legalName.
	// Empty when the registrar named none.
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=256
	// +optional
	Path string `json:"path,omitempty"`
	// message says what to mend. No personal data.
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=1024
	// +optional
	Message string `json:"message,omitempty"`
}

// ChallengeType is what the registrar asks for while a filing is under way. New
// types may appear; one that is not known is shown as it is.
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=64
type ChallengeType string

const (
	// ChallengeEmailCode is the 6-digit code mailed to the registration's address.
	ChallengeEmailCode ChallengeType = "emailCode"
	// ChallengePhoneCode is the 4-digit SMS code to the contact's mobile (FAQ Q10).
	ChallengePhoneCode ChallengeType = "phoneCode"
	// ChallengeSupportPlan is the choice of a support plan (FAQ Q10).
	ChallengeSupportPlan ChallengeType = "supportPlan"
	// ChallengeDocuments asks for more documents during review.
	ChallengeDocuments ChallengeType = "documents"
)
