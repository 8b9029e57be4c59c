// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

type eventsOptions struct {
	*app
	output output
}

func eventsCommand(a *app) *cobra.Command {
	o := &eventsOptions{app: a}
	command := &cobra.Command{
		Use:   "events NAME",
		Short: "List the events of a registration, the oldest first",
		Long: `List the events of a registration: one for each phase that was reached and for each thing
that became due. Events expire, by default after an hour; the timeline of
'kubectl china-account status' stays.`,
		Example: `  # What was told lately
  kubectl china-account events acme`,
		Args:              oneRegistration,
		ValidArgsFunction: a.completeNames,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command.Context(), args[0])
		},
	}
	o.output.addTo(command, outputJSON, outputYAML)
	return command
}

// event is what is shown of one.
type event struct {
	Time    time.Time `json:"time"`
	Type    string    `json:"type"`
	Reason  string    `json:"reason"`
	Action  string    `json:"action"`
	Message string    `json:"message"`
}

func (o *eventsOptions) run(ctx context.Context, name string) error {
	s, reg, err := o.open(ctx, name)
	if err != nil {
		return err
	}
	list := &corev1.EventList{}
	of := fields.Set{"involvedObject.kind": "ChinaAccountRegistration", "involvedObject.uid": string(reg.UID)}
	if err := s.List(ctx, list, client.InNamespace(s.namespace), client.MatchingFieldsSelector{Selector: of.AsSelector()}); err != nil {
		return fmt.Errorf("list the events of ChinaAccountRegistration %s/%s: %w", s.namespace, name, err)
	}
	events := make([]event, 0, len(list.Items))
	for i := range list.Items {
		events = append(events, eventOf(&list.Items[i]))
	}
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Reason, b.Reason))
	})
	return o.print(events, name)
}

func eventOf(e *corev1.Event) event {
	when := e.EventTime.Time
	if when.IsZero() {
		when = e.LastTimestamp.Time
	}
	return event{Time: when.UTC(), Type: e.Type, Reason: e.Reason, Action: e.Action, Message: e.Message}
}

func (o *eventsOptions) print(events []event, name string) error {
	if o.output.form != "" {
		return o.output.write(o.out, struct {
			Events []event `json:"events"`
		}{events})
	}
	if len(events) == 0 {
		fmt.Fprintf(o.err, "There are no events any more: they expire. The timeline stays: kubectl china-account status %s\n", name)
		return nil
	}
	t := &table{}
	t.add("TIME", "TYPE", "REASON", "MESSAGE")
	for _, e := range events {
		t.add(e.Time.In(o.zone).Format(minutes), e.Type, e.Reason, harmless(e.Message))
		if e.Type == corev1.EventTypeWarning {
			t.mark(1, yellow)
		}
	}
	t.print(o.out, o.style(), "")
	return nil
}
