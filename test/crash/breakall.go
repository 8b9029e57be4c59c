// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chinaaccount/china-account-operator/test/lives"
)

// options of a whole run.
type options struct {
	lives   []lives.Life
	short   bool
	workers int
	only    string
}

// task is one run that is to be played.
type task struct {
	life  lives.Life
	point point
}

// tally counts the runs of one life.
type tally struct {
	points, unreached int
	broken            []string
}

// breakAll plays everything, and fails if anything is broken.
func breakAll(ctx context.Context, o options) (err error) {
	began := time.Now()
	dir, err := os.MkdirTemp("", "china-account-crash-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() {
		if err == nil {
			err = os.RemoveAll(dir)
		} else {
			fmt.Println("The logs stay in", dir)
		}
	}()
	workers, err := openWorkers(ctx, o.workers, dir)
	defer func() {
		for _, w := range workers {
			err = errors.Join(err, w.close())
		}
	}()
	if err != nil {
		return err
	}
	fmt.Printf("Playing %d lives undisturbed, on %d control planes.\n", len(o.lives), len(workers))
	tasks, err := enumerate(ctx, workers, o)
	if err != nil {
		return err
	}
	fmt.Printf("Breaking them at %d points: a call of the operator, and what goes wrong at it.\n", len(tasks))
	tallies, err := playAll(ctx, workers, tasks)
	if err != nil {
		return err
	}
	return conclude(o, tallies, time.Since(began))
}

func openWorkers(ctx context.Context, n int, dir string) ([]*worker, error) {
	workers, failures := make([]*worker, n), make([]error, n)
	var opening sync.WaitGroup
	for i := range n {
		opening.Go(func() { workers[i], failures[i] = openWorker(ctx, i+1, dir) })
	}
	opening.Wait()
	return workers, errors.Join(failures...)
}

// each hands things to workers, and stops at the first error.
func each[T any](ctx context.Context, workers []*worker, things []T, do func(context.Context, *worker, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan T)
	go func() {
		defer close(queue)
		for _, thing := range things {
			select {
			case queue <- thing:
			case <-ctx.Done():
				return
			}
		}
	}()
	var working sync.WaitGroup
	for _, w := range workers {
		working.Go(func() {
			for thing := range queue {
				if err := do(ctx, w, thing); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	working.Wait()
	return context.Cause(ctx)
}

// enumerate plays each life undisturbed and returns what can go wrong in it.
func enumerate(ctx context.Context, workers []*worker, o options) ([]task, error) {
	var mu sync.Mutex
	played := map[string][]call{}
	err := each(ctx, workers, o.lives, func(ctx context.Context, w *worker, life lives.Life) error {
		out, err := w.play(ctx, life, point{})
		if err != nil {
			return fmt.Errorf("play %s: %w", life.Name, err)
		}
		if len(out.broken) > 0 {
			return fmt.Errorf("%s is broken before anything goes wrong: %s", life.Name, strings.Join(out.broken, "; "))
		}
		slices.SortFunc(out.calls, func(a, b call) int {
			return cmp.Or(a.stage-b.stage, strings.Compare(a.what, b.what), a.nth-b.nth)
		})
		mu.Lock()
		defer mu.Unlock()
		played[life.Name] = out.calls
		return nil
	})
	if err != nil {
		return nil, err
	}
	return tasksOf(played, o), nil
}

// tasksOf lists the points. What lives through a gateway share until they are filed,
// and lives by hand until they are claimed, is broken in the first that has it: of
// what comes later nothing is decided yet.
func tasksOf(played map[string][]call, o options) (tasks []task) {
	shared := map[bool]map[call]bool{true: {}, false: {}}
	for _, life := range o.lives {
		own := 0
		for _, c := range played[life.Name] {
			if known := shared[life.ByHand()]; c.stage <= filedAt && life.Name != restarted {
				if known[c] {
					continue
				}
				known[c] = true
			}
			own++
			for _, b := range breakages(c, o.short) {
				if p := (point{c, b}); strings.Contains(p.String(), o.only) {
					tasks = append(tasks, task{life, p})
				}
			}
		}
		fmt.Printf("  %-18s %3d calls, %3d of them its own\n", life.Name, len(played[life.Name]), own)
	}
	return tasks
}

// filedAt is how often status was written when a life is filed or claimed: once as
// Pending with the intent, or with the request to an agent.
const filedAt = 1

func (p point) String() string { return fmt.Sprintf("%s, %s", p.call, p.breakage) }

// tries to come to a point: what two controllers do at the same time comes in this
// order or another.
const tries = 5

// progress is told after so many points.
const progress = 250

func playAll(ctx context.Context, workers []*worker, tasks []task) (map[string]*tally, error) {
	var mu sync.Mutex
	tallies, done, began := map[string]*tally{}, 0, time.Now()
	err := each(ctx, workers, tasks, func(ctx context.Context, w *worker, t task) error {
		var out outcome
		for range tries {
			var err error
			if out, err = w.play(ctx, t.life, t.point); err != nil {
				return fmt.Errorf("play %s (%s) on worker %d: %w", t.life.Name, t.point, w.id, err)
			}
			if out.reached || len(out.broken) > 0 {
				break
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if tallies[t.life.Name] == nil {
			tallies[t.life.Name] = &tally{}
		}
		l := tallies[t.life.Name]
		l.points++
		if done++; done%progress == 0 {
			fmt.Printf("  %d of %d after %.0f s\n", done, len(tasks), time.Since(began).Seconds())
		}
		if !out.reached {
			l.unreached++
			fmt.Printf("  %s: not met again: %s\n", t.life.Name, t.point)
		}
		for _, b := range out.broken {
			l.broken = append(l.broken, fmt.Sprintf("%s: %s: %s (worker %d, run-%d)", t.life.Name, t.point, b, w.id, w.runs))
			fmt.Println("  BROKEN", l.broken[len(l.broken)-1])
		}
		return nil
	})
	return tallies, err
}

// mostUnreached is how many points in a hundred may not be met again.
const mostUnreached = 2

func conclude(o options, tallies map[string]*tally, took time.Duration) error {
	var all tally
	for _, life := range o.lives {
		l := tallies[life.Name]
		if l == nil {
			continue
		}
		fmt.Printf("  %-18s %5d points  %3d not met again  %d violations\n", life.Name, l.points, l.unreached, len(l.broken))
		all.points, all.unreached, all.broken = all.points+l.points, all.unreached+l.unreached, append(all.broken, l.broken...)
	}
	fmt.Printf("%d points, %d of them not met again, %d violations, %.0f s.\n", all.points, all.unreached, len(all.broken), took.Seconds())
	switch {
	case len(all.broken) > 0:
		return errors.New("what must hold did not")
	case all.points == 0:
		return errors.New("there is nothing to break")
	case all.unreached*100 > all.points*mostUnreached:
		return fmt.Errorf("over %d in a hundred points were not met again: the lives do not repeat", mostUnreached)
	}
	return nil
}
