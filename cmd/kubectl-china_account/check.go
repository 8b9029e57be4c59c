// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/internal/offline"
)

type checkOptions struct {
	*app
	live    string
	sources offline.Sources
	output  output
}

func checkCommand(a *app) *cobra.Command {
	o := &checkOptions{app: a}
	command := &cobra.Command{
		Use:   "check -f FILE...|--live NAME",
		Short: "Check registrations with their Secrets, values and scans, without a cluster",
		Long: `Check registrations with their Secrets, from files and without a cluster: for pull
requests. It says what kubectl apply would refuse, and what the operator would find
before it files.

-f takes files and folders as kubectl does, and - for standard input. Kinds other than
ChinaAccountRegistration and Secret are left out. A Secret that is not among the files,
or that SOPS holds encrypted, is a warning: what is in it is not checked. --from gives
one of its keys from a file.

--live NAME checks a registration in the cluster and the Secrets that you may read, and
compares: + is found now and not in the operator's status, - is in the status and not found
any more.

Findings never hold the values that they are about.

Exit codes: 0 no errors, 1 errors, 2 wrong usage or unreadable input.`,
		Example: `  # A registration and its Secrets
  kubectl china-account check -f registration.yaml -f secrets.yaml

  # All registrations of a repository, for a machine
  kubectl china-account check -R -f clusters/production -o json

  # What kustomize builds, and the scans from where they lie
  kubectl kustomize overlays/production | kubectl china-account check -f - \
    --from acme-license/scan.pdf=license.pdf --from acme-identity/number=number.txt

  # What is in the cluster now, against what the operator found when it looked last
  kubectl china-account check --live acme`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return o.run(command.Context(), command)
		},
	}
	flags := command.Flags()
	flags.StringSliceVarP(&o.sources.Paths, "filename", "f", nil, "File or folder of manifests, or - for standard input; repeatable (required).")
	flags.BoolVarP(&o.sources.Recursive, "recursive", "R", false, "Read the folders in folders too.")
	flags.StringArrayVar(&o.sources.Values, "from", nil, "One key of a Secret from a file, as name/key=path; repeatable. The Secret counts as labelled unless it is among the files.")
	flags.StringVar(&o.live, "live", "", "Name of a registration in the cluster to check instead of files.")
	_ = command.RegisterFlagCompletionFunc("live", func(command *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return a.completeNames(command, nil, begun)
	})
	o.output.addTo(command, outputJSON)
	command.AddCommand(checkIDCommand(), checkFileCommand())
	return command
}

func (o *checkOptions) run(ctx context.Context, command *cobra.Command) error {
	switch {
	case o.live != "" && len(o.sources.Paths)+len(o.sources.Values) > 0:
		return usagef("--live checks what is in the cluster: leave -f and --from out")
	case o.live != "":
		return o.runLive(ctx, command)
	case len(o.sources.Paths) == 0:
		return &usageError{text: "name the registrations to check with -f", full: true}
	}
	o.sources.Stdin = command.InOrStdin()
	input, err := offline.Read(o.sources)
	if err != nil {
		return err
	}
	reports, err := offline.Check(ctx, input, o.now())
	if err != nil {
		return err
	}
	p := newPrinter(command.OutOrStdout())
	if o.output.form == outputJSON {
		err = printReportsAsJSON(p, reports)
	} else {
		err = printReports(p, reports)
	}
	if err != nil {
		return err
	}
	return p.end()
}

func printReportsAsJSON(p *printer, reports []offline.Report) error {
	all := []offline.Finding{}
	for _, report := range reports {
		for _, finding := range report.Findings {
			p.failed = p.failed || finding.IsError()
			if len(reports) > 1 {
				finding.Registration = report.Registration
			}
			all = append(all, finding)
		}
	}
	return p.json.Encode(struct {
		Findings []offline.Finding `json:"findings"`
	}{all})
}

// printReports writes findings as a compiler does: what and where, then why and the cure.
func printReports(p *printer, reports []offline.Report) error {
	var errors, warnings int
	skipped := false
	for _, report := range reports {
		if len(reports) > 1 {
			fmt.Fprintf(p.out, "%s (%s)\n", harmless(report.Registration), harmless(report.Origin))
		}
		for _, finding := range report.Findings {
			severity := "warning"
			if finding.IsError() {
				severity = "error"
				errors++
			} else {
				warnings++
			}
			fmt.Fprintf(p.out, "%s %s at %s\n  %s [%s]\n", severity, finding.Code, finding.Path, finding.Message, finding.Source)
		}
		if len(report.Findings) > 0 || len(reports) > 1 {
			fmt.Fprintln(p.out)
		}
		skipped = skipped || report.RulesSkipped
	}
	p.failed = errors > 0
	if skipped {
		fmt.Fprintln(p.out, "The CRD's rules were not asked where an object does not fit its schema: mend that, and check again.")
	}
	_, err := fmt.Fprintf(p.out, "%s, %s in %s\n", counted(errors, "error"), counted(warnings, "warning"), counted(len(reports), "registration"))
	return err
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
