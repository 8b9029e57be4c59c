// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Condition types. Every one carries a reason and the generation it speaks of.
const (
	// ConditionReady: the account is active.
	ConditionReady = "Ready"
	// ConditionReconciling is there, and True, while the operator itself has work
	// to do or waits for something that arrives by itself.
	ConditionReconciling = "Reconciling"
	// ConditionStalled is there, and True, while nothing goes on without a human.
	ConditionStalled = "Stalled"
	// ConditionPreflightPassed: the dossier would be taken, as far as can be told.
	ConditionPreflightPassed = "PreflightPassed"
	// ConditionSubmitted is True from the first filing on.
	ConditionSubmitted = "Submitted"
	// ConditionVerified: the registrar verified the entity.
	ConditionVerified = "Verified"
	// ConditionActive: the account can be used.
	ConditionActive = "Active"
	// ConditionOverdue: the registrar's decision is later than it promises (FAQ Q9).
	ConditionOverdue = "Overdue"
	// ConditionCertificateCurrent: the business certificate has not expired.
	ConditionCertificateCurrent = "CertificateCurrent"
	// ConditionSuspended repeats spec.suspend.
	ConditionSuspended = "Suspended"
	// ConditionResponding of a Registrar: since the last probe it answered what it was
	// asked about filings, in the contract's words.
	ConditionResponding = "Responding"
	// ConditionHolidaysPublished of a Registrar: the calendar that its due times are
	// reckoned by has every year whose holidays should be published by now.
	ConditionHolidaysPublished = "HolidaysPublished"
	// ConditionAccepted of a FilingReport: the operator took the agent's word.
	ConditionAccepted = "Accepted"
)

// Reasons of conditions.
const (
	ReasonActive                 = "Active"
	ReasonSuspended              = "Suspended"
	ReasonNotSuspended           = "NotSuspended"
	ReasonRegistrarContradiction = "RegistrarContradiction"
	ReasonFiling                 = "Filing"
	ReasonAwaitingAgent          = "AwaitingAgent"
	ReasonAwaitingDecision       = "AwaitingDecision"
	ReasonUnderReview            = "UnderReview"
	ReasonRejected               = "Rejected"
	ReasonRejectedFinally        = "RejectedFinally"
	ReasonVerified               = "Verified"
	ReasonCompletingSignUp       = "CompletingSignUp"
	ReasonPreflightFailed        = "PreflightFailed"
	ReasonSecretsMissing         = "SecretsMissing"
	ReasonPreparing              = "Preparing"
	ReasonPassed                 = "Passed"
	ReasonNotChecked             = "NotChecked"
	ReasonNotFiled               = "NotFiled"
	ReasonFiled                  = "Filed"
	ReasonDecisionOverdue        = "DecisionOverdue"
	ReasonNotOverdue             = "NotOverdue"
	ReasonLongTerm               = "LongTerm"
	ReasonCurrent                = "Current"
	ReasonExpiresIn90Days        = "ExpiresIn90Days"
	ReasonExpiresIn30Days        = "ExpiresIn30Days"
	ReasonExpiresIn7Days         = "ExpiresIn7Days"
	ReasonExpired                = "Expired"
	ReasonAdopted                = "Adopted"
	ReasonReopened               = "Reopened"
	ReasonCreated                = "Created"
	ReasonReachable              = "Reachable"
	ReasonByHand                 = "ByHand"
	ReasonPublished              = "Published"
	ReasonYearNotPublished       = "YearNotPublished"
	ReasonHolidaysInvalid        = "HolidaysInvalid"
)

// Requirement codes of the flow. Those of preflight are preflight's, those of a
// rejection the registrar's: codes are open, and readers expect new ones.
const (
	// RequirementEmailCode: enter the 6-digit code that was mailed.
	RequirementEmailCode = "EmailCodeRequired"
	// RequirementPhoneCode: enter the 4-digit SMS code.
	RequirementPhoneCode = "PhoneCodeRequired"
	// RequirementSupportPlan: choose a support plan.
	RequirementSupportPlan = "SupportPlanRequired"
	// RequirementDocuments: the reviewer wants more documents.
	RequirementDocuments = "AdditionalDocumentsRequired"
	// RequirementChallenge: the registrar asks for something this version does not know.
	RequirementChallenge = "UnknownChallenge"
	// RequirementResubmission: mend the findings and ask for another filing.
	RequirementResubmission = "ResubmissionRequired"
	// RequirementDossierUnchanged: nothing of the rejected dossier was mended. A warning.
	RequirementDossierUnchanged = "DossierUnchanged"
	// RequirementFileByHand: an agent claims, files, and reports.
	RequirementFileByHand = "FileByHand"
	// RequirementWithdrawByHand: an agent withdraws the filing and reports.
	RequirementWithdrawByHand = "WithdrawByHand"
	// RequirementWithdrawalRequested: spec.withdrawAttempt names the attempt that would be filed.
	RequirementWithdrawalRequested = "WithdrawalRequested"
	// RequirementWithdrawalRefused: the registrar does not withdraw it.
	RequirementWithdrawalRefused = "WithdrawalRefused"
	// RequirementFirstContact: the registrar gets in touch within 1 business day (FAQ Q2).
	RequirementFirstContact = "FirstContactExpected"
	// RequirementDecision: the registrar decides within 2 business days (FAQ Q9).
	RequirementDecision = "DecisionExpected"
	// RequirementEmailAlreadyFiled: the address belongs to somebody else's filing.
	RequirementEmailAlreadyFiled = "EmailAlreadyFiled"
	// RequirementRegistrarNotFound: there is no Registrar of that name.
	RequirementRegistrarNotFound = "RegistrarNotFound"
	// RequirementRegistrarNotReady: the Registrar is there and not ready.
	RequirementRegistrarNotReady = "RegistrarNotReady"
	// RequirementRegistrarNotUsable: the Registrar excludes this Region or namespace.
	RequirementRegistrarNotUsable = "RegistrarNotUsable"
	// RequirementRegistrarUnreachable: the registrar could not be asked.
	RequirementRegistrarUnreachable = "RegistrarUnreachable"
	// RequirementRegistrarContradiction: what the registrar says does not follow from what it said.
	RequirementRegistrarContradiction = "RegistrarContradiction"
	// RequirementInstallationKeyMissing: the operator's key Secret is lost.
	RequirementInstallationKeyMissing = "InstallationKeyMissing"
	// RequirementSecretNotFound: a Secret that the object names cannot be read: it is
	// absent, lacks the label, or lacks the key. These read the same.
	RequirementSecretNotFound = "SecretNotFound"
	// RequirementSignInSecretNameTaken: the name of the sign-in Secret is another's.
	RequirementSignInSecretNameTaken = "SignInSecretNameTaken"
	// RequirementAccountConfigMapNameTaken: the name of the account's ConfigMap is another's.
	// A warning.
	RequirementAccountConfigMapNameTaken = "AccountConfigMapNameTaken"
	// RequirementDocumentsNoLongerNeeded: Secrets with scans and the ID's number outlived
	// what they were for. A warning.
	RequirementDocumentsNoLongerNeeded = "DocumentsNoLongerNeeded"
	// RequirementCertificateRenewalDue: an active account's certificate expires. A warning.
	RequirementCertificateRenewalDue = "CertificateRenewalDue"
	// RequirementClaimStale: a Secret changed since the agent's claim. A warning.
	RequirementClaimStale = "ClaimStale"
	// RequirementCodeMalformed: a verification code has not the digits it must have.
	RequirementCodeMalformed = "VerificationCodeMalformed"
	// RequirementContentRefused: the registrar would not take this content and named no finding.
	RequirementContentRefused = "ContentRefused"
)

// Codes of the findings by which a rejection is told that the registrar does not
// call one.
const (
	// FindingWithdrawn: the filing was withdrawn.
	FindingWithdrawn = "Withdrawn"
	// FindingSignUpExpired: the sign-up was not completed in time.
	FindingSignUpExpired = "SignUpExpired"
)

// Reasons of a FilingReport's condition Accepted.
const (
	ReportReasonAccepted             = "Accepted"
	ReportReasonCorrected            = "Corrected"
	ReportReasonAlreadyClaimed       = "AlreadyClaimed"
	ReportReasonWrongAttempt         = "WrongAttempt"
	ReportReasonNoSuchClaim          = "NoSuchClaim"
	ReportReasonAlreadyFiled         = "AlreadyFiled"
	ReportReasonDoesNotFollow        = "DoesNotFollow"
	ReportReasonSuspended            = "Suspended"
	ReportReasonPreflightFailed      = "PreflightFailed"
	ReportReasonNotRequested         = "ResubmissionNotRequested"
	ReportReasonFinal                = "Final"
	ReportReasonNotByHand            = "NotByHand"
	ReportReasonRegistrationDeleting = "RegistrationDeleting"
	ReportReasonWithdrawalRequested  = "WithdrawalRequested"
)
