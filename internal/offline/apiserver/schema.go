// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package apiserver says what the API server would say if a registration were created,
// by the API server's own libraries and in its order. It knows the CRD of this build;
// what admission policies, quotas and other objects in a cluster add, it cannot know.
package apiserver

import (
	"errors"
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/config/crd"
)

// Schema is the CRD's, made ready to judge objects.
type Schema struct {
	structural *structuralschema.Structural
	values     validation.SchemaValidator
	rules      *cel.Validator
	// cures are the messages of the CRD's rules: the only text of a validator that is
	// known to hold no value.
	cures map[string]bool
}

// NewSchema compiles the CRD's schema and rules.
func NewSchema() (*Schema, error) {
	properties, err := parse(crd.Registrations)
	if err != nil {
		return nil, fmt.Errorf("read the CRD of this build: %w", err)
	}
	structural, err := structuralschema.NewStructural(properties)
	if err != nil {
		return nil, fmt.Errorf("read the CRD's schema: %w", err)
	}
	structural = structural.DeepCopy()
	if err := defaulting.PruneDefaults(structural); err != nil {
		return nil, fmt.Errorf("read the CRD's defaults: %w", err)
	}
	values, _, err := validation.NewSchemaValidator(properties)
	if err != nil {
		return nil, fmt.Errorf("read the CRD's schema: %w", err)
	}
	s := &Schema{structural: structural, values: values, cures: map[string]bool{}}
	s.rules = cel.NewValidator(structural, true, celconfig.PerCallLimit)
	s.collectCures(structural)
	return s, nil
}

var errNoSchema = errors.New("it has no schema of " + v1alpha1.GroupName + "/v1alpha1")

func parse(content []byte) (*apiextensions.JSONSchemaProps, error) {
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(content, definition); err != nil {
		return nil, err
	}
	for _, version := range definition.Spec.Versions {
		if version.Name != v1alpha1.GroupVersion.Version || version.Schema == nil {
			continue
		}
		properties := &apiextensions.JSONSchemaProps{}
		return properties, apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, properties, nil)
	}
	return nil, errNoSchema
}

func (s *Schema) collectCures(node *structuralschema.Structural) {
	for _, rule := range node.XValidations {
		s.cures[rule.Message] = true
	}
	for _, property := range node.Properties {
		s.collectCures(&property)
	}
	if node.Items != nil {
		s.collectCures(node.Items)
	}
}
