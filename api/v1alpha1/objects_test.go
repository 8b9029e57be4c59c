// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// object is unstructured, because a typed one cannot say "absent", "empty" and
// "of the wrong type" apart.
type object = *unstructured.Unstructured

// edit changes an object before it is sent.
type edit func(object)

// set puts a value at a path such as spec.dossier.documents.identification.files[0].
func set(path string, value any) edit {
	return func(o object) {
		o.Object = put(o.Object, steps(path), asJSON(value)).(map[string]any)
	}
}

// without leaves a field out.
func without(path string) edit {
	return func(o object) {
		unstructured.RemoveNestedField(o.Object, steps(path)...)
	}
}

// asJSON turns a value into what unstructured objects hold: it has no int, but int64.
func asJSON(value any) any {
	var decoded any
	if err := json.Unmarshal(must(json.Marshal(value)), &decoded); err != nil {
		panic(err)
	}
	return decoded
}

func edited(o object, edits ...edit) object {
	o = o.DeepCopy()
	for _, change := range edits {
		change(o)
	}
	return o
}

var step = regexp.MustCompile(`[^.\[\]]+`)

func steps(path string) []string { return step.FindAllString(path, -1) }

func put(node any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if list, isList := node.([]any); isList {
		index := must(strconv.Atoi(path[0]))
		list[index] = put(list[index], path[1:], value)
		return list
	}
	fields, isMap := node.(map[string]any)
	if !isMap {
		fields = map[string]any{}
	}
	fields[path[0]] = put(fields[path[0]], path[1:], value)
	return fields
}

// get returns what stands at a path, nil if nothing does.
func get(o object, path string) any {
	var node any = o.Object
	for _, name := range steps(path) {
		switch holder := node.(type) {
		case map[string]any:
			node = holder[name]
		case []any:
			node = holder[must(strconv.Atoi(name))]
		default:
			return nil
		}
	}
	return node
}

// The fixtures are read when the specs are listed, which happens before any runs.
var (
	full    = loadObject("registration.yaml")
	other   = loadObject("registration-other.yaml")
	minimal = edited(full, func(o object) {
		for _, path := range optionalFields() {
			without(path)(o)
		}
	})
)

// registration returns a valid registration without optional fields, edited.
func registration(edits ...edit) object { return edited(minimal, edits...) }

// fullRegistration returns a valid registration with every field set, edited.
func fullRegistration(edits ...edit) object { return edited(full, edits...) }

func loadObject(name string) object {
	o := &unstructured.Unstructured{}
	load(filepath.Join("testdata", name), o)
	return o
}

func load(path string, into any) {
	content := must(os.ReadFile(path))
	if err := yaml.Unmarshal(content, into); err != nil {
		panic(fmt.Errorf("parse %s: %w", path, err))
	}
}

// must is for what can only fail by a mistake in the tests.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
