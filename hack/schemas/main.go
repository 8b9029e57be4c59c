// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command schemas writes a JSON schema of each kind to config/schemas, for editors and for
// kubeconform, from the CRDs. `make generate` runs it, in the project's folder.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

const (
	crds   = "config/crd/bases/*.yaml"
	folder = "config/schemas"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "schemas:", err)
		os.Exit(1)
	}
}

func run() error {
	paths, err := filepath.Glob(crds)
	if err != nil {
		return err
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files, err := schemas(content)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for name, schema := range files {
			if err := write(filepath.Join(folder, name), schema); err != nil {
				return err
			}
		}
	}
	return nil
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // everybody may read it
		return err
	}
	return os.WriteFile(path, content, 0o644) //nolint:gosec // everybody may read it
}

// schemas returns a file for each served version of a CRD, named as the catalogs of such
// schemas name them: GROUP/KIND_VERSION.json, the kind in small letters.
func schemas(crd []byte) (map[string][]byte, error) {
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(crd, definition); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, version := range definition.Spec.Versions {
		if !version.Served {
			continue
		}
		schema, err := asJSONSchema(definition, version)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("%s/%s_%s.json", definition.Spec.Group, strings.ToLower(definition.Spec.Names.Kind), version.Name)
		if files[name], err = indented(schema); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func asJSONSchema(definition *apiextensionsv1.CustomResourceDefinition, version apiextensionsv1.CustomResourceDefinitionVersion) (node, error) {
	raw, err := json.Marshal(version.Schema.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	schema := node{}
	if err := json.Unmarshal(raw, &schema); err != nil {
		return nil, err
	}
	schema.translate()
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema.identify(definition.Spec.Group+"/"+version.Name, definition.Spec.Names.Kind)
	return schema, nil
}

func indented(schema node) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(schema)
	return text.Bytes(), err
}
