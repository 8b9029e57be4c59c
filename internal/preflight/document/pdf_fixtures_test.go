// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// pdfObjects are the bodies of a PDF's objects, the first of which has number 1 and is
// the catalog.
type pdfObjects []string

// add returns the number of a new object.
func (p *pdfObjects) add(body string) int {
	*p = append(*p, body)
	return len(*p)
}

func pdfStream(dict, data string) string {
	return fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

func flatePDFStream(dict, data string) string {
	return pdfStream(dict+" /Filter /FlateDecode", compressed([]byte(data)))
}

// onePage is a document of one page with that content; page says more of it, and more
// are the objects from number 5 on.
func onePage(content, page string, more ...string) pdfObjects {
	return append(pdfObjects{
		"<</Type /Catalog /Pages 2 0 R>>",
		"<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842]>>",
		"<</Type /Page /Parent 2 0 R /Contents 4 0 R " + page + ">>",
		pdfStream("", content),
	}, more...)
}

// letters is content that shows something.
const letters = "BT /F1 12 Tf 72 720 Td (Business licence) Tj ET"

// withTable writes a PDF of that version with a cross-reference table.
func (p pdfObjects) withTable(version string) []byte {
	return p.revise([]byte("%PDF-"+version+"\n%\xe2\xe3\xcf\xd3\n"), 1, "")
}

// revise appends the objects from number first on to a file, with a table and a trailer.
func (p pdfObjects) revise(file []byte, first int, trailer string) []byte {
	var table strings.Builder
	if first == 1 {
		table.WriteString("0 1\n0000000000 65535 f \n")
	}
	fmt.Fprintf(&table, "%d %d\n", first, len(p)-first+1)
	for i, body := range p[first-1:] {
		fmt.Fprintf(&table, "%010d 00000 n \n", len(file))
		file = fmt.Appendf(file, "%d 0 obj\n%s\nendobj\n", first+i, body)
	}
	return fmt.Appendf(file, "xref\n%strailer\n<</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", table.String(), len(p)+1, trailer, len(file))
}

// withStreams writes a PDF with a cross-reference stream, in which the objects that are
// no streams stand in an object stream.
func (p pdfObjects) withStreams(trailer string) []byte {
	file := []byte("%PDF-1.5\n")
	var index, packed strings.Builder
	entries := make([]string, 0, len(p)+2)
	stream, count := len(p)+1, 0
	for i, body := range p {
		if strings.HasSuffix(body, "endstream") {
			entries = append(entries, pdfEntryOf(1, len(file), 0))
			file = fmt.Appendf(file, "%d 0 obj\n%s\nendobj\n", i+1, body)
			continue
		}
		entries = append(entries, pdfEntryOf(2, stream, count))
		fmt.Fprintf(&index, "%d %d ", i+1, packed.Len())
		packed.WriteString(body + " ")
		count++
	}
	entries = append(entries, pdfEntryOf(1, len(file), 0), pdfEntryOf(1, 0, 0))
	file = fmt.Appendf(file, "%d 0 obj\n%s\nendobj\n", stream,
		flatePDFStream(fmt.Sprintf("/Type /ObjStm /N %d /First %d", count, index.Len()), index.String()+packed.String()))
	entries[stream] = pdfEntryOf(1, len(file), 0)
	at := len(file)
	file = fmt.Appendf(file, "%d 0 obj\n%s\nendobj\n", stream+1, flatePDFStream(fmt.Sprintf(
		"/Type /XRef /W [1 4 2] /Index [1 %d] /Size %d /Root 1 0 R /DecodeParms <</Predictor 12 /Columns 7>> %s",
		len(entries), len(entries)+1, trailer), pngUp(entries)))
	return fmt.Appendf(file, "startxref\n%d\n%%%%EOF\n", at)
}

// pdfEntryOf is an entry of a cross-reference stream.
func pdfEntryOf(kind byte, where, index int) string {
	entry := binary.BigEndian.AppendUint32([]byte{kind}, uint32(where))
	return string(binary.BigEndian.AppendUint16(entry, uint16(index)))
}

// pngUp applies the filter "up" to rows, as programs do to cross-reference streams.
func pngUp(rows []string) string {
	var filtered strings.Builder
	above := make([]byte, len(rows[0]))
	for _, row := range rows {
		filtered.WriteByte(2)
		for i := range len(row) {
			filtered.WriteByte(row[i] - above[i])
		}
		copy(above, row)
	}
	return filtered.String()
}

// hybrid writes a PDF whose page is to be found with the cross-reference stream only.
func hybrid() []byte {
	file := []byte("%PDF-1.5\n")
	objects := onePage(letters, "")
	offsets := make([]int, len(objects)+1)
	for i, body := range objects {
		offsets[i+1] = len(file)
		if i != 2 {
			file = fmt.Appendf(file, "%d 0 obj\n%s\nendobj\n", i+1, body)
		}
	}
	packed := len(file)
	file = fmt.Appendf(file, "5 0 obj\n%s\nendobj\n", flatePDFStream("/Type /ObjStm /N 1 /First 4", "3 0 "+objects[2]))
	second := len(file)
	file = fmt.Appendf(file, "6 0 obj\n%s\nendobj\n",
		flatePDFStream("/Type /XRef /W [1 4 2] /Index [3 1 5 1] /Size 7", pdfEntryOf(2, 5, 0)+pdfEntryOf(1, packed, 0)))
	at := len(file)
	file = append(file, "xref\n0 5\n0000000000 65535 f \n"...)
	for number := 1; number < len(offsets); number++ {
		kind := "n"
		if number == 3 {
			offsets[number], kind = 0, "f"
		}
		file = fmt.Appendf(file, "%010d 00000 %s \n", offsets[number], kind)
	}
	return fmt.Appendf(file, "trailer\n<</Size 7 /Root 1 0 R /XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n", second, at)
}

// linearized writes a PDF in which the first page stands first, and that says how long
// it is.
func linearized() []byte {
	objects := onePage(letters, "")
	const space = "          "
	file := []byte("%PDF-1.4\n9 0 obj\n<</Linearized 1 /L " + space + " /N 1 /O 3>>\nendobj\n")
	lengthAt := bytes.Index(file, []byte(space))
	first := len(file)
	// The first table holds the objects of the first page, which follow it; the second
	// the rest, at the end.
	head := func(offsets [2]int, prev int) string {
		return fmt.Sprintf("xref\n3 2\n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 10 /Root 1 0 R /Prev %010d>>\nstartxref\n0\n%%%%EOF\n",
			offsets[0], offsets[1], prev)
	}
	file = append(file, head([2]int{}, 0)...)
	at := map[int]int{}
	for _, number := range []int{3, 4, 1, 2} {
		at[number] = len(file)
		file = fmt.Appendf(file, "%d 0 obj\n%s\nendobj\n", number, objects[number-1])
	}
	copy(file[first:], head([2]int{at[3], at[4]}, len(file)))
	file = fmt.Appendf(file, "xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 3>>\nstartxref\n%d\n%%%%EOF\n", at[1], at[2], first)
	copy(file[lengthAt+1:], fmt.Sprint(len(file)))
	return file
}

// revised writes a PDF whose page is filled by a second revision.
func revised() []byte {
	objects := onePage("", "")
	file := objects.withTable("1.4")
	prev := bytes.LastIndex(file, []byte("xref\n0"))
	objects[3] = pdfStream("", letters)
	return objects.revise(file, 4, fmt.Sprintf("/Prev %d", prev))
}
