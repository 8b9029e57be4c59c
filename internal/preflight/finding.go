// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"slices"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// Finding is one thing wrong with a dossier. It never holds the value that it is
// about: findings are shown in status, events and logs.
type Finding struct {
	// Code is one of this package's codes, in CamelCase. It is stable.
	Code string
	// Severity Error blocks filing; Warning is shown and blocks nothing.
	Severity v1alpha1.Severity
	// Path of the field or file to mend, from the object's root, e.g.
	// spec.dossier.documents.identification.files[0].
	Path string
	// Message says what is wrong and the cure.
	Message string
	// Source of the rule, e.g. "FAQ Q4", "GB 32100-2015".
	Source string
}

// HasErrors tells whether any of the findings blocks filing.
func HasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == v1alpha1.SeverityError })
}
