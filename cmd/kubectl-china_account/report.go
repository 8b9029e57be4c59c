// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// reportTypes are what an agent reports, by the word of the command line; a claim and
// its release have commands of their own.
var reportTypes = map[string]v1alpha1.FilingReportType{
	"submitted":    v1alpha1.ReportSubmitted,
	"under-review": v1alpha1.ReportUnderReview,
	"rejected":     v1alpha1.ReportRejected,
	"verified":     v1alpha1.ReportVerified,
	"active":       v1alpha1.ReportActive,
	"withdrawn":    v1alpha1.ReportWithdrawn,
}

var reportWords = []string{"submitted", "under-review", "rejected", "verified", "active", "withdrawn"}

// wordOf is the word of a type, for the report's name.
func wordOf(kind v1alpha1.FilingReportType) string {
	for word, known := range reportTypes {
		if known == kind {
			return word
		}
	}
	return map[v1alpha1.FilingReportType]string{v1alpha1.ReportClaimed: "claimed", v1alpha1.ReportReleased: "released"}[kind]
}

type reportOptions struct {
	*app
	reference, accountID, when string
	findings, challenges       []string
	final                      bool
	timeout                    time.Duration
}

func reportCommand(a *app) *cobra.Command {
	o := &reportOptions{app: a}
	command := &cobra.Command{
		Use:   "report NAME submitted|under-review|rejected|verified|active|withdrawn",
		Short: "Report what came back from the registrar",
		Long: `Report what came back of a filing that was claimed, and wait for the operator's word on
it. Reports never change: a wrong reference or account id is corrected by one more report
of the same type. No names, numbers or codes of persons belong into a report: everybody
who may see registrations sees it.

--finding says what the registrar found, as PATH=CODE:MESSAGE. PATH is that of a field or
file (spec.dossier. may be left out) and may be missing with its =; CODE is CamelCase, your
own word where none of docs/findings.md fits.

--challenge says what the registrar asks for now: phone-code, email-code, support-plan,
or documents=MESSAGE. Name all that are open; a later report without them closes them.

Exit codes: 0 accepted, 1 refused, 2 wrong usage, or it could not be reported, 3 the
operator did not answer in time.`,
		Example: `  # Filed
  kubectl china-account report acme submitted --reference SAMPLE-2026-000123

  # Rejected
  kubectl china-account report acme rejected \
    --finding 'company.legalName=NameMismatch:The name differs from the certificate.'

  # Verified: the applicant is asked for the code and the plan
  kubectl china-account report acme verified --challenge phone-code --challenge support-plan

  # The account is there
  kubectl china-account report acme active --account-id 123456789012`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 || reportTypes[args[1]] == "" {
				return &usageError{text: "it takes the name of one registration, and submitted, under-review, rejected, verified, active or withdrawn", full: true}
			}
			return nil
		},
		ValidArgsFunction: func(command *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return reportWords, cobra.ShellCompDirectiveNoFileComp
			}
			return a.completeNames(command, args, begun)
		},
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command, args[0], reportTypes[args[1]])
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.reference, "reference", "", "The registrar's own number for the filing.")
	flags.StringVar(&o.accountID, "account-id", "", "The account's id of 12 digits (required for active).")
	flags.StringVar(&o.when, "time", "", "When it happened, as 2026-11-24T09:30:00+08:00; now if it is not set.")
	flags.StringArrayVar(&o.findings, "finding", nil, "What the registrar found, as PATH=CODE:MESSAGE; repeatable (required for rejected).")
	flags.BoolVar(&o.final, "final", false, "The registrar takes no other attempt (for rejected).")
	flags.StringArrayVar(&o.challenges, "challenge", nil, "What the registrar asks for now: phone-code, email-code, support-plan or documents=MESSAGE; repeatable.")
	flags.DurationVar(&o.timeout, "timeout", answerPatience, "How long to wait for the operator's word.")
	_ = command.RegisterFlagCompletionFunc("challenge", choices("phone-code", "email-code", "support-plan", "documents="))
	return command
}

func (o *reportOptions) run(command *cobra.Command, name string, kind v1alpha1.FilingReportType) error {
	ctx := command.Context()
	spec := v1alpha1.FilingReportSpec{Type: kind, Reference: o.reference, AccountID: o.accountID, Final: o.final}
	if err := o.check(&spec); err != nil {
		return err
	}
	s, reg, err := o.open(ctx, name)
	if err != nil {
		return err
	}
	filing := reg.Status.Filing
	if filing == nil || filing.ClaimName == "" {
		return fmt.Errorf("report on %s: no agent has claimed it: 'kubectl china-account dossier %s' claims it", title(reg), name)
	}
	spec.RegistrationRef.Name, spec.FilingKey, spec.Attempt, spec.ClaimName = name, filing.Key, filing.Attempt, filing.ClaimName
	if err := openChallenges(ctx, s, &spec); err != nil {
		return err
	}
	report, err := s.file(ctx, spec, o.timeout)
	if err != nil {
		return err
	}
	command.Printf("filingreport/%s accepted: %s, attempt %d of %s\n", report.Name, report.Spec.Type, report.Spec.Attempt, title(reg))
	thenDo(command, kind, name)
	return nil
}

// check finds what is wrong with the flags before anything is asked of the cluster.
func (o *reportOptions) check(spec *v1alpha1.FilingReportSpec) error {
	rejected, active := spec.Type == v1alpha1.ReportRejected, spec.Type == v1alpha1.ReportActive
	switch {
	case rejected && len(o.findings) == 0:
		return usagef("a rejection has findings: what did the registrar say? --finding PATH=CODE:MESSAGE")
	case !rejected && (len(o.findings) > 0 || o.final):
		return usagef("--finding and --final are for rejected alone")
	case active && !accountID.MatchString(o.accountID):
		return usagef("an activation has the account's id: --account-id with 12 digits")
	case !active && o.accountID != "":
		return usagef("--account-id is for active alone")
	case len(o.challenges) > 0 && !underWay[spec.Type]:
		return usagef("--challenge is for submitted, under-review and verified")
	}
	return o.parse(spec)
}

func (o *reportOptions) parse(spec *v1alpha1.FilingReportSpec) (err error) {
	if o.when != "" {
		when, err := time.Parse(time.RFC3339, o.when)
		if err != nil {
			return usagef("--time must be like 2026-11-24T09:30:00+08:00")
		}
		if when.After(o.now()) {
			return usagef("--time is in the future")
		}
		spec.ReportedTime = &metav1.Time{Time: when}
	}
	if spec.Findings, err = parseFindings(o.findings); err != nil {
		return err
	}
	spec.Challenges, err = parseChallenges(o.challenges)
	return err
}

// openChallenges gives those that are asked for the ids by which they are answered.
func openChallenges(ctx context.Context, s *session, spec *v1alpha1.FilingReportSpec) error {
	if len(spec.Challenges) == 0 {
		return nil
	}
	reports, err := s.reportsOf(ctx, spec.RegistrationRef.Name)
	if err != nil {
		return err
	}
	nameChallenges(spec.Challenges, reports, spec.ClaimName)
	return nil
}

// thenDo says what comes next.
func thenDo(command *cobra.Command, kind v1alpha1.FilingReportType, name string) {
	switch kind {
	case v1alpha1.ReportActive:
		command.Printf("Delete the page and the files. The applicant's next steps: kubectl china-account status %s\n", name)
	case v1alpha1.ReportRejected, v1alpha1.ReportWithdrawn:
		command.Printf("Delete the page and the files: the next attempt has a page of its own.\n")
	default:
	}
}
