// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/standing"
)

type resubmitOptions struct {
	*app
	language  language
	unchanged bool
	timeout   time.Duration
}

func resubmitCommand(a *app) *cobra.Command {
	o := &resubmitOptions{app: a}
	command := &cobra.Command{
		Use:   "resubmit NAME",
		Short: "File a mended dossier again after a rejection",
		Long: `Have the operator look, show what the registrar found, what preflight finds now and
whether the dossier has changed since it was filed, and then set spec.resubmitAfterAttempt:
the [Resubmission] button of the registrar's mail (FAQ Q11). It is filed as soon as
preflight passes.

A dossier that is just as it was filed is not filed again, since each attempt takes the
registrar 2 business days: mend it first, or say --unchanged.`,
		Example: `  # After mending what was found
  kubectl china-account resubmit acme

  # The registrar says on the phone that nothing needs to change
  kubectl china-account resubmit acme --unchanged`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command, args[0])
		},
	}
	command.Flags().BoolVar(&o.unchanged, "unchanged", false, "File again what was rejected, as it is.")
	o.language.addTo(command)
	addTimeout(command, &o.timeout)
	return command
}

func (o *resubmitOptions) run(command *cobra.Command, name string) error {
	s, reg, err := o.open(command.Context(), name)
	if err != nil {
		return err
	}
	attempt, err := attemptToResubmit(reg)
	if err != nil {
		return err
	}
	looked, err := o.requestLook(command.Context(), s, reg, o.timeout)
	if err != nil {
		return err // whether the dossier has changed is not known
	}
	if looked != nil {
		reg = looked
		if attempt, err = attemptToResubmit(reg); err != nil {
			return err
		}
	}
	o.show(command, reg)
	if due(reg, v1alpha1.RequirementDossierUnchanged) != nil && !o.unchanged {
		command.PrintErrf("%s is not filed again: mend it first; --unchanged files it as it is\n", title(reg))
		return errFound
	}
	if asked := reg.Spec.ResubmitAfterAttempt; asked != nil && *asked == attempt {
		command.Printf("%s: attempt %d was asked for already\n", title(reg), attempt+1)
		return nil
	}
	err = s.patch(command.Context(), reg, func(r *v1alpha1.ChinaAccountRegistration) { r.Spec.ResubmitAfterAttempt = &attempt })
	if err != nil {
		return err
	}
	command.Printf("%s: attempt %d is filed as soon as preflight passes\n", title(reg), attempt+1)
	hintOfGit(command, reg, fmt.Sprintf("spec.resubmitAfterAttempt: %d", attempt))
	return nil
}

// attemptToResubmit refuses where there is nothing to file again.
func attemptToResubmit(reg *v1alpha1.ChinaAccountRegistration) (int32, error) {
	status := &reg.Status
	switch {
	case status.Rejection != nil && status.Rejection.Final:
		return 0, fmt.Errorf("resubmit %s: the registrar rejected it finally and takes no other attempt: call them, or register under another e-mail address", title(reg))
	case status.Filing != nil && status.Filing.FiledTime == nil:
		return 0, fmt.Errorf("resubmit %s: attempt %d is being filed already", title(reg), status.Filing.Attempt)
	case status.Phase == v1alpha1.PhaseRejected && status.Filing != nil:
		return status.Filing.Attempt, nil
	}
	if attempt, due := lifecycle.ResubmissionDue(status); due {
		return attempt, nil // of an object that was recreated, and finds its newest attempt withdrawn
	}
	return 0, fmt.Errorf("resubmit %s: it is %s, and only what was rejected is filed again: see 'kubectl china-account status %s'", title(reg), orNone(string(status.Phase)), reg.Name)
}

// show tells what was found, by the registrar and by preflight since, and what changed.
func (o *resubmitOptions) show(command *cobra.Command, reg *v1alpha1.ChinaAccountRegistration) {
	p := &statusPage{View: standing.Of(reg, o.calendar, o.now()), language: &o.language, style: o.style(), zone: o.zone}
	p.rejection()
	p.foundSince()
	p.heading("The dossier", "申请材料")
	switch {
	case due(reg, v1alpha1.RequirementDossierUnchanged) != nil:
		p.printf("  %s\n", p.say("It is just as it was filed.", "与上次提交时完全相同。"))
	default:
		p.printf("  %s\n", p.say("It has changed since it was filed.", "自上次提交后已有修改。"))
	}
	p.printf("\n")
	command.Print(strings.TrimPrefix(p.out.String(), "\n"))
}

// foundSince lists what preflight finds besides what the registrar found.
func (p *statusPage) foundSince() {
	p.Due = slices.DeleteFunc(p.Due, func(d standing.Due) bool {
		return d.Code == v1alpha1.RequirementResubmission || d.Code == v1alpha1.RequirementDossierUnchanged
	})
	p.due()
}
