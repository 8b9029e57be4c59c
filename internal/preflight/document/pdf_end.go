// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"regexp"
	"strconv"
)

const (
	pdfHeader = "%PDF-"
	pdfEOF    = "%%EOF"

	// pdfHeaderRange is how far from the start readers look for the header.
	pdfHeaderRange = 1 << 10
)

// afterJunk returns text from its header on. Offsets count from there.
func afterJunk(text []byte) []byte {
	at := bytes.Index(text[:min(len(text), pdfHeaderRange)], []byte(pdfHeader))
	return text[max(at, 0):]
}

// pdfEnd is how a file ends.
type pdfEnd struct {
	// tableAt is the offset of the cross-reference table, as the file says.
	tableAt int
	// whole tells that the file ends as it should, so that whatever else is wrong with
	// it, nothing is cut off. If not, it may still be whole, but only if all of it is
	// where the file says: what is found by searching may be the rest of something cut.
	whole bool
}

var (
	pdfStart = regexp.MustCompile(`startxref\s+(\d+)`)
	// An end that is cut within its last comment has lost nothing.
	pdfStartAtEnd = regexp.MustCompile(`startxref\s+\d+\s*(%|%%|%%E|%%EO|%%EOF)?\s*$`)
	pdfLength     = regexp.MustCompile(`/Linearized[^>]*/L\s+(\d+)|/L\s+(\d+)[^>]*/Linearized`)
)

// endOf looks how text ends. A file that was cut often holds an earlier end: that of
// a revision before, or that of the first page of a linearised file.
func endOf(text []byte) (pdfEnd, error) {
	var end pdfEnd
	last := bytes.LastIndex(text, []byte(pdfEOF))
	if last >= 0 && !goesOn(text[last+len(pdfEOF):]) {
		end.whole = !isShorterThanItSays(text)
		text = text[:last]
	} else if !pdfStartAtEnd.Match(text[max(0, len(text)-256):]) {
		return end, pdfError(Truncated)
	}
	if at := bytes.LastIndex(text, []byte("startxref")); at >= 0 {
		if start := pdfStart.FindSubmatch(text[at:]); start != nil {
			// What is no number of this size is no offset, and not found.
			end.tableAt, _ = strconv.Atoi(string(start[1]))
		}
	}
	return end, nil
}

// startOfMore is what another revision begins with, as far as it goes.
var startOfMore = regexp.MustCompile(`^[1-9]\d*(\s+(\d+(\s+(o|ob|obj(?s:.*))?)?)?)?$|^x(r|re|ref\s(?s:.*))?$`)

// goesOn tells whether what follows the end of a revision is the beginning of
// another, and not what mail programs and scanners append.
func goesOn(tail []byte) bool {
	tail = bytes.TrimLeft(tail, pdfSpace)
	for bytes.HasPrefix(tail, []byte("%")) {
		_, tail, _ = bytes.Cut(tail, []byte("\n"))
		tail = bytes.TrimLeft(tail, pdfSpace)
	}
	if startOfMore.Match(tail) || bytes.Contains(tail, []byte("endobj")) || bytes.Contains(tail, []byte("endstream")) {
		return true
	}
	_, found := nextObject(tail, 0)
	return found
}

// isShorterThanItSays tells whether a linearised file has fewer bytes than its first
// object says. That is no proof: some programs change a file and leave that object.
func isShorterThanItSays(text []byte) bool {
	found := pdfLength.FindSubmatch(text[:min(len(text), pdfHeaderRange)])
	if found == nil {
		return false
	}
	length, err := strconv.Atoi(string(found[1]) + string(found[2]))
	return err == nil && length > len(text)
}
