// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// registrarModel is the smallest registrar that keeps the gateway contract, for one
// filing key. It counts what a registrar must never see.
type registrarModel struct {
	owner string
	// attempts from the first to the newest; one that a withdrawal of an unknown
	// attempt left is a tombstone.
	attempts []Attempt
	// forgotten are attempts that it knows no more.
	forgotten []Attempt
	// refusal is what the next filing is answered with.
	refusal *Refusal
	// late is a filing that is still on its way.
	late *Effect
	// open are the challenges of the next filing.
	open []Challenge
	// accepts is the digest of the answer that closes a challenge; any, if empty.
	accepts string
	// sins are what it must never see.
	sins []string
}

func (m *registrarModel) clone() *registrarModel {
	c := *m
	c.attempts = slices.Clone(m.attempts)
	for i := range c.attempts {
		c.attempts[i].Challenges = slices.Clone(c.attempts[i].Challenges)
	}
	c.sins = slices.Clone(m.sins)
	return &c
}

func (m *registrarModel) newest() *Attempt {
	if len(m.attempts) == 0 {
		return nil
	}
	a := m.attempts[len(m.attempts)-1]
	return &a
}

func (m *registrarModel) attempt(n int32) *Attempt {
	for _, a := range m.attempts {
		if a.Number == n {
			return &a
		}
	}
	return nil
}

// decide is the registrar's own doing: the newest attempt changes.
func (m *registrarModel) decide(state State, change ...func(*Attempt)) {
	a := &m.attempts[len(m.attempts)-1]
	a.State, a.Findings, a.Final = state, nil, false
	a.Revision++
	if state == StateActive {
		a.AccountID = "123456789012"
	}
	for _, c := range change {
		c(a)
	}
}

func finally(a *Attempt) { a.Final = true }

func because(findings ...v1alpha1.Finding) func(*Attempt) {
	return func(a *Attempt) { a.Findings = findings }
}

func asking(challenges ...Challenge) func(*Attempt) {
	return func(a *Attempt) { a.Challenges = challenges }
}

func isUnderWay(s State) bool {
	return s == StateReceived || s == StateUnderReview || s == StateVerified
}

func (m *registrarModel) file(now time.Time, owner string, e Effect) *Outcome {
	newest := m.newest()
	if newest != nil && newest.Number != e.Attempt && isUnderWay(newest.State) {
		m.sins = append(m.sins, fmt.Sprintf("attempt %d was filed while attempt %d is %s", e.Attempt, newest.Number, newest.State))
	}
	if m.owner != "" && m.owner != owner {
		return &Outcome{Refusal: &Refusal{Reason: RefusedOtherOwner}}
	}
	if m.refusal != nil {
		refusal := m.refusal
		m.refusal = nil
		return &Outcome{Refusal: refusal}
	}
	if a := m.attempt(e.Attempt); a != nil {
		if a.State != StateWithdrawn && a.Digest != e.Digest {
			return &Outcome{Refusal: &Refusal{Reason: RefusedOtherContent}, Attempt: newest}
		}
		return &Outcome{Attempt: a}
	}
	if !m.takes(e.Attempt) {
		return &Outcome{Refusal: &Refusal{Reason: RefusedWrongAttempt}, Attempt: newest}
	}
	m.owner = owner
	m.attempts = append(m.attempts, Attempt{
		Number: e.Attempt, State: StateReceived, Revision: 1, Digest: e.Digest,
		Reference: fmt.Sprintf("REF-%d", e.Attempt), FiledTime: now, Challenges: m.open,
	})
	m.open = nil
	return &Outcome{Attempt: m.newest()}
}

// takes: attempt n is accepted only if n-1 was rejected, withdrawn, or its sign-up expired.
func (m *registrarModel) takes(n int32) bool {
	newest := m.newest()
	if newest == nil {
		return n == 1
	}
	return n == newest.Number+1 && phaseOf[newest.State] == v1alpha1.PhaseRejected && !newest.Final
}

func (m *registrarModel) withdraw(now time.Time, owner string, n int32) *Outcome {
	a := m.attempt(n)
	switch {
	case a == nil:
		m.owner = owner
		m.attempts = append(m.attempts, Attempt{Number: n, State: StateWithdrawn, Revision: 1, FiledTime: now})
	case isUnderWay(a.State):
		m.decide(StateWithdrawn, asking())
	case a.State != StateWithdrawn:
		return &Outcome{Refusal: &Refusal{Reason: RefusedState}}
	}
	return &Outcome{Attempt: m.attempt(n)}
}

func (m *registrarModel) answer(e Effect) *Outcome {
	if len(m.attempts) == 0 {
		return &Outcome{Refusal: &Refusal{Reason: RefusedUnknown}}
	}
	a := &m.attempts[len(m.attempts)-1]
	i := slices.IndexFunc(a.Challenges, func(c Challenge) bool { return c.ID == e.ChallengeID })
	if i < 0 || a.Number != e.Attempt {
		return &Outcome{Refusal: &Refusal{Reason: RefusedAnswer}}
	}
	a.Revision++
	if m.accepts != "" && m.accepts != e.Digest {
		if left := a.Challenges[i].TriesLeft; left != nil {
			fewer := *left - 1
			a.Challenges = slices.Clone(a.Challenges)
			a.Challenges[i].TriesLeft = &fewer
		}
		return &Outcome{Refusal: &Refusal{Reason: RefusedAnswer}, Attempt: m.newest()}
	}
	a.Challenges = slices.Delete(slices.Clone(a.Challenges), i, i+1)
	if a.State == StateVerified && len(a.Challenges) == 0 {
		m.decide(StateActive)
	}
	return &Outcome{Attempt: m.newest()}
}

// carryOut is what an effect comes to when nothing is lost on the way.
func (m *registrarModel) carryOut(now time.Time, owner string, e Effect) *Outcome {
	var out *Outcome
	switch e.Kind {
	case EffectFile:
		out = m.file(now, owner, e)
	case EffectWithdraw:
		out = m.withdraw(now, owner, e.Attempt)
	case EffectAnswer:
		out = m.answer(e)
	default:
		out = &Outcome{Attempt: m.attempt(e.Attempt)}
	}
	out.Effect = e
	return out
}

// arrive lets the filing that was on its way arrive; nobody hears the answer.
func (m *registrarModel) arrive(now time.Time, owner string) {
	late := m.late
	m.late = nil
	m.file(now, owner, *late)
}
