// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"
)

func crdWith(schema string) []byte {
	return []byte(`
kind: CustomResourceDefinition
spec:
  group: example.dev
  names: {kind: ThingOfMine}
  versions:
  - name: v2
    served: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec: ` + schema + `
  - {name: v1, served: false}
`)
}

// specOf is what becomes of a schema of spec.
func specOf(t *testing.T, schema string) string {
	t.Helper()
	g := NewWithT(t)
	files, err := schemas(crdWith(schema))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(files).To(And(HaveLen(1), HaveKey("example.dev/thingofmine_v2.json")))
	var whole struct {
		Properties struct{ Spec json.RawMessage }
	}
	g.Expect(json.Unmarshal(files["example.dev/thingofmine_v2.json"], &whole)).To(Succeed())
	return string(whole.Properties.Spec)
}

func TestACRDsWordsBecomeJSONSchemas(t *testing.T) {
	tests := map[string]struct{ crd, want string }{
		"a field that is not known is refused, however deep": {
			crd:  `{type: object, properties: {list: {type: array, items: {type: object, properties: {a: {type: string}}}}}}`,
			want: `{"type": "object", "additionalProperties": false, "properties": {"list": {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string"}}}}}}`,
		},
		"any field is accepted where the API server keeps any": {
			crd:  `{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: string}}}`,
			want: `{"type": "object", "properties": {"a": {"type": "string"}}}`,
		},
		"a map stays one, and its values are looked at": {
			crd:  `{type: object, additionalProperties: {type: object, properties: {a: {type: string}}}}`,
			want: `{"type": "object", "additionalProperties": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string"}}}}`,
		},
		"an object without fields may hold any": {
			crd:  `{type: object}`,
			want: `{"type": "object"}`,
		},
		"a number or a string": {
			crd:  `{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}`,
			want: `{"type": ["integer", "string"]}`,
		},
		"a value or null": {
			crd:  `{type: string, nullable: true, enum: [A, B]}`,
			want: `{"type": ["string", "null"], "enum": ["A", "B", null]}`,
		},
		"rules and kinds of lists are the API server's alone": {
			crd:  `{type: array, x-kubernetes-list-type: set, items: {type: string, maxLength: 3, x-kubernetes-validations: [{rule: "true"}]}}`,
			want: `{"type": "array", "items": {"type": "string", "maxLength": 3}}`,
		},
		"what values must be like is kept": {
			crd:  `{type: object, properties: {a: {type: string, default: x}}, anyOf: [{properties: {a: {minLength: 2}}}]}`,
			want: `{"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string", "default": "x"}}, "anyOf": [{"properties": {"a": {"minLength": 2}}}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(specOf(t, test.crd)).To(MatchJSON(test.want))
		})
	}
}

func TestASchemaAcceptsItsOwnKindAlone(t *testing.T) {
	g := NewWithT(t)
	files, err := schemas(crdWith(`{type: object}`))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(files["example.dev/thingofmine_v2.json"]).To(MatchJSON(`{
		"$schema": "http://json-schema.org/draft-07/schema#",
		"type": "object", "additionalProperties": false,
		"required": ["apiVersion", "kind", "metadata", "spec"],
		"properties": {
			"apiVersion": {"type": "string", "enum": ["example.dev/v2"]},
			"kind": {"type": "string", "enum": ["ThingOfMine"]},
			"metadata": {"type": "object"},
			"spec": {"type": "object"}
		}
	}`))
}

func TestTheSchemasThatAreStoredAreThoseOfTheCRDs(t *testing.T) {
	g := NewWithT(t)
	stored, err := filepath.Glob("../../config/schemas/*/*.json")
	g.Expect(err).NotTo(HaveOccurred())
	crds, err := filepath.Glob("../../" + crds)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(stored).To(HaveLen(len(crds)))
	for _, path := range crds {
		crd, err := os.ReadFile(path)
		g.Expect(err).NotTo(HaveOccurred())
		files, err := schemas(crd)
		g.Expect(err).NotTo(HaveOccurred())
		for name, want := range files {
			g.Expect(os.ReadFile(filepath.Join("..", "..", "config", "schemas", filepath.FromSlash(name)))).To(Equal(want), "`make generate` writes %s", name)
		}
	}
}
