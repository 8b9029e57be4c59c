// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/chinaaccount/china-account-operator/internal/businessday"
)

// app is what all commands stand on.
type app struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	// zone is the user's.
	zone     *time.Location
	calendar *businessday.Calendar
	// kube are kubectl's own flags.
	kube *genericclioptions.ConfigFlags
}

func newApp(in io.Reader, out, err io.Writer) *app {
	return &app{
		in: in, out: out, err: err, now: time.Now, zone: time.Local, calendar: businessday.Default(),
		kube: kubectlFlags(),
	}
}

// kubectlFlags leave out the cache of what the API server serves: the plugin knows its
// kinds.
func kubectlFlags() *genericclioptions.ConfigFlags {
	flags := genericclioptions.NewConfigFlags(true)
	flags.CacheDir = nil
	return flags
}

// onTerminal tells whether a person looks at what is printed.
func (a *app) onTerminal() bool { return isTerminal(a.out) }

// asksOnTerminal tells whether a person can answer.
func (a *app) asksOnTerminal() bool { return isTerminal(a.in) && isTerminal(a.err) }

func isTerminal(stream any) bool {
	file, is := stream.(*os.File)
	return is && term.IsTerminal(int(file.Fd()))
}

// style marks words on a terminal; elsewhere it leaves them as they are.
type style struct{ on bool }

// style follows https://no-color.org.
func (a *app) style() style { return style{on: a.onTerminal() && os.Getenv("NO_COLOR") == ""} }

const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (s style) mark(code, text string) string {
	if !s.on || text == "" || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
