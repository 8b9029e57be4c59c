// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"

	"github.com/spf13/cobra"
)

// run runs the plugin and returns its exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	command, err := root.ExecuteC()
	return report(command, err)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "kubectl-china_account",
		Short: "Register accounts in the AWS China Regions",
		// kubectl calls the plugin by this name.
		Annotations:       map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl china-account"},
		Args:              noArguments,
		RunE:              func(command *cobra.Command, _ []string) error { return command.Help() },
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(checkCommand())
	return root
}
