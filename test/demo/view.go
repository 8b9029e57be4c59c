// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// view shows the registrations while they change.
type view interface {
	// show is told of each change of one row.
	show(rows []*row, before row, after *row)
}

// newView redraws a table in place on a terminal, and elsewhere prints a line for
// each change.
func newView(out *os.File, rows int, began time.Time) view {
	width, height, err := term.GetSize(int(out.Fd()))
	if err != nil || os.Getenv("TERM") == "dumb" || height < rows+2 {
		return &lines{out: out, began: began}
	}
	return &table{out: out, width: width, colour: os.Getenv("NO_COLOR") == ""}
}

// summary is what a person wants to know of a registration at a glance.
type summary struct {
	phase, awaiting, reason, account, requirement string
}

func summarise(reg *v1alpha1.ChinaAccountRegistration) summary {
	if reg == nil {
		return summary{phase: "-", awaiting: "-", reason: "-", account: "-"}
	}
	s := summary{phase: string(reg.Status.Phase), awaiting: string(reg.Status.Awaiting), account: "-", reason: "-"}
	if ready := meta.FindStatusCondition(reg.Status.Conditions, v1alpha1.ConditionReady); ready != nil {
		s.reason = ready.Reason
	}
	if reg.Status.Account != nil {
		s.account = reg.Status.Account.ID
	}
	if len(reg.Status.Requirements) > 0 {
		s.requirement = reg.Status.Requirements[0].Code
	}
	return s
}

// lines is the view in a pipe.
type lines struct {
	out   io.Writer
	began time.Time
}

func (l *lines) show(_ []*row, before row, after *row) {
	name := after.key.Name
	if after.now != before.now {
		l.print("%-15s > %s", name, after.now)
	}
	was, is := summarise(before.object), summarise(after.object)
	if was == is || is.phase == "" {
		return
	}
	if after.object == nil {
		l.print("%-15s deleted", name)
		return
	}
	due := ""
	if is.requirement != "" && is.requirement != is.reason {
		due = "due: " + is.requirement
	}
	l.print("%-15s %-12s %-28s %s", name, is.phase, is.reason, due)
}

func (l *lines) print(format string, values ...any) {
	line := fmt.Sprintf(format, values...)
	fmt.Fprintf(l.out, "%5.1fs  %s\n", time.Since(l.began).Seconds(), strings.TrimRight(line, " "))
}
