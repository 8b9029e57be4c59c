// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command crash breaks the operator at every call that it makes.
//
// Each life is played once undisturbed, by the shipped binary as a process, while taps
// before the API server and before the gateway write down its calls. Then it is played
// again for each call and each way to break it: the operator is killed before the call
// or before its answer, the answer is lost, somebody else writes first, watches fall
// silent, another leader overtakes. Every life must still end as if nothing had been,
// with one filing an attempt.
//
// Where to look: breakage.go says what goes wrong, tap.go where, run.go how a life is
// played; test/lives has the lives and what is demanded of them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/chinaaccount/china-account-operator/test/lives"
)

// restarted is a review whose operator starts when the registration is there already:
// the calls of its start are points too.
const restarted = "restarted"

func main() {
	log.SetLogger(logr.Discard())
	short := flag.Bool("short", false, "Only some lives, and only calls that write.")
	only := flag.String("lives", "", "Only these lives, by name, with commas between them.")
	workers := flag.Int("workers", 4, "How many control planes to play on at the same time.")
	one := flag.String("point", "", "Only points that contain this text, e.g. \"2: PUT gateway\" or \"killed after\".")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	chosen, err := choose(*only, *short)
	if err == nil {
		err = breakAll(ctx, options{lives: chosen, short: *short, workers: *workers, only: *one})
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

// inShort are the lives of a short run: one through a gateway and one by hand.
var inShort = []string{"review", "by-hand"}

func choose(names string, short bool) ([]lives.Life, error) {
	all := lives.All()
	i := slices.IndexFunc(all, func(l lives.Life) bool { return l.Name == "review" })
	late := all[i]
	late.Name, late.About = restarted, "the operator starts when the registration is there"
	all = append(all, late)
	wanted := strings.Split(names, ",")
	if names == "" {
		if !short {
			return all, nil
		}
		wanted = inShort
	}
	var chosen []lives.Life
	for _, name := range wanted {
		i := slices.IndexFunc(all, func(l lives.Life) bool { return l.Name == name })
		if i < 0 {
			return nil, errors.New("there is no life " + name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}
