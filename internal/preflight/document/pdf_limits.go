// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

// Limits of what one file may make us do. They are counted, not timed, so that a
// judgement does not depend on the machine. Each is a multiple of what a document of
// MaxSize needs, and together they take less than 2 s and 128 MiB, measured with files
// that exhaust each (TestABombOfAPDFIsRefusedInLittleTimeAndMemory).
const (
	// maxPDFUnpacked bytes come out of all filters together: 25 times the largest file.
	// Drawings and text pack to a fifth or a tenth.
	maxPDFUnpacked = 256 << 20

	// maxPDFStage bytes come out of one filter that has to be undone as a whole, as
	// for cross-reference and object streams. The library's buffers take three times
	// that.
	maxPDFStage = 8 << 20

	// maxPDFLexed bytes of pages' contents are read in search of something that shows.
	// What shows mostly stands in the first KiB of a page.
	maxPDFLexed = 32 << 20

	// maxPDFParsed bytes are parsed as objects: 20,000 pages of 500 bytes.
	maxPDFParsed = 16 << 20

	// maxPDFSearched bytes are gone through for the ends of streams whose length is wrong.
	maxPDFSearched = 512 << 20

	// maxPDFEntries in all cross-reference tables: an object for each 20 bytes of the
	// largest file.
	maxPDFEntries = 500_000

	// maxPDFRevisions: a program that saves each change has made hundreds.
	maxPDFRevisions = 10_000

	// maxPDFNodes of the page tree.
	maxPDFNodes = 100_000

	// maxPDFSteps from one object to another that it names: a node of the page tree, a
	// stream of a page's content, an annotation, a form.
	maxPDFSteps = 1_000_000

	// maxPDFPixels of images are decoded in search of something that shows.
	maxPDFPixels = MaxPixels

	// maxPDFImagePixels of one image, which is never decoded: a sheet of A0 at 600 dots
	// per inch has 560 million.
	maxPDFImagePixels = 10 * MaxPixels
)

// pdfBudget is what is left of the limits.
type pdfBudget struct {
	unpacked, lexed, parsed, searched, entries, revisions, nodes, steps, pixels int64
}

func newPDFBudget() *pdfBudget {
	return &pdfBudget{
		unpacked:  maxPDFUnpacked,
		lexed:     maxPDFLexed,
		parsed:    maxPDFParsed,
		searched:  maxPDFSearched,
		entries:   maxPDFEntries,
		revisions: maxPDFRevisions,
		nodes:     maxPDFNodes,
		steps:     maxPDFSteps,
		pixels:    maxPDFPixels,
	}
}

// spend takes n of what is left.
func spend(left *int64, n int) error {
	if *left -= int64(n); *left < 0 {
		return pdfError(Expands)
	}
	return nil
}
