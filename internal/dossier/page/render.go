// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page's assets
	"encoding/base64"
	"fmt"
	"html/template"
)

var (
	//go:embed assets/page.html
	source string
	//go:embed assets/page.css
	style template.CSS
	//go:embed assets/page.js
	script template.JS
)

// The page is short, and this in it is all that is ours to run and to style it by.
var layout = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"style":  func() template.CSS { return style },
	"script": func() template.JS { return script },
	"policy": func() string { return policy },
}).Parse(source))

// policy lets the page load nothing but its own assets, by their hashes, and the scans
// that lie beside it. Browsers differ in whether a file is itself ('self').
var policy = fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; img-src 'self' file:; base-uri 'none'; form-action 'none'",
	hashOf(string(style)), hashOf(string(script)))

func hashOf(asset string) string {
	sum := sha256.Sum256([]byte(asset))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func render(v *view) ([]byte, error) {
	var page bytes.Buffer
	if err := layout.Execute(&page, v); err != nil {
		return nil, fmt.Errorf("fill in the page: %w", err)
	}
	return page.Bytes(), nil
}
