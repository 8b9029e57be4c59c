// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package apiserver

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// CodeSchemaInvalid ends when the API server takes the object.
const CodeSchemaInvalid = "SchemaInvalid"

// The sources of what the API server refuses.
const (
	SourceSchema   = "CRD schema"
	SourceRule     = "CRD rule"
	SourceMetadata = "Kubernetes API conventions"
)

// Fault is one thing for which the API server would refuse an object. Its message is
// made here, from the CRD's own words and bounds: the text of a validator may repeat
// the value that it refuses.
type Fault struct {
	preflight.Finding
	// Absent says that a required field is not there; Unknown that this field is none.
	Absent, Unknown bool
}

// Refused is the fault of what somebody else than the API server refuses.
func Refused(path, message, source string) Fault { return faultAt(path, message, source) }

// Undecodable is the fault of an object that the API server would take, and the
// operator could not decode.
func Undecodable() Fault { return faultAt("spec", generalMessage, SourceSchema) }

func faultAt(path, message, source string) Fault {
	return Fault{Finding: preflight.Finding{
		Code: CodeSchemaInvalid, Severity: v1alpha1.SeverityError, Path: path, Message: message, Source: source,
	}}
}

// sorted puts faults in the order of their paths, each once: validators go through
// maps, and so in any order.
func sorted(faults []Fault) []Fault {
	slices.SortFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(faults)
}

func (s *Schema) fault(err *field.Error) Fault {
	path := err.Field
	if path == noPath {
		path = ""
	}
	if s.cures[err.Detail] {
		return faultAt(path, err.Detail, SourceRule)
	}
	if path == metadataPath || strings.HasPrefix(path, metadataPath+".") {
		return faultAt(path, metadataMessage(path, err), SourceMetadata)
	}
	if found := outOfRange.FindStringSubmatch(err.Detail); found != nil {
		return faultAt(found[1], "is not a whole number, or too large a one", SourceSchema)
	}
	fault := faultAt(path, schemaMessage(err), SourceSchema)
	fault.Absent = err.Type == field.ErrorTypeRequired
	return fault
}

// noPath is how a field.Error without a path is written.
const noPath = "<nil>"

// outOfRange is how a number is told of that its format cannot hold: with the path in
// the text alone.
var outOfRange = regexp.MustCompile(`^Checked value must be of type integer with format int[0-9]+ in ([A-Za-z]+(?:\[[0-9]+\]|\.[A-Za-z]+)*)$`)

func schemaMessage(err *field.Error) string {
	switch err.Type {
	case field.ErrorTypeRequired:
		return "this field is required, and is not there"
	case field.ErrorTypeNotSupported:
		return "must be one of " + strings.TrimPrefix(err.Detail, "supported values: ")
	case field.ErrorTypeTooLong:
		return "is too long: at most " + number.FindString(err.Detail) + " characters"
	case field.ErrorTypeTooMany:
		return "has too many items: at most " + number.FindString(err.Detail)
	case field.ErrorTypeDuplicate:
		return "an item of the same key is in the list already: keep one of them"
	case field.ErrorTypeTypeInvalid:
		return typeMessage(err.Detail)
	default:
		return boundMessage(err.Detail)
	}
}

var number = regexp.MustCompile(`[0-9]+`)

// typeMismatch is how a value of another JSON type is told of.
var typeMismatch = regexp.MustCompile(` must be of type (string|integer|int32|int64|number|boolean|object|array): "(string|integer|number|float64|boolean|object|array|null)"$`)

var typeWords = map[string]string{
	"string": "a string", "integer": "a whole number", "int32": "a whole number", "int64": "a whole number",
	"number": "a number", "float64": "a fraction", "boolean": "true or false",
	"object": "an object with fields", "array": "a list", "null": "null",
}

func typeMessage(detail string) string {
	found := typeMismatch.FindStringSubmatch(detail)
	if found == nil {
		return generalMessage
	}
	wanted, given := found[1], found[2]
	message := "must be " + typeWords[wanted] + ", and is " + typeWords[given]
	if wanted == "string" && given != "object" && given != "array" {
		message += ": put it in quotes"
	}
	return message
}

// bounds are those that the schema has, by how they are told of.
var bounds = []struct {
	told    *regexp.Regexp
	message string
}{
	{regexp.MustCompile(` should be at least 1 chars long$`), "must not be empty"},
	{regexp.MustCompile(` should be at least ([0-9]+) chars long$`), "is too short: at least $1 characters"},
	{regexp.MustCompile(` should have at least 1 items$`), "must not be empty"},
	{regexp.MustCompile(` should have at least ([0-9]+) items$`), "has too few items: at least $1"},
	{regexp.MustCompile(` should be greater than or equal to ([0-9]+)$`), "must be $1 or more"},
	{regexp.MustCompile(` should be less than or equal to ([0-9]+)$`), "must be $1 or less"},
}

// generalMessage is for what has no words here.
const generalMessage = "is not what this field takes: compare it with `kubectl explain`"

func boundMessage(detail string) string {
	for _, bound := range bounds {
		if found := bound.told.FindStringSubmatchIndex(detail); found != nil {
			return string(bound.told.ExpandString(nil, bound.message, detail, found))
		}
	}
	return generalMessage
}
