// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"hash/maphash"
	"slices"
	"strings"
	"testing"
)

// event is something that happens to the world, other than a pass of the operator.
type event struct {
	name string
	// happens tells whether it can happen now, and does it.
	happens func(w *world) bool
	// helps: the applicant, the agent or the registrar does what is due, or a fault ends.
	helps bool
}

// exploration is one focused model: where it begins, and what may happen.
type exploration struct {
	begin  []*world
	faults []fault
	events []event
}

// node is one state of the world that was reached.
type node struct {
	world *world
	// by tells the shortest way here.
	by   string
	from int
	// next are the nodes that follow where nothing goes wrong.
	next []int
	// ends: this life came to an end.
	ends bool
	// pass is the node after an undisturbed pass, and atOnce whether that pass asks
	// for another at once.
	pass   int
	atOnce bool
}

type explorer struct {
	t     *testing.T
	seed  maphash.Seed
	index map[uint64]int
	nodes []node
	moves int
}

// explore visits every state that can be reached, breadth first, and checks the
// invariants on every step.
func explore(t *testing.T, x exploration) {
	t.Helper()
	t.Parallel()
	e := &explorer{t: t, seed: maphash.MakeSeed(), index: map[uint64]int{}}
	for _, w := range x.begin {
		e.reach(w, -1, "begin")
	}
	for i := 0; i < len(e.nodes) && !t.Failed(); i++ {
		if w := e.nodes[i].world; !w.gone {
			e.passes(i, x.faults)
		}
		for _, event := range x.events {
			next := e.nodes[i].world.clone()
			if event.happens(next) {
				e.move(i, next, event.name, event.helps)
			}
		}
		e.nodes[i].world = nil // not needed any more, and there are many
	}
	e.checkComesToRest()
	e.checkLifeCanEnd()
	t.Logf("explored %d states, %d transitions", len(e.nodes), e.moves)
}

// passes makes one pass of the operator in each way that it can go.
func (e *explorer) passes(i int, faults []fault) {
	next := e.nodes[i].world.clone()
	before := e.nodes[i].world
	s := next.pass(noFault)
	e.check(i, before, next, s)
	for _, broken := range checkHeard(before, next, s) {
		e.failf(i, "then a pass: %s", broken)
	}
	next.advance(s.final)
	e.nodes[i].pass = e.move(i, next, "pass", true)
	e.nodes[i].atOnce = !next.gone && s.final.NextLook.Equal(s.observed.Now)
	for _, f := range faults {
		acts := s.planned.Effect.Kind != EffectNone
		if (f == verdictsLost) != (len(s.final.Verdicts) > 0) && f == verdictsLost || !acts && f != lookFails && f != verdictsLost {
			continue
		}
		next := before.clone()
		s := next.pass(f)
		e.check(i, before, next, s)
		next.advance(s.final)
		e.move(i, next, "pass, but "+string(f), false)
	}
}

func (e *explorer) move(from int, w *world, by string, helps bool) int {
	e.moves++
	to := e.reach(w, from, by)
	if helps {
		e.nodes[from].next = append(e.nodes[from].next, to)
	}
	return to
}

func (e *explorer) reach(w *world, from int, by string) int {
	key := maphash.String(e.seed, w.canonical())
	if i, ok := e.index[key]; ok {
		return i
	}
	e.index[key] = len(e.nodes)
	e.nodes = append(e.nodes, node{world: w, from: from, by: by, ends: w.isAtAnEnd(), pass: -1})
	return len(e.nodes) - 1
}

// way is how the explorer came to a node.
func (e *explorer) way(i int) string {
	var steps []string
	for ; i >= 0; i = e.nodes[i].from {
		steps = append(steps, e.nodes[i].by)
	}
	slices.Reverse(steps)
	return strings.Join(steps, " → ")
}

func (e *explorer) failf(i int, format string, args ...any) {
	e.t.Helper()
	e.t.Errorf("%s\n\t"+format, append([]any{e.way(i)}, args...)...)
}

// checkComesToRest: where nothing happens, a few looks later nothing changes any more,
// and looking again at once has come to an end.
func (e *explorer) checkComesToRest() {
	const patience = 8
	for i := range e.nodes {
		at := i
		for looks := 0; e.nodes[at].pass >= 0 && e.nodes[at].pass != at && looks <= patience; looks++ {
			at = e.nodes[at].pass
		}
		if last := e.nodes[at]; last.pass >= 0 && (last.pass != at || last.atOnce) {
			e.failf(i, "the operator does not come to rest")
			return
		}
	}
}

// checkLifeCanEnd: where no more faults happen and everyone does what is due, each
// life can come to an end.
func (e *explorer) checkLifeCanEnd() {
	before := make([][]int, len(e.nodes))
	var open []int
	ends := make([]bool, len(e.nodes))
	for i := range e.nodes {
		for _, to := range e.nodes[i].next {
			before[to] = append(before[to], i)
		}
		if e.nodes[i].ends {
			ends[i] = true
			open = append(open, i)
		}
	}
	for ; len(open) > 0; open = open[1:] {
		for _, i := range before[open[0]] {
			if !ends[i] {
				ends[i] = true
				open = append(open, i)
			}
		}
	}
	if i := slices.Index(ends, false); i >= 0 && !e.t.Failed() {
		e.failf(i, "this life cannot come to an end")
	}
}
