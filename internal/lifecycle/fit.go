// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"encoding/json"
	"slices"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

const (
	// maxStatus bounds status as JSON below 64 KiB. The lists at their longest, with the
	// longest words in each, have twice as much, and six times that where the words are
	// of characters that JSON spells out.
	maxStatus = 63 << 10
	// maxFindings is the share of a rejection's findings, which stand in requirements
	// once more.
	maxFindings = 22 << 10
	// maxRest is the most that status has besides words, and maxItem the most of each
	// item besides its words.
	maxRest, maxItem = 28 << 10, 256
	// maxEscape is what one byte becomes in JSON at most: \u003c.
	maxEscape = 6
)

// fitFindings shortens what the registrar said, all of it alike, where it is recorded.
func fitFindings(findings []v1alpha1.Finding) []v1alpha1.Finding {
	findings = slices.Clone(findings)
	for limit := maxMessage / 2; limit > 0 && size(findings) > maxFindings; limit /= 2 {
		for i := range findings {
			f := &findings[i]
			f.Path, f.Message = text.Cut(f.Path, limit), text.Cut(f.Message, limit)
		}
	}
	return findings
}

// fit shortens what is said now, all of it alike, until status is small enough. Codes,
// by which tools go, are left.
func (p *pass) fit() {
	if p.certainlyFits() {
		return
	}
	for limit := maxMessage / 2; limit > 0 && size(p.status) > maxStatus; limit /= 2 {
		for i := range p.status.Requirements {
			q := &p.status.Requirements[i]
			q.Path, q.Message = text.Cut(q.Path, limit), text.Cut(q.Message, limit)
		}
		for i := range p.status.Conditions {
			p.status.Conditions[i].Message = text.Cut(p.status.Conditions[i].Message, limit)
		}
	}
}

// certainlyFits spares almost every pass the encoding.
func (p *pass) certainlyFits() bool {
	most := maxRest
	add := func(path, message string) { most += maxItem + maxEscape*(len(path)+len(message)) }
	for _, q := range p.status.Requirements {
		add(q.Path, q.Message)
	}
	for _, c := range p.status.Conditions {
		add("", c.Message)
	}
	if p.status.Rejection != nil {
		for _, f := range p.status.Rejection.Findings {
			add(f.Path, f.Message)
		}
	}
	return most <= maxStatus
}

func size(of any) int {
	encoded, _ := json.Marshal(of) //nolint:errchkjson // plain fields alone, which cannot fail
	return len(encoded)
}
