// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// living is what comes after filing.
var living = play{lifeScenes, []shown{
	{asApplicant, []string{"get", "configmap", "handed-over-account", "-n", gatewayTeam, "-o", "yaml"}},
	{asApplicant, []string{"events", "-n", gatewayTeam, "--for", "chinaaccountregistration/renewed"}},
	{asApplicant, []string{"get", "car", "withdrawn", "-n", gatewayTeam, "-o", `jsonpath={range .status.history[*]}{.time}  attempt {.attempt}  {.phase}  {.reason}{"\n"}{end}`}},
	{asApplicant, []string{"get", "configmap", "misreported-account", "-n", byHandTeam, "-o", "jsonpath={.data.AWS_SIGN_IN_URL}{\"\\n\"}"}},
	{asAdmin, []string{"get", "car", "-A"}},
}}

var lifeScenes = []scene{
	{
		name:     "handed-over",
		about:    "The account's ConfigMap is there for other tools, and comes back when it is edited or deleted.",
		scenario: "immediate", legalName: "示例零售（宁夏）有限公司", creditCode: "91640100MADEM00110",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files, and the registrar validates at once", phaseIs(v1alpha1.PhaseActive)),
			awaitConfigMap("the operator hands the account over", v1alpha1.AccountPartitionKey, "aws-cn"),
			patchConfigMap("somebody edits the ConfigMap", v1alpha1.AccountRegionKey, "us-east-1"),
			awaitConfigMap("the operator puts it right", v1alpha1.AccountRegionKey, "cn-northwest-1"),
			deleteConfigMap,
			awaitConfigMap("the operator makes it again", v1alpha1.AccountRegionKey, "cn-northwest-1"),
		},
		end: active(1),
	},
	{
		name:     "renewed",
		about:    "The certificate of an active account runs out, and is renewed; the documents are deleted.",
		scenario: "immediate", legalName: "示例软件（宁夏）有限公司", creditCode: "91640100MADEM002XP",
		steps: []step{
			edit(func(r *registration) { r.ExpiryDate = time.Now().AddDate(0, 0, 20).Format(time.DateOnly) }),
			applyDocuments, applyRegistration,
			await("the operator files, and warns: the certificate has 20 days left", phaseIs(v1alpha1.PhaseActive), requires(v1alpha1.RequirementCertificateRenewalDue)),
			edit(func(r *registration) { r.ExpiryDate = "2045-06-30" }),
			applySharperScan,
			reapply("the applicant puts the renewed certificate in its place"),
			await("the operator checks it; nothing is filed", certificateIs(v1alpha1.ReasonCurrent), requires(v1alpha1.RequirementDocumentsNoLongerNeeded)),
			deleteDocuments,
			refresh,
			await("the operator finds none left", requiresNothing),
		},
		end: active(1),
	},
	{
		name:     "withdrawn",
		about:    "Withdrawn, filed again; its sign-up expires; filed a third time.",
		scenario: "silent", legalName: "示例贸易有限公司", creditCode: "91640100MADEM0038P",
		steps: []step{
			applyDocuments, applyRegistration,
			await("the operator files", phaseIs(v1alpha1.PhaseSubmitted)),
			edit(func(r *registration) { r.WithdrawAttempt = 1 }),
			reapply("the applicant finds a mistake, and withdraws attempt 1"),
			await("the operator withdraws it", reasonIs(v1alpha1.FindingWithdrawn)),
			edit(func(r *registration) { r.LegalName, r.ResubmitAfterAttempt = "示例贸易（宁夏）有限公司", 1 }),
			reapply("the applicant mends the company's name, and asks for another filing"),
			await("the operator files attempt 2", phaseIs(v1alpha1.PhaseSubmitted), attemptIs(2)),
			registrarSays("the registrar verifies, and asks for the phone code", registrar.ForcedState{State: "verified", Challenges: []string{"phoneCode"}}),
			await("the applicant is asked for the code, and nobody answers", requires(v1alpha1.RequirementPhoneCode)),
			registrarSays("the registrar lets the sign-up expire", registrar.ForcedState{State: "signUpExpired"}),
			await("the operator hears of it", reasonIs(v1alpha1.FindingSignUpExpired)),
			edit(func(r *registration) { r.ResubmitAfterAttempt = 2 }),
			reapply("the applicant asks for another filing"),
			await("the operator files attempt 3", phaseIs(v1alpha1.PhaseSubmitted), attemptIs(3)),
			registrarSays("the registrar activates", registrar.ForcedState{State: "active"}),
			await("the operator hears that the account is active", phaseIs(v1alpha1.PhaseActive)),
		},
		end: active(3),
	},
	{
		name:      "misreported",
		about:     "By hand: the agent reports the wrong account id, and corrects it.",
		legalName: "示例物流（宁夏）有限公司", creditCode: "91640100MADEM00703",
		steps: []step{
			applyDocuments, applyRegistration,
			await("preflight passes; an agent is needed", requires(v1alpha1.RequirementFileByHand)),
			report("the agent claims the filing", filingReport{Type: "Claimed"}),
			report("the account is active; the agent mistypes its id", filingReport{Type: "Active", AccountID: "123456789021"}),
			awaitConfigMap("the operator hands it over, as it was told", v1alpha1.AccountIDKey, "123456789021"),
			corrects("the agent corrects the id", filingReport{Type: "Active", AccountID: "123456789012"}),
			awaitConfigMap("the operator hands over the right one", v1alpha1.AccountIDKey, "123456789012"),
		},
		end: active(1),
	},
}
