// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package apiserver

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
)

// fieldName is what an unknown field may be called to be named in a finding. A value
// that has lost its key is taken for a field, and most values are no such word.
var fieldName = regexp.MustCompile(`^[A-Za-z]{1,40}$`)

// unknownField is the fault of a field that the schema does not have. path is its own,
// as the API server writes it.
func (s *Schema) unknownField(path string) Fault {
	parent, name, known := "", path, []string{"apiVersion", "kind", "metadata", "spec"}
	if below, ok := strings.CutPrefix(path, metadataPath+"."); ok {
		parent, name, known = metadataPath, below, nil
	} else if holder, at := s.holder(path); holder != nil {
		parent, name, known = path[:at], path[at:], slices.Sorted(maps.Keys(holder.Properties))
		parent, name = strings.TrimSuffix(parent, "."), strings.TrimPrefix(name, ".")
	}
	message := "there is no such field"
	if !fieldName.MatchString(name) {
		path, message = parent, "has a field that there is not"
	}
	switch {
	case len(known) > 0:
		message += ": the fields here are " + strings.Join(known, ", ")
	case parent != metadataPath:
		message += ": this is a plain value"
	}
	fault := faultAt(path, message, SourceSchema)
	fault.Unknown = true
	return fault
}

// holder returns the node of the schema that lacks the field at path, and where in
// path that field's name begins; nil if it is the root's.
func (s *Schema) holder(path string) (*structuralschema.Structural, int) {
	var node *structuralschema.Structural
	next, at := s.structural, 0
	for next != nil {
		node = next
		next, at = child(node, path, at)
	}
	if node == s.structural {
		return nil, 0
	}
	return node, at
}

var index = regexp.MustCompile(`^\[[0-9]+\]`)

// child returns the node below that path names at that place, and where what is below
// it begins. It returns nil, and the place as it is, if there is none.
func child(node *structuralschema.Structural, path string, at int) (*structuralschema.Structural, int) {
	rest := strings.TrimPrefix(path[at:], ".")
	if node.Items != nil {
		if found := index.FindString(rest); found != "" {
			return node.Items, at + len(path[at:]) - len(rest) + len(found)
		}
		return nil, at
	}
	for name, property := range node.Properties {
		after, ok := strings.CutPrefix(rest, name)
		if ok && (after == "" || after[0] == '.' || after[0] == '[') {
			return &property, len(path) - len(after)
		}
	}
	return nil, at
}
