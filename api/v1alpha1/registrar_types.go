// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Registrar says how filings reach a registrar: through a gateway that speaks
// our contract, or by the hand of an agent.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,categories=china-account
// +kubebuilder:printcolumn:name="Type",type=string,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="URL",type=string,JSONPath=`.spec.gateway.url`,priority=1
type Registrar struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`
	// spec says how filings reach the registrar.
	// +required
	Spec RegistrarSpec `json:"spec,omitzero"`
	// status says whether the registrar can be reached.
	// +kubebuilder:default={"observedGeneration":-1}
	// +optional
	Status RegistrarStatus `json:"status,omitzero"`
}

// RegistrarList is a list of Registrars.
// +kubebuilder:object:root=true
type RegistrarList struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard list metadata.
	metav1.ListMeta `json:"metadata,omitempty"`
	// items are the Registrars.
	Items []Registrar `json:"items"`
}

// RegistrarType is the way filings go.
// +kubebuilder:validation:Enum=Manual;Gateway
type RegistrarType string

const (
	// RegistrarManual: an agent files by hand and reports with FilingReports.
	RegistrarManual RegistrarType = "Manual"
	// RegistrarGateway: an HTTPS service files and answers.
	RegistrarGateway RegistrarType = "Gateway"
)

// RegistrarSpec says how filings reach a registrar.
// +kubebuilder:validation:XValidation:rule="has(self.gateway) == (self.type == 'Gateway')",message="gateway is required for type Gateway, and has no place with type Manual",fieldPath=".gateway"
type RegistrarSpec struct {
	// type says how filings reach the registrar: Gateway, through an HTTPS
	// service, or Manual, by an agent. It cannot change: make another Registrar.
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the type cannot change: make another Registrar",reason=FieldValueForbidden
	// +required
	Type RegistrarType `json:"type,omitempty"`
	// gateway is the HTTPS service to file through. For type Gateway alone.
	// +optional
	Gateway *Gateway `json:"gateway,omitempty"`
	// regions that it serves. Absent: both.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=2
	// +listType=set
	// +optional
	Regions []Region `json:"regions,omitempty"`
	// namespaceSelector chooses the namespaces whose registrations may
	// use it. Absent: all.
	// +optional
	NamespaceSelector *metav1.LabelSelector `json:"namespaceSelector,omitempty"`
}

// Gateway is an HTTPS service in front of a registrar.
type Gateway struct {
	// url of the service: https, without user, query or fragment.
	// Example: https://registrar-gateway.example.cn/cn-north-1
	// +kubebuilder:validation:MinLength=9
	// +kubebuilder:validation:MaxLength=512
	// +kubebuilder:validation:XValidation:rule="self.matches('^https://[^/@?#\\\\s]+(/[^?#\\\\s]*)?$') && isURL(self) && url(self).getHostname() != '' && (url(self).getPort() == '' || (size(url(self).getPort()) <= 5 && int(url(self).getPort()) > 0 && int(url(self).getPort()) < 65536))",message="must be an https URL without user, query or fragment, e.g. https://gateway.example.cn"
	// +required
	URL string `json:"url,omitempty"`
	// tokenSecretRef names a Secret in the operator's namespace, of type
	// registration.chinaaccount.dev/gateway-token: key token, the bearer token;
	// key host, the host (or host:port) that it may be sent to.
	// +required
	TokenSecretRef SecretReference `json:"tokenSecretRef,omitzero"`
	// caBundle are PEM certificates, in base64, to trust
	// instead of the system's.
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=262144
	// +optional
	CABundle []byte `json:"caBundle,omitempty"`
}

// RegistrarStatus says whether a registrar can be reached.
// +kubebuilder:validation:MinProperties=0
type RegistrarStatus struct {
	// observedGeneration of spec that this status speaks of; -1
	// before the first look.
	// +optional
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`
	// conditions of the Registrar: Ready, HolidaysPublished, and with a
	// gateway Responding.
	// +listType=map
	// +listMapKey=type
	// +optional
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

// Serves tells whether registrations of that Region may go this way.
func (r *Registrar) Serves(region Region) bool {
	return len(r.Spec.Regions) == 0 || slices.Contains(r.Spec.Regions, region)
}
