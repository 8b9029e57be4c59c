// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lifecycle

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

var update = flag.Bool("update", false, "write the golden traces anew")

// life is a story: what happens, when, and what it is a story of.
type life struct {
	file, title, about string
	world              func() *world
	// fault is what goes wrong from the beginning.
	fault  fault
	script []scene
	// until is when the story ends; the operator looks on until then.
	until time.Time
}

// scene is one thing that somebody else does.
type scene struct {
	at   time.Time
	what string
	do   func(*tracer)
	// unseen: nobody tells the operator, e.g. of a change in a Secret or at the
	// registrar. It finds out when it looks.
	unseen bool
}

// at is a time of day in the autumn of 2026, in Shanghai.
func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, businessday.Shanghai)
}

// tracer plays a life and tells of it.
type tracer struct {
	*world
	log   strings.Builder
	fault fault
	// quiet counts the looks since something changed.
	quiet   int
	stamped time.Time
}

func (l life) play() string {
	t := &tracer{world: l.world(), fault: l.fault}
	fmt.Fprintf(&t.log, "%s\n%s\n\n%s\n", strings.ToUpper(l.title), strings.Repeat("=", len(l.title)), l.about)
	next := t.look()
	for _, s := range l.script {
		next = t.lookUntil(s.at, next)
		t.now = s.at
		t.flushQuiet()
		t.say("MEANWHILE", "%s", s.what)
		s.do(t)
		if !s.unseen {
			next = t.look()
		}
	}
	t.lookUntil(l.until, next)
	t.flushQuiet()
	t.epilogue()
	return t.log.String()
}

// lookUntil lets the operator look by itself until then, and returns when it would
// look next.
func (t *tracer) lookUntil(then, next time.Time) time.Time {
	for !next.IsZero() && next.Before(then) && !t.gone {
		t.now = next
		next = t.look()
	}
	return next
}

// look makes passes until none is asked for at once, and returns when to look next.
func (t *tracer) look() time.Time {
	for range 20 {
		if t.gone {
			return time.Time{}
		}
		before := t.reg.DeepCopy()
		s := t.pass(t.fault)
		t.tell(before, s)
		if !s.final.NextLook.Equal(t.now) {
			return s.final.NextLook
		}
	}
	panic("the operator looks again at once, without end")
}

const stampLayout = "2006-01-02 Mon 15:04:05"

// say writes a line; the time stands before the first that is of it.
func (t *tracer) say(who, format string, args ...any) {
	stamp := ""
	if !t.stamped.Equal(t.now) {
		t.stamped = t.now
		stamp = t.now.In(businessday.Shanghai).Format(stampLayout)
		t.log.WriteByte('\n')
	}
	fmt.Fprintf(&t.log, "%*s  %-9s %s\n", len(stampLayout), stamp, who, fmt.Sprintf(format, args...))
}

func (t *tracer) flushQuiet() {
	if t.quiet > 0 {
		fmt.Fprintf(&t.log, "\n%*s  (looked %s more; nothing had changed)\n", len(stampLayout), "", times(t.quiet))
	}
	t.quiet = 0
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func (t *tracer) epilogue() {
	s := &t.reg.Status
	fmt.Fprintf(&t.log, "\nTHE END: %s", s.Phase)
	if s.Account != nil {
		fmt.Fprintf(&t.log, ", account %s, sign in at %s", s.Account.ID, s.Account.SignInURL)
	}
	t.log.WriteString("\nHistory:\n")
	for _, h := range s.History {
		fmt.Fprintf(&t.log, "  %s  attempt %d  %-11s  %s\n", h.Time.In(businessday.Shanghai).Format("2006-01-02 15:04:05"), h.Attempt, h.Phase, h.Reason)
	}
}

func TestLivesReadAsTheirGoldenTraces(t *testing.T) {
	var files []string
	for _, l := range slices.Concat(gatewayLives(), troubledLives(), handLives(), longLives()) {
		name := filepath.Join("testdata", "traces", l.file+".txt")
		files = append(files, name)
		t.Run(l.file, func(t *testing.T) {
			got := l.play()
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("this life reads otherwise now (go test ./internal/lifecycle -run Lives -update writes it anew):\n%s", diff)
			}
		})
	}
	stored, err := filepath.Glob(filepath.Join("testdata", "traces", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	if diff := cmp.Diff(files, stored); diff != "" {
		t.Errorf("traces and lives differ:\n%s", diff)
	}
}
