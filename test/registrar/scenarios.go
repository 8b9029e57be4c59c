// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// DefaultScenario is followed where neither the e-mail's tag nor a flag names one.
const DefaultScenario = "review"

// scenario is what becomes of a registration. The first script is the first
// attempt's, the last script that of all that follow.
type scenario struct {
	name    string
	about   string
	scripts []script
	// fault spoils the answers to the first filing and to the next requests.
	fault string
	// refuses the first content that is filed.
	refuses bool
}

// script is the steps of an attempt, in order. It begins in received.
type script []step

// step is reached a number of paces after the one before.
type step struct {
	state contract.State
	paces int
	// answered: only once every open challenge is.
	answered bool
	// opens challenges of these types. Those of the step before are closed.
	opens    []string
	findings []contract.Finding
	final    bool
	// forgotten: the registrar no longer knows the key.
	forgotten bool
}

// The types of challenges.
const (
	emailCode   = "emailCode"
	phoneCode   = "phoneCode"
	supportPlan = "supportPlan"
	documents   = "documents"
)

// unknownChallenge is none that the contract has, for what a registrar may come to ask.
const unknownChallenge = "faceScan"

// unknownState is not the contract's.
const unknownState contract.State = "awaitingSeal"

// spoiledAnswers is how many answers about a key a fault scenario spoils.
const spoiledAnswers = 3

// The steps that scripts are made of.
var (
	begin       = step{state: contract.Received}
	underReview = step{state: contract.UnderReview, paces: 1}
	verified    = step{state: contract.Verified, paces: 1, opens: []string{phoneCode, supportPlan}}
	activated   = step{state: contract.Active, answered: true}
	askedMore   = step{state: contract.UnderReview, paces: 1, opens: []string{documents}}
	answered    = step{state: contract.Verified, paces: 1, answered: true, opens: []string{phoneCode, supportPlan}}
	rejected    = step{state: contract.Rejected, paces: 1, findings: []contract.Finding{
		{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "The name is not strictly equal to the certificate's."},
		{Code: "DocumentNotReadable", Path: "spec.dossier.documents.businessCertificate.files[0]", Message: "The scan is not clearly recognizable: file a sharper one."},
	}}
	rejectedForGood = step{state: contract.Rejected, paces: 1, final: true, findings: []contract.Finding{
		{Code: "EntityNotEligible", Path: "spec.dossier.company.unifiedSocialCreditCode", Message: "Only an entity registered on the mainland may register (FAQ Q3)."},
	}}
	reviewed = script{begin, underReview, verified, activated}
)

var scenarios = []scenario{
	{name: "immediate", about: "validated at once: the filing is answered with state active", scripts: []script{{begin, {state: contract.Active}}}},
	{name: "review", about: "received, underReview, verified with phoneCode and supportPlan, active once both are answered", scripts: []script{reviewed}},
	{name: "email-code", about: "emailCode is due in received; then as review", scripts: []script{{
		{state: contract.Received, opens: []string{emailCode}}, {state: contract.UnderReview, paces: 1, answered: true}, verified, activated,
	}}},
	{name: "verified-only", about: "verified without challenges, active by itself a pace later", scripts: []script{{
		begin, underReview, {state: contract.Verified, paces: 1}, {state: contract.Active, paces: 1},
	}}},
	{name: "more-documents", about: "underReview with a documents challenge; verified once it is answered, then as review", scripts: []script{{begin, askedMore, answered, activated}}},
	{name: "reject-once", about: "attempt 1 is rejected with findings NameMismatch and DocumentNotReadable; attempt 2 goes as review", scripts: []script{{begin, underReview, rejected}, reviewed}},
	{name: "reject-final", about: "rejected for good with finding EntityNotEligible", scripts: []script{{begin, underReview, rejectedForGood}}},
	{name: "reopen", about: "rejected; reopened by the registrar three paces later, unless another attempt was filed; then as review", scripts: []script{{
		begin, underReview, rejected, {state: contract.UnderReview, paces: 3}, verified, activated,
	}, reviewed}},
	{name: "expire", about: "verified, and signUpExpired three paces later if the challenges are not answered; attempt 2 goes as review", scripts: []script{{
		begin, underReview, verified, {state: contract.SignUpExpired, paces: 3},
	}, reviewed}},
	{name: "silent", about: "received for ever", scripts: []script{{begin}}},
	{name: "fault-500", about: "filed, but this and the next two answers are 500; then as review", scripts: []script{reviewed}, fault: Fault500},
	{name: "fault-429", about: "filed, but this and the next two answers are 429 with Retry-After; then as review", scripts: []script{reviewed}, fault: Fault429},
	{name: "fault-garbage", about: "filed, but this and the next two answers are not the contract's; then as review", scripts: []script{reviewed}, fault: FaultGarbage},
	{name: "fault-timeout", about: "filed, but this and the next two answers do not come; then as review", scripts: []script{reviewed}, fault: FaultTimeout},
	{name: "fault-422", about: "the first content is refused with a finding until other content is filed; then as review", scripts: []script{reviewed}, refuses: true},
	{name: "fault-unknown-state", about: "underReview, then for three paces a state that the contract does not have; then as review", scripts: []script{{
		begin, underReview, {state: unknownState, paces: 1}, {state: contract.UnderReview, paces: 3}, verified, activated,
	}}},
	{name: "fault-backwards", about: "underReview, then for three paces received again; then as review", scripts: []script{{
		begin, underReview, {state: contract.Received, paces: 1}, {state: contract.UnderReview, paces: 3}, verified, activated,
	}}},
	{name: "fault-forgets", about: "underReview, then the filing is no longer known", scripts: []script{{begin, underReview, {paces: 1, forgotten: true}}}},
}

// findScenario returns a scenario by name.
func findScenario(name string) (scenario, error) {
	i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
	if i < 0 {
		return scenario{}, fmt.Errorf("there is no scenario %q", name)
	}
	return scenarios[i], nil
}

// scenarioOf returns the name in an address's plus-tag, or the default if the tag
// names none: cloud+review@acme.example.cn is review. What follows a dot in the
// tag only tells addresses apart: cloud+review.2@acme.example.cn.
func scenarioOf(email, fallback string) string {
	local, _, _ := strings.Cut(email, "@")
	_, tag, _ := strings.Cut(local, "+")
	tag, _, _ = strings.Cut(strings.ToLower(tag), ".")
	if _, err := findScenario(tag); err != nil {
		return fallback
	}
	return tag
}

// scriptOf returns the script of attempt n.
func (s scenario) scriptOf(n int32) script {
	return s.scripts[min(int(n), len(s.scripts))-1]
}

// describeScenarios is the part of --help that explains them.
func describeScenarios() string {
	var b strings.Builder
	for _, s := range scenarios {
		fmt.Fprintf(&b, "  %-20s %s\n", s.name, s.about)
	}
	return b.String()
}
