// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"io"
)

const (
	// MaxSize is the first size in bytes that is too large: "less than 10 MB" (FAQ Q4),
	// read the strict way.
	MaxSize = 10_000_000

	// TypicalMaxSize in bytes is what practitioners found sign-up forms to take.
	TypicalMaxSize = 5_000_000
)

// Problem is one thing that is wrong with a file.
type Problem string

const (
	// Empty: no byte in it.
	Empty Problem = "Empty"
	// TooLarge: MaxSize or more.
	TooLarge Problem = "TooLarge"
	// Large: more than TypicalMaxSize; it may still be taken.
	Large Problem = "Large"
	// FormatNotAccepted: its content is none of the accepted formats.
	FormatNotAccepted Problem = "FormatNotAccepted"
	// Unreadable: it could not be read to where its format shows.
	Unreadable Problem = "Unreadable"
)

// Result is what is known of one file.
type Result struct {
	// Format by content; empty where it is none of the accepted.
	Format Format
	// Kind says in a few words what a file of no accepted format is, e.g. "a HEIC
	// photo". Never anything of its content.
	Kind string
	// Problems in the order in which they were met.
	Problems []Problem
}

// file is one that is inspected: its size, and its beginning.
type file struct {
	size int64
	head []byte
}

// checks run in order on each file. One that returns false ends them: there is
// nothing left to judge.
var checks = []func(file, *Result) bool{
	checkSize,
	checkFormat,
}

// Inspect judges a file of size bytes, of which it reads what it needs and never
// more than its limit.
func Inspect(r io.Reader, size int64) Result {
	var result Result
	f := file{size: size}
	if size > 0 {
		head, err := io.ReadAll(io.LimitReader(r, min(size, sniffSize)))
		if err != nil {
			result.add(Unreadable)
			return result
		}
		f.head = head
	}
	for _, check := range checks {
		if !check(f, &result) {
			break
		}
	}
	return result
}

func (r *Result) add(p Problem) { r.Problems = append(r.Problems, p) }

func checkSize(f file, result *Result) bool {
	switch {
	case f.size <= 0 || len(f.head) == 0:
		result.add(Empty)
		return false
	case f.size >= MaxSize:
		result.add(TooLarge)
	case f.size > TypicalMaxSize:
		result.add(Large)
	}
	return true
}

func checkFormat(f file, result *Result) bool {
	if result.Format, result.Kind = sniff(f.head); result.Format == "" {
		result.add(FormatNotAccepted)
		return false
	}
	return true
}
