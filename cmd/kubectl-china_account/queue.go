// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/standing"
)

func queueCommand(a *app) *cobra.Command {
	o := &listOptions{app: a}
	command := &cobra.Command{
		Use:   "queue",
		Short: "List what awaits an agent, the earlier due first",
		Long: `List the registrations that await an agent: to file, to enter an answer at the registrar,
or to withdraw. The earlier due comes first, then what has waited longer. CLAIMED BY is who
claimed the filing; 'kubectl china-account dossier NAME' claims one of the others.`,
		Example: `  # What an agent for all teams has to do
  kubectl china-account queue -A`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return o.runQueue(command.Context())
		},
	}
	o.addTo(command)
	o.output.addTo(command, outputJSON, outputYAML, outputName)
	return command
}

// queued is one that awaits an agent.
type queued struct {
	standing.Row `json:",inline"`
	// ClaimedBy is empty where no claim stands, or the report may not be read.
	ClaimedBy string `json:"claimedBy,omitempty"`
}

func (o *listOptions) runQueue(ctx context.Context) error {
	s, err := o.connect()
	if err != nil {
		return err
	}
	options, err := o.options(s)
	if err != nil {
		return err
	}
	rows := []queued{}
	err = s.eachRegistration(ctx, options, func(reg *v1alpha1.ChinaAccountRegistration) {
		if reg.Status.Awaiting == v1alpha1.PartyAgent {
			rows = append(rows, queued{Row: standing.RowOf(reg)})
		}
	})
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b queued) int { return standing.ByDueTime(a.Row, b.Row) })
	for i := range rows {
		rows[i].ClaimedBy = s.claimedBy(ctx, rows[i].Row)
	}
	return o.printQueue(s, rows)
}

// claimedBy names the agent whose claim stands.
func (s *session) claimedBy(ctx context.Context, row standing.Row) string {
	claim := &v1alpha1.FilingReport{}
	if row.Claim == "" || s.Get(ctx, client.ObjectKey{Namespace: row.Namespace, Name: row.Claim}, claim) != nil {
		return ""
	}
	return claim.Spec.ReportedBy
}

func (o *listOptions) printQueue(s *session, rows []queued) error {
	if o.output.form == outputJSON || o.output.form == outputYAML {
		return o.output.write(o.out, struct {
			Queue []queued `json:"queue"`
		}{rows})
	}
	if o.output.form == outputName {
		plain := make([]standing.Row, 0, len(rows))
		for _, row := range rows {
			plain = append(plain, row.Row)
		}
		return o.print(s, plain)
	}
	if len(rows) == 0 {
		command := "Nothing awaits an agent."
		if !o.allNamespaces {
			command = "Nothing awaits an agent in namespace " + s.namespace + ": -A looks in all."
		}
		_, err := o.err.Write([]byte(command + "\n"))
		return err
	}
	t := &table{}
	o.addRow(t, "NAMESPACE", "NAME", "REGION", "PHASE", "WHAT IS DUE", "CLAIMED BY", "SINCE", "DUE")
	for _, row := range rows {
		o.addRow(t, row.Namespace, row.Name, string(row.Region), string(row.Phase), row.Due, orNone(harmless(row.ClaimedBy)),
			age(o.now(), row.Since), o.until(row.DueTime))
	}
	t.print(o.out, o.style(), "")
	return nil
}
