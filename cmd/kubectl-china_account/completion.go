// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	// completionPatience bounds what a pressed tab waits for.
	completionPatience = 3 * time.Second
	completionLimit    = 500
)

// completeNames offers the registrations of the namespace, with where they stand.
func (a *app) completeNames(command *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	s, err := a.connect()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	ctx, cancel := context.WithTimeout(command.Context(), completionPatience)
	defer cancel()
	list := &v1alpha1.ChinaAccountRegistrationList{}
	if err := s.List(ctx, list, client.InNamespace(s.namespace), client.Limit(completionLimit)); err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	names := make([]string, 0, len(list.Items))
	for i := range list.Items {
		names = append(names, list.Items[i].Name+"\t"+string(list.Items[i].Status.Phase))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeFlags offers what kubectl offers for its own flags.
func (a *app) completeFlags(root *cobra.Command) {
	complete := func(flag string, values func() ([]string, error)) {
		_ = root.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			found, err := values()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return found, cobra.ShellCompDirectiveNoFileComp
		})
	}
	complete("namespace", a.namespaces)
	complete("context", func() ([]string, error) {
		config, err := a.kube.ToRawKubeConfigLoader().RawConfig()
		var names []string
		for name := range config.Contexts {
			names = append(names, name)
		}
		return names, err
	})
}

func (a *app) namespaces() ([]string, error) {
	s, err := a.connect()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), completionPatience)
	defer cancel()
	list := &metav1.PartialObjectMetadataList{}
	list.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("NamespaceList"))
	if err := s.List(ctx, list, client.Limit(completionLimit)); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(list.Items))
	for i := range list.Items {
		names = append(names, list.Items[i].Name)
	}
	return names, nil
}

// choices completes an argument or a flag of few values.
func choices(values ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values, cobra.ShellCompDirectiveNoFileComp
	}
}
