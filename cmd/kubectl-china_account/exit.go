// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The exit codes of all commands.
const (
	exitDone   = 0 // also with warnings
	exitNo     = 1 // the answer is no
	exitFailed = 2 // or wrong usage
	exitTimeUp = 3
)

// errFound is that what was asked is answered, and the answer is no: errors were found, a
// report was refused. An error of its own that is one says more.
var errFound = errors.New("errors were found")

// usageError is wrong usage. Its text never repeats an argument that may be a value:
// standard error ends up in logs.
type usageError struct {
	text string
	// full shows the command's usage, not only where to read it.
	full bool
}

func (e *usageError) Error() string { return e.text }

func usagef(format string, words ...any) error {
	return &usageError{text: fmt.Sprintf(format, words...)}
}

// report says on standard error why a command failed, and returns the exit code.
func report(command *cobra.Command, err error) int {
	switch err {
	case nil:
		return exitDone
	case errFound: //nolint:errorlint // of one that says more, that is told too
		return exitNo
	}
	command.PrintErrf("error: %v\n", err)
	if usage := (*usageError)(nil); errors.As(err, &usage) {
		if usage.full {
			command.PrintErrf("\n%s", command.UsageString())
		} else {
			command.PrintErrf("See '%s --help'.\n", command.CommandPath())
		}
	}
	switch {
	case errors.Is(err, errFound):
		return exitNo
	case errors.Is(err, errTimeUp):
		return exitTimeUp
	default:
		return exitFailed
	}
}

// noArguments refuses them without repeating them.
func noArguments(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := "it takes no arguments"
	if command.HasSubCommands() && word.MatchString(args[0]) {
		text = fmt.Sprintf("there is no command %q", args[0])
	}
	command.SuggestionsMinimumDistance = 2 // a letter too much, or two exchanged
	if suggested := command.SuggestionsFor(args[0]); len(suggested) > 0 {
		text += fmt.Sprintf(": did you mean %q?", suggested[0])
	}
	return &usageError{text: text, full: true}
}

// word is what can be a command or a flag, and no number.
var word = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// flagError says what is wrong with a flag. A value that begins with a hyphen is
// taken for one.
func flagError(_ *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" && word.MatchString(unknown.GetSpecifiedName()):
		return usagef("there is no flag --%s", unknown.GetSpecifiedName())
	case errors.As(err, &missing):
		return usagef("--%s needs a value", missing.GetFlag().Name)
	case errors.As(err, &invalid):
		return usagef("--%s: %v", invalid.GetFlag().Name, errors.Unwrap(invalid))
	default:
		return usagef("there is no such flag; an argument that begins with a hyphen comes after --")
	}
}
