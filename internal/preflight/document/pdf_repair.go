// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// repair makes the table anew by searching for objects, as common readers do where it
// is missing or wrong.
func (f *pdfFile) repair() error {
	if !f.end.whole || endsInStream(f.text) {
		return pdfError(Truncated)
	}
	f.repaired = true
	f.table = newPDFTable()
	f.unpacked, f.recent = objectStreams{}, recentObjects{}
	packed, err := f.findObjects()
	if err != nil {
		return err
	}
	if err := f.findTrailers(); err != nil {
		return err
	}
	for _, header := range packed {
		if err := f.addPacked(header); err != nil {
			return err
		}
	}
	return nil
}

// endsInStream tells whether what looks like the end of the file is that of another in
// it, behind which it was cut.
func endsInStream(text []byte) bool {
	const keyword, end, dictEnd = "stream", "end", ">>"
	open := 0
	for at := 0; ; {
		found := bytes.Index(text[at:], []byte(keyword))
		if found < 0 {
			return open > 0
		}
		before, after := text[:at+found], text[at+found+len(keyword):]
		at += found + len(keyword)
		switch {
		case bytes.HasSuffix(before, []byte(end)):
			open--
		case bytes.HasSuffix(trimSpace(before), []byte(dictEnd)) && len(after) > 0 && isPDFSpace(after[0]):
			open++
		}
	}
}

// findObjects enters all objects, of which the last of a number counts, and returns
// the object streams among them.
func (f *pdfFile) findObjects() (packed []objectHeader, err error) {
	header, ok := nextObject(f.text, 0)
	for ok {
		if err := spend(&f.budget.entries, 1); err != nil {
			return nil, err
		}
		next, found := nextObject(f.text, header.body)
		end := len(f.text)
		if found {
			end = next.at
		}
		dict, _, _ := bytes.Cut(f.text[header.body:end], []byte("stream"))
		if header.number <= maxPDFNumber {
			f.table.entries[int32(header.number)] = pdfEntry{at: int32(header.at)}
		}
		switch {
		case bytes.Contains(dict, []byte("/ObjStm")):
			packed = append(packed, header)
		case bytes.Contains(dict, []byte("/XRef")):
			if err := f.takeTrailer(header.body); err != nil {
				return nil, err
			}
		}
		header, ok = next, found
	}
	return packed, nil
}

// findTrailers takes all trailers, of which the last that names a catalog counts.
func (f *pdfFile) findTrailers() error {
	const keyword = "trailer"
	for at := 0; ; {
		found := bytes.Index(f.text[at:], []byte(keyword))
		if found < 0 {
			return nil
		}
		at += found + len(keyword)
		if err := f.takeTrailer(at); err != nil {
			return err
		}
	}
}

func (f *pdfFile) takeTrailer(at int) error {
	if err := spend(&f.budget.revisions, 1); err != nil {
		return err
	}
	o, _, err := f.parse(f.text[at:])
	if err != nil {
		return err
	}
	if trailer, ok := o.(types.Dict); ok {
		older := f.table.root
		f.table.root = nil
		f.table.addTrailer(trailer)
		if f.table.root == nil {
			f.table.root = older
		}
	}
	return nil
}

// addPacked enters the objects of an object stream, unless a later revision has them.
func (f *pdfFile) addPacked(header objectHeader) error {
	if f.table.entries[int32(header.number)].at != int32(header.at) {
		return nil // a later revision has another object of that number
	}
	stream, err := f.objectStream(header.number)
	if err != nil {
		return err
	}
	for i, object := range stream.objects {
		if err := spend(&f.budget.entries, 1); err != nil {
			return err
		}
		known, ok := f.table.entries[object.number]
		if ok && known.stream == 0 && int(known.at) > header.at {
			continue
		}
		f.table.entries[object.number] = pdfEntry{stream: int32(header.number), at: int32(i)}
	}
	return nil
}
