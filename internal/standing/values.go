// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// values are what stands in a registration, by path.
type values struct{ object map[string]any }

func valuesOf(reg *v1alpha1.ChinaAccountRegistration) values {
	object := map[string]any{}
	if content, err := json.Marshal(reg); err == nil {
		_ = json.Unmarshal(content, &object) // what was marshalled just now
	}
	return values{object}
}

var step = regexp.MustCompile(`^\.?([A-Za-z][A-Za-z0-9]*)|^\[(\d+)\]`)

// at returns the value at a path in the way of a requirement's, e.g.
// spec.dossier.documents.identification.files[0]. A reference to a Secret is told by
// its name and key; the rest of a struct is not printed.
func (v values) at(path string) string {
	if !strings.HasPrefix(path, "spec.") {
		return ""
	}
	var here any = v.object
	for path != "" {
		found := step.FindStringSubmatch(path)
		if found == nil {
			return ""
		}
		path = path[len(found[0]):]
		switch node := here.(type) {
		case map[string]any:
			here = node[found[1]]
		case []any:
			i, err := strconv.Atoi(found[2])
			if err != nil || i >= len(node) {
				return ""
			}
			here = node[i]
		default:
			return ""
		}
	}
	return inWords(here)
}

func inWords(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case bool, float64:
		return fmt.Sprint(value)
	case []any:
		return each(value)
	case map[string]any:
		if ref, is := value["secretKeyRef"].(map[string]any); is {
			return fmt.Sprintf("Secret %v, key %v", ref["name"], ref["key"])
		}
		if parts, is := value["parts"].([]any); is {
			return each(parts)
		}
		if files, is := value["files"].([]any); is {
			return each(files)
		}
	}
	return ""
}

func each(list []any) string {
	var all []string
	for _, item := range list {
		if text := inWords(item); text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, "; ")
}
