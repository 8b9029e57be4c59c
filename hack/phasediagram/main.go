// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command phasediagram draws the state diagram of docs/lifecycle.md from the table
// of phases in api/v1alpha1. `make generate` runs it, in the project's folder.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	page  = "docs/lifecycle.md"
	begin = "<!-- Drawn from api/v1alpha1/phase.go by hack/phasediagram: run 'make generate'. -->"
	end   = "<!-- End of the drawing. -->"
)

func main() {
	if err := redraw(); err != nil {
		fmt.Fprintln(os.Stderr, "phasediagram:", err)
		os.Exit(1)
	}
}

// redraw replaces what is between the page's two marks.
func redraw() error {
	text, err := os.ReadFile(page)
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	redrawn, err := replace(string(text), diagram())
	if err != nil {
		return fmt.Errorf("draw into %s: %w", page, err)
	}
	if err := os.WriteFile(page, []byte(redrawn), 0o644); err != nil { //nolint:gosec // everybody may read it
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

func replace(text, drawing string) (string, error) {
	before, rest, found := strings.Cut(text, begin)
	if !found {
		return "", fmt.Errorf("there is no line %q", begin)
	}
	_, after, found := strings.Cut(rest, end)
	if !found {
		return "", fmt.Errorf("there is no line %q", end)
	}
	return before + begin + "\n" + drawing + end + after, nil
}

// diagram is a Mermaid state diagram in a fenced block. "" and a phase that nothing
// follows are Mermaid's [*].
func diagram() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, from := range append([]v1alpha1.RegistrationPhase{""}, v1alpha1.Phases()...) {
		next := from.NextPhases()
		for _, to := range next {
			fmt.Fprintf(&b, "    %s --> %s\n", state(from), to)
		}
		if len(next) == 0 {
			fmt.Fprintf(&b, "    %s --> [*]\n", from)
		}
	}
	b.WriteString("```\n")
	return b.String()
}

func state(phase v1alpha1.RegistrationPhase) string {
	if phase == "" {
		return "[*]"
	}
	return string(phase)
}
