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
)

// answerPatience is how long the operator is given to answer; a look takes it a second.
const answerPatience = 30 * time.Second

func refreshCommand(a *app) *cobra.Command {
	var timeout time.Duration
	command := &cobra.Command{
		Use:   "refresh NAME",
		Short: "Have the operator look at once",
		Long: `Have the operator look at the dossier, its Secrets and the registrar at once instead of
at its next look, and wait until it has. A final rejection is looked at again too.`,
		Example: `  # The Secrets have just arrived
  kubectl china-account refresh acme`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return a.refresh(command, args[0], timeout)
		},
	}
	addTimeout(command, &timeout)
	return command
}

func resendCodeCommand(a *app) *cobra.Command {
	var timeout time.Duration
	command := &cobra.Command{
		Use:   "resend-code NAME",
		Short: "Have the registrar send the verification code again",
		Long: `Have the registrar send the open verification code again, and wait until the operator
has asked it to. Of a registration that is filed by hand, ask the agent instead.`,
		Example: `  # The SMS did not arrive
  kubectl china-account resend-code acme`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return a.resendCode(command, args[0], timeout)
		},
	}
	addTimeout(command, &timeout)
	return command
}

func addTimeout(command *cobra.Command, timeout *time.Duration) {
	command.Flags().DurationVar(timeout, "timeout", answerPatience, "How long to wait for the operator's answer; 0 does not wait.")
}

func (a *app) refresh(command *cobra.Command, name string, timeout time.Duration) error {
	s, reg, err := a.open(command.Context(), name)
	if err != nil {
		return err
	}
	look, err := a.requestLook(command.Context(), s, reg, timeout)
	if err != nil {
		return err
	}
	if look == nil {
		command.Printf("%s is to be looked at\n", title(reg))
		return nil
	}
	command.Printf("%s was looked at: %s\n", title(look), orNone(string(look.Status.Phase)))
	return nil
}

// requestLook asks for a look, and returns the registration after it; nil where it is
// not waited for.
func (a *app) requestLook(ctx context.Context, s *session, reg *v1alpha1.ChinaAccountRegistration, timeout time.Duration) (*v1alpha1.ChinaAccountRegistration, error) {
	return a.request(ctx, s, reg, v1alpha1.RefreshRequestedAtAnnotation, timeout,
		func(status *v1alpha1.ChinaAccountRegistrationStatus) string { return status.LastHandledRefreshRequest })
}

// request sets an annotation to the time, and waits until status repeats it.
func (a *app) request(ctx context.Context, s *session, reg *v1alpha1.ChinaAccountRegistration, annotation string, timeout time.Duration,
	handled func(*v1alpha1.ChinaAccountRegistrationStatus) string,
) (*v1alpha1.ChinaAccountRegistration, error) {
	requested := a.now().UTC().Format(time.RFC3339Nano)
	err := s.patch(ctx, reg, func(r *v1alpha1.ChinaAccountRegistration) {
		if r.Annotations == nil {
			r.Annotations = map[string]string{}
		}
		r.Annotations[annotation] = requested
	})
	if err != nil || timeout <= 0 {
		return nil, err
	}
	var answered *v1alpha1.ChinaAccountRegistration
	err = s.await(ctx, reg.Name, timeout, func(now *v1alpha1.ChinaAccountRegistration) (bool, error) {
		answered = now
		return handled(&now.Status) == requested, nil
	})
	if errors.Is(err, errTimeUp) {
		return nil, fmt.Errorf("wait for the operator's look at %s: %w after %s: the request stands; see 'kubectl china-account status %s' for what is in its way, or whether the operator runs", title(reg), errTimeUp, timeout, reg.Name)
	}
	return answered, err
}

func (a *app) resendCode(command *cobra.Command, name string, timeout time.Duration) error {
	s, reg, err := a.open(command.Context(), name)
	if err != nil {
		return err
	}
	switch {
	case due(reg, v1alpha1.RequirementEmailCode) == nil && due(reg, v1alpha1.RequirementPhoneCode) == nil:
		return fmt.Errorf("send the code of %s again: the registrar asks for none now: see 'kubectl china-account status %s'", title(reg), name)
	case reg.Status.Filing != nil && reg.Status.Filing.ClaimName != "":
		return fmt.Errorf("send the code of %s again: it is filed by hand: ask the agent", title(reg))
	case reg.Spec.Suspend:
		return fmt.Errorf("send the code of %s again: it is suspended: 'kubectl china-account resume %s' first", title(reg), name)
	}
	_, err = a.request(command.Context(), s, reg, v1alpha1.ResendCodeRequestedAtAnnotation, timeout,
		func(status *v1alpha1.ChinaAccountRegistrationStatus) string {
			return status.LastHandledResendCodeRequest
		})
	if err != nil {
		return err
	}
	command.Printf("%s: the registrar was asked to send the code again\n", title(reg))
	return nil
}

// due returns the requirement of that code, nil if it is not due.
func due(reg *v1alpha1.ChinaAccountRegistration, code string) *v1alpha1.Requirement {
	for i := range reg.Status.Requirements {
		if reg.Status.Requirements[i].Code == code {
			return &reg.Status.Requirements[i]
		}
	}
	return nil
}
