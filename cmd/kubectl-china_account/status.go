// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/standing"
)

type statusOptions struct {
	*app
	language language
	output   output
	watch    bool
}

func statusCommand(a *app) *cobra.Command {
	o := &statusOptions{app: a}
	command := &cobra.Command{
		Use:   "status NAME",
		Short: "Show how a registration stands, and what to do now",
		Long: `Show one page of a registration: what happened when and how long it took, what is due
now, from whom, until when and where to mend it; the findings of a rejection beside what
stands there now; and whom to call, and whether they are open. Of an active account it
shows what comes next.

Times are in your zone ($TZ), due times in Beijing's too. What is shown is what the
operator found when it looked last; 'kubectl china-account refresh' asks for a look.`,
		Example: `  # One page
  kubectl china-account status acme

  # In Chinese, drawn anew whenever something changes
  kubectl china-account status acme --lang zh --watch

  # For a machine
  kubectl china-account status acme -o json`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command.Context(), args[0])
		},
	}
	o.output.addTo(command, outputJSON, outputYAML)
	o.language.addTo(command)
	command.Flags().BoolVarP(&o.watch, "watch", "w", false, "Show it anew whenever it changes, until it is over or you stop it.")
	return command
}

func (o *statusOptions) run(ctx context.Context, name string) error {
	s, reg, err := o.open(ctx, name)
	if err != nil {
		return err
	}
	if o.watch {
		return o.follow(ctx, s, name)
	}
	shown, _, err := o.render(reg)
	if err != nil {
		return err
	}
	_, err = o.out.Write(shown)
	return err
}

// render returns what is shown.
func (o *statusOptions) render(reg *v1alpha1.ChinaAccountRegistration) (shown []byte, over bool, err error) {
	view := standing.Of(reg, o.calendar, o.now())
	if o.output.form != "" {
		shown, err = o.output.marshal(view)
		return shown, view.IsOver(), err
	}
	page := &statusPage{View: view, language: &o.language, style: o.style(), zone: o.zone}
	return page.render(), view.IsOver(), nil
}

// follow shows the page again and again: on a terminal in the same place, elsewhere one
// after the other.
func (o *statusOptions) follow(ctx context.Context, s *session, name string) error {
	const home = "\x1b[H\x1b[2J\x1b[3J"
	var last []byte
	err := s.follow(ctx, name, func(reg *v1alpha1.ChinaAccountRegistration) (bool, error) {
		shown, over, err := o.render(reg)
		if err != nil || bytes.Equal(shown, last) {
			return false, err
		}
		separator := ""
		switch {
		case o.onTerminal() && o.output.form == "":
			separator = home
		case last != nil && o.output.form == "":
			separator = "\n"
		case last != nil && o.output.form == outputYAML:
			separator = "---\n"
		}
		last = shown
		_, err = fmt.Fprintf(o.out, "%s%s", separator, shown)
		return over, err
	})
	switch {
	case errors.Is(err, errGone):
		err = fmt.Errorf("watch ChinaAccountRegistration %s/%s: %w", s.namespace, name, err)
	case ctx.Err() != nil:
		err = nil // the user stopped it
	}
	return err
}
