// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command bench measures the operator, as a process, against the API server, beside a
// floor: a bare client that makes the same writes of the same size with the same
// concurrency in the same run. It prints figures, writes them as JSON and Markdown, and
// can compare those that do not depend on the machine with limits.
//
// Where to look: ground.go has what it stands on, load.go and seed.go the registrations,
// floor.go the bare client, probe.go and audit.go what is measured; each scenario has a
// file of its own; limits.go says what is demanded.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/chinaaccount/china-account-operator/test/process"
)

type options struct {
	size     string
	only     string
	seed     uint64
	workers  int
	json     string
	markdown string
	again    string
	check    bool
	operator string
	// more flags of the operator, parted by spaces.
	more string
}

func main() {
	log.SetLogger(logr.Discard())
	var o options
	flag.StringVar(&o.size, "size", "small", "tiny is to see that it works, small for CI, full for docs/performance.md.")
	flag.StringVar(&o.only, "only", "", "Scenarios to measure, parted by commas; all if empty: "+strings.Join(scenarioNames(), ", ")+".")
	flag.Uint64Var(&o.seed, "seed", 1, "What draws names, e-mail addresses and credit codes.")
	flag.IntVar(&o.workers, "workers", defaultWorkers, "How many registrations the operator, and the floor's client, work on at once.")
	flag.StringVar(&o.json, "json", "", "File to write the result to, as JSON.")
	flag.StringVar(&o.markdown, "markdown", "", "File to write the result to, as Markdown.")
	flag.StringVar(&o.again, "again", "", "An earlier result of all scenarios, as JSON, in which the figures of --only take the place of its own.")
	flag.BoolVar(&o.check, "check", false, "Fail where a figure breaks its limit.")
	flag.StringVar(&o.operator, "operator", "", "The operator's binary; bin/manager if empty.")
	flag.StringVar(&o.more, "operator-flags", "", "More flags of the operator, parted by spaces.")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// defaultWorkers is a constant of all published figures.
const defaultWorkers = 8

// scenario is one thing that is measured. They go in this order: those that share
// ground with the one before come after it.
type scenario struct {
	name    string
	measure func(context.Context, *bench) error
}

func scenarios() []scenario {
	return []scenario{
		{"throughput", measureThroughput},
		{"life", measureLife},
		{"shards", measureShards},
		{"restart", measureRestart},
		{"rest", measureRest},
		{"latency", measureLatency},
		{"decisions", measureDecisions},
		{"growth", measureGrowth},
	}
}

func scenarioNames() (names []string) {
	for _, s := range scenarios() {
		names = append(names, s.name)
	}
	return names
}

// chosen are the scenarios that --only names.
func chosen(only string) ([]scenario, error) {
	all := scenarios()
	if only == "" {
		return all, nil
	}
	wanted := map[string]bool{}
	for _, name := range strings.Split(only, ",") {
		wanted[strings.TrimSpace(name)] = true
	}
	var found []scenario
	for _, s := range all {
		if wanted[s.name] {
			found = append(found, s)
			delete(wanted, s.name)
		}
	}
	for name := range wanted {
		return nil, fmt.Errorf("--only: there is no scenario %q; there are %s", name, strings.Join(scenarioNames(), ", "))
	}
	return found, nil
}

func run(ctx context.Context, o options) (err error) {
	amounts, known := sizes[o.size]
	if !known || o.workers < 1 || flag.NArg() > 0 {
		return errors.New("wrong use: --size is tiny, small or full, --workers at least 1, and there are no arguments")
	}
	which, err := chosen(o.only)
	if err != nil {
		return err
	}
	if o.operator == "" {
		if o.operator, err = process.Binary("manager"); err != nil {
			return err
		}
	}
	b, err := newBench(ctx, o, amounts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.end(err != nil)) }()
	if o.again != "" { // before an hour is spent
		if b.whole, err = readResult(o.again); err != nil {
			return err
		}
	}
	for _, s := range which {
		began := time.Now()
		if err := s.measure(ctx, b); err != nil {
			return fmt.Errorf("measure %s: %w", s.name, err)
		}
		fmt.Printf("%-11s measured in %.1f s\n", s.name, time.Since(began).Seconds())
	}
	return b.report()
}

// report writes what was measured, and compares.
func (b *bench) report() error {
	b.result.Commit = commit()
	fmt.Print("\n" + plain(&b.result))
	written := &b.result
	if b.whole != nil {
		var err error
		if written, err = b.result.inPlaceOf(b.whole, b.only); err != nil {
			return fmt.Errorf("--again %s: %w", b.again, err)
		}
	}
	var failures []error
	if b.markdown != "" {
		if err := os.WriteFile(b.markdown, []byte(markdown(written)), 0o644); err != nil {
			failures = append(failures, fmt.Errorf("write the Markdown: %w", err))
		}
	}
	if b.json != "" {
		failures = append(failures, written.writeJSON(b.json))
	}
	if b.check {
		failures = append(failures, check(&b.result))
	}
	return errors.Join(failures...)
}
