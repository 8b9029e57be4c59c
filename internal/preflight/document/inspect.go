// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"slices"
	"sync"
)

const (
	// MaxSize is the first size in bytes that is too large: "less than 10 MB" (FAQ Q4),
	// read the strict way.
	MaxSize = 10_000_000

	// TypicalMaxSize in bytes is what practitioners found sign-up forms to take.
	TypicalMaxSize = 5_000_000
)

// Result is what is known of one file.
type Result struct {
	// Format by content; empty where it is none of the accepted.
	Format Format
	// Kind says what a file of no accepted format is.
	Kind Kind
	// Width and Height of an image in pixels, as stored: a camera's note that it is to
	// be turned is not looked at.
	Width, Height int
	// Problems in the order in which they were met.
	Problems []Problem
}

// Has tells whether p is among the problems.
func (r *Result) Has(p Problem) bool { return slices.Contains(r.Problems, p) }

// add adds p, once.
func (r *Result) add(p Problem) {
	if !r.Has(p) {
		r.Problems = append(r.Problems, p)
	}
}

// file is one that is inspected, with its beginning.
type file struct {
	content Content
	head    []byte
}

// checks run in order on each file. One that returns false ends them: there is
// nothing left to judge.
var checks = []func(file, *Result) bool{
	checkSize,
	checkFormat,
	checkAround,
	checkInside,
}

// inside are the checks of what a file of that format holds.
var inside = map[Format]func(Content, *Result){
	FormatJPEG: inspectJPEG,
	FormatPNG:  inspectPNG,
	FormatBMP:  inspectBMP,
	FormatPDF:  inspectPDF,
}

// decoding is held by the one file that is being decoded, so that the process needs
// the memory of one, however many dossiers are checked at a time.
var decoding sync.Mutex

// Inspect judges a file. It never panics, and reads no file of MaxSize or more
// beyond its beginning.
func Inspect(content Content) Result {
	var result Result
	head, err := readAt(content, 0, sniffSize)
	if err != nil {
		result.add(Unreadable)
		return result
	}
	f := file{content: content, head: head}
	for _, check := range checks {
		if !check(f, &result) {
			break
		}
	}
	return result
}

func checkSize(f file, result *Result) bool {
	switch size := f.content.Size(); {
	case len(f.head) == 0:
		result.add(Empty)
		return false
	case size >= MaxSize:
		result.add(TooLarge)
	case size > TypicalMaxSize:
		result.add(Large)
	}
	return true
}

func checkFormat(f file, result *Result) bool {
	if result.Format, result.Kind = sniff(f.head); result.Format == "" {
		result.add(FormatNotAccepted)
	}
	return result.Format != "" && !result.Has(TooLarge)
}

// checkAround: of an image it is known only when its end is. What is wrong with a PDF
// that stands within another file does not matter.
func checkAround(f file, result *Result) bool {
	if result.Format == FormatPDF {
		judgeAroundPDF(f.content, f.head, result)
	}
	return !result.Has(Unreadable) && !result.Has(Polyglot)
}

// checkInside decodes the file, one at a time. A library that panics over a file has
// found it damaged.
func checkInside(f file, result *Result) bool {
	decoding.Lock()
	defer decoding.Unlock()
	defer func() {
		if recover() != nil {
			result.add(Damaged)
		}
	}()
	inside[result.Format](f.content, result)
	return true
}
