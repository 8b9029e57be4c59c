// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

// breakage is what goes wrong at a call.
type breakage string

const (
	none breakage = ""
	// killedBefore: the operator is killed before the call leaves it.
	killedBefore breakage = "killed before"
	// killedAfter: killed after the call took effect, before its answer came.
	killedAfter breakage = "killed after"
	// answerLost: the call takes effect, and the connection breaks before the answer.
	answerLost breakage = "answer lost"
	// conflict: somebody else writes the object first.
	conflict breakage = "conflict"
	// staleCache: somebody writes the object, and the operator's watches do not tell
	// it for a while.
	staleCache breakage = "stale cache"
	// secondLeader: the call is held up; another operator takes the life further;
	// then the call arrives, late.
	secondLeader breakage = "second leader"
	// While the operator is dead, the applicant changes the registration's dossier, or
	// one of its Secrets.
	specEdited   breakage = "killed after, spec edited"
	secretEdited breakage = "killed after, Secret edited"
)

// point is a call and what goes wrong at it.
type point struct {
	call
	breakage
}

// breakages are those that a call can suffer. One that changes nothing cannot come too
// late; and whoever edits before it finds what is there after the last call that did.
// Events follow the status that they tell of, and nothing follows them.
func breakages(c call, short bool) []breakage {
	list := []breakage{killedBefore, killedAfter}
	switch {
	case short && (!c.writes() || c.what == eventWrite):
		return nil
	case short:
		return []breakage{killedAfter, secondLeader}
	case !c.writes() || c.what == eventWrite:
		return append(list, answerLost)
	}
	list = append(list, answerLost, secondLeader, staleCache, specEdited, secretEdited)
	if c.patches() {
		list = append(list, conflict)
	}
	return list
}

func (b breakage) after() bool { return b == killedAfter || b == specEdited || b == secretEdited }
