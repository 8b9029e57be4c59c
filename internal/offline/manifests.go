// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// manifest is one document of a file.
type manifest struct {
	content []byte
	// firstLine of it in the file, from 1.
	firstLine int
}

// add takes in what content holds, as kubectl would.
func (i *Input) add(origin string, content []byte) error {
	manifests, err := split(content)
	if err != nil {
		return fmt.Errorf("read %s: %w", origin, err)
	}
	for _, m := range manifests {
		object, err := m.decode()
		if err != nil {
			return fmt.Errorf("read %s: %w: mend it, or leave the file out", origin, err)
		}
		i.take(origin, object, place{repeated: sync.OnceValue(m.repeatedFields)})
	}
	return nil
}

// split returns a file's documents. JSON has several one behind the other.
func split(content []byte) ([]manifest, error) {
	if utilyaml.IsJSONBuffer(content) {
		if manifests, ok := splitJSON(content); ok {
			return manifests, nil
		}
	}
	return splitYAML(content)
}

func splitJSON(content []byte) (manifests []manifest, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(content))
	for {
		var raw json.RawMessage
		err := decoder.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return manifests, true
		}
		if err != nil {
			return nil, false
		}
		before := content[:int(decoder.InputOffset())-len(raw)]
		manifests = append(manifests, manifest{content: raw, firstLine: 1 + bytes.Count(before, []byte("\n"))})
	}
}

var errSeparator = errors.New(`after "---" there may be nothing but a comment: begin the document on the next line`)

func splitYAML(content []byte) ([]manifest, error) {
	// The reader ends lines so, and each is found again below.
	content = append(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), '\n')
	rest := bytes.NewReader(content)
	buffered := bufio.NewReader(rest)
	reader := utilyaml.NewYAMLReader(buffered)
	var manifests []manifest
	for {
		found, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			return manifests, nil
		case err != nil:
			return nil, errSeparator
		}
		read := content[:len(content)-rest.Len()-buffered.Buffered()]
		start := max(bytes.LastIndex(read, found), 0)
		manifests = append(manifests, manifest{content: found, firstLine: 1 + bytes.Count(read[:start], []byte("\n"))})
	}
}

// decode returns the document as JSON has it; nil if it is no object.
func (m manifest) decode() (map[string]any, error) {
	content := m.content
	if !utilyaml.IsJSONBuffer(content) || !json.Valid(content) {
		converted, err := yaml.YAMLToJSON(content)
		if err != nil {
			return nil, m.notYAML(err)
		}
		content = converted
	}
	var value any
	if err := utiljson.Unmarshal(content, &value); err != nil {
		return nil, fmt.Errorf("line %d: the document is neither YAML nor JSON", m.firstLine)
	}
	object, _ := value.(map[string]any)
	return object, nil
}

var (
	// yamlError is how the parser tells of an error.
	yamlError = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?(.*)`)
	// constant is such a text that repeats nothing of the document.
	constant = regexp.MustCompile(`^(?:[A-Za-z ]|'[:,\]}?-]+')+$`)
)

// notYAML says where the document is none, and why if the reason repeats nothing of it.
func (m manifest) notYAML(err error) error {
	line, reason := m.firstLine, "it is not YAML"
	if found := yamlError.FindStringSubmatch(err.Error()); found != nil {
		if within, err := strconv.Atoi(found[1]); err == nil {
			line += within - 1
		}
		if constant.MatchString(found[2]) {
			reason = found[2]
		}
	}
	return fmt.Errorf("line %d: %s", line, reason)
}

const (
	registrationKind = "ChinaAccountRegistration"
	secretKind       = "Secret"
)

// take sorts an object into what there is use for. Lists are taken apart.
func (i *Input) take(origin string, object map[string]any, at place) {
	kind, _ := object["kind"].(string)
	apiVersion, _ := object["apiVersion"].(string)
	group, _, _ := strings.Cut(apiVersion, "/")
	items, isList := object["items"].([]any)
	switch {
	case isList && strings.HasSuffix(kind, "List"):
		for n, item := range items {
			if item, ok := item.(map[string]any); ok {
				i.take(origin, withKind(item, strings.TrimSuffix(kind, "List"), apiVersion), at.item(n))
			}
		}
	case kind == registrationKind && group == v1alpha1.GroupName:
		i.Registrations = append(i.Registrations, Registration{Origin: origin, Object: object, repeated: at.repeatedFields()})
	case kind == secretKind && apiVersion == "v1":
		i.Secrets.add(object)
	}
}

// withKind gives an item of a typed list the kind that it may leave out.
func withKind(item map[string]any, kind, apiVersion string) map[string]any {
	if item["kind"] == nil && item["apiVersion"] == nil {
		item["kind"], item["apiVersion"] = kind, apiVersion
	}
	return item
}
