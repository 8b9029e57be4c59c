// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

// Observation is all that a decision rests on, read once in a pass.
type Observation struct {
	// Now is the time of this pass; Decide has no clock of its own.
	Now          time.Time
	Calendar     *businessday.Calendar
	Pacing       Pacing
	Registration *v1alpha1.ChinaAccountRegistration
	// Key and Owner identify the filing at the registrar. Owner is empty when the
	// installation key is missing.
	Key   string
	Owner string
	// Registrar is the Registrar object that the registration names.
	Registrar RegistrarState
	// View is what the registrar says of the filing.
	View View
	// Dossier is nil when this step does not need it.
	Dossier *DossierState
	// Answers are what the applicant has ready for open challenges, by challenge id.
	Answers map[string]AnswerState
	// HandOver is how the ConfigMap of an active account stands.
	HandOver HandOverState
	// Held is what is still there of an active account's documents; nil when this step
	// does not look.
	Held *HeldState
	// Outcome is what the effect of this same pass came to; nil before it is carried out.
	Outcome *Outcome
}

// RegistrarState is what is known of the Registrar object.
type RegistrarState struct {
	Found bool
	Type  v1alpha1.RegistrarType
	// Ready is the Registrar's own condition.
	Ready bool
	// Message says why it is not ready.
	Message string
	// Followed: what changes at the registrar is told, and nobody has to ask for it.
	Followed bool
	// ServesRegion and AllowsNamespace are false where the Registrar excludes the registration.
	ServesRegion    bool
	AllowsNamespace bool
}

// View is what a registrar says of one filing key. Attempts that the pass did not
// ask for, or that the registrar does not know, are nil.
type View struct {
	// Newest attempt of the key; read when no filing is recorded.
	Newest *Attempt
	// Current is the recorded attempt, Previous the one before it; Previous is read
	// only along with an open intent, to restore it if the intent comes to nothing.
	Current  *Attempt
	Previous *Attempt
	// Latest is the key's revision as the registrar's feed has it; 0 where it says
	// nothing of the key.
	Latest int64
	// Unchanged: the recorded attempt is still what status says, and was not asked for.
	Unchanged bool
	// OtherOwner: the key belongs to somebody else, and nothing more is said.
	OtherOwner bool
	// Reports are the agents' words on the key, where the Registrar is Manual; the
	// attempts above are then nil, because judging reports is a rule.
	Reports []v1alpha1.FilingReport
	// Trouble: the registrar could not be asked; the attempts above are unknown.
	Trouble *Trouble
}

// State is an attempt's state in the gateway contract's words. A registrar may
// say something else; that is held, never followed.
type State string

// The states of the gateway contract.
const (
	StateReceived      State = "received"
	StateUnderReview   State = "underReview"
	StateRejected      State = "rejected"
	StateVerified      State = "verified"
	StateActive        State = "active"
	StateWithdrawn     State = "withdrawn"
	StateSignUpExpired State = "signUpExpired"
)

// Attempt is one attempt as the registrar tells it, cut to size and cleaned.
type Attempt struct {
	// Number counts from 1.
	Number int32
	State  State
	// Revision grows with every change; 0 where the registrar has none.
	Revision int64
	// Digest of the content as it was filed; empty where the registrar does not repeat it.
	Digest    string
	Reference string
	// ClaimName is the report that claimed it, by hand.
	ClaimName string
	FiledTime time.Time
	// DueTime is the registrar's own word on when it decides; zero if none.
	DueTime time.Time
	// Findings of a rejection; OmittedFindings is how many more there were.
	Findings        []v1alpha1.Finding
	OmittedFindings int32
	// Final: no other attempt will be taken.
	Final bool
	// AccountID has 12 digits once active.
	AccountID  string
	Challenges []Challenge
}

// Challenge is something that the registrar asks for while a filing is under way.
type Challenge struct {
	ID      string
	Type    v1alpha1.ChallengeType
	Message string
	// ExpiresTime is zero where there is no limit.
	ExpiresTime time.Time
	// TriesLeft is nil where the registrar does not count.
	TriesLeft *int32
}

// DossierState is the dossier as it was read and checked.
type DossierState struct {
	// Digest of the content; empty while something is missing.
	Digest string
	// Findings of preflight.
	Findings []Finding
	// Missing Secrets, keys or labels: they may still arrive.
	Missing []Finding
}

// Finding is one thing wrong with a dossier.
type Finding struct {
	Code     string
	Severity v1alpha1.Severity
	Path     string
	Message  string
}

// AnswerState is what the applicant has ready for one challenge. The answer itself
// never comes here.
type AnswerState struct {
	// Digest of challenge id and answer; empty while there is none.
	Digest string
	// Findings are why it cannot be sent, e.g. a code of the wrong length.
	Findings []Finding
}

// HandOverState is how the ConfigMap stands that hands an active account over.
type HandOverState string

const (
	// HandOverNotRead: this step does not look.
	HandOverNotRead HandOverState = ""
	// HandOverDue: it is absent, or says something else than the registration.
	HandOverDue HandOverState = "Due"
	// HandOverDone: it says what is so.
	HandOverDone HandOverState = "Done"
)

// HeldState is what is still there of an active account's documents.
type HeldState struct {
	// Secrets are the names of those with scans or the ID's number.
	Secrets []string
	// CertificateChecked: Findings are those of preflight on the certificate, of what
	// of it is there.
	CertificateChecked bool
	Findings           []Finding
}

// Outcome is what an effect came to. With neither Attempt, Refusal nor Trouble it
// was done, and there is nothing more to tell (a claim taken, a code sent again).
type Outcome struct {
	// Effect that was carried out.
	Effect Effect
	// Attempt as the registrar has it now.
	Attempt *Attempt
	// Refusal: the registrar (or a check on the way) said no.
	Refusal *Refusal
	// Trouble: it is not known whether the effect took place.
	Trouble *Trouble
}

// RefusalReason says why a registrar did not take what was sent.
type RefusalReason string

const (
	// RefusedContent: the dossier was judged and not taken (422).
	RefusedContent RefusalReason = "Content"
	// RefusedOtherOwner: the key is somebody else's.
	RefusedOtherOwner RefusalReason = "OtherOwner"
	// RefusedOtherContent: the attempt exists with other content (409).
	RefusedOtherContent RefusalReason = "OtherContent"
	// RefusedWrongAttempt: the registrar counts the attempts otherwise (409).
	RefusedWrongAttempt RefusalReason = "WrongAttempt"
	// RefusedUnknown: the registrar does not know the attempt or the challenge (404).
	RefusedUnknown RefusalReason = "Unknown"
	// RefusedAnswer: the answer was wrong, or the challenge is closed.
	RefusedAnswer RefusalReason = "Answer"
	// RefusedNameTaken: what stands under the ConfigMap's name is not ours.
	RefusedNameTaken RefusalReason = "NameTaken"
	// RefusedState: the attempt's state does not allow it, e.g. withdrawing an
	// active account.
	RefusedState RefusalReason = "State"
)

// Refusal is a registrar's no: a value, not an error.
type Refusal struct {
	Reason          RefusalReason
	Findings        []v1alpha1.Finding
	OmittedFindings int32
}

// TroubleKind says what kept a registrar from being asked.
type TroubleKind string

const (
	// TroubleUnreachable: no connection, a timeout, or a fault on its side; passes by itself.
	TroubleUnreachable TroubleKind = "Unreachable"
	// TroubleWaiting: it asked us to come back later (429, 503).
	TroubleWaiting TroubleKind = "Waiting"
	// TroubleInvalid: it answered something that is not the contract's.
	TroubleInvalid TroubleKind = "Invalid"
	// TroubleRefused: it does not take our token, or TLS does not verify; an
	// administrator has to mend the Registrar.
	TroubleRefused TroubleKind = "Refused"
	// TroubleLocal: something on our side, e.g. the sign-in Secret could not be made.
	TroubleLocal TroubleKind = "Local"
)

// Trouble is a failure to ask. It says nothing about the filing.
type Trouble struct {
	Kind TroubleKind
	// Message says what was tried on what; no personal data.
	Message string
	// After is the pause that the registrar asked for; 0 if none.
	After time.Duration
}

// Pacing bounds the pauses between two looks.
type Pacing struct {
	// PollMin and PollMax bound the pause between two looks at a filing under way;
	// between them it grows with the time since the last change.
	PollMin, PollMax time.Duration
	// MissingMin and MissingMax bound the pause while something is missing.
	MissingMin, MissingMax time.Duration
}

// DefaultPacing looks at a filing every 30 s to 30 min, and for what is missing
// every 10 s to 10 min.
func DefaultPacing() Pacing {
	return Pacing{
		PollMin: 30 * time.Second, PollMax: 30 * time.Minute,
		MissingMin: 10 * time.Second, MissingMax: 10 * time.Minute,
	}
}
