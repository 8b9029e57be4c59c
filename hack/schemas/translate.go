// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"slices"
	"strings"
)

// node is one schema: the whole, a field's, or that of a list's items.
type node map[string]any

// translate makes a CRD's schema one that JSON schema validators read as the API server
// does. Its CEL rules they cannot read.
func (n node) translate() {
	for _, inner := range n.children() {
		inner.translate()
	}
	n.acceptBothKinds()
	n.acceptNull()
	n.refuseUnknownFields()
	for _, key := range slices.Collect(maps.Keys(n)) {
		if strings.HasPrefix(key, "x-kubernetes-") {
			delete(n, key)
		}
	}
}

// children are the schemas of the values in it.
func (n node) children() []node {
	var found []node
	for _, schema := range fields(n["properties"]) {
		found = append(found, fields(schema))
	}
	for _, key := range []string{"items", "additionalProperties"} {
		if schema := fields(n[key]); schema != nil {
			found = append(found, schema)
		}
	}
	return found
}

func fields(value any) node {
	inner, _ := value.(map[string]any)
	return inner
}

// says reports whether a word that may be true or absent is there.
func (n node) says(word string) bool {
	said, _ := n[word].(bool)
	return said
}

// acceptBothKinds says int-or-string in JSON schema's words.
func (n node) acceptBothKinds() {
	if n.says("x-kubernetes-int-or-string") {
		delete(n, "anyOf") // says the same, where controller-gen wrote it
		n["type"] = []any{"integer", "string"}
	}
}

// acceptNull says nullable, which is OpenAPI's word, in JSON schema's.
func (n node) acceptNull() {
	if !n.says("nullable") {
		return
	}
	delete(n, "nullable")
	if kind, ok := n["type"].(string); ok {
		n["type"] = []any{kind, "null"}
	}
	if values, ok := n["enum"].([]any); ok {
		n["enum"] = append(values, nil)
	}
}

// refuseUnknownFields makes a mistyped field an error. The API server prunes it, or refuses
// it under strict validation.
func (n node) refuseUnknownFields() {
	if n.says("x-kubernetes-preserve-unknown-fields") || n.says("x-kubernetes-embedded-resource") {
		return
	}
	if n["properties"] != nil && n["additionalProperties"] == nil {
		n["additionalProperties"] = false
	}
}

// identify has the schema accept one kind of one version, so that an editor offers them,
// and ask for what every manifest has.
func (n node) identify(apiVersion, kind string) {
	properties := fields(n["properties"])
	fields(properties["apiVersion"])["enum"] = []any{apiVersion}
	fields(properties["kind"])["enum"] = []any{kind}
	required, _ := n["required"].([]any)
	for _, name := range []any{"metadata", "kind", "apiVersion"} {
		if !slices.Contains(required, name) {
			required = append([]any{name}, required...)
		}
	}
	n["required"] = required
}
