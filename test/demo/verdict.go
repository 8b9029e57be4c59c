// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// verdict is how one scene ended.
type verdict struct {
	scene   scene
	failure error
	// found is the object at the end, nil if there is none.
	found  *v1alpha1.ChinaAccountRegistration
	quotes []string
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// wrong says what is not as it should be; empty if all is.
func (v verdict) wrong() string {
	if v.failure != nil {
		return v.failure.Error()
	}
	want := v.scene.end
	switch {
	case want.absent && v.found == nil:
		return ""
	case want.absent:
		return "there should be no object; found " + describe(v.found)
	case v.found == nil:
		return "there is no object"
	}
	found, is := summarise(v.found), v.found.Status
	switch {
	case is.Phase != want.phase || is.Awaiting != want.awaiting || found.reason != want.reason || is.Filing == nil || is.Filing.Attempt != want.attempt:
		return fmt.Sprintf("expected %s (%s), awaiting %s, attempt %d; found %s", want.phase, want.reason, want.awaiting, want.attempt, describe(v.found))
	case want.phase == v1alpha1.PhaseActive && !accountID.MatchString(found.account):
		return "an active account has an id of 12 digits; found " + found.account
	}
	return ""
}

func (v verdict) right() string {
	if v.found == nil {
		return "no object"
	}
	text := fmt.Sprintf("%s, attempt %d", v.found.Status.Phase, v.found.Status.Filing.Attempt)
	if v.found.Status.Account != nil {
		text += ", account " + v.found.Status.Account.ID
	}
	return text
}

// conclude shows how it all ended, and fails unless it is as it should be.
func conclude(ctx context.Context, g *ground, p play, verdicts []verdict) error {
	var unseen error
	for _, s := range p.shows {
		unseen = errors.Join(unseen, g.show(ctx, s.who(g), s.arguments...))
	}
	quote(verdicts)
	say("\nExpected and found:")
	sound := true
	for _, v := range verdicts {
		sound = tick(v.scene.name, v.scene.end.expected(), v.right, v.wrong()) && sound
	}
	for _, c := range g.checks(ctx, verdicts) {
		sound = tick(c.name, c.expected, func() string { return c.right }, c.wrong) && sound
	}
	if !sound {
		return errors.Join(errNotAsExpected, unseen)
	}
	return unseen
}

func quote(verdicts []verdict) {
	heading := "\nWhat the API server refused:"
	for _, v := range verdicts {
		for _, quote := range v.quotes {
			if heading != "" {
				say("%s", heading)
				heading = ""
			}
			say("  %s: %s", v.scene.name, strings.ReplaceAll(quote, "\n", "\n    "))
		}
	}
}

func tick(name, expected string, right func() string, wrong string) bool {
	if wrong != "" {
		say("  ✗ %-15s %-22s  %s", name, expected, wrong)
		return false
	}
	say("  ✓ %-15s %-22s  %s", name, expected, right())
	return true
}

// show runs a kubectl command that a reader may want to repeat.
func (g *ground) show(ctx context.Context, who person, arguments ...string) error {
	say("\n$ kubectl %s   # as %s", strings.Join(arguments, " "), who.name)
	out, err := who.kubectl(ctx, arguments...)
	fmt.Print(out)
	return err
}

// check is something that must hold of all registrations together.
type check struct{ name, expected, right, wrong string }

func (g *ground) checks(ctx context.Context, verdicts []verdict) []check {
	return []check{g.checkRegistrar(ctx, verdicts), g.checkRights(ctx), g.checkSilence(ctx)}
}

// checkRegistrar asks the registrar's own books.
func (g *ground) checkRegistrar(ctx context.Context, verdicts []verdict) check {
	c := check{name: "the registrar", expected: "each filed once"}
	counters, err := g.gateway.Counters(ctx)
	if err != nil {
		c.wrong = err.Error()
		return c
	}
	want := 0
	for _, v := range verdicts {
		if v.scene.scenario != "" {
			want += int(v.scene.end.attempt)
		}
	}
	c.right = fmt.Sprintf("%d filings, none of them twice, none that preflight should have stopped", counters.Filings)
	if counters.Filings != want || counters.DuplicateFilings != 0 || counters.PreventableFilings != 0 {
		c.wrong = fmt.Sprintf("expected %d filings, 0 of them twice, 0 that preflight should have stopped; it counts %d, %d and %d",
			want, counters.Filings, counters.DuplicateFilings, counters.PreventableFilings)
	}
	return c
}

// checkRights makes sure that the operator worked without the rights that it must not have.
func (g *ground) checkRights(ctx context.Context) check {
	c := check{name: "the operator", expected: "cannot list Secrets", right: "the API server forbids it"}
	_, err := g.operatorAccount.kubectl(ctx, "get", "secrets", "-n", gatewayTeam)
	refusal, ok := errors.AsType[*kubectlError](err)
	if !ok || !strings.Contains(refusal.said, "Forbidden") {
		c.wrong = fmt.Sprintf("the operator should not be able to list Secrets: %v", err)
	}
	return c
}

// personal are values of the manifests that must be nowhere but there.
var personal = []string{identityNumber, "王小明", "李安", "13800138000", "13900139000", "@acme.example.cn"}

// checkSilence looks for personal data where it does not belong.
func (g *ground) checkSilence(ctx context.Context) check {
	c := check{name: "personal data", expected: "only where it belongs", right: "none in events, nor in the logs of the operator and the gateway"}
	events, err := g.admin.kubectl(ctx, "get", "events.events.k8s.io", "-A", "-o", "yaml")
	operatorLog, err1 := os.ReadFile(g.operator.LogPath)
	gatewayLog, err2 := os.ReadFile(g.gateway.LogPath)
	if err := errors.Join(err, err1, err2); err != nil {
		c.wrong = err.Error()
		return c
	}
	for place, text := range map[string]string{"an event": events, "the operator's log": string(operatorLog), "the gateway's log": string(gatewayLog)} {
		for _, value := range personal {
			if strings.Contains(text, value) {
				c.wrong = fmt.Sprintf("%q is in %s", value, place)
			}
		}
	}
	return c
}
