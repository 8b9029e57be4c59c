// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image/jpeg"
	"strings"
	"testing"
)

func TestABombOfAPDFIsRefusedInLittleTimeAndMemory(t *testing.T) {
	skipWithRaceDetector(t)
	for name, bomb := range pdfBombs {
		t.Run(name, func(t *testing.T) { judgeHostile(t, bomb(), Expands) })
	}
}

func TestAHostilePDFIsJudgedInLittleTimeAndMemory(t *testing.T) {
	skipWithRaceDetector(t)
	for name, content := range hostilePDFs {
		t.Run(name, func(t *testing.T) { judgeHostile(t, content(), "") })
	}
}

func skipWithRaceDetector(t *testing.T) {
	if raceDetector {
		t.Skip("It takes minutes, and one goroutine judges a file: `make unit` runs it without the race detector too.")
	}
}

// judgeHostile fails the test if a file takes too long or too much, or is not refused
// for what is wrong with it.
func judgeHostile(t *testing.T, content []byte, want Problem) {
	t.Helper()
	if len(content) >= MaxSize {
		t.Fatalf("it has %d bytes, and is refused for its size", len(content))
	}
	var got Result
	cost := measure(func() { got = inspect(content) })
	t.Logf("%d bytes: %v in %v with %d MiB", len(content), got.Problems, cost.took, cost.memory>>20)
	switch {
	case want != "" && !got.Has(want):
		t.Errorf("got %v, want %v", got.Problems, want)
	case cost.took > maxPatience():
		t.Errorf("it took %v", cost.took)
	case cost.memory > 128<<20:
		t.Errorf("it took %d MiB", cost.memory>>20)
	}
}

// much is nearly as much as a file may have of something.
func much(what string) string { return strings.Repeat(what, 9_900_000/len(what)) }

// packedZeros unpacks to a prefix and that many MiB of zeros, without an end: 1 kB each.
func packedZeros(prefix string, mebibytes int) string {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	flush := func(data []byte) string {
		packed.Reset()
		if _, err := w.Write(data); err != nil {
			panic(err)
		}
		if err := w.Flush(); err != nil {
			panic(err)
		}
		return packed.String()
	}
	first := flush([]byte(prefix))
	w.Reset(&packed)
	const header = 2
	block := flush(make([]byte, 1<<20))[header:]
	return first + strings.Repeat(block, mebibytes)
}

const flated = "/Filter /FlateDecode"

// withContent is a page whose content is that stream.
func withContent(dict, data string) []byte {
	objects := onePage("", "")
	objects[3] = pdfStream(dict, data)
	return objects.withTable("1.5")
}

// withXRef is a file whose cross-reference stream is that.
func withXRef(dict, data string) []byte {
	return []byte("%PDF-1.5\n1 0 obj\n" + pdfStream("/Type /XRef /Root 1 0 R "+dict, data) + "\nendobj\nstartxref\n9\n%%EOF")
}

// packedPages are pages that stand in object streams, each stream packed from that.
func packedPages(streams int, packed string) []byte {
	objects := pdfObjects{"<</Pages 2 0 R>>", ""}
	var kids strings.Builder
	for i := range streams {
		objects.add(pdfStream("/Type /ObjStm /N 1 /First 8 "+flated, packed))
		fmt.Fprintf(&kids, "%d 0 R ", 1000+i)
	}
	objects[1] = "<</Kids [" + kids.String() + "]>>"
	file := []byte("%PDF-1.5\n")
	var entries, pages strings.Builder
	for i, body := range objects {
		entries.WriteString(pdfEntryOf(1, len(file), 0))
		file = fmt.Appendf(file, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	for i := range streams {
		pages.WriteString(pdfEntryOf(2, 3+i, 0))
	}
	at := len(file)
	file = fmt.Appendf(file, "999 0 obj\n%s\nendobj\n", pdfStream(
		fmt.Sprintf("/Type /XRef /W [1 4 2] /Index [1 %d 1000 %d] /Size 9 /Root 1 0 R", len(objects), streams), entries.String()+pages.String()))
	return fmt.Appendf(file, "startxref\n%d\n%%%%EOF\n", at)
}

// pdfBombs unpack to more than a document has.
var pdfBombs = map[string]func() []byte{
	"content of zeros":             func() []byte { return withContent(flated, packedZeros("", 9000)) },
	"content that shows something": func() []byte { return withContent(flated, packedZeros("0 0 9 9 re f ", 9000)) },
	"content packed twice": func() []byte {
		return withContent("/Filter [/FlateDecode /FlateDecode]", compressed([]byte(packedZeros("", 9000))))
	},
	"content packed three times": func() []byte {
		return withContent("/Filter [/FlateDecode /FlateDecode /Fl]", compressed([]byte(compressed([]byte(packedZeros("", 9000))))))
	},
	"content packed a hundred times": func() []byte {
		return withContent("/Filter ["+strings.Repeat("/FlateDecode ", 100)+"]", packedZeros("", 1))
	},
	"content in rows": func() []byte {
		return withContent(flated+" /DecodeParms <</Predictor 12 /Columns 100>>", packedZeros("", 9000))
	},
	"content in rows of 2 GiB": func() []byte {
		return withContent(flated+" /DecodeParms <</Predictor 12 /Columns 2147483647>>", packedZeros("", 9000))
	},
	"content in hexadecimal, packed": func() []byte {
		return withContent("/Filter [/FlateDecode /ASCIIHexDecode]", packedZeros("", 9000))
	},
	"content in ASCII 85, packed": func() []byte {
		return withContent("/Filter [/FlateDecode /ASCII85Decode]", compressed(bytes.Repeat([]byte("z"), 20<<20)))
	},
	"content in run lengths":     func() []byte { return withContent("/Filter /RunLengthDecode", much("\x81 ")) },
	"run lengths of run lengths": func() []byte { return withContent("/Filter [/RL /RL]", much("\x81\x81")[:1<<17]) },
	"a cross-reference stream": func() []byte {
		return withXRef("/W [1 4 2] /Size 5 "+flated, packedZeros("", 9000))
	},
	"a cross-reference stream in rows": func() []byte {
		return withXRef("/W [1 4 2] /Size 5 /DecodeParms <</Predictor 12 /Columns 7>> "+flated, packedZeros("", 9000))
	},
	"an object stream":    func() []byte { return packedPages(1, packedZeros("1000 0  <<>> ", 9000)) },
	"many object streams": func() []byte { return packedPages(900, packedZeros("1000 0  <<>> ", 7)) },
	"an image": func() []byte {
		return scan("/Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceGray "+flated, packedZeros("", 9000)).withTable("1.4")
	},
	"one stream, over and over": func() []byte {
		return onePage("", "", pdfStream("", strings.Repeat(" ", 5_000_000))).with(3, "/Contents ["+strings.Repeat("5 0 R ", 40_000)+"]").withTable("1.4")
	},
	"an empty stream, over and over": func() []byte {
		return treeOf("<</Kids 3 0 R>>", "["+strings.Repeat("<</Contents 4 0 R>>", 10_000)+"]",
			"["+strings.Repeat("5 0 R ", 40_000)+"]", pdfStream(flated, compressed(nil)))()
	},
	"forms that are much together": func() []byte {
		forms := onePage("/A Do /B Do /C Do /D Do", "/Resources <</XObject <</A 5 0 R /B 6 0 R /C 7 0 R /D 8 0 R>>>>")
		for range 4 {
			forms.add(pdfStream("/Subtype /Form "+flated, packedZeros("", 30)))
		}
		return forms.withTable("1.4")
	},
}

// ending makes a PDF of anything.
func ending(what string) func() []byte {
	return func() []byte { return []byte("%PDF-1.4\n" + what + "\nstartxref\n9\n%%EOF") }
}

// muchOf makes a PDF that is much of something.
func muchOf(what string) func() []byte { return func() []byte { return ending(much(what))() } }

// inTrailer makes a PDF whose trailer has much of something.
func inTrailer(start, what, end string) func() []byte {
	return func() []byte { return ending("xref trailer<</Root " + start + much(what) + end)() }
}

// treeOf is a catalog, the root of the page tree, and more objects.
func treeOf(nodes ...string) func() []byte {
	return func() []byte {
		return append(pdfObjects{"<</Pages 2 0 R>>"}, nodes...).withTable("1.4")
	}
}

// hostilePDFs lead in circles, or are much of something.
var hostilePDFs = map[string]func() []byte{
	"much white space":                 muchOf(" "),
	"much of a comment":                muchOf("%"),
	"much of comments":                 muchOf("%\n"),
	"many objects":                     muchOf("1 0 obj "),
	"many beginnings of objects":       muchOf("1 "),
	"many streams without an end":      muchOf("1 0 obj<<>>stream\n"),
	"many streams that name their own": muchOf("1 0 obj<</Length 1 0 R>>stream\n"),
	"many trailers":                    muchOf("trailer"),
	"many trailers with dictionaries":  muchOf("trailer<</Root 1 0 R/Encrypt 2 0 R>>"),
	"many tables":                      muchOf("xref 0 1 0 65535 f trailer<<>>"),
	"many open cross-references":       muchOf("1 0 obj<</XRef("),
	"many object streams":              muchOf("1 0 obj<</Type/ObjStm/N 1/First 1>>stream\n\nendstream "),
	"many open object streams":         muchOf("1 0 obj<</Type/ObjStm("),
	"deep lists":                       muchOf("["),
	"deep dictionaries":                muchOf("<</A"),
	"deep lists in a trailer":          inTrailer("", "[", ""),
	"deep dictionaries in a trailer":   inTrailer("", "<</A", ""),
	"a long list in a trailer":         inTrailer("[", "0 ", "]>>"),
	"a long list of lists":             inTrailer("[", "[]", "]>>"),
	"a long list of dictionaries":      inTrailer("[", "<<>>", "]>>"),
	"an open string in a trailer":      inTrailer("(", "\\(", ""),
	"an open comment in a trailer":     inTrailer("", "%", ""),
	"a long name in a trailer":         inTrailer("/", "#41", ">>"),
	"a long number in a trailer":       inTrailer("", "1", ">>"),
	"a table of many objects":          func() []byte { return ending("xref 0 999999999 " + much("0 0 n "))() },
	"a table of many tables":           func() []byte { return ending("xref " + much("0 0 "))() },
	"a table that follows itself":      ending("xref trailer<</Root 1 0 R/Prev 9>>"),
	"a table in white space":           func() []byte { return ending(much(" ") + "xref trailer<</Prev 20>>")() },
	"two tables that follow each other": ending(
		"xref trailer<</Root 1 0 R/Prev 59>>               xref trailer<</Root 1 0 R/Prev 9/XRefStm 9>>"),
	"many tables that follow each other": func() []byte {
		var tables strings.Builder
		for i := range 200_000 {
			fmt.Fprintf(&tables, "xref trailer<</Root 1 0 R/Prev %08d>> ", 9+(i+1)*46)
		}
		return ending(tables.String())()
	},
	"a cross-reference stream of wide fields": func() []byte { return withXRef("/W [8 8 8] /Size 999999999", much("\xff")) },
	"of fields that are too wide":             func() []byte { return withXRef("/W [2147483647 4 2147483647] /Size 5", "") },
	"of negative fields":                      func() []byte { return withXRef("/W [-1 4 -3] /Size 5", "12345") },
	"of fields without width":                 func() []byte { return withXRef("/W [0 0 0] /Size 999999999", "") },
	"of many objects":                         func() []byte { return withXRef("/W [1 1 0] /Index [0 9223372036854775807]", much("\x01\x01")) },
	"of objects beyond all numbers":           func() []byte { return withXRef("/W [1 1 0] /Index [9223372036854775800 9]", "\x01\x01\x01\x01") },
	"of negative numbers":                     func() []byte { return withXRef("/W [1 1 0] /Index [-5 9]", much("\x02\x01")) },
	"of many sections": func() []byte {
		return withXRef("/W [1 1 0] /Index ["+strings.Repeat("0 1 ", 60_000)+"]", much("\x02\x01")[:9_000_000])
	},
	"of an object stream in itself":           func() []byte { return withXRef("/W [1 1 1] /Index [1 1]", "\x02\x01\x00") },
	"object streams in each other":            func() []byte { return withXRef("/W [1 1 1] /Index [1 3]", "\x02\x02\x00\x02\x03\x00\x02\x01\x00") },
	"a cross-reference stream's filter in it": func() []byte { return withXRef("/W [1 1 1] /Filter 1 0 R /Length 1 0 R", "\x02\x01\x00") },
	"a stream's length in itself":             treeOf("<</Kids [3 0 R]>>", "<</Contents 4 0 R>>", "<</Length 4 0 R>>\nstream\nendstream"),
	"a stream's filter in itself":             treeOf("<</Kids [3 0 R]>>", "<</Contents 4 0 R>>", "<</Filter 4 0 R /DecodeParms 4 0 R>>\nstream\nx\nendstream"),
	"a stream's filters in each other":        treeOf("<</Kids [3 0 R]>>", "<</Contents 4 0 R>>", "<</Filter [5 0 R]>>\nstream\nx\nendstream", "5 0 R"),
	"a reference to itself":                   treeOf("2 0 R"),
	"references to each other":                treeOf("3 0 R", "2 0 R"),
	"a page tree in itself":                   treeOf("<</Kids [2 0 R 2 0 R]>>"),
	"page trees in each other":                treeOf("<</Kids [3 0 R 3 0 R]>>", "<</Kids [2 0 R 2 0 R]>>"),
	"a page tree that is a list of itself":    treeOf("[2 0 R]"),
	"many nodes that share their kids":        sharedKids,
	"a page tree of very many levels":         deepTree,
	"a million pages":                         millionPages,
	"many annotations that many pages share":  sharedAnnotations,
	"many forms that place each other":        formChain,
	"many objects in one stream":              crowdedStream,
	"content that places nothing, many times": func() []byte {
		return onePage(much("/X Do "), "/Resources <</XObject <</X 5 0 R>>>>", "null").withTable("1.4")
	},
	"content that saves its state, many times": func() []byte { return withContent("", much("q ")) },
	"content of an open string":                func() []byte { return withContent("", "("+much("(")) },
	"content of a long operator":               func() []byte { return withContent("", much("a")) },
	"content of small strings":                 func() []byte { return withContent("", much("<20>")) },
	"a JPEG of 4 gigapixels":                   func() []byte { return jpegScan(headers(0xffff, 0xffff)["jpeg"]) },
	"white JPEGs of many pixels":               whiteJPEGs,
	"zeros for an image": func() []byte {
		return scan("/Width 7000 /Height 7000 /BitsPerComponent 8 /ColorSpace /DeviceRGB "+flated, packedZeros("", 200)).withTable("1.4")
	},
	"an image of one row": func() []byte {
		return scan("/Width 60000000 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB "+flated, packedZeros("", 200)).withTable("1.4")
	},
	"an image of negative size": func() []byte { return scan("/Width -1 /Height -9000000000000000000 "+flated, "x").withTable("1.4") },
}

func sharedKids() []byte {
	nodes := []string{"<</Kids 3 0 R>>", ""}
	var kids strings.Builder
	for i := range 20_000 {
		nodes = append(nodes, "<</Kids 3 0 R>>")
		fmt.Fprintf(&kids, "%d 0 R ", i+4)
	}
	nodes[1] = "[" + kids.String() + "]"
	return treeOf(nodes...)()
}

func deepTree() []byte {
	nodes := make([]string, 0, 150_000)
	for i := range cap(nodes) {
		nodes = append(nodes, fmt.Sprintf("<</Kids [%d 0 R]>>", i+3))
	}
	return treeOf(nodes...)()
}

// millionPages are as many as there is room for, in nodes of 1,000.
func millionPages() []byte {
	nodes := []string{""}
	var kids strings.Builder
	for range 1_900 {
		fmt.Fprintf(&kids, "%d 0 R ", len(nodes)+2)
		nodes = append(nodes, "<</Kids ["+strings.Repeat("<<>> ", 1_000)+"]>>")
	}
	nodes[0] = "<</Kids [" + kids.String() + "]>>"
	return treeOf(nodes...)()
}

func sharedAnnotations() []byte {
	nodes := []string{"", "[" + strings.Repeat("9999999 0 R ", 20_000) + "]"}
	var kids strings.Builder
	for i := range 20_000 {
		nodes = append(nodes, "<</Annots 3 0 R>>")
		fmt.Fprintf(&kids, "%d 0 R ", i+4)
	}
	nodes[0] = "<</Kids [" + kids.String() + "]>>"
	return treeOf(nodes...)()
}

// formChain has forms each of which places the next one twice.
func formChain() []byte {
	objects := onePage("/X Do /X Do", "/Resources <</XObject <</X 5 0 R>>>>")
	for range 40_000 {
		objects.add(pdfStream(fmt.Sprintf("/Subtype /Form /Resources <</XObject <</X %d 0 R>>>>", len(objects)+2), "/X Do /X Do"))
	}
	return objects.withTable("1.4")
}

// crowdedStream has the smallest objects, as many as a stream may unpack to.
func crowdedStream() []byte {
	const count = 1_600_000
	objects := pdfObjects{"<</Pages 2 0 R>>", pdfStream(fmt.Sprintf("/Type /ObjStm /N %d /First %d %s", count, 4*count, flated),
		compressed([]byte(strings.Repeat("7 0 ", count)+" <</Kids [9 0 R]>>")))}
	// A table that is made anew holds all objects of all streams.
	return bytes.Replace(objects.withTable("1.5"), []byte("startxref\n"), []byte("startxref\n9"), 1)
}

func jpegScan(content []byte) []byte {
	return scan("/Width 9000 /Height 9000 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", string(content)).withTable("1.4")
}

// whiteJPEGs are pages each of which is a white scan.
func whiteJPEGs() []byte {
	var white bytes.Buffer
	if err := jpeg.Encode(&white, paper(2000, 0xff, 0xff), nil); err != nil {
		panic(err)
	}
	objects := pdfObjects{"<</Pages 2 0 R>>", ""}
	var kids strings.Builder
	for range 100 {
		number := objects.add(pdfStream("/Subtype /Image /Width 2000 /Height 2000 /Filter /DCTDecode", white.String()))
		content := objects.add(pdfStream("", "/X Do"))
		fmt.Fprintf(&kids, "%d 0 R ", objects.add(fmt.Sprintf("<</Resources <</XObject <</X %d 0 R>>>> /Contents %d 0 R>>", number, content)))
	}
	objects[1] = "<</Kids [" + kids.String() + "]>>"
	return objects.withTable("1.4")
}
