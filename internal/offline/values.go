// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// maxLine is the longest line in bytes that is held. No value is nearly as long.
const maxLine = 1 << 20

// ValueJudge judges values of one kind.
type ValueJudge struct {
	Kind preflight.ValueKind
	// CheckWaived lifts a credit code's mod-31 check.
	CheckWaived bool
	Now         time.Time
}

// Judge judges one value.
func (j ValueJudge) Judge(text string) Verdict {
	return verdictOf(preflight.CheckValue(preflight.Value{Kind: j.Kind, Text: text, CheckWaived: j.CheckWaived}, j.Now))
}

// Line is one line's verdict.
type Line struct {
	Verdict
	// Number of the line, from 1.
	Number int
	// Text of the line; empty if it was too long to be held.
	Text string
}

// JudgeLines judges each line of in. Nothing but its own line break is taken off a
// line: white space may be what is wrong with a value. idle is called before a read that
// may wait, so that who writes line by line is answered line by line.
func (j ValueJudge) JudgeLines(in io.Reader, each func(Line) error, idle func() error) error {
	lines := &lineReader{in: bufio.NewReaderSize(in, 64<<10), idle: idle}
	for number := 1; ; number++ {
		text, whole, err := lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		line := Line{Number: number, Text: text, Verdict: j.Judge(text)}
		if !whole {
			line.Verdict = j.Judge(malformed)
		}
		if err := each(line); err != nil {
			return err
		}
	}
}

// malformed is malformed in every kind. It stands for a line that is too long.
const malformed = "!"

type lineReader struct {
	in   *bufio.Reader
	idle func() error
	held []byte
}

// next returns a line without its break, and io.EOF after the last. A line that is
// too long is read to its end and not returned.
func (l *lineReader) next() (text string, whole bool, err error) {
	l.held = l.held[:0]
	for size := 0; ; {
		if err := l.waits(); err != nil {
			return "", false, err
		}
		part, err := l.in.ReadSlice('\n')
		size += len(part)
		if size <= maxLine+len("\r\n") {
			l.held = append(l.held, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && size == 0:
			return "", false, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return "", false, fmt.Errorf("read the values: %w", err)
		}
		line := withoutBreak(l.held)
		if size > len(l.held) || len(line) > maxLine {
			return "", false, nil
		}
		return string(line), true, nil
	}
}

// waits calls idle if nothing is at hand.
func (l *lineReader) waits() error {
	if l.in.Buffered() > 0 {
		return nil
	}
	return l.idle()
}

func withoutBreak(line []byte) []byte {
	line, broken := bytes.CutSuffix(line, []byte("\n"))
	if broken {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	return line
}
