// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// deed is what may be done to somebody.
type deed string

const (
	// kills: SIGKILL; it is started again after the duration.
	kills deed = "kill"
	// stops: SIGSTOP, and SIGCONT after the duration.
	stops deed = "stop"
	// answers: the gateway spoils answers for the duration.
	answers deed = "answer"
	// vanishes: a Secret is deleted, and made again after the duration.
	vanishes deed = "vanish"
	// changes: a Secret becomes another as good one.
	changes deed = "change"
)

// victims of each deed, and how long it takes at most. A stopped operator loses its
// lease, which lasts 4 s, about every second time.
var deeds = []struct {
	deed    deed
	victims []string
	longest time.Duration
	weight  int
}{
	{kills, []string{"operator-1", "operator-2", "both operators"}, 3 * time.Second, 5},
	{stops, []string{"operator-1", "operator-2"}, 9 * time.Second, 4},
	{kills, []string{"gateway"}, 4 * time.Second, 3},
	{stops, []string{"gateway"}, 4 * time.Second, 2},
	{kills, []string{"kube-apiserver"}, 0, 2},
	{stops, []string{"kube-apiserver"}, 5 * time.Second, 2},
	{kills, []string{"etcd"}, 0, 2},
	{stops, []string{"etcd"}, 4 * time.Second, 2},
	{answers, spoilings, 4 * time.Second, 8},
	{vanishes, nil, 2 * time.Second, 4},
	{changes, nil, 0, 4},
}

// spoilings are the gateway's faults; those with "done" take effect, and only their
// answer is spoiled.
var spoilings = []string{
	"500", "500 done", "503", "503 done", "429", "429 done", "401", "garbage", "garbage done", "truncated done", "oversized", "redirect",
	"timeout", "timeout done", "disconnected", "disconnected done", "twice", "stale",
}

// strike is one thing that goes wrong.
type strike struct {
	at     time.Duration
	deed   deed
	victim string
	// one is the registration whose Secret it is.
	one int
	// lasts until it is mended; what comes back by itself does so at once.
	lasts time.Duration
}

func (s strike) String() string {
	victim := s.victim
	if victim == "" {
		victim = fmt.Sprintf("a Secret of registration %d", s.one)
	}
	return fmt.Sprintf("%7.2fs %s %s for %.2fs", s.at.Seconds(), s.deed, victim, s.lasts.Seconds())
}

// schedule is all that happens in a run. The same seed makes the same one.
type schedule struct {
	// begins is when each registration is applied, in order.
	begins  []time.Duration
	strikes []strike
}

// pace of strikes: one follows another after half to one and a half of it.
const strikePace = 1200 * time.Millisecond

// draw makes the schedule of n registrations for some time. They begin in its first
// two thirds, and strikes fall on all of it.
func draw(seed uint64, n int, length time.Duration) schedule {
	random := rand.New(rand.NewPCG(seed, 0))
	var s schedule
	for range n {
		s.begins = append(s.begins, time.Duration(random.Int64N(int64(length)*2/3)))
	}
	slices.Sort(s.begins)
	total := 0
	for _, d := range deeds {
		total += d.weight
	}
	for at := strikePace; at < length; at += strikePace/2 + time.Duration(random.Int64N(int64(strikePace))) {
		s.strikes = append(s.strikes, drawStrike(random, at, random.IntN(total), s.begins))
	}
	return s
}

func drawStrike(random *rand.Rand, at time.Duration, lot int, begins []time.Duration) strike {
	i := 0
	for ; lot >= deeds[i].weight; i++ {
		lot -= deeds[i].weight
	}
	d := deeds[i]
	s := strike{at: at, deed: d.deed}
	if d.longest > 0 {
		s.lasts = 200*time.Millisecond + time.Duration(random.Int64N(int64(d.longest)))
	}
	if d.victims != nil {
		s.victim = d.victims[random.IntN(len(d.victims))]
		return s
	}
	// One of those that began not long ago: it may still be pending.
	begun, _ := slices.BinarySearch(begins, at)
	s.one = max(0, begun-1-random.IntN(10))
	return s
}
