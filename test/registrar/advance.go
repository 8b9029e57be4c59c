// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package registrar

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// The codes that are sent. Nobody receives them: they are always these.
const (
	EmailCode = "246810" // 6 digits
	PhoneCode = "2468"   // 4 digits (FAQ Q10)
)

// tries that a code allows.
const tries = 5

// pace is how fast scenarios go and how long codes hold.
type pace struct {
	step    time.Duration
	codeTTL time.Duration
}

// due returns when time alone changes the record; zero if it does not.
func (p pace) due(r *record) time.Time {
	a := r.newest()
	next, ok := a.next()
	if !ok || next.answered && a.awaitsAnswers() {
		return time.Time{}
	}
	return a.Since.Add(time.Duration(next.paces) * p.step)
}

// next returns the step that the attempt's script has next.
func (a *attempt) next() (step, bool) {
	if a == nil || a.Script == "" {
		return step{}, false
	}
	s, err := findScenario(a.Script)
	if err != nil {
		return step{}, false
	}
	steps := s.scriptOf(a.Number)
	if a.Position >= len(steps) {
		return step{}, false
	}
	return steps[a.Position], true
}

// advance takes the steps that are due at now, each at the time it was due, so that
// a registrar that was down has missed nothing. It reports whether the key is
// forgotten.
func (p pace) advance(r *record, now time.Time) (forgotten bool) {
	for {
		due := p.due(r)
		if due.IsZero() || due.After(now) {
			return false
		}
		a := r.newest()
		next, _ := a.next()
		if next.forgotten {
			return true
		}
		a.Position++
		p.enter(r, a, next, due)
	}
}

// answered lets the script go on after the last answer. A sign-up that was completed
// in time does not expire.
func (p pace) answered(r *record, a *attempt, now time.Time) {
	next, ok := a.next()
	switch {
	case ok && next.state == contract.SignUpExpired:
		a.Script = ""
		p.enter(r, a, activated, now)
	case ok && next.answered:
		a.Since = now
		p.advance(r, now)
	}
}

// enter puts the attempt where the step says.
func (p pace) enter(r *record, a *attempt, s step, now time.Time) {
	a.State, a.Findings, a.Final, a.Since = s.state, s.findings, s.final, now
	a.closeChallenges()
	for _, kind := range s.opens {
		a.Challenges = append(a.Challenges, p.newChallenge(a, kind, now))
	}
	if s.state == contract.Active {
		a.AccountID = accountID(r.Key)
	}
}

// challengeNames begin the ids of challenges.
var challengeNames = map[string]string{
	emailCode: "email-code", phoneCode: "phone-code", supportPlan: "support-plan", documents: "documents", unknownChallenge: "face-scan",
}

var challengeMessages = map[string]string{
	emailCode:   "Enter the 6-digit code that was mailed to the account's address.",
	phoneCode:   "Enter the 4-digit code that was sent to the contact's mobile.",
	supportPlan: "Choose a support plan: Basic, Developer, Business or Enterprise.",
	documents:   "File the authorization letter of the security administrator, with the company's seal.",

	unknownChallenge: "Have the contact's face scanned.",
}

// newChallenge opens a challenge, whose id ends in the attempt's number.
func (p pace) newChallenge(a *attempt, kind string, now time.Time) *challenge {
	c := &challenge{
		ID:       fmt.Sprintf("%s-%d", challengeNames[kind], a.Number),
		Type:     kind,
		Message:  challengeMessages[kind],
		Verdicts: map[string]bool{},
	}
	if c.hasCode() {
		c.sendCode(now.Add(p.codeTTL))
	}
	return c
}

func (c *challenge) hasCode() bool { return c.Type == emailCode || c.Type == phoneCode }

// sendCode begins the code's expiry and tries anew.
func (c *challenge) sendCode(expires time.Time) {
	left := int32(tries)
	c.Expires, c.TriesLeft = expires, &left
}

// accountID makes 12 digits of a key, always the same ones.
func accountID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return fmt.Sprintf("%012d", binary.BigEndian.Uint64(sum[:8])%1_000_000_000_000)
}
