// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"slices"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// Need names what a step has to read, and nothing else is read.
type Need struct {
	// Newest attempt of the key, and whether another registration is filed under the
	// e-mail address, to look before filing. One that has a filing of its own does not
	// ask: two that began at the same moment would stop each other, and the registrar
	// takes one.
	Newest bool
	// Current and Previous attempts, by number; 0 for none.
	Current, Previous int32
	// Rests: status says all that there is to know of the current attempt, unless the
	// registrar has another revision of it than status.filing.revision.
	Rests bool
	// Asked: somebody asked for a look, for which nothing that is remembered will do.
	Asked bool
	// Reports of agents, where the Registrar is Manual.
	Reports bool
	// Dossier with all its Secrets.
	Dossier bool
	// Codes and Supplements: the Secrets that answer an open challenge which a
	// requirement in status asks for.
	Codes       []v1alpha1.ChallengeType
	Supplements bool
	// HandOver: the ConfigMap of an active account.
	HandOver bool
	// Held: which Secrets of an active account's documents are still there; Certificate:
	// what the certificate's hold, too.
	Held, Certificate bool
}

// Needs says what has to be read for the next step of r at now. Reports are always
// read by hand: a correction may come at any time.
func Needs(r *v1alpha1.ChinaAccountRegistration, now time.Time) Need {
	need := Need{Reports: true, Asked: refreshRequested(r)}
	filing := r.Status.Filing
	switch {
	case r.Status.Phase == v1alpha1.PhaseActive:
		need.HandOver = r.Status.Account != nil && r.DeletionTimestamp.IsZero()
		need.Held, need.Certificate = heldDue(r, now)
	case filing == nil:
		need.Newest = true
		need.Dossier = r.DeletionTimestamp.IsZero()
	case filing.FiledTime == nil:
		need.Current, need.Previous = filing.Attempt, filing.Attempt-1
		need.Dossier = r.DeletionTimestamp.IsZero()
	case r.Status.Phase == v1alpha1.PhaseRejected && isFinal(&r.Status) && !refreshRequested(r):
	case r.Status.Phase == v1alpha1.PhaseRejected:
		need.Current = filing.Attempt
		need.Rests = rests(r)
		need.Dossier = r.DeletionTimestamp.IsZero() && !isFinal(&r.Status)
	default:
		need.Current = filing.Attempt
		need.Rests = rests(r)
		need.Codes = requiredCodes(r.Status.Requirements)
		need.Supplements = hasRequirement(r.Status.Requirements, v1alpha1.RequirementDocuments)
	}
	return need
}

// rests: nobody asks for anything that only the registrar can say, no challenge is
// open, of which status has no more than words, and nothing is held or in doubt.
func rests(r *v1alpha1.ChinaAccountRegistration) bool {
	if refreshRequested(r) || resendRequested(r) || wantsBack(r, r.Status.Filing.Attempt) || !r.DeletionTimestamp.IsZero() {
		return false
	}
	awaitsDecision := hasRequirement(r.Status.Requirements, v1alpha1.RequirementDecision)
	if !awaitsDecision && r.Status.Phase != v1alpha1.PhaseRejected {
		return false // what is done about challenges is not all in status
	}
	return !slices.ContainsFunc(r.Status.Requirements, func(q v1alpha1.Requirement) bool {
		switch q.Code {
		case v1alpha1.RequirementEmailCode, v1alpha1.RequirementPhoneCode, v1alpha1.RequirementSupportPlan, v1alpha1.RequirementDocuments,
			v1alpha1.RequirementChallenge, v1alpha1.RequirementRegistrarContradiction, v1alpha1.RequirementInstallationKeyMissing:
			return true
		default:
			return false
		}
	})
}

// wantsBack: the applicant asked for the attempt to be withdrawn.
func wantsBack(r *v1alpha1.ChinaAccountRegistration, attempt int32) bool {
	return r.Spec.WithdrawAttempt != nil && *r.Spec.WithdrawAttempt == attempt
}

// HasNews tells whether the registrar's revision of a registration's filing is worth
// a look: 0 for one that it does not list.
func HasNews(r *v1alpha1.ChinaAccountRegistration, revision int64) bool {
	filing := r.Status.Filing
	switch {
	case filing == nil:
		return revision > 0
	case r.Status.Phase == v1alpha1.PhaseActive, r.Status.Phase == v1alpha1.PhaseRejected && isFinal(&r.Status):
		return false
	default:
		return filing.Revision != revision
	}
}

// Joins tells, of what was observed so far, whether a filing exists that is joined
// whatever its content: the dossier is then not worth reading.
func (o *Observation) Joins() bool {
	filing := o.Registration.Status.Filing
	if filing == nil {
		return o.View.Newest != nil && o.View.Newest.State != StateWithdrawn
	}
	return filing.FiledTime == nil && o.View.Current != nil
}

func requiredCodes(requirements []v1alpha1.Requirement) []v1alpha1.ChallengeType {
	var codes []v1alpha1.ChallengeType
	if hasRequirement(requirements, v1alpha1.RequirementEmailCode) {
		codes = append(codes, v1alpha1.ChallengeEmailCode)
	}
	if hasRequirement(requirements, v1alpha1.RequirementPhoneCode) {
		codes = append(codes, v1alpha1.ChallengePhoneCode)
	}
	return codes
}

func hasRequirement(requirements []v1alpha1.Requirement, code string) bool {
	return slices.ContainsFunc(requirements, func(q v1alpha1.Requirement) bool { return q.Code == code })
}

func isFinal(s *v1alpha1.ChinaAccountRegistrationStatus) bool {
	return s.Rejection != nil && s.Rejection.Final
}

func refreshRequested(r *v1alpha1.ChinaAccountRegistration) bool {
	asked := r.Annotations[v1alpha1.RefreshRequestedAtAnnotation]
	return asked != "" && text.Cut(asked, maxAnnotation) != r.Status.LastHandledRefreshRequest
}

func resendRequested(r *v1alpha1.ChinaAccountRegistration) bool {
	asked := r.Annotations[v1alpha1.ResendCodeRequestedAtAnnotation]
	return asked != "" && text.Cut(asked, maxAnnotation) != r.Status.LastHandledResendCodeRequest
}
