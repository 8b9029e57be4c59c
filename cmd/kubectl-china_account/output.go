// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/internal/offline"
)

// output is the form of what is printed: empty for people, or one of those that the
// command knows.
type output struct {
	form  string
	known []string
}

const (
	outputJSON = "json"
	outputYAML = "yaml"
	outputName = "name"
)

func (o *output) String() string { return o.form }

func (*output) Type() string { return "string" }

func (o *output) Set(form string) error {
	if !slices.Contains(o.known, form) {
		if len(o.known) == 1 {
			return fmt.Errorf("the only other form is %s", o.known[0])
		}
		return fmt.Errorf("the other forms are %s", strings.Join(o.known, ", "))
	}
	o.form = form
	return nil
}

func (o *output) addTo(command *cobra.Command, known ...string) {
	o.known = known
	command.Flags().VarP(o, "output", "o", fmt.Sprintf("Output form: %s. For people if it is not set.", strings.Join(known, ", ")))
	_ = command.RegisterFlagCompletionFunc("output", choices(known...))
}

// marshal returns value in the form for machines.
func (o *output) marshal(value any) ([]byte, error) {
	if o.form == outputYAML {
		return yaml.Marshal(value)
	}
	content, err := json.MarshalIndent(value, "", "  ")
	return append(content, '\n'), err
}

// write prints value in the form for machines.
func (o *output) write(out io.Writer, value any) error {
	content, err := o.marshal(value)
	if err != nil {
		return err
	}
	_, err = out.Write(content)
	return err
}

// printer writes lines, and remembers whether there was an error among what it printed.
type printer struct {
	out    *bufio.Writer
	json   *json.Encoder
	failed bool
}

func newPrinter(out io.Writer) *printer {
	buffered := bufio.NewWriterSize(out, 64<<10)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	return &printer{out: buffered, json: encoder}
}

// flush says where it failed: a full disk must not read as a clean check.
func (p *printer) flush() error {
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("write the findings: %w", err)
	}
	return nil
}

// end flushes, and returns how the check ended.
func (p *printer) end() error {
	if err := p.flush(); err != nil {
		return err
	}
	if p.failed {
		return errFound
	}
	return nil
}

// words are findings in one line.
func words(findings []offline.Finding) string {
	parts := make([]string, 0, len(findings))
	for _, f := range findings {
		part := f.Code + ": " + f.Message
		if !f.IsError() {
			part = "warning " + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// harmless keeps a path or a name with a line break, or with what a terminal obeys, in
// one line.
func harmless(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Sprintf("%q", text)
	}
	return text
}
