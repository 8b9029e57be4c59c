// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package v1alpha1 holds the three kinds of registration.chinaaccount.dev, the
// table of phases that the CRD's rules repeat, and the names of all conditions,
// reasons and requirement codes.
//
// +kubebuilder:object:generate=true
// +kubebuilder:ac:generate=true
// +groupName=registration.chinaaccount.dev
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupName is the API group of the three kinds.
const GroupName = "registration.chinaaccount.dev"

var (
	// GroupVersion identifies this package's kinds.
	GroupVersion = schema.GroupVersion{Group: GroupName, Version: "v1alpha1"}

	// SchemeGroupVersion is what generated code calls GroupVersion.
	SchemeGroupVersion = GroupVersion

	schemeBuilder = runtime.NewSchemeBuilder(addKnownTypes)

	// AddToScheme registers the three kinds with a scheme.
	AddToScheme = schemeBuilder.AddToScheme
)

func addKnownTypes(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(GroupVersion,
		&ChinaAccountRegistration{}, &ChinaAccountRegistrationList{},
		&Registrar{}, &RegistrarList{},
		&FilingReport{}, &FilingReportList{},
	)
	metav1.AddToGroupVersion(scheme, GroupVersion)
	return nil
}
