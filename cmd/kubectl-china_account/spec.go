// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func suspendCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "suspend NAME",
		Short: "Keep anything from being filed, answered or withdrawn",
		Long: `Set spec.suspend: the dossier is checked and the registrar's decision followed, but
nothing is filed, answered or withdrawn until 'kubectl china-account resume'.`,
		Example: `  # Hold a registration back while its dossier is being corrected
  kubectl china-account suspend acme`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return a.suspend(command, args[0], true)
		},
	}
}

func resumeCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "resume NAME",
		Short: "Let a suspended registration go on",
		Long:  `Take spec.suspend back: what waits is filed, answered or withdrawn.`,
		Example: `  # Let it be filed
  kubectl china-account resume acme`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return a.suspend(command, args[0], false)
		},
	}
}

func (a *app) suspend(command *cobra.Command, name string, suspend bool) error {
	done := map[bool]string{true: "suspended", false: "resumed"}[suspend]
	s, reg, err := a.open(command.Context(), name)
	if err != nil {
		return err
	}
	if reg.Spec.Suspend == suspend {
		command.Printf("%s is %s already\n", title(reg), map[bool]string{true: "suspended", false: "going on"}[suspend])
		return nil
	}
	err = s.patch(command.Context(), reg, func(r *v1alpha1.ChinaAccountRegistration) { r.Spec.Suspend = suspend })
	if err != nil {
		return err
	}
	command.Printf("%s %s\n", title(reg), done)
	hintOfGit(command, reg, fmt.Sprintf("spec.suspend: %t", suspend))
	return nil
}

func withdrawCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "withdraw NAME",
		Short: "Take the filing under way back",
		Long: `Set spec.withdrawAttempt to the attempt under way: it is withdrawn at the registrar (by
hand, an agent is asked to), and the registration is then Rejected. Mend the dossier and
file again with 'kubectl china-account resubmit'. An account that is active stays.`,
		Example: `  # The licence is about to be renewed: take the filing back
  kubectl china-account withdraw acme`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return a.withdraw(command, args[0])
		},
	}
}

func (a *app) withdraw(command *cobra.Command, name string) error {
	s, reg, err := a.open(command.Context(), name)
	if err != nil {
		return err
	}
	attempt, err := attemptToWithdraw(reg)
	if err != nil {
		return err
	}
	if asked := reg.Spec.WithdrawAttempt; asked != nil && *asked == attempt {
		command.Printf("%s: attempt %d is being withdrawn already\n", title(reg), attempt)
		return nil
	}
	err = s.patch(command.Context(), reg, func(r *v1alpha1.ChinaAccountRegistration) { r.Spec.WithdrawAttempt = &attempt })
	if err != nil {
		return err
	}
	command.Printf("%s: attempt %d is to be withdrawn\n", title(reg), attempt)
	if reg.Spec.Suspend {
		command.Printf("It is suspended: nothing is withdrawn before 'kubectl china-account resume %s'.\n", reg.Name)
	}
	hintOfGit(command, reg, fmt.Sprintf("spec.withdrawAttempt: %d", attempt))
	return nil
}

// attemptToWithdraw refuses where there is nothing to take back.
func attemptToWithdraw(reg *v1alpha1.ChinaAccountRegistration) (int32, error) {
	filing := reg.Status.Filing
	switch {
	case reg.Status.Phase == v1alpha1.PhaseActive:
		return 0, fmt.Errorf("withdraw %s: the account is active, and is not closed by this", title(reg))
	case filing == nil:
		return 0, fmt.Errorf("withdraw %s: nothing is filed; to keep it so: kubectl china-account suspend %s", title(reg), reg.Name)
	case reg.Status.DossierLock != v1alpha1.DossierLocked:
		return 0, fmt.Errorf("withdraw %s: attempt %d is not under way any more: see 'kubectl china-account status %s'", title(reg), filing.Attempt, reg.Name)
	default:
		return filing.Attempt, nil
	}
}

// title names a registration in a sentence, as kubectl does.
func title(reg *v1alpha1.ChinaAccountRegistration) string {
	return "chinaaccountregistration/" + reg.Name
}

// managers are the labels and annotations by which GitOps tools know what is theirs.
var managers = map[string]string{
	"kustomize.toolkit.fluxcd.io/name": "Flux",
	"helm.toolkit.fluxcd.io/name":      "Flux",
	"argocd.argoproj.io/instance":      "Argo CD",
	"argocd.argoproj.io/tracking-id":   "Argo CD",
}

// hintOfGit tells who may undo a change of spec.
func hintOfGit(command *cobra.Command, reg *v1alpha1.ChinaAccountRegistration, change string) {
	for mark, tool := range managers {
		_, labelled := reg.Labels[mark]
		_, annotated := reg.Annotations[mark]
		if labelled || annotated {
			command.PrintErrf("%s keeps this object as it is in Git: commit the change there too (%s).\n", tool, change)
			return
		}
	}
}

// oneRegistration takes one name.
func oneRegistration(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return &usageError{text: fmt.Sprintf("it takes the name of one registration, and got %d arguments", len(args)), full: true}
	}
	return nil
}
