// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// compared is a finding, and whether it is news: the operator's status has it too, or
// has it still.
type compared struct {
	Change string `json:"change"`
	offline.Finding
}

const (
	changeNew  = "+"
	changeSame = " "
	changeGone = "-"
)

// runLive checks a registration in the cluster, and compares with what the operator found.
func (o *checkOptions) runLive(ctx context.Context, command *cobra.Command) error {
	s, reg, err := o.open(ctx, o.live)
	if err != nil {
		return err
	}
	found, err := offline.CheckLive(ctx, reg, s, o.now())
	if err != nil {
		return err
	}
	p := newPrinter(command.OutOrStdout())
	all := compare(found, reg)
	if o.output.form == outputJSON {
		err = p.json.Encode(struct {
			Findings []compared `json:"findings"`
		}{all})
	} else {
		err = printCompared(p, all)
	}
	if err != nil {
		return err
	}
	p.failed = slices.ContainsFunc(found, offline.Finding.IsError)
	return p.end()
}

// compare sets what is found now against what status says. Only what preflight can find
// is compared: what the registrar or the flow asks for is no matter of the dossier's.
func compare(found []offline.Finding, reg *v1alpha1.ChinaAccountRegistration) []compared {
	is := func(q v1alpha1.Requirement) func(offline.Finding) bool {
		return func(f offline.Finding) bool { return f.Code == q.Code && f.Path == q.Path }
	}
	all := []compared{}
	for _, q := range reg.Status.Requirements {
		if preflights[q.Code] && !slices.ContainsFunc(found, is(q)) {
			all = append(all, compared{changeGone, offline.Finding{Code: q.Code, Severity: q.Severity, Path: q.Path, Message: q.Message, Source: "status"}})
		}
	}
	for _, f := range found {
		change := changeNew
		if slices.ContainsFunc(reg.Status.Requirements, func(q v1alpha1.Requirement) bool { return is(q)(f) }) {
			change = changeSame
		}
		all = append(all, compared{change, f})
	}
	return all
}

// preflights are the codes that preflight finds.
var preflights = func() map[string]bool {
	codes := map[string]bool{v1alpha1.RequirementSecretNotFound: true}
	for _, rule := range preflight.Rules() {
		codes[rule.Code] = true
	}
	return codes
}()

func printCompared(p *printer, all []compared) error {
	var errors, warnings int
	for _, c := range all {
		severity := "warning"
		if c.IsError() {
			severity = "error"
		}
		switch {
		case c.Change == changeGone:
		case c.IsError():
			errors++
		default:
			warnings++
		}
		fmt.Fprintf(p.out, "%s %s %s at %s\n%s   %s [%s]\n", c.Change, severity, c.Code, c.Path, c.Change, c.Message, c.Source)
	}
	if len(all) > 0 {
		fmt.Fprintln(p.out, "\n+ found now and not in status, - in status and not found any more")
	}
	_, err := fmt.Fprintf(p.out, "%s, %s\n", counted(errors, "error"), counted(warnings, "warning"))
	return err
}
