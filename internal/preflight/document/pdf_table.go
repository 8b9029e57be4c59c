// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"errors"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfEntry is where an object is.
type pdfEntry struct {
	at     int32 // its offset in the file, or its place in the stream
	stream int32 // the object stream that holds it, if not 0
	free   bool
}

// pdfTable is what the cross-reference tables of all revisions say.
type pdfTable struct {
	entries map[int32]pdfEntry
	root    types.Object
	encrypt []types.Object
}

func newPDFTable() pdfTable { return pdfTable{entries: map[int32]pdfEntry{}} }

// maxPDFNumber of an object (ISO 32000-1, annex C).
const maxPDFNumber = 8_388_607

// errNoTable: there is no cross-reference table where there should be one.
var errNoTable = errors.New("no cross-reference table")

func isExpands(err error) bool { return errors.Is(err, pdfError(Expands)) }

// readTable reads the tables of all revisions, the newest first.
func (f *pdfFile) readTable(at int) error {
	seen := map[int]bool{}
	for next := []int{at}; len(next) > 0; {
		at, next = next[0], next[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		if err := spend(&f.budget.revisions, 1); err != nil {
			return err
		}
		trailer, err := f.readSection(at)
		if err != nil {
			return err
		}
		f.table.addTrailer(trailer)
		// A hybrid file has a second table for those who can read it.
		for _, key := range []string{"XRefStm", "Prev"} {
			if offset, ok := trailer[key].(types.Integer); ok && offset != 0 {
				next = append(next, offset.Value())
			}
		}
	}
	if f.table.root == nil {
		return errNoTable
	}
	return nil
}

// addTrailer takes from a trailer what no newer one has said.
func (t *pdfTable) addTrailer(trailer types.Dict) {
	if root, ok := trailer["Root"]; ok && t.root == nil {
		t.root = root
	}
	if encrypt, ok := trailer["Encrypt"]; ok {
		t.encrypt = append(t.encrypt, encrypt)
	}
}

// add takes an entry for an object of which no newer table has told. In a hybrid file
// what the second table has is free in the first.
func (f *pdfFile) add(number int, entry pdfEntry) error {
	if err := spend(&f.budget.entries, 1); err != nil {
		return err
	}
	if number < 0 || number > maxPDFNumber {
		return nil
	}
	if known, ok := f.table.entries[int32(number)]; !ok || known.free && entry.stream != 0 {
		f.table.entries[int32(number)] = entry
	}
	return nil
}

// readSection reads one table and returns its trailer.
func (f *pdfFile) readSection(at int) (types.Dict, error) {
	if at <= 0 || at >= len(f.text) {
		return nil, errNoTable
	}
	const keyword = "xref"
	at = skipSpace(f.text, at)
	if bytes.HasPrefix(f.text[at:], []byte(keyword)) {
		return f.readPlainSection(at + len(keyword))
	}
	header, ok := objectAt(f.text, at)
	if !ok {
		return nil, errNoTable
	}
	o, err := f.parseObject(header)
	if err != nil {
		return nil, err
	}
	stream, ok := o.(types.StreamDict)
	if !ok {
		return nil, errNoTable
	}
	return stream.Dict, f.readStreamSection(stream)
}

// readPlainSection reads "0 6 0000000003 65535 f …" up to and with the trailer.
func (f *pdfFile) readPlainSection(at int) (types.Dict, error) {
	const keyword = "trailer"
	for {
		at = skipSpace(f.text, at)
		if bytes.HasPrefix(f.text[at:], []byte(keyword)) {
			trailer, _, err := f.parse(f.text[at+len(keyword):])
			if err != nil {
				return nil, err
			}
			if d, ok := trailer.(types.Dict); ok {
				return d, nil
			}
			return nil, errNoTable
		}
		first, next, isFirst := pdfNumber(f.text, at)
		count, next, isCount := pdfNumber(f.text, skipSpace(f.text, next))
		if !isFirst || !isCount {
			return nil, errNoTable
		}
		at = next
		for i := range count {
			var err error
			if at, err = f.readPlainEntry(first+i, at); err != nil {
				return nil, err
			}
		}
	}
}

// readPlainEntry reads "0000000016 00000 n", and returns the offset behind it.
func (f *pdfFile) readPlainEntry(number, at int) (int, error) {
	offset, at, isOffset := pdfNumber(f.text, skipSpace(f.text, at))
	_, at, isGeneration := pdfNumber(f.text, skipSpace(f.text, at))
	at = skipSpace(f.text, at)
	if !isOffset || !isGeneration || at >= len(f.text) {
		return 0, errNoTable
	}
	entry := pdfEntry{at: int32(min(offset, len(f.text)))}
	switch f.text[at] {
	case 'n':
		// Some programs write what is free so.
		entry.free = offset == 0
	case 'f':
		entry.free = true
	default:
		return 0, errNoTable
	}
	return at + 1, f.add(number, entry)
}

// Types of entries of a cross-reference stream (ISO 32000-1, table 18).
const (
	entryFree   = 0
	entryPlain  = 1
	entryPacked = 2
)

// readStreamSection reads a cross-reference stream.
func (f *pdfFile) readStreamSection(stream types.StreamDict) error {
	widths, err := fieldWidths(stream.Dict["W"])
	if err != nil {
		return err
	}
	size := widths[0] + widths[1] + widths[2]
	data, err := f.unpack(stream)
	if err != nil {
		return err
	}
	index, ok := stream.Dict["Index"].(types.Array)
	if !ok {
		index = types.Array{types.Integer(0), stream.Dict["Size"]}
	}
	for ; len(index) > 1 && len(data) >= size; index = index[2:] {
		first, isFirst := index[0].(types.Integer)
		count, isCount := index[1].(types.Integer)
		if !isFirst || !isCount {
			return errNoTable
		}
		for number := first.Value(); number < first.Value()+count.Value() && len(data) >= size; number++ {
			if err := f.addPackedEntry(number, data[:size], widths); err != nil {
				return err
			}
			data = data[size:]
		}
	}
	return nil
}

// fieldWidths are those of an entry's fields in bytes.
func fieldWidths(o types.Object) (widths [3]int, err error) {
	const widest = 8
	list, _ := o.(types.Array)
	if len(list) < len(widths) {
		return widths, errNoTable
	}
	size := 0
	for i := range widths {
		width, ok := list[i].(types.Integer)
		if !ok || width < 0 || width > widest {
			return widths, errNoTable
		}
		widths[i] = width.Value()
		size += width.Value()
	}
	if size == 0 {
		return widths, errNoTable
	}
	return widths, nil
}

func (f *pdfFile) addPackedEntry(number int, data []byte, widths [3]int) error {
	var fields [3]int
	for i, width := range widths {
		for _, b := range data[:width] {
			fields[i] = fields[i]<<8 | int(b)
		}
		data = data[width:]
	}
	kind := fields[0]
	if widths[0] == 0 {
		kind = entryPlain
	}
	switch kind {
	case entryFree:
		return f.add(number, pdfEntry{free: true})
	case entryPlain:
		if fields[1] < 0 {
			return errNoTable
		}
		return f.add(number, pdfEntry{at: int32(min(fields[1], len(f.text)))})
	case entryPacked:
		if fields[1] <= 0 || fields[1] > maxPDFNumber || fields[2] < 0 || fields[2] > maxPDFEntries {
			return errNoTable
		}
		return f.add(number, pdfEntry{stream: int32(fields[1]), at: int32(fields[2])})
	default:
		// To be taken for null (7.5.8.3).
		return nil
	}
}
