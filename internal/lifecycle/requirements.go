// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/text"
)

// passes: nothing is missing, and no finding blocks.
func (d *DossierState) passes() bool {
	return len(d.Missing) == 0 && !slices.ContainsFunc(d.Findings, func(f Finding) bool {
		return f.Severity == v1alpha1.SeverityError
	})
}

// checkDossier lists what is missing or wrong, and tells whether nothing blocks.
func (p *pass) checkDossier() bool {
	d := p.o.Dossier
	if d == nil {
		return false
	}
	for _, f := range d.Missing {
		p.requireFinding(f)
	}
	for _, f := range d.Findings {
		p.requireFinding(f)
	}
	switch {
	case d.passes():
		p.preflight = preflightPassed
		return true
	case slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Severity == v1alpha1.SeverityError }):
		p.preflight = preflightFailed
	default:
		p.preflight = preflightMissing
	}
	p.lookForMissing(p.oldestBlocker())
	return false
}

func (p *pass) requireFinding(f Finding) {
	p.require(v1alpha1.Requirement{
		Code: f.Code, Awaiting: v1alpha1.PartyApplicant, Severity: f.Severity, Path: f.Path, Message: f.Message,
	})
}

// oldestBlocker is since when the newest of what blocks has been there: a mended
// dossier with one thing left is looked at often again.
func (p *pass) oldestBlocker() time.Time {
	newest := time.Time{}
	for _, q := range p.requirements {
		if q.Severity == v1alpha1.SeverityError && q.SinceTime.After(newest) {
			newest = q.SinceTime.Time
		}
	}
	return newest
}

// require adds one requirement, once. Its sinceTime is kept from before.
func (p *pass) require(q v1alpha1.Requirement) {
	if q.Severity == "" {
		q.Severity = v1alpha1.SeverityError
	}
	q.Code, q.Path, q.Message = text.Cut(q.Code, maxCode), text.Cut(q.Path, maxPath), text.Cut(q.Message, maxMessage)
	q.SinceTime = p.now()
	for _, old := range p.was.Requirements {
		if old.Code == q.Code && old.Path == q.Path && old.Awaiting == q.Awaiting {
			q.SinceTime = old.SinceTime
		}
	}
	said := slices.ContainsFunc(p.requirements, func(old v1alpha1.Requirement) bool {
		return old.Code == q.Code && old.Path == q.Path && old.Message == q.Message
	})
	if !said {
		p.requirements = append(p.requirements, q)
	}
}

// requires tells whether a requirement of this code is due already.
func (p *pass) requires(code string) bool {
	return slices.ContainsFunc(p.requirements, func(q v1alpha1.Requirement) bool { return q.Code == code })
}

// keepRequirements keeps what was due before, and what preflight said, where nothing
// new can be learnt. What was said of the registrar is said anew, or is over.
func (p *pass) keepRequirements() {
	p.preflight = p.preflightBefore()
	for _, q := range p.was.Requirements {
		switch q.Code {
		case v1alpha1.RequirementRegistrarUnreachable, v1alpha1.RequirementRegistrarContradiction,
			v1alpha1.RequirementRegistrarNotFound, v1alpha1.RequirementRegistrarNotReady, v1alpha1.RequirementRegistrarNotUsable:
		default:
			p.requirements = append(p.requirements, q)
		}
	}
}

// since is when a requirement of this code became due; now if it is new.
func (p *pass) since(code string) time.Time {
	for _, q := range p.was.Requirements {
		if q.Code == code {
			return q.SinceTime.Time
		}
	}
	return p.o.Now
}

// troubled: the registrar could not be asked. The object stays where it is and says so.
func (p *pass) troubled(t *Trouble) {
	code := v1alpha1.RequirementRegistrarUnreachable
	if !p.isFiled() {
		p.waiting = code
	}
	awaiting := v1alpha1.PartyRegistrar
	if t.Kind == TroubleRefused || t.Kind == TroubleLocal {
		awaiting = v1alpha1.PartyNone
	}
	p.require(v1alpha1.Requirement{
		Code: code, Awaiting: awaiting, Severity: v1alpha1.SeverityWarning,
		Message: t.inWords(),
	})
	p.lookForMissing(p.since(code))
	if t.After > 0 && p.next.Before(p.o.Now.Add(t.After)) {
		p.next = p.o.Now.Add(min(t.After, p.o.Pacing.PollMax))
	}
}

// inWords says what happened, to what, and what is done about it.
func (t *Trouble) inWords() string {
	var what string
	cure := "It is asked again."
	switch t.Kind {
	case TroubleWaiting:
		what = "The registrar is to be asked later"
	case TroubleInvalid:
		what = "The registrar answered something that is not of the contract"
	case TroubleRefused:
		what, cure = "The registrar does not let the operator in", "An administrator has to mend the Registrar or its token."
	case TroubleLocal:
		what, cure = "The operator could not do its part", "It is tried again."
	default:
		what = "The registrar could not be asked"
	}
	return fmt.Sprintf("%s: %s. %s", what, strings.TrimSuffix(t.Message, "."), cure)
}

// listRequirements writes the list: what blocks first, in the order it was found.
func (p *pass) listRequirements() {
	slices.SortStableFunc(p.requirements, func(a, b v1alpha1.Requirement) int {
		return rank(a) - rank(b)
	})
	p.status.Requirements = p.requirements[:min(len(p.requirements), v1alpha1.MaxRequirements)]
	p.status.Awaiting = p.awaiting()
}

func rank(q v1alpha1.Requirement) int {
	if q.Severity == v1alpha1.SeverityWarning {
		return len(partyOrder)
	}
	return slices.Index(partyOrder, q.Awaiting)
}

// partyOrder: where several have to act, the applicant is told first.
var partyOrder = []v1alpha1.Party{v1alpha1.PartyApplicant, v1alpha1.PartyAgent, v1alpha1.PartyRegistrar, v1alpha1.PartyNone}

func (p *pass) awaiting() v1alpha1.Party {
	if len(p.requirements) > 0 && p.requirements[0].Severity == v1alpha1.SeverityError {
		return p.requirements[0].Awaiting
	}
	return v1alpha1.PartyNone
}
