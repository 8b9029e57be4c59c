// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	// escapes are those of URLs and of JSON, one after another: a character may take
	// several.
	escapes = regexp.MustCompile(`(%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})+`)
	// encoded is what may be base64 or hexadecimal.
	encoded = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}={0,2}`)
)

// unescaped reads HTML entities and the escapes of URLs and JSON.
func unescaped(s string) string {
	return escapes.ReplaceAllStringFunc(html.UnescapeString(s), func(run string) string {
		quoted := strings.NewReplacer("%", `\x`).Replace(run)
		read, err := strconv.Unquote(`"` + quoted + `"`)
		if err != nil || !utf8.ValidString(read) {
			return run
		}
		return read
	})
}

// decoded returns the texts that a word encodes.
func decoded(word string) []string {
	bare := strings.TrimRight(word, "=")
	var texts []string
	for _, decode := range []func(string) ([]byte, error){
		base64.RawStdEncoding.DecodeString, base64.RawURLEncoding.DecodeString, hex.DecodeString,
	} {
		if content, err := decode(bare); err == nil && utf8.Valid(content) {
			texts = append(texts, plain(string(content)))
		}
	}
	return texts
}
