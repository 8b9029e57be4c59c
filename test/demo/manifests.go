// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"embed"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed manifests/*.yaml
var manifestFiles embed.FS

var manifests = template.Must(template.New("").Funcs(template.FuncMap{
	"base64": base64.StdEncoding.EncodeToString,
	"lower":  strings.ToLower,
}).ParseFS(manifestFiles, "manifests/*.yaml"))

// writeManifest fills in a file of manifests/ and returns where it was written.
func writeManifest(dir, name, source string, values any) (string, error) {
	path := filepath.Join(dir, name)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return "", fmt.Errorf("write manifest %s: %w", name, err)
	}
	if err := manifests.ExecuteTemplate(file, source, values); err != nil {
		_ = file.Close()
		return "", fmt.Errorf("write manifest %s: %w", name, err)
	}
	if err := file.Close(); err != nil {
		return "", fmt.Errorf("write manifest %s: %w", name, err)
	}
	return path, nil
}
