// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"
)

// run runs the plugin and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newApp(stdin, stdout, stderr).run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	root := rootCommand(a)                    //nolint:contextcheck // cobra hands it to the command
	root.SetArgs(append([]string{}, args...)) // of none, cobra would take the process's
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	command, err := root.ExecuteContextC(ctx)
	return report(command, err)
}

// The groups of commands in the order of a registration's life.
const (
	groupPrepare = "prepare"
	groupFollow  = "follow"
	groupAct     = "act"
	groupAgent   = "agent"
)

func rootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "kubectl-china_account",
		Short: "Register accounts in the AWS China Regions",
		Long: `Register accounts in the AWS China Regions: write and check a registration, see what is
due and do it, and, as an agent, file by hand.

Exit codes: 0 done, 1 the answer is no (errors found, a report refused, what is waited
for cannot come), 2 wrong usage, or it could not be done, 3 the time was up.`,
		// kubectl calls the plugin by this name.
		Annotations:       map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl china-account"},
		Args:              noArguments,
		RunE:              func(command *cobra.Command, _ []string) error { return command.Help() },
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(flagError)
	a.kube.AddFlags(root.PersistentFlags())
	root.SetUsageTemplate(usageTemplate)
	a.completeFlags(root)
	for _, group := range []struct {
		cobra.Group
		commands []*cobra.Command
	}{
		{cobra.Group{ID: groupPrepare, Title: "Prepare:"}, []*cobra.Command{
			initCommand(a), attachCommand(a), checkCommand(a),
		}},
		{cobra.Group{ID: groupFollow, Title: "Follow:"}, []*cobra.Command{
			statusCommand(a), listCommand(a), eventsCommand(a), waitCommand(a),
		}},
		{cobra.Group{ID: groupAct, Title: "Do what is due:"}, []*cobra.Command{
			enterCodeCommand(a), resendCodeCommand(a), resubmitCommand(a), withdrawCommand(a),
			suspendCommand(a), resumeCommand(a), refreshCommand(a), forgetCommand(a),
		}},
		{cobra.Group{ID: groupAgent, Title: "File by hand, as an agent:"}, []*cobra.Command{
			queueCommand(a), agentRoleCommand(a), dossierCommand(a), readCodeCommand(a), reportCommand(a), releaseCommand(a),
		}},
	} {
		root.AddGroup(&group.Group)
		for _, command := range group.commands {
			command.GroupID = group.ID
			root.AddCommand(command)
		}
	}
	return root
}

// usageTemplate is cobra's without the flags of kubectl, which are many and known.
const usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if and .HasAvailableSubCommands (not .HasParent)}}
  {{.CommandPath}} COMMAND{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}{{$commands := .Commands}}{{range $group := .Groups}}

{{$group.Title}}{{range $commands}}{{if and (eq .GroupID $group.ID) .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if not .AllChildCommandsHaveGroup}}{{if .HasParent}}

Commands:{{range $commands}}{{if and (eq .GroupID "") .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}{{if .HasParent}}

Flags:
{{.LocalNonPersistentFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{end}}

kubectl's own flags work too: -n, --context, --kubeconfig, --as and the others of 'kubectl options'.{{if .HasAvailableSubCommands}}
Use "{{.CommandPath}} COMMAND --help" for more about a command.{{end}}
`
