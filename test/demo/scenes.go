// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// scene is the life of one registration: its steps, and where it must stand at the end.
type scene struct {
	name  string
	about string
	// scenario of the reference gateway; empty: filed by hand.
	scenario   string
	legalName  string
	creditCode string
	steps      []step
	end        end
}

// team is the namespace.
func (s scene) team() string {
	if s.scenario == "" {
		return byHandTeam
	}
	return gatewayTeam
}

// end is where a registration must stand.
type end struct {
	// absent: there is no such object.
	absent   bool
	phase    v1alpha1.RegistrationPhase
	awaiting v1alpha1.Party
	// reason of the condition Ready.
	reason  string
	attempt int32
}

func active(attempt int32) end {
	return end{phase: v1alpha1.PhaseActive, awaiting: v1alpha1.PartyNone, reason: v1alpha1.ReasonActive, attempt: attempt}
}

// play is a number of scenes, and what is worth showing when they are over.
type play struct {
	scenes []scene
	shows  []shown
}

// shown is a command of kubectl, and as whom.
type shown struct {
	who       func(*ground) person
	arguments []string
}

func asApplicant(g *ground) person { return g.applicant }

func asAdmin(g *ground) person { return g.admin }

var registering = play{scenes, []shown{
	{asApplicant, []string{"describe", "car", "locked", "-n", gatewayTeam}},
	{asApplicant, []string{"events", "-n", gatewayTeam, "--for", "chinaaccountregistration/corrected"}},
	{asAdmin, []string{"get", "car", "-A"}},
}}

// scenes are played at the same time. The companies are invented; their credit codes
// have the right check characters.
var scenes = []scene{
	{
		name:     "immediate",
		about:    "The registrar validates at once.",
		scenario: "immediate", legalName: "示例零售（宁夏）有限公司", creditCode: "91640100MADEM00110",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files, and the registrar validates at once", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(1),
	},
	{
		name:     "review",
		about:    "Under review, then verified; a phone code and a support plan complete the sign-up.",
		scenario: "review", legalName: "示例软件（宁夏）有限公司", creditCode: "91640100MADEM002XP",
		steps: []step{
			edit(func(r *registration) { r.SupportPlan = "" }),
			applyDocuments, applyRegistration,
			await("the operator files; the registrar takes it up", phaseIs(v1alpha1.PhaseUnderReview, v1alpha1.PhaseVerified)),
			await("the registrar verifies the company", phaseIs(v1alpha1.PhaseVerified), requires(v1alpha1.RequirementSupportPlan)),
			edit(func(r *registration) { r.SupportPlan = "Business" }),
			reapply("the applicant chooses a support plan"),
			enterPhoneCode,
			await("the operator answers with the code, and the registrar activates", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(1),
	},
	{
		name:     "corrected",
		about:    "Rejected with findings, corrected, resubmitted.",
		scenario: "reject-once", legalName: "示例贸易有限公司", creditCode: "91640100MADEM0038P",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files; the registrar compares it with the certificate", phaseIs(v1alpha1.PhaseRejected), requires("NameMismatch")),
			edit(func(r *registration) { r.LegalName = "示例贸易（宁夏）有限公司" }),
			applySharperScan,
			reapply("the applicant corrects the company's name, as it is on the certificate"),
			await("the correction alone files nothing: the applicant has to ask for it", requires(v1alpha1.RequirementResubmission), observed),
			edit(func(r *registration) { r.ResubmitAfterAttempt = 1 }),
			reapply("the applicant asks for another filing"),
			await("the operator files attempt 2; the registrar verifies", attemptIs(2), requires(v1alpha1.RequirementPhoneCode)),
			enterPhoneCode,
			await("the operator answers with the code, and the registrar activates", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(2),
	},
	{
		name:     "late-scan",
		about:    "A scan of more than 1 MiB lies in two Secrets; the second arrives late, as from a vault.",
		scenario: "immediate", legalName: "示例物业（宁夏）有限公司", creditCode: "91640100MADEM0046J",
		steps: []step{
			splitCertificate,
			applyFirstPart, applyRegistration,
			await("the second half of the scan is missing: the operator looks for it", requires(v1alpha1.RequirementSecretNotFound)),
			applySecondPart,
			await("the operator finds it, joins the scan and files", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(1),
	},
	{
		name:     "more-documents",
		about:    "The reviewer asks for one more document.",
		scenario: "more-documents", legalName: "示例医药（宁夏）有限公司", creditCode: "91640100MADEM0054D",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files; the registrar reviews", requires(v1alpha1.RequirementDocuments)),
			addLetter,
			await("the reviewer reads the letter", requires(v1alpha1.RequirementPhoneCode)),
			enterPhoneCode,
			await("the operator answers with the code, and the registrar activates", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(1),
	},
	{
		name:     "refused",
		about:    "Rejected for good: nothing is filed again.",
		scenario: "reject-final", legalName: "示例海外（宁夏）有限公司", creditCode: "91640100MADEM00628",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files; the registrar looks into the company", phaseIs(v1alpha1.PhaseRejected)),
		},
		end: end{phase: v1alpha1.PhaseRejected, awaiting: v1alpha1.PartyNone, reason: v1alpha1.ReasonRejectedFinally, attempt: 1},
	},
	{
		name:      "by-hand",
		about:     "No gateway: an agent files on the web site, and reports what comes back.",
		legalName: "示例物流（宁夏）有限公司", creditCode: "91640100MADEM00703",
		steps: []step{
			useCertificatePDF,
			applyDocuments, applyRegistration,
			await("preflight passes; an agent is needed", requires(v1alpha1.RequirementFileByHand)),
			report("the agent claims the filing", filingReport{Type: "Claimed"}),
			report("the agent has filed it; the registrar reviews", filingReport{Type: "UnderReview", Reference: "SAMPLE-2026-000123"}),
			await("the operator takes the agent's word", phaseIs(v1alpha1.PhaseUnderReview)),
			report("the registrar verified the company, and sent a code", filingReport{Type: "Verified", Challenges: []challenge{{ID: "phone-1", Type: "phoneCode"}}}),
			await("the applicant is asked for the code", phaseIs(v1alpha1.PhaseVerified), requires(v1alpha1.RequirementPhoneCode)),
			enterPhoneCode,
			await("the operator finds the code, and asks the agent to enter it", awaits(v1alpha1.PartyAgent)),
			report("the agent entered it; the account is active", filingReport{Type: "Active", AccountID: "123456789012"}),
			await("the operator takes the agent's word", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(1),
	},
	{
		name:     "recreated",
		about:    "Deleted and recreated in review: it joins its filing.",
		scenario: "silent", legalName: "示例餐饮（宁夏）有限公司", creditCode: "91640100MADEM00890",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files", phaseIs(v1alpha1.PhaseSubmitted)),
			registrarSays("the registrar takes it up", registrar.ForcedState{State: "underReview"}),
			await("the registrar reviews", phaseIs(v1alpha1.PhaseUnderReview)),
			deleteRegistration,
			applyRegistration,
			await("the operator asks the registrar first, and joins what is there", phaseIs(v1alpha1.PhaseUnderReview), joined, attemptIs(1)),
			registrarSays("the registrar verifies the company", registrar.ForcedState{State: "verified", Challenges: []string{"phoneCode"}}),
			await("the operator hears of it, and asks for the code", requires(v1alpha1.RequirementPhoneCode)),
			enterPhoneCode,
			await("the operator answers with the code", reasonIs(v1alpha1.ReasonCompletingSignUp)),
			registrarSays("the registrar completes the sign-up", registrar.ForcedState{State: "active"}),
			await("the operator hears that the account is active", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(1),
	},
	{
		name:     "locked",
		about:    "What is filed cannot change while the registrar has it.",
		scenario: "silent", legalName: "示例能源（宁夏）有限公司", creditCode: "91640100MADEM0097T",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files", phaseIs(v1alpha1.PhaseSubmitted)),
			refused("the applicant edits the filed address", func(r *registration) { r.Street = "另一条路2号" },
				"spec.dossier", "locked while a filing is under way"),
		},
		end: end{phase: v1alpha1.PhaseSubmitted, awaiting: v1alpha1.PartyRegistrar, reason: v1alpha1.ReasonAwaitingDecision, attempt: 1},
	},
	{
		name:     "mistyped",
		about:    "A credit code with two digits exchanged does not get past kubectl apply.",
		scenario: "immediate", legalName: "示例文化（宁夏）有限公司", creditCode: "91640100MADEM010XB",
		steps: []step{
			refused("the applicant applies it with two digits of the credit code exchanged", func(r *registration) { r.CreditCode = "91640100MADEM001XB" },
				"spec.dossier.company.unifiedSocialCreditCode"),
		},
		end: end{absent: true},
	},
}
