// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command findings writes docs/findings.md from preflight's rules. `make generate` runs
// it, in the project's folder.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

const page = "docs/findings.md"

const introduction = `<!-- Written from internal/preflight/rules.go by hack/findings: run 'make generate'. -->
# Findings of preflight

What preflight finds wrong with a dossier, in the order of the sign-up form. The operator shows each as a requirement of the registration (` + "`kubectl describe car NAME`" + `), and as an event once; ` + "`kubectl china-account check`" + ` prints the same offline. An **Error** keeps the dossier from being filed, a **Warning** is shown and blocks nothing. Codes are stable. A finding names the field or file, and never holds its value.

Sources: "FAQ Q4" is question 4 of the registrars' own FAQ for new accounts; GB are China's national standards; "practice" is what practitioners and other registrars of the same certificates report, and is never a reason to refuse but for what nobody could read. How files are judged, and with which limits: [preflight.md](preflight.md).

| Code | Severity | What is wrong, and the cure | Source |
|---|---|---|---|
`

func main() {
	if err := os.WriteFile(page, []byte(text(preflight.Rules())), 0o644); err != nil { //nolint:gosec // everybody may read it
		fmt.Fprintln(os.Stderr, "findings: write the page:", err)
		os.Exit(1)
	}
}

// text is the page, with a row for each rule.
func text(rules []preflight.Rule) string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, rule := range rules {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", rule.Code, rule.Severity, inWords(rule.Message), rule.Source)
	}
	return b.String()
}

// inWords replaces what a finding fills in, and what a table would take for its own.
func inWords(message string) string {
	return strings.NewReplacer("%d × %d", "*W* × *H*", "%s", "…", "|", `\|`).Replace(message)
}
