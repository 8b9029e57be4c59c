// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

const (
	goodCode = "91310000MA1K35Y38P"
	badCode  = "91310000MA1K35Y38Q"
)

// judge returns a verdict a line, in short.
func judge(t *testing.T, in io.Reader, kind preflight.ValueKind) []string {
	t.Helper()
	var all []string
	judge := offline.ValueJudge{Kind: kind, Now: today}
	err := judge.JudgeLines(in, func(line offline.Line) error {
		text := fmt.Sprintf("%d %t", line.Number, line.Valid)
		for _, f := range line.Findings {
			text += " " + f.Code
		}
		all = append(all, text)
		return nil
	}, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEachLineIsAValueAndNothingButItsBreakIsTakenOff(t *testing.T) {
	const malformed = " false CreditCodeMalformed"
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"nothing":                      {"", nil},
		"one line":                     {goodCode + "\n", []string{"1 true"}},
		"one without a break":          {goodCode, []string{"1 true"}},
		"a blank line":                 {"\n" + goodCode + "\n", []string{"1" + malformed, "2 true"}},
		"a Windows line":               {goodCode + "\r\n" + badCode, []string{"1 true", "2 false CreditCodeCheckFailed"}},
		"a carriage return by itself":  {goodCode + "\r", []string{"1" + malformed}},
		"two carriage returns":         {goodCode + "\r\r\n", []string{"1" + malformed}},
		"white space":                  {" " + goodCode + "\n" + goodCode + " \n" + goodCode + "\t\n", []string{"1" + malformed, "2" + malformed, "3" + malformed}},
		"a line that is too long":      {strings.Repeat("9", 1<<20+1) + "\n" + goodCode, []string{"1" + malformed, "2 true"}},
		"a line far too long, at last": {goodCode + "\n" + strings.Repeat("9", 5<<20), []string{"1 true", "2" + malformed}},
		"what is no text":              {"\xff\xfe\x00\n" + goodCode, []string{"1" + malformed, "2 true"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := judge(t, strings.NewReader(test.text), preflight.ValueCreditCode); !slices.Equal(got, test.want) {
				t.Errorf("verdicts %v, want %v", got, test.want)
			}
		})
	}
}

func TestLineThatIsTooLongIsMalformedWhateverItsKind(t *testing.T) {
	for _, kind := range preflight.ValueKinds() {
		// A number of an ID is normalised: its blanks would not count.
		blanks := strings.Repeat(" ", 2<<20)
		for _, text := range []string{blanks, "11010519491231002X" + blanks, "H12345678" + blanks, "12345678" + blanks} {
			if got := judge(t, strings.NewReader(text), kind); len(got) != 1 || !strings.Contains(got[0], "Malformed") {
				t.Errorf("%s: verdicts %v", kind, got)
			}
		}
	}
}

func TestLongestLineIsHeldWhole(t *testing.T) {
	var length int
	judge := offline.ValueJudge{Kind: preflight.ValueMobile, Now: today}
	err := judge.JudgeLines(strings.NewReader(strings.Repeat("9", 1<<20)+"\r\n"), func(line offline.Line) error {
		length = len(line.Text)
		return nil
	}, func() error { return nil })
	if err != nil || length != 1<<20 {
		t.Errorf("%d bytes held, error %v", length, err)
	}
}

func TestWhoWritesLineByLineIsAnsweredLineByLine(t *testing.T) {
	in, out := io.Pipe()
	answered := make(chan string)
	go func() {
		var held []string
		judge := offline.ValueJudge{Kind: preflight.ValueCreditCode, Now: today}
		err := judge.JudgeLines(in, func(line offline.Line) error {
			held = append(held, fmt.Sprint(line.Valid))
			return nil
		}, func() error {
			for _, verdict := range held {
				answered <- verdict
			}
			held = nil
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		close(answered)
	}()
	for value, want := range map[string]string{goodCode: "true", badCode: "false"} {
		if _, err := fmt.Fprintln(out, value); err != nil {
			t.Fatal(err)
		}
		if got := <-answered; got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if _, more := <-answered; more {
		t.Error("there is an answer to no question")
	}
}

func TestJudgingEndsWithWhoeverCannotGoOn(t *testing.T) {
	full := errors.New("disk full")
	judge := offline.ValueJudge{Kind: preflight.ValueCreditCode, Now: today}
	good := func() error { return nil }
	for name, run := range map[string]func() error{
		"the printer": func() error {
			return judge.JudgeLines(strings.NewReader("a\nb\n"), func(offline.Line) error { return full }, good)
		},
		"the flush": func() error {
			return judge.JudgeLines(strings.NewReader("a\nb\n"), func(offline.Line) error { return nil }, func() error { return full })
		},
		"the input": func() error {
			return judge.JudgeLines(io.MultiReader(bytes.NewReader([]byte("a\n")), failing{full}), func(offline.Line) error { return nil }, good)
		},
	} {
		if err := run(); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
