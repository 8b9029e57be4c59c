// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	"golang.org/x/text/width"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// echoes are the ways that a registrar may repeat what was filed.
var echoes = map[string]func(string) string{
	"plain":       func(v string) string { return v },
	"upper case":  strings.ToUpper,
	"wide":        width.Widen.String,
	"spaces":      func(v string) string { return strings.Join(strings.Split(v, ""), " ") },
	"dashes":      func(v string) string { return strings.Join(strings.Split(v, ""), "-") },
	"lines":       func(v string) string { return strings.Join(strings.Split(v, ""), "\n") },
	"base64":      func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
	"base64 JSON": func(v string) string { return base64.URLEncoding.EncodeToString([]byte(`{"value":"` + v + `"}`)) },
	"hexadecimal": func(v string) string { return hex.EncodeToString([]byte(v)) },
	"URL":         func(v string) string { return "https://registrar.example.cn/?value=" + escapedBytes(v, "%%%02X") },
	"form":        url.QueryEscape,
	"HTML":        func(v string) string { return "<b>" + escapedRunes(v, "&#%d;") + "</b>" },
	"JSON":        func(v string) string { return `{"value":"` + escapedRunes(v, `\u%04x`) + `"}` },
}

// echo has the registrar reject a key's newest attempt in words that repeat a value in
// every way, and also where a finding's code and path are. It has the company's public
// name in its words too.
func (g *gateway) echo(round int, key, value string) {
	GinkgoHelper()
	findings := []contract.Finding{
		{Code: "Company", Message: fmt.Sprintf("Round %d: %s, %s, %s is not on the registry.", round, legalName, street, creditCode)},
		{Code: "Value " + value, Path: "spec.dossier." + value, Message: "Correct it."},
	}
	for name, say := range echoes {
		findings = append(findings, contract.Finding{
			Code: "Mismatch", Path: "spec.dossier.contact.name", Message: fmt.Sprintf("%s: the value %s differs.", name, say(value)),
		})
	}
	g.ask(http.MethodPost, "/registrations/"+key+"/state", registrar.ForcedState{State: contract.Rejected, Findings: findings})
}

func escapedBytes(value, format string) string {
	var b strings.Builder
	for i := range len(value) {
		fmt.Fprintf(&b, format, value[i])
	}
	return b.String()
}

func escapedRunes(value, format string) string {
	var b strings.Builder
	for _, r := range value {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}
