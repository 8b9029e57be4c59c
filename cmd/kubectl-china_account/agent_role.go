// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/spf13/cobra"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

type agentRoleOptions struct {
	*app
	users, groups []string
	codes         bool
}

func agentRoleCommand(a *app) *cobra.Command {
	o := &agentRoleOptions{app: a}
	command := &cobra.Command{
		Use:   "agent-role NAME",
		Short: "Print the Role that lets an agent read one dossier's Secrets",
		Long: `Print a Role that lets an agent read the Secrets of this dossier by name, and no other,
because RBAC cannot choose by label; and, with --user or --group, the binding. An
administrator applies it. The password's Secret is never in it. Print it anew when the
registration names other Secrets, and delete it when the registration is Active.

To report, an agent needs the ClusterRole china-account-filing-agent in the namespace too.`,
		Example: `  # Let agent Zhang read what acme names
  kubectl china-account agent-role acme --user agent-zhang | kubectl apply -f -`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command, args[0])
		},
	}
	flags := command.Flags()
	flags.StringArrayVar(&o.users, "user", nil, "User to bind the Role to; repeatable.")
	flags.StringArrayVar(&o.groups, "group", nil, "Group to bind the Role to; repeatable.")
	flags.BoolVar(&o.codes, "with-codes", false, "Let the agent read the verification codes too, to type them in.")
	return command
}

func (o *agentRoleOptions) run(command *cobra.Command, name string) error {
	_, reg, err := o.open(command.Context(), name)
	if err != nil {
		return err
	}
	for i, object := range o.role(reg) {
		content, err := yaml.Marshal(object)
		if err != nil {
			return err
		}
		if i > 0 {
			command.Println("---")
		}
		command.Print(string(content))
	}
	return nil
}

func (o *agentRoleOptions) role(reg *v1alpha1.ChinaAccountRegistration) []any {
	name := reg.Name + "-dossier"
	names := reg.DocumentSecretNames()
	if o.codes {
		names = append(names, reg.CodesSecretName())
	}
	slices.Sort(names)
	meta := metav1.ObjectMeta{Namespace: reg.Namespace, Name: name, Labels: map[string]string{"app.kubernetes.io/part-of": "china-account-operator"}}
	objects := []any{rbacv1.Role{
		TypeMeta: metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "Role"}, ObjectMeta: meta,
		Rules: []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: slices.Compact(names), Verbs: []string{"get"}}},
	}}
	var subjects []rbacv1.Subject
	for _, user := range o.users {
		subjects = append(subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user})
	}
	for _, group := range o.groups {
		subjects = append(subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: group})
	}
	if len(subjects) > 0 {
		objects = append(objects, rbacv1.RoleBinding{
			TypeMeta: metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "RoleBinding"}, ObjectMeta: meta,
			RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name}, Subjects: subjects,
		})
	}
	return objects
}
