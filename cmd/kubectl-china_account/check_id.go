// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

type checkIDOptions struct {
	kind       string
	waiveCheck bool
	showValues bool
	output     output
}

func checkIDCommand() *cobra.Command {
	o := &checkIDOptions{}
	command := &cobra.Command{
		Use:   "id --kind KIND VALUE|-",
		Short: "Check a credit code, an ID's number, a mobile number or a postal code",
		Long: `Check a value by the rules by which the operator checks a dossier.

KIND is one of:
` + describeKinds() + `
VALUE - reads a list from standard input, one value a line. Use it for personal
numbers: an argument shows in the process list and in the shell's history. Only the
line break is taken off a line. A value that begins with a hyphen comes after --.

Values are not printed unless --show-values is given.

Exit codes: 0 all are valid, 1 one is not, 2 wrong usage or unreadable input.`,
		Example: `  # A company's credit code
  kubectl china-account check id --kind uscc 91310000MA1K35Y38P

  # The number of an ID, without leaving it in the shell's history
  kubectl china-account check id --kind resident-id - < number.txt

  # A list, one JSON object a line in the same order
  cut -d, -f3 companies.csv | kubectl china-account check id --kind uscc -o json -`,
		Args: oneValue,
		RunE: func(command *cobra.Command, args []string) error {
			return o.run(command, args[0])
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.kind, "kind", "", "Kind of the value (required).")
	flags.BoolVar(&o.waiveCheck, "waive-check", false, "Lift a credit code's mod-31 check, as creditCodeCheckCharacter: Waived does.")
	flags.BoolVar(&o.showValues, "show-values", false, "Print each value with its findings.")
	o.output.addTo(command, outputJSON)
	return command
}

// kindWords says what each kind is.
var kindWords = map[preflight.ValueKind]string{
	preflight.ValueCreditCode:          "unified social credit code (统一社会信用代码)",
	preflight.ValueResidentID:          "number of a resident identity card (居民身份证)",
	preflight.ValueHongKongMacaoPermit: "number of a Mainland Travel Permit for Hong Kong and Macao Residents",
	preflight.ValueTaiwanPermit:        "number of a Mainland Travel Permit for Taiwan Residents",
	preflight.ValuePassport:            "number of a passport",
	preflight.ValueMobile:              "mainland mobile number in E.164, e.g. +8613800138000",
	preflight.ValuePostalCode:          "mainland postal code",
}

func describeKinds() string {
	var lines strings.Builder
	for _, kind := range preflight.ValueKinds() {
		fmt.Fprintf(&lines, "  %-16s %s\n", kind, kindWords[kind])
	}
	return lines.String()
}

func kindNames() string {
	names := make([]string, 0, len(kindWords))
	for _, kind := range preflight.ValueKinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

func oneValue(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("it takes one VALUE, or - to read a list from standard input, and got %d arguments", len(args))
	}
	return nil
}

func (o *checkIDOptions) run(command *cobra.Command, value string) error {
	kind := preflight.ValueKind(o.kind)
	switch {
	case !slices.Contains(preflight.ValueKinds(), kind):
		return usagef("--kind must be one of %s", kindNames())
	case o.waiveCheck && kind != preflight.ValueCreditCode:
		return usagef("--waive-check is for --kind %s alone", preflight.ValueCreditCode)
	}
	judge := offline.ValueJudge{Kind: kind, CheckWaived: o.waiveCheck, Now: time.Now()}
	p := newPrinter(command.OutOrStdout())
	if value != offline.Stdin {
		if err := o.print(p, offline.Line{Text: value, Verdict: judge.Judge(value)}); err != nil {
			return err
		}
		return p.end()
	}
	each := func(line offline.Line) error { return o.print(p, line) }
	if err := judge.JudgeLines(command.InOrStdin(), each, p.flush); err != nil {
		return err
	}
	return p.end()
}

// judgedValue is a line of JSON.
type judgedValue struct {
	// Value is there with --show-values alone.
	Value *string `json:"value,omitempty"`
	offline.Verdict
}

func (o *checkIDOptions) print(p *printer, line offline.Line) error {
	p.failed = p.failed || !line.Valid
	if o.output.form == outputJSON {
		judged := judgedValue{Verdict: line.Verdict}
		if o.showValues {
			judged.Value = &line.Text
		}
		return p.json.Encode(judged)
	}
	text := "valid"
	if !line.Valid {
		text = "not valid"
	}
	if o.showValues {
		text = fmt.Sprintf("%q: %s", line.Text, text)
	}
	if line.Number > 0 {
		text = fmt.Sprintf("line %d: %s", line.Number, text)
	}
	if len(line.Findings) > 0 {
		text += ": " + words(line.Findings)
	}
	_, err := fmt.Fprintln(p.out, text)
	return err
}
