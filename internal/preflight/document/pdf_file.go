// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"context"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfFile finds objects where they are needed, and parses no others.
type pdfFile struct {
	text   []byte
	end    pdfEnd
	budget *pdfBudget
	table  pdfTable
	// repaired tells that the table was made by searching.
	repaired bool
	unpacked objectStreams
	recent   recentObjects
	// depth of objects that are needed to find others.
	depth int
}

func openPDF(text []byte) (*pdfFile, error) {
	text = afterJunk(text)
	end, err := endOf(text)
	if err != nil {
		return nil, err
	}
	f := &pdfFile{text: text, end: end, budget: newPDFBudget(), table: newPDFTable()}
	if err := f.readTable(end.tableAt); err != nil {
		if isExpands(err) {
			return nil, err
		}
		return f, f.repair()
	}
	return f, nil
}

// isEncrypted tells whether any revision asks for a password. One that everybody
// knows, the empty one, is a password too.
func (f *pdfFile) isEncrypted() bool {
	for _, encrypt := range f.table.encrypt {
		if d, err := f.dict(encrypt); err == nil && d != nil {
			return true
		}
	}
	return false
}

// catalog returns the root of the document. A table in which it is not to be
// found is wrong.
func (f *pdfFile) catalog() (types.Dict, error) {
	for {
		catalog, err := f.dict(f.table.root)
		if err != nil {
			return nil, err
		}
		if _, ok := catalog["Pages"]; ok {
			pages, err := f.dict(catalog["Pages"])
			if err != nil || pages != nil {
				return catalog, err
			}
		} else if catalog != nil {
			return nil, pdfError(NoPages)
		}
		if f.repaired {
			return nil, pdfError(Damaged)
		}
		if err := f.repair(); err != nil {
			return nil, err
		}
	}
}

func (f *pdfFile) isXFA(catalog types.Dict) bool {
	form, err := f.dict(catalog["AcroForm"])
	if err != nil {
		return false
	}
	xfa, err := f.resolve(form["XFA"])
	return err == nil && xfa != nil
}

// dict returns o or what it refers to if that is a dictionary, and nil if not.
func (f *pdfFile) dict(o types.Object) (types.Dict, error) {
	o, err := f.resolve(o)
	if err != nil {
		return nil, err
	}
	d, _ := o.(types.Dict)
	return d, nil
}

// resolve returns o or what it refers to; nil where that is not in the file.
func (f *pdfFile) resolve(o types.Object) (types.Object, error) {
	const longestChain = 8
	for range longestChain {
		ref, ok := o.(types.IndirectRef)
		if !ok {
			return o, nil
		}
		var err error
		if o, err = f.load(ref.ObjectNumber.Value()); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// recentObjects are the objects that were needed last: what all pages share would be
// parsed again for each of them. None of them may be changed.
type recentObjects struct {
	objects [8]struct {
		number int
		o      types.Object
	}
	next int
}

func (r *recentObjects) find(number int) types.Object {
	for _, recent := range r.objects {
		if recent.number == number {
			return recent.o
		}
	}
	return nil
}

func (r *recentObjects) add(number int, o types.Object) {
	recent := &r.objects[r.next]
	recent.number, recent.o = number, o
	r.next = (r.next + 1) % len(r.objects)
}

// load returns the object of that number; nil where it is not in the file.
func (f *pdfFile) load(number int) (types.Object, error) {
	if o := f.recent.find(number); o != nil {
		return o, nil
	}
	o, err := f.find(number)
	if err == nil && o != nil {
		f.recent.add(number, o)
	}
	return o, err
}

func (f *pdfFile) find(number int) (types.Object, error) {
	// A stream's filters may be objects of another stream, and so on.
	const deepest = 16
	if f.depth >= deepest {
		return nil, nil
	}
	f.depth++
	defer func() { f.depth-- }()

	entry, ok := f.table.entries[int32(number)]
	switch {
	case !ok || entry.free:
		return nil, nil
	case entry.stream != 0:
		return f.loadPacked(number, entry)
	}
	header, ok := objectAt(f.text, int(entry.at))
	if ok && header.number == number {
		return f.parseObject(header)
	}
	if f.repaired {
		return nil, nil
	}
	if err := f.repair(); err != nil {
		return nil, err
	}
	return f.find(number)
}

// parseObject parses what stands behind a header.
func (f *pdfFile) parseObject(header objectHeader) (types.Object, error) {
	o, next, err := f.parse(f.text[header.body:])
	if err != nil {
		return nil, err
	}
	d, ok := o.(types.Dict)
	if !ok {
		return o, nil
	}
	at, ok := streamAt(f.text, header.body+next)
	if !ok {
		return d, nil
	}
	raw, err := f.streamData(d, at)
	if err != nil {
		return nil, err
	}
	return types.StreamDict{Dict: d, StreamOffset: int64(at), Raw: raw}, nil
}

// parse parses the object at the beginning of text, and returns the offset behind it.
// What cannot be parsed is nil, as what is missing.
func (f *pdfFile) parse(text []byte) (types.Object, int, error) {
	// The library copies what it is given. So it is given little, and more if that does
	// not suffice: a list of 1,000 pages has 10 kB. An object takes 20 times its text.
	const smallest, largest, step = 1 << 10, 256 << 10, 16
	// A number that ends where the window does may go on, or be the beginning of a
	// reference.
	const lookahead = 32
	const maxDepth = 64
	// What an object costs, however small it is.
	const overhead = 64
	for size := smallest; ; size *= step {
		window := string(text[:min(size, len(text))])
		rest := window
		o, err := model.ParseObjectContext(context.Background(), &rest, 0, maxDepth)
		all := len(window) == len(text)
		if err == nil && (all || len(rest) >= lookahead) {
			parsed := len(window) - len(rest)
			return o, parsed, spend(&f.budget.parsed, overhead+parsed)
		}
		if err := spend(&f.budget.parsed, len(window)); err != nil {
			return nil, 0, err
		}
		if all || size >= largest {
			return nil, 0, nil
		}
	}
}

// streamAt tells whether the data of a stream follows the dictionary that ends before
// at, and where.
func streamAt(text []byte, at int) (int, bool) {
	const keyword = "stream"
	at = skipSpace(text, at)
	if !bytes.HasPrefix(text[at:], []byte(keyword)) {
		return 0, false
	}
	at += len(keyword)
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	if at < len(text) && text[at] == '\r' {
		at++
	}
	if at < len(text) && text[at] == '\n' {
		at++
	}
	return at, true
}

// streamData returns a stream's data as stored. Its length is often wrong.
func (f *pdfFile) streamData(d types.Dict, at int) ([]byte, error) {
	const end = "endstream"
	if length, ok := f.length(d["Length"]); ok && length <= len(f.text)-at {
		if bytes.HasPrefix(f.text[skipSpace(f.text, at+length):], []byte(end)) {
			return f.text[at : at+length], nil
		}
	}
	data := f.text[at:]
	if found := bytes.Index(data, []byte(end)); found >= 0 {
		data = data[:found]
	}
	return bytes.TrimRight(data, "\r\n"), spend(&f.budget.searched, len(data))
}

// length reads a stream's length. One that is an object of a stream is not looked up:
// that stream's own length might be another.
func (f *pdfFile) length(o types.Object) (int, bool) {
	if ref, ok := o.(types.IndirectRef); ok {
		entry, known := f.table.entries[int32(ref.ObjectNumber.Value())]
		if !known || entry.free || entry.stream != 0 {
			return 0, false
		}
		header, ok := objectAt(f.text, int(entry.at))
		if !ok || header.number != ref.ObjectNumber.Value() {
			return 0, false
		}
		number, _, ok := pdfNumber(f.text, skipSpace(f.text, header.body))
		return number, ok
	}
	length, ok := o.(types.Integer)
	return length.Value(), ok && length >= 0
}
