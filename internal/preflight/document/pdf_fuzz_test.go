// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzPDF holds that whatever a file is, it is judged in bounded time, without a panic,
// as one thing.
func FuzzPDF(f *testing.F) {
	for _, content := range [][]byte{
		onePage(letters, "").withTable("1.4"),
		onePage(letters, "").withStreams(""),
		hybrid(),
		linearized(),
		revised(),
		onePage("/X Do", "/Resources <</XObject <</X 5 0 R>>>>", pdfStream("/Subtype /Form", "0 0 m 9 9 l S")).withTable("1.5"),
		onePage("", "/Annots [5 0 R]", "<</AP <</N <</On 6 0 R>>>> /AS /On>>", pdfStream("/Subtype /Form", letters)).withStreams(""),
		onePage(letters, "", "<</Filter /Standard>>").revise([]byte("%PDF-1.4\n"), 1, "/Encrypt 5 0 R"),
		onePage(letters, "", "<</XFA 4 0 R>>").with(1, "/AcroForm 5 0 R").withTable("1.7"),
		scan("/Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace /DeviceGray "+flated, compressed(make([]byte, 16))).withTable("1.4"),
		scan("/Width 4 /Height 1 /BitsPerComponent 1 /ColorSpace [/ICCBased 4 0 R] /DecodeParms <</Predictor 15 /Columns 4>> "+flated, compressed(make([]byte, 2))).withTable("1.4"),
		scan("/Width 8 /Height 8 /Filter /DCTDecode", string(asJPEG(f, paper(8, 0xff, 0xff)))).withTable("1.4"),
		bytes.Replace(onePage(letters, "").withStreams(""), []byte("startxref\n"), []byte("startxref\n9"), 1),
		withContent("/Filter [/ASCII85Decode /RunLengthDecode /LZWDecode]", "z~>"),
		withContent(flated, packedZeros("", 1)),
		packedPages(2, compressed([]byte("1000 0  <</Kids [1001 0 R]>>"))),
		withXRef("/W [8 8 8] /Size 999999999", strings.Repeat("\xff", 48)),
	} {
		f.Add(content)
	}
	for _, name := range []string{
		"a page tree in itself", "a reference to itself", "object streams in each other", "a stream's length in itself",
		"a stream's filters in each other", "two tables that follow each other", "of negative fields", "an image of negative size",
	} {
		f.Add(hostilePDFs[name]())
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) <= 1<<20 {
			isOneThing(t, content)
		}
	})
}

// FuzzPDFObjects varies the objects of a PDF in which all is where it should be: of
// bytes alone the fuzzer makes few.
func FuzzPDFObjects(f *testing.F) {
	f.Add(letters, "/Resources 5 0 R", "<</XObject <</X 6 0 R>>>>", "/Subtype /Form", letters)
	f.Add("/X Do BI", "/Resources 5 0 R", "<</XObject <</X 6 0 R>>>>", "/Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray "+flated, compressed(make([]byte, 4)))
	f.Add("q 3 Tr ( \\040) Tj <20> ' Q", "/Annots [5 0 R]", "<</AP <</N 6 0 R>> /F 4>>", "/Filter /ASCIIHexDecode", "71>")
	f.Add("(a", "/Contents [4 0 R 6 0 R]", "[6 0 R]", "/Filter [/A85 /LZW] /DecodeParms [null <</EarlyChange 0>>]", ") Tj")
	f.Fuzz(func(t *testing.T, content, page, object, dict, data string) {
		if len(content)+len(page)+len(object)+len(dict)+len(data) > 1<<20 {
			return
		}
		objects := onePage(content, page, object, pdfStream(dict, data))
		isOneThing(t, objects.withTable("1.7"))
		isOneThing(t, objects.withStreams(""))
	})
}

// isOneThing fails the test if a file is not judged in bounded time, as one thing.
func isOneThing(t *testing.T, content []byte) {
	t.Helper()
	var got Result
	start := time.Now()
	inspectPDF(bytes.NewReader(content), &got)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	refusals := slices.DeleteFunc(slices.Clone(got.Problems), func(p Problem) bool { return p == XFAForm })
	for _, p := range refusals {
		if len(refusals) > 1 || !slices.Contains([]Problem{Truncated, Damaged, Encrypted, NoPages, Blank, Expands}, p) || p == Encrypted && got.Has(XFAForm) {
			t.Errorf("got %v", got.Problems)
		}
	}
}
