// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

type forgetOptions struct {
	*app
	yes    bool
	dryRun string
}

func forgetCommand(a *app) *cobra.Command {
	o := &forgetOptions{app: a}
	command := &cobra.Command{
		Use:   "forget NAME",
		Short: "Delete the scans and the ID's number that an active account no longer needs",
		Long: `Show and then delete, with your own rights, the Secrets with the scans, the ID's number
and the codes of a registration that is active: personal information is kept no longer
than it serves. The sign-in Secret stays, and so do Secrets that another registration of
the namespace names. What GitOps or External Secrets keep in place comes back: take it out
there first.`,
		Example: `  # Shows them, and asks
  kubectl china-account forget acme

  # Only shows them
  kubectl china-account forget acme --dry-run=client`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command, args[0])
		},
	}
	command.Flags().BoolVarP(&o.yes, "yes", "y", false, "Delete without asking; needed where there is no terminal.")
	command.Flags().StringVar(&o.dryRun, "dry-run", dryRunNone, "none, or client: show them, and delete nothing.")
	_ = command.RegisterFlagCompletionFunc("dry-run", choices(dryRunNone, dryRunClient))
	return command
}

func (o *forgetOptions) run(command *cobra.Command, name string) error {
	if o.dryRun != dryRunNone && o.dryRun != dryRunClient {
		return usagef("--dry-run must be %s or %s", dryRunNone, dryRunClient)
	}
	ctx := command.Context()
	s, reg, err := o.open(ctx, name)
	if err != nil {
		return err
	}
	if reg.Status.Phase != v1alpha1.PhaseActive {
		return fmt.Errorf("forget the documents of %s: it is %s, and they may be needed until it is Active", title(reg), orNone(string(reg.Status.Phase)))
	}
	secrets, shared, err := s.forgettable(ctx, reg)
	if err != nil {
		return err
	}
	for _, name := range shared {
		command.PrintErrf("secret/%s stays: another registration names it\n", name)
	}
	if len(secrets) == 0 {
		command.Printf("%s: nothing is left to forget\n", title(reg))
		return nil
	}
	o.show(command, secrets)
	switch {
	case o.dryRun == dryRunClient:
		return nil
	case o.yes:
	case !o.asksOnTerminal():
		return usagef("nothing was deleted: --yes deletes without asking where there is no terminal")
	case !o.confirmed(command):
		command.Println("Nothing was deleted.")
		return nil
	}
	return s.deleteAll(command, secrets)
}

func (o *forgetOptions) show(command *cobra.Command, secrets []corev1.Secret) {
	t := &table{}
	t.add("SECRET", "KEYS", "KEPT BY")
	for _, secret := range secrets {
		var keys []string
		for key := range secret.Data {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		t.add(secret.Name, strings.Join(keys, ","), orNone(keeper(&secret)))
	}
	t.print(command.OutOrStdout(), o.style(), "")
}

// keeper is who would make the Secret again.
func keeper(secret *corev1.Secret) string {
	for _, owner := range secret.OwnerReferences {
		return owner.Kind + "/" + owner.Name
	}
	for mark, tool := range managers {
		if secret.Labels[mark] != "" || secret.Annotations[mark] != "" {
			return tool
		}
	}
	return ""
}

func (o *forgetOptions) confirmed(command *cobra.Command) bool {
	command.PrintErr("Delete them? They cannot be brought back. [y/N] ")
	answer, _ := bufio.NewReader(o.in).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// forgettable are the Secrets that are there and that no other registration names.
func (s *session) forgettable(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (secrets []corev1.Secret, shared []string, err error) {
	others := map[string]bool{}
	err = s.eachRegistration(ctx, []client.ListOption{client.InNamespace(reg.Namespace)}, func(other *v1alpha1.ChinaAccountRegistration) {
		if other.Name == reg.Name {
			return
		}
		for _, name := range append(other.DocumentSecretNames(), other.CodesSecretName(), other.SignInSecretName()) {
			others[name] = true
		}
		if password := other.Spec.PasswordFrom; password != nil {
			others[password.SecretKeyRef.Name] = true
		}
	})
	if err != nil {
		return nil, nil, err
	}
	names := append(reg.DocumentSecretNames(), reg.CodesSecretName())
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if others[name] {
			shared = append(shared, name)
			continue
		}
		var secret corev1.Secret
		err := s.Get(ctx, client.ObjectKey{Namespace: reg.Namespace, Name: name}, &secret)
		switch {
		case apierrors.IsNotFound(err):
		case err != nil:
			return nil, nil, fmt.Errorf("read Secret %s/%s: %w", reg.Namespace, name, err)
		default:
			secrets = append(secrets, secret)
		}
	}
	return secrets, shared, nil
}

func (s *session) deleteAll(command *cobra.Command, secrets []corev1.Secret) error {
	for i := range secrets {
		secret := &secrets[i]
		err := s.Delete(command.Context(), secret, client.Preconditions{UID: &secret.UID, ResourceVersion: &secret.ResourceVersion})
		if client.IgnoreNotFound(err) != nil {
			return fmt.Errorf("delete Secret %s/%s: %w: run it again for the rest", secret.Namespace, secret.Name, err)
		}
		command.Printf("secret/%s deleted\n", secret.Name)
	}
	return nil
}
