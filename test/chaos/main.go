// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command chaos lets a crowd of registrations live while everything they rest on is
// killed, stopped and lied to, at moments that a seed draws: two replicas of the
// operator, the gateway, the API server and etcd, as processes. Then everything heals,
// every life must come to its end, and the registrar's books must have each attempt
// once.
//
// Where to look: schedule.go draws what goes wrong and when, world.go carries it out,
// crowd.go plays the people; test/lives has what each of them does and what is demanded.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/chinaaccount/china-account-operator/test/process"
)

type options struct {
	n        int
	minutes  float64
	seed     uint64
	operator string
	verbose  bool
}

func main() {
	log.SetLogger(logr.Discard())
	var o options
	flag.IntVar(&o.n, "n", 1000, "How many registrations.")
	flag.Float64Var(&o.minutes, "minutes", 10, "How long things go wrong.")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "What draws the schedule: the same one draws the same again.")
	flag.StringVar(&o.operator, "operator", "", "The operator's binary, e.g. one with the race detector; bin/manager if empty.")
	flag.BoolVar(&o.verbose, "v", false, "Print the schedule.")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.n < 1 || o.minutes <= 0 {
		return errors.New("-n and -minutes must be above 0")
	}
	if o.operator == "" {
		if o.operator, err = process.Binary("manager"); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "china-account-chaos-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	w, err := openWorld(ctx, filepath.Join(dir, "world"), o.operator, o.n)
	defer func() {
		err = errors.Join(err, w.close())
		if err == nil {
			err = os.RemoveAll(dir)
		} else {
			fmt.Println("The logs stay in", w.Dir)
		}
	}()
	if err != nil {
		return err
	}
	return disturb(ctx, w, o)
}

// disturb plays the whole schedule, heals, and judges.
func disturb(ctx context.Context, w *world, o options) error {
	length := time.Duration(o.minutes * float64(time.Minute))
	plan := draw(o.seed, o.n, length)
	fmt.Printf("%d registrations, %s, %d strikes, seed %d.\n", o.n, length, len(plan.strikes), o.seed)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	c, err := gather(ctx, w, o.n)
	if err != nil {
		return err
	}
	began := time.Now()
	var suffering sync.WaitGroup
	suffering.Go(func() {
		for i, at := range plan.begins {
			wait(ctx, time.Until(began.Add(at)))
			c.begin(i)
		}
	})
	for _, s := range plan.strikes {
		wait(ctx, time.Until(began.Add(s.at)))
		if ctx.Err() != nil {
			break
		}
		if o.verbose {
			fmt.Println(" ", s)
		}
		suffering.Go(func() { c.strike(ctx, s) })
	}
	suffering.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Printf("After %.0f s everything heals.\n", time.Since(began).Seconds())
	if err := w.heal(ctx); err != nil {
		return err
	}
	return c.conclude(ctx, o)
}

// strike lets one thing go wrong. What cannot be done, because what it needs is away,
// is not done.
func (c *crowd) strike(ctx context.Context, s strike) {
	var err error
	switch s.deed {
	case vanishes:
		err = c.vanish(ctx, s.one, s.lasts)
	case changes:
		err = c.people[s.one].Alter(ctx)
	default:
		if err = c.suffer(ctx, s); err != nil {
			fmt.Fprintln(os.Stderr, "chaos:", s, err)
		}
		return
	}
	if err != nil {
		c.missed.Add(1)
	}
}

// raceFound is what the race detector prints, and panicked what Go does.
var raceFound, panicked = []byte("WARNING: DATA RACE"), []byte("\npanic: ")

// searchLogs looks for what no operator may say.
func (w *world) searchLogs() (broken []string, err error) {
	for _, path := range w.logs() {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(content, raceFound) {
			broken = append(broken, "the race detector found a race: "+path)
		}
		if bytes.Contains(content, panicked) {
			broken = append(broken, "an operator panicked: "+path)
		}
	}
	return broken, nil
}
