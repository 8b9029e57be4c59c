// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package apiserver

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"sigs.k8s.io/yaml"
)

func schemaOf(t *testing.T) *Schema {
	t.Helper()
	s, err := NewSchema()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func registration(t *testing.T) map[string]any {
	t.Helper()
	content, err := os.ReadFile("../../../api/v1alpha1/testdata/registration.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o := map[string]any{}
	if err := yaml.Unmarshal(content, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestObjectIsTakenWithDefaultsAndWithoutStatusAndIsNotChanged(t *testing.T) {
	o := registration(t)
	spec := o["spec"].(map[string]any)
	delete(spec, "registrarRef")
	o["status"] = map[string]any{"phase": "Active"}
	answer := schemaOf(t).Create(t.Context(), o)
	if len(answer.Faults) != 0 || answer.RulesSkipped {
		t.Errorf("answer %+v", answer.Faults)
	}
	stored := answer.Object["spec"].(map[string]any)
	if name := stored["registrarRef"].(map[string]any)["name"]; name != "default" {
		t.Errorf("registrarRef.name is %v", name)
	}
	if answer.Object["status"] != nil {
		t.Error("the status was taken")
	}
	if o["status"] == nil || spec["registrarRef"] != nil {
		t.Error("the object was changed")
	}
}

func TestFaultsSayWhatTheFieldTakes(t *testing.T) {
	s := schemaOf(t)
	for name, test := range map[string]struct {
		field string
		value any
		want  string
	}{
		"a word that is not on the list": {"region", "ap-east-1", `spec.region: must be one of "cn-north-1", "cn-northwest-1"`},
		"a number for a text":            {"supportPlan", int64(7), "spec.supportPlan: must be a string, and is a whole number: put it in quotes"},
		"a text for true or false":       {"suspend", "yes", "spec.suspend: must be true or false, and is a string"},
		"a list for an object":           {"registrarRef", []any{}, "spec.registrarRef: must be an object with fields, and is a list"},
		"a fraction":                     {"withdrawAttempt", 1.5, "spec.withdrawAttempt: must be a whole number, and is a fraction"},
		"a number below the bound":       {"withdrawAttempt", int64(0), "spec.withdrawAttempt: must be 1 or more"},
		"nothing in a list":              {"supplementaryDocuments", []any{map[string]any{"challengeID": "a", "files": []any{}}}, "spec.supplementaryDocuments[0].files: must not be empty"},
		"an empty text":                  {"registrarRef", map[string]any{"name": ""}, "spec.registrarRef.name: must not be empty"},
		"a long text":                    {"registrarRef", map[string]any{"name": strings.Repeat("a", 254)}, "spec.registrarRef.name: is too long: at most 253 characters"},
		"a text that a rule refuses":     {"registrarRef", map[string]any{"name": "A"}, "spec.registrarRef.name: no Registrar can have this name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"},
		"an unknown field":               {"suspended", true, "spec.suspended: there is no such field: the fields here are " + strings.Join(slices.Sorted(maps.Keys(s.structural.Properties["spec"].Properties)), ", ")},
		"a field of a plain value":       {"registrarRef", map[string]any{"name": map[string]any{"kind": "x"}}, "spec.registrarRef.name.kind: there is no such field: this is a plain value"},
		"an item too much":               {"supplementaryDocuments", slices.Repeat([]any{map[string]any{}}, 9), "spec.supplementaryDocuments: has too many items: at most 8"},
	} {
		t.Run(name, func(t *testing.T) {
			o := registration(t)
			o["spec"].(map[string]any)[test.field] = test.value
			var got []string
			for _, fault := range s.Create(t.Context(), o).Faults {
				got = append(got, fault.Path+": "+fault.Message)
			}
			if !slices.Contains(got, test.want) {
				t.Errorf("faults\n%s\nlack\n%s", strings.Join(got, "\n"), test.want)
			}
		})
	}
}

// A rule without a message would be told by its text, which is no cure, and a message
// that is an expression could hold the value.
func TestEveryRuleHasAMessageOfItsOwn(t *testing.T) {
	var walk func(path string, node structuralschema.Structural)
	walk = func(path string, node structuralschema.Structural) {
		for _, rule := range node.XValidations {
			if rule.Message == "" || rule.MessageExpression != "" {
				t.Errorf("the rule %s at %s has the message %q, and the expression %q", rule.Rule, path, rule.Message, rule.MessageExpression)
			}
		}
		for name, property := range node.Properties {
			walk(path+"."+name, property)
		}
		if node.Items != nil {
			walk(path+"[]", *node.Items)
		}
	}
	walk("", *schemaOf(t).structural)
}

// Whoever checks a file should not wait for it. It takes some 60 ms on two cores; the
// limit leaves room for a busy machine and the race detector.
func TestSchemaIsCompiledInNoTime(t *testing.T) {
	began := time.Now()
	schemaOf(t)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
