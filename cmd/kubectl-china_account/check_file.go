// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/internal/offline"
)

func checkFileCommand() *cobra.Command {
	var form output
	command := &cobra.Command{
		Use:   "file PATH...",
		Short: "Check scans before they are put into Secrets",
		Long: `Check scans by the rules by which the operator checks a dossier's: size, real
format, and that they can be opened and seen. Files are read, and never changed.

PATH - reads one file from standard input.

Exit codes: 0 all are valid, 1 one is not, 2 wrong usage or a file that cannot be
read; the others are judged all the same.`,
		Example: `  # Two scans
  kubectl china-account check file license.pdf id-front.jpg

  # All files of a folder, one JSON object a line in the same order
  kubectl china-account check file -o json scans/*`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{text: "name the files to check", full: true}
			}
			return nil
		},
		RunE: func(command *cobra.Command, paths []string) error {
			return checkFiles(command, paths, form)
		},
	}
	form.addTo(command, outputJSON)
	return command
}

// errUnreadable is told of one by one.
var errUnreadable = errors.New("not all files could be read: see that they are there, and are files that you may read")

// checkFiles judges one file after another, and is told each as soon as it is judged.
func checkFiles(command *cobra.Command, paths []string, form output) error {
	p := newPrinter(command.OutOrStdout())
	allRead := true
	for _, path := range paths {
		verdict, err := offline.JudgeFile(path, command.InOrStdin())
		if err != nil {
			allRead = false
			command.PrintErrf("error: check %s: %v\n", harmless(path), cause(err))
		}
		if err := errors.Join(printFile(p, verdict, form), p.flush()); err != nil {
			return err
		}
	}
	if !allRead {
		return errUnreadable
	}
	return p.end()
}

func printFile(p *printer, verdict offline.FileVerdict, form output) error {
	p.failed = p.failed || !verdict.Valid
	if form.form == outputJSON {
		return p.json.Encode(verdict)
	}
	word, text := "OK ", harmless(verdict.Path)
	if !verdict.Valid {
		word = "BAD"
	}
	if verdict.Format != "" {
		text += fmt.Sprintf(" (%s)", verdict.Format)
	}
	if len(verdict.Findings) > 0 {
		text += ": " + words(verdict.Findings)
	}
	_, err := fmt.Fprintf(p.out, "%s %s\n", word, text)
	return err
}

// cause is an error without the path, which is told with it.
func cause(err error) error {
	if found := (*fs.PathError)(nil); errors.As(err, &found) {
		return found.Err
	}
	return err
}
