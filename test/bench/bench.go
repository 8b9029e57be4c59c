// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// bench is one run.
type bench struct {
	options
	amounts
	dir    string
	result result
	// flags that the operator has, as its --help says.
	flags map[string]bool
	// stand is where measurements are made; loaded if as many objects wait as are wanted.
	stand  *stand
	loaded bool
	// stands counts them, for their names.
	stands int
	// life is what the operator writes in one, from which the floor and the seeds are made.
	life *life
	// whole is the earlier result of which some figures are measured again.
	whole *result
}

// memoryFolder has no disk behind it: the gateway's store syncs each of its transactions,
// and its disk is not what is measured.
const memoryFolder = "/dev/shm"

func newBench(ctx context.Context, o options, a amounts) (*bench, error) {
	parent := ""
	if info, err := os.Stat(memoryFolder); err == nil && info.IsDir() {
		parent = memoryFolder
	}
	dir, err := os.MkdirTemp(parent, "china-account-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	b := &bench{options: o, amounts: a, dir: dir, flags: operatorFlags(ctx, o.operator)}
	b.result = result{
		Size: o.size, Seed: o.seed, Workers: o.workers, Command: strings.Join(append([]string{"bin/bench"}, os.Args[1:]...), " "),
		Date: time.Now().UTC().Truncate(time.Second), Machine: thisMachine(), Versions: versions(ctx),
	}
	b.note("The gateway's store lies in %s; logs and audit logs beside it.", filepath.Dir(dir))
	if !a.fresh {
		b.note("All of size %s is measured on one control plane, because starting one takes longer than a measurement; gateway, Registrar, namespace and registrations are new each time.", o.size)
	}
	for _, flag := range []string{flagPprof, flagSelector} {
		if !b.flags[flag] {
			b.note("The operator has no flag %s: what needs it is not measured.", flag)
		}
	}
	return b, nil
}

// Flags that older operators lack.
const (
	flagPprof    = "pprof-bind-address"
	flagSelector = "watch-label-selector"
)

// operatorFlags reads them from --help, whose lines are those of package flag.
func operatorFlags(ctx context.Context, path string) map[string]bool {
	said, _ := exec.CommandContext(ctx, path, "--help").CombinedOutput() // help may exit with whatever it likes
	found := map[string]bool{}
	for line := range strings.Lines(string(said)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "-"); ok {
			name, _, _ = strings.Cut(strings.TrimPrefix(name, "-"), " ")
			found[name] = true
		}
	}
	return found
}

func (b *bench) note(format string, arguments ...any) {
	b.result.Notes = append(b.result.Notes, fmt.Sprintf(format, arguments...))
}

// end clears everything. The logs stay if something failed.
func (b *bench) end(failed bool) error {
	var err error
	if b.stand != nil {
		err = b.stand.clear()
	}
	if failed || err != nil {
		fmt.Println("The logs stay in", b.dir)
		return err
	}
	return errors.Join(err, os.RemoveAll(b.dir))
}

// freshStand is ground on which nothing was measured yet.
func (b *bench) freshStand(ctx context.Context, throughProxy bool) (*stand, error) {
	b.loaded = false
	b.stands++
	name := fmt.Sprintf("bench-%d", b.stands)
	if b.stand != nil && b.fresh {
		err := b.stand.clear()
		b.stand = nil
		if err != nil {
			return nil, err
		}
	}
	if err := b.clearGround(ctx, filepath.Join(b.dir, name)); err != nil {
		return nil, err
	}
	s := b.stand
	if err := s.furnish(ctx, name, throughProxy); err != nil {
		return nil, err
	}
	if b.life == nil {
		recorded, err := recordLife(ctx, s)
		if err != nil {
			return nil, fmt.Errorf("record what the operator writes in a life: %w", err)
		}
		b.life = recorded
		return b.freshStand(ctx, throughProxy) // the one that was recorded is gone
	}
	return s, nil
}

// clearGround lays ground, or takes away what is on it.
func (b *bench) clearGround(ctx context.Context, dir string) (err error) {
	if b.stand != nil {
		return b.stand.renew(ctx, dir)
	}
	b.stand, err = layStand(ctx, b, dir)
	return err
}

// loadedStand is ground on which objects wait, and whose operator is steady. Those who
// ask for it leave it so: tens of thousands take minutes to make.
func (b *bench) loadedStand(ctx context.Context) (*stand, error) {
	if b.loaded {
		return b.stand, nil
	}
	s, err := b.freshStand(ctx, false)
	if err != nil {
		return nil, err
	}
	if err := s.seed(ctx, 0, b.waiting); err != nil {
		return nil, err
	}
	if _, err := s.startOnSeeds(ctx, b.waiting); err != nil {
		return nil, err
	}
	b.loaded = true
	return s, nil
}
