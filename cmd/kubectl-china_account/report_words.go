// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/form"
)

var (
	accountID = regexp.MustCompile(`^\d{12}$`)
	// finding is PATH=CODE:MESSAGE. A path may have = in it, and no colon.
	finding = regexp.MustCompile(`(?s)^(?:([^:]*)=)?([A-Z][A-Za-z0-9]*)(?::\s*(.*))?$`)
	// underWay are the reports that may have challenges.
	underWay = map[v1alpha1.FilingReportType]bool{
		v1alpha1.ReportSubmitted: true, v1alpha1.ReportUnderReview: true, v1alpha1.ReportVerified: true,
	}
)

// challengeTypes are the words of the command line.
var challengeTypes = map[string]v1alpha1.ChallengeType{
	"email-code":   v1alpha1.ChallengeEmailCode,
	"phone-code":   v1alpha1.ChallengePhoneCode,
	"support-plan": v1alpha1.ChallengeSupportPlan,
	"documents":    v1alpha1.ChallengeDocuments,
}

func parseFindings(texts []string) ([]v1alpha1.Finding, error) {
	var findings []v1alpha1.Finding
	for i, text := range texts {
		parts := finding.FindStringSubmatch(text)
		if parts == nil {
			return nil, usagef("--finding %d is not PATH=CODE:MESSAGE, with a CODE such as NameMismatch", i+1)
		}
		path, known := fullPath(parts[1])
		if !known {
			return nil, usagef("--finding %d: its path is none of a registration: e.g. company.legalName, documents.businessCertificate.files[0]", i+1)
		}
		findings = append(findings, v1alpha1.Finding{Path: path, Code: parts[2], Message: parts[3]})
	}
	return findings, nil
}

// fullPath completes the path of a field of the dossier.
func fullPath(path string) (full string, known bool) {
	if path == "" {
		return "", true
	}
	for _, full := range []string{path, "spec.dossier." + path, "spec." + path} {
		if _, known := form.NameOf(full); known {
			return full, true
		}
	}
	return "", false
}

func parseChallenges(texts []string) ([]v1alpha1.ReportedChallenge, error) {
	var challenges []v1alpha1.ReportedChallenge
	for _, text := range texts {
		word, message, told := strings.Cut(text, "=")
		kind, known := challengeTypes[word]
		switch {
		case !known:
			return nil, usagef("--challenge must be phone-code, email-code, support-plan, or documents=MESSAGE")
		case kind == v1alpha1.ChallengeDocuments && message == "":
			return nil, usagef("--challenge documents=MESSAGE: the message says which documents are asked for")
		case kind != v1alpha1.ChallengeDocuments && told:
			return nil, usagef("--challenge %s has no message", word)
		}
		challenges = append(challenges, v1alpha1.ReportedChallenge{ID: word, Type: kind, Message: message})
	}
	return challenges, nil
}

// nameChallenges numbers the challenges, whose ids are their words so far. What the
// newest report says is open keeps its id, so that an answer stays one; what is asked
// for anew gets a new one, so that it can be answered anew.
func nameChallenges(challenges []v1alpha1.ReportedChallenge, reports []v1alpha1.FilingReport, claim string) {
	open, used := knownChallenges(reports, claim)
	for i := range challenges {
		c := &challenges[i]
		j := slices.IndexFunc(open, func(known v1alpha1.ReportedChallenge) bool {
			return known.Type == c.Type && known.Message == c.Message
		})
		if j >= 0 {
			c.ID = open[j].ID
			open = slices.Delete(open, j, j+1)
			continue
		}
		for n := 1; ; n++ {
			if id := fmt.Sprintf("%s-%d", c.ID, n); !used[id] {
				c.ID, used[id] = id, true
				break
			}
		}
	}
}

// knownChallenges are those of a claim's accepted reports: which are open by the
// newest, and which ids there were.
func knownChallenges(reports []v1alpha1.FilingReport, claim string) (open []v1alpha1.ReportedChallenge, used map[string]bool) {
	used = map[string]bool{}
	slices.SortStableFunc(reports, func(a, b v1alpha1.FilingReport) int {
		return cmp.Or(a.CreationTimestamp.Compare(b.CreationTimestamp.Time), cmp.Compare(a.Name, b.Name))
	})
	for _, report := range reports {
		if report.Spec.ClaimName != claim || !meta.IsStatusConditionTrue(report.Status.Conditions, v1alpha1.ConditionAccepted) {
			continue
		}
		open = slices.Clone(report.Spec.Challenges)
		for _, c := range report.Spec.Challenges {
			used[c.ID] = true
		}
	}
	return open, used
}
