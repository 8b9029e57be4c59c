// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// place is where an object stands in a document.
type place struct {
	// path of the object with a dot behind it; empty if it is the document.
	path string
	// repeated fields of the whole document, found when they are first asked for.
	repeated func() []repeatedField
}

// item is the place of the n-th item of the list here.
func (p place) item(n int) place {
	return place{path: fmt.Sprintf("%sitems[%d].", p.path, n), repeated: p.repeated}
}

// repeatedField is one that an object has more than once. Decoders take one of them,
// and say nothing.
type repeatedField struct {
	path string
	// line of the later one in the file.
	line int
}

// repeatedFields are those of the object, with their paths from it.
func (p place) repeatedFields() []repeatedField {
	var found []repeatedField
	for _, repeated := range p.repeated() {
		if path, ok := strings.CutPrefix(repeated.path, p.path); ok {
			found = append(found, repeatedField{path: path, line: repeated.line})
		}
	}
	return found
}

// repeatedFields are those of the whole document. JSON is read as the YAML that it is.
func (m manifest) repeatedFields() []repeatedField {
	var root yaml.Node
	if yaml.Unmarshal(m.content, &root) != nil || len(root.Content) == 0 {
		return nil
	}
	s := &search{firstLine: m.firstLine}
	s.node(root.Content[0], "")
	return s.found
}

type search struct {
	firstLine int
	found     []repeatedField
}

// name is what a field may be called to be named in a finding: a value that has lost
// its key is taken for a field.
var name = regexp.MustCompile(`^[A-Za-z]{1,40}$`)

// mergeKey stands for the fields of another object, and may be there often.
const mergeKey = "<<"

func (s *search) node(node *yaml.Node, path string) {
	switch node.Kind {
	case yaml.SequenceNode:
		for i, item := range node.Content {
			s.node(item, fmt.Sprintf("%s[%d]", path, i))
		}
	case yaml.MappingNode:
		seen := map[string]bool{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			field := below(path, key.Value)
			if seen[key.Value] && key.Value != mergeKey {
				s.found = append(s.found, repeatedField{path: field, line: s.firstLine + key.Line - 1})
			}
			seen[key.Value] = true
			s.node(value, field)
		}
	default:
	}
}

// below is the path of a field. What is no name ends it.
func below(path, field string) string {
	switch {
	case !name.MatchString(field):
		return path
	case path == "":
		return field
	default:
		return path + "." + field
	}
}
