// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
)

// readCodeCommand is the other end of enter-code.
func readCodeCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "read-code NAME phone|email",
		Short: "Print the verification code that the applicant entered",
		Long: `Print the code that the applicant has entered, to type it in at the registrar. The Role of
'kubectl china-account agent-role --with-codes' lets an agent read it.`,
		Example: `  # Then report what came back
  kubectl china-account read-code acme phone`,
		Args:              oneCode,
		ValidArgsFunction: a.completeCodes,
		RunE: func(command *cobra.Command, args []string) error {
			return a.readCode(command, args[0], codeKinds[args[1]])
		},
	}
}

func (a *app) readCode(command *cobra.Command, name string, kind codeKind) error {
	s, reg, err := a.open(command.Context(), name)
	if err != nil {
		return err
	}
	code, found, err := dossier.NewLoader(s).LoadCode(command.Context(), reg, kind.challenge)
	switch {
	case apierrors.IsForbidden(err):
		return fmt.Errorf("read the code of %s: you may not: have an administrator apply what 'kubectl china-account agent-role %s --with-codes --user YOU' prints", title(reg), name)
	case err != nil:
		return fmt.Errorf("read the code of %s: %w", title(reg), err)
	case !found:
		return fmt.Errorf("read the code of %s: the applicant has not entered it yet", title(reg))
	}
	command.Println(code)
	return nil
}

// codeKind is one of the two codes.
type codeKind struct {
	key, requirement, what string
	challenge              v1alpha1.ChallengeType
	form                   *regexp.Regexp
}

var codeKinds = map[string]codeKind{
	"email": {v1alpha1.EmailCodeKey, v1alpha1.RequirementEmailCode, "6-digit code of the registrar's e-mail", v1alpha1.ChallengeEmailCode, regexp.MustCompile(`^\d{6}$`)},
	"phone": {v1alpha1.PhoneCodeKey, v1alpha1.RequirementPhoneCode, "4-digit code that the contact's mobile received", v1alpha1.ChallengePhoneCode, regexp.MustCompile(`^\d{4}$`)},
}

func enterCodeCommand(a *app) *cobra.Command {
	var timeout time.Duration
	command := &cobra.Command{
		Use:   "enter-code NAME phone|email",
		Short: "Enter the verification code that was sent",
		Long: `Enter the code that the registrar sent, by e-mail (6 digits) or to the contact's mobile
(4 digits). It is asked for on a terminal, and read from standard input elsewhere, so that
it is in no shell's history. It is written into the Secret that the registration names, and
the operator is asked to look.`,
		Example: `  # Asks for the code
  kubectl china-account enter-code acme phone

  # From another program
  ./read-sms | kubectl china-account enter-code acme phone`,
		Args:              oneCode,
		ValidArgsFunction: a.completeCodes,
		RunE: func(command *cobra.Command, args []string) error {
			return a.enterCode(command, args[0], codeKinds[args[1]], timeout)
		},
	}
	addTimeout(command, &timeout)
	return command
}

func oneCode(_ *cobra.Command, args []string) error {
	if len(args) != 2 || codeKinds[args[1]].key == "" {
		return &usageError{text: "it takes the name of one registration, and phone or email; the code itself is asked for, or read from standard input", full: true}
	}
	return nil
}

func (a *app) completeCodes(command *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 1 {
		return []string{"phone", "email"}, cobra.ShellCompDirectiveNoFileComp
	}
	return a.completeNames(command, args, begun)
}

func (a *app) enterCode(command *cobra.Command, name string, kind codeKind, timeout time.Duration) error {
	ctx := command.Context()
	s, reg, err := a.open(ctx, name)
	if err != nil {
		return err
	}
	if due(reg, kind.requirement) == nil {
		return fmt.Errorf("enter the code of %s: the registrar does not ask for the %s now: see 'kubectl china-account status %s'", title(reg), kind.what, name)
	}
	code, err := a.readSecret("The " + kind.what + ": ")
	if err != nil {
		return err
	}
	if !kind.form.MatchString(code) {
		return usagef("that is no %s: it has digits alone, and just so many", kind.what)
	}
	if err := s.writeCode(ctx, reg, kind.key, code); err != nil {
		return err
	}
	command.Printf("secret/%s has the code\n", reg.CodesSecretName())
	return a.sawCode(command, s, reg, kind, timeout)
}

// sawCode has the operator look, and tells what came of the code.
func (a *app) sawCode(command *cobra.Command, s *session, reg *v1alpha1.ChinaAccountRegistration, kind codeKind, timeout time.Duration) error {
	looked, err := a.requestLook(command.Context(), s, reg, timeout)
	if err != nil || looked == nil {
		return err
	}
	q := due(looked, kind.requirement)
	switch {
	case q == nil:
		command.Printf("%s: the code was taken\n", title(looked))
	case q.Awaiting == v1alpha1.PartyAgent:
		command.Printf("%s: the agent enters it now\n", title(looked))
	default:
		command.Printf("%s: %s\n", title(looked), harmless(q.Message))
	}
	return nil
}

// writeCode puts the code into its Secret, which is made if it is not there.
func (s *session) writeCode(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, key, code string) error {
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{
		Namespace: reg.Namespace, Name: reg.CodesSecretName(), Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
	}}
	secret.Data = map[string][]byte{key: []byte(code)}
	err := s.Create(ctx, secret)
	if apierrors.IsAlreadyExists(err) {
		change := secret.DeepCopy()
		change.Data, change.Labels = nil, nil
		err = s.Patch(ctx, secret, client.MergeFrom(change))
	}
	if err != nil {
		return fmt.Errorf("write key %s of Secret %s/%s: %w", key, secret.Namespace, secret.Name, err)
	}
	return nil
}

var errNoInput = errors.New("standard input has nothing: give it there, or run the command on a terminal")

// readSecret asks on a terminal, and does not show what is typed; elsewhere it reads one
// line of standard input.
func (a *app) readSecret(prompt string) (string, error) {
	if a.asksOnTerminal() {
		fmt.Fprint(a.err, prompt)
		typed, err := term.ReadPassword(int(a.in.(*os.File).Fd()))
		fmt.Fprintln(a.err)
		return strings.TrimSpace(string(typed)), err
	}
	line, err := bufio.NewReader(a.in).ReadString('\n')
	line = strings.TrimSpace(line)
	switch {
	case line != "":
		return line, nil
	case err == nil || errors.Is(err, io.EOF):
		return "", errNoInput
	default:
		return "", fmt.Errorf("read standard input: %w", err)
	}
}
