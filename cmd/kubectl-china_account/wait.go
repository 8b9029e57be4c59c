// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/standing"
)

const (
	waitForActive   = "active"
	waitForDecision = "decision"
)

type waitOptions struct {
	*app
	what    string
	timeout time.Duration
}

func waitCommand(a *app) *cobra.Command {
	o := &waitOptions{app: a}
	command := &cobra.Command{
		Use:   "wait NAME --for active|decision",
		Short: "Wait until the account is active, or the registrar has decided",
		Long: `Wait, and tell each phase that is reached and each thing that somebody has to do.

--for active ends when the account is active, and gives up where it cannot become so
without a human who mends: a rejection, or findings that only the applicant can mend.
--for decision ends when the registrar has verified, rejected or activated.

Exit codes: 0 it came, 1 it cannot come without somebody who mends, 2 wrong usage, or it
could not be watched, 3 the time was up.`,
		Example: `  # In a pipeline: an account, or the reason why not
  kubectl china-account wait acme --for active --timeout 72h

  # Whatever the registrar decides
  kubectl china-account wait acme --for decision`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command.Context(), args[0])
		},
	}
	command.Flags().StringVar(&o.what, "for", "", "What to wait for: active or decision (required).")
	command.Flags().DurationVar(&o.timeout, "timeout", 72*time.Hour, "How long to wait, e.g. 30m or 72h.")
	_ = command.RegisterFlagCompletionFunc("for", choices(waitForActive, waitForDecision))
	return command
}

func (o *waitOptions) run(ctx context.Context, name string) error {
	switch {
	case o.what != waitForActive && o.what != waitForDecision:
		return usagef("--for must be %s or %s", waitForActive, waitForDecision)
	case o.timeout <= 0:
		return usagef("--timeout must be more than nothing, e.g. 72h")
	}
	s, last, err := o.open(ctx, name)
	if err != nil {
		return err // of one that is not there nothing is awaited
	}
	progress := &progress{app: o.app}
	look := func(reg *v1alpha1.ChinaAccountRegistration) (bool, error) {
		last = reg
		progress.tell(reg)
		return o.came(reg)
	}
	enough, err := look(last)
	if !enough && err == nil {
		err = s.await(ctx, name, o.timeout, look)
	}
	switch {
	case errors.Is(err, errTimeUp):
		return fmt.Errorf("wait for %s: %w after %s, it is %s", title(last), errTimeUp, o.timeout, orNone(string(last.Status.Phase)))
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("wait for %s: stopped", name)
	case errors.Is(err, errFound):
		fmt.Fprintf(o.err, "%s is %s, and goes on when somebody mends what is due: see 'kubectl china-account status %s'\n", title(last), last.Status.Phase, name)
	case err == nil:
		fmt.Fprintf(o.out, "%s is %s\n", title(last), last.Status.Phase)
	}
	return err
}

// came tells whether what is waited for is there, and errFound where it cannot come
// without somebody who mends.
func (o *waitOptions) came(reg *v1alpha1.ChinaAccountRegistration) (bool, error) {
	phase := reg.Status.Phase
	seen := reg.Status.ObservedGeneration == reg.Generation
	decided := phase == v1alpha1.PhaseVerified || phase == v1alpha1.PhaseRejected || phase == v1alpha1.PhaseActive
	switch {
	case phase == v1alpha1.PhaseActive, o.what == waitForDecision && decided && seen:
		return true, nil
	case seen && standing.Condition(reg, v1alpha1.ConditionStalled) == "True":
		return false, errFound
	default:
		return false, nil
	}
}

// progress tells each thing once, on the stream that is not read by scripts.
type progress struct {
	*app
	told map[string]bool
}

func (p *progress) tell(reg *v1alpha1.ChinaAccountRegistration) {
	for _, entry := range reg.Status.History {
		attempt := ""
		if entry.Attempt > 0 {
			attempt = fmt.Sprintf(", attempt %d", entry.Attempt)
		}
		p.once(entry.Time.Time, string(entry.Phase)+attempt)
	}
	for _, q := range reg.Status.Requirements {
		if q.Severity == v1alpha1.SeverityError && q.Awaiting != v1alpha1.PartyRegistrar {
			var english language
			p.once(q.SinceTime.Time, fmt.Sprintf("%s from %s: %s", q.Code, english.party(q.Awaiting), harmless(q.Message)))
		}
	}
}

func (p *progress) once(when time.Time, text string) {
	line := when.In(p.zone).Format(minutes) + "  " + text
	if p.told == nil {
		p.told = map[string]bool{}
	}
	if !p.told[line] {
		p.told[line] = true
		fmt.Fprintln(p.err, line)
	}
}
