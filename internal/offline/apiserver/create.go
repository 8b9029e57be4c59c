// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package apiserver

import (
	"context"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/api/operation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/features"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
)

// Answer is what the API server would say.
type Answer struct {
	// Faults for which it would refuse the object; none if it would take it.
	Faults []Fault
	// Object as it would be stored: pruned, with defaults, without status.
	Object map[string]any
	// RulesSkipped says that the CRD's rules were not asked, because the object does
	// not fit its schema: with the faults mended there may be others.
	RulesSkipped bool
}

// Create says what the API server would say if the object were created with strict
// field validation, as kubectl does. object is of the CRD's kind and version, and is
// not changed.
func (s *Schema) Create(ctx context.Context, object map[string]any) Answer {
	object = runtime.DeepCopyJSON(object)
	meta, faults := s.decode(object)
	// A create has no status: the operator alone writes it.
	delete(object, "status")
	errs := s.validate(ctx, object, meta)
	skipped := blocksRules(errs)
	if !skipped {
		found, _ := s.rules.Validate(ctx, nil, s.structural, object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, found...)
	}
	for _, err := range errs {
		faults = append(faults, s.fault(err))
	}
	return Answer{Faults: sorted(faults), Object: object, RulesSkipped: skipped}
}

// decode leaves in the object what the API server would take in, with defaults. meta
// is nil if it cannot be read.
func (s *Schema) decode(object map[string]any) (meta *metav1.ObjectMeta, faults []Fault) {
	meta, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	switch {
	case err != nil:
		meta, faults = nil, append(faults, unreadableMetadata())
	case !found || meta == nil:
		meta = &metav1.ObjectMeta{}
	}
	unknown = append(unknown, pruning.PruneWithOptions(object, s.structural, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
	defaulting.PruneNonNullableNullsWithoutDefaults(object, s.structural)
	for _, path := range unknown {
		faults = append(faults, s.unknownField(path))
	}
	defaulting.Default(object, s.structural)
	if meta == nil {
		delete(object, "metadata")
		return nil, faults
	}
	if meta.ResourceVersion != "" {
		faults = append(faults, resourceVersionSet())
	}
	fillMetadata(meta)
	if err := objectmeta.SetObjectMeta(object, meta); err != nil {
		return nil, append(faults, unreadableMetadata())
	}
	return meta, faults
}

// fillMetadata does what happens to metadata before it is validated.
func fillMetadata(meta *metav1.ObjectMeta) {
	meta.UID, meta.ResourceVersion = "", ""
	meta.CreationTimestamp, meta.DeletionTimestamp, meta.DeletionGracePeriodSeconds = metav1.Time{}, nil, nil
	meta.Generation = 1
	if meta.Namespace == "" {
		meta.Namespace = metav1.NamespaceDefault
	}
	if meta.Name == "" && meta.GenerateName != "" {
		meta.Name = meta.GenerateName + "00000"
	}
}

func (s *Schema) validate(ctx context.Context, object map[string]any, meta *metav1.ObjectMeta) field.ErrorList {
	var errs field.ErrorList
	if meta != nil {
		declarative := utilfeature.DefaultFeatureGate.Enabled(features.DeclarativeValidationBeta)
		errs = append(errs, apivalidation.ValidateObjectMetaDeclaratively(ctx, operation.Create, meta, nil, true,
			apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"), declarative)...)
	}
	errs = append(errs, validation.ValidateCustomResource(nil, object, s.values)...)
	errs = append(errs, objectmeta.Validate(ctx, nil, object, s.structural, false)...)
	return append(errs, listtype.ValidateListSetsAndMaps(nil, s.structural, object)...)
}

// blocksRules tells whether the API server would leave the rules out.
func blocksRules(errs field.ErrorList) bool {
	for _, err := range errs {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		default:
		}
	}
	return false
}
