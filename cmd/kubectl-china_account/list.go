// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/standing"
)

// chunk is how many objects the API server is asked for at once, as kubectl does.
const chunk = 500

type listOptions struct {
	*app
	allNamespaces bool
	selector      string
	fieldSelector string
	output        output
}

func listCommand(a *app) *cobra.Command {
	o := &listOptions{app: a}
	command := &cobra.Command{
		Use:   "list",
		Short: "List registrations, what needs attention first",
		Long: `List registrations, sorted by what needs attention: what the applicant must do comes
first, then what is overdue, what an agent must do, what the operator is at, and what the
registrar has; what is active, suspended or over comes last. Of equals the earlier due
comes first.`,
		Example: `  # What needs attention in this namespace
  kubectl china-account list

  # The rejected ones of all namespaces, as names for a script
  kubectl china-account list -A --field-selector status.phase=Rejected -o name`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return o.run(command.Context())
		},
	}
	o.addTo(command)
	command.Flags().StringVarP(&o.selector, "selector", "l", "", "Label selector, as kubectl's.")
	command.Flags().StringVar(&o.fieldSelector, "field-selector", "", "Field selector; the fields are metadata.name, metadata.namespace, status.phase, spec.region and spec.registrarRef.name.")
	o.output.addTo(command, outputJSON, outputYAML, outputName)
	return command
}

func (o *listOptions) addTo(command *cobra.Command) {
	command.Flags().BoolVarP(&o.allNamespaces, "all-namespaces", "A", false, "All namespaces instead of one.")
}

func (o *listOptions) run(ctx context.Context) error {
	s, err := o.connect()
	if err != nil {
		return err
	}
	options, err := o.options(s)
	if err != nil {
		return err
	}
	rows := []standing.Row{}
	err = s.eachRegistration(ctx, options, func(reg *v1alpha1.ChinaAccountRegistration) {
		rows = append(rows, standing.RowOf(reg))
	})
	if err != nil {
		return err
	}
	slices.SortFunc(rows, standing.ByAttention)
	return o.print(s, rows)
}

func (o *listOptions) options(s *session) ([]client.ListOption, error) {
	var options []client.ListOption
	if !o.allNamespaces {
		options = append(options, client.InNamespace(s.namespace))
	}
	if o.selector != "" {
		selector, err := labels.Parse(o.selector)
		if err != nil {
			return nil, usagef("--selector: %v", err)
		}
		options = append(options, client.MatchingLabelsSelector{Selector: selector})
	}
	if o.fieldSelector != "" {
		selector, err := fields.ParseSelector(o.fieldSelector)
		if err != nil {
			return nil, usagef("--field-selector: %v", err)
		}
		options = append(options, client.MatchingFieldsSelector{Selector: selector})
	}
	return options, nil
}

func (o *listOptions) print(s *session, rows []standing.Row) error {
	switch o.output.form {
	case outputJSON, outputYAML:
		return o.output.write(o.out, struct {
			Registrations []standing.Row `json:"registrations"`
		}{rows})
	case outputName:
		for _, row := range rows {
			fmt.Fprintf(o.out, "chinaaccountregistration.%s/%s\n", v1alpha1.GroupName, row.Name)
		}
		return nil
	}
	if len(rows) == 0 {
		o.nothingFound(s)
		return nil
	}
	t := &table{}
	o.addRow(t, "NAMESPACE", "NAME", "PHASE", "AWAITING", "WHAT IS DUE", "SINCE", "DUE", "ACCOUNT", "AGE")
	for _, row := range rows {
		o.addRow(t, row.Namespace, row.Name, orNone(string(row.Phase)), orNone(string(row.Awaiting)), orNone(row.Due),
			age(o.now(), row.Since), o.until(row.DueTime), row.Account, age(o.now(), row.Created))
		o.mark(t, row)
	}
	t.print(o.out, o.style(), "")
	return nil
}

// nothingFound goes where a script does not read it.
func (o *listOptions) nothingFound(s *session) {
	if o.allNamespaces {
		fmt.Fprintln(o.err, "No registrations found.")
		return
	}
	fmt.Fprintf(o.err, "No registrations found in namespace %s: -A looks in all.\n", s.namespace)
}

// addRow leaves the namespace out where there is one only.
func (o *listOptions) addRow(t *table, cells ...string) {
	if !o.allNamespaces {
		cells = cells[1:]
	}
	t.add(cells...)
}

func (o *listOptions) mark(t *table, row standing.Row) {
	phase := 2
	if !o.allNamespaces {
		phase--
	}
	t.mark(phase, phaseMark(row.Phase, row.Overdue))
}

// until is how much time is left, as kubectl says how much has passed.
func (o *listOptions) until(due *time.Time) string {
	switch {
	case due == nil:
		return ""
	case o.now().After(*due):
		return age(o.now(), *due) + " late"
	default:
		return "in " + age(*due, o.now())
	}
}

// eachRegistration shows do all of them, page by page.
func (s *session) eachRegistration(ctx context.Context, options []client.ListOption, do func(*v1alpha1.ChinaAccountRegistration)) error {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	for {
		page := append(slices.Clone(options), client.Limit(chunk), client.Continue(list.Continue))
		list = &v1alpha1.ChinaAccountRegistrationList{}
		if err := s.List(ctx, list, page...); err != nil {
			return fmt.Errorf("list ChinaAccountRegistrations: %w", err)
		}
		for i := range list.Items {
			do(&list.Items[i])
		}
		if list.Continue == "" {
			return nil
		}
	}
}
