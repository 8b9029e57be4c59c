// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// Finding is one of preflight's, or of the kind that preflight leaves to others, as
// it is printed. All keys are always there: the form is read by machines.
type Finding struct {
	// Registration is the object's namespace/name where there are several.
	Registration string            `json:"registration,omitempty"`
	Code         string            `json:"code"`
	Severity     v1alpha1.Severity `json:"severity"`
	Path         string            `json:"path"`
	Message      string            `json:"message"`
	Source       string            `json:"source"`
}

// IsError tells whether the finding blocks filing.
func (f Finding) IsError() bool { return f.Severity == v1alpha1.SeverityError }

// Verdict is what is said of one value or file.
type Verdict struct {
	// Valid is that nothing blocks filing; there may be warnings.
	Valid    bool      `json:"valid"`
	Findings []Finding `json:"findings"`
}

func verdictOf(found []preflight.Finding) Verdict {
	return Verdict{Valid: !preflight.HasErrors(found), Findings: printable(found)}
}

// printable is never nil, which would be printed as null.
func printable(found []preflight.Finding) []Finding {
	findings := make([]Finding, 0, len(found))
	for _, f := range found {
		findings = append(findings, Finding{Code: f.Code, Severity: f.Severity, Path: f.Path, Message: f.Message, Source: f.Source})
	}
	return findings
}
