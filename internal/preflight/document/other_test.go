// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"testing"
)

func TestAnImageThatIsAlsoSomethingElseIsAPolyglot(t *testing.T) {
	archive := zipOf(t, "payload")
	for name, tail := range map[string]string{
		"an archive":                   string(archive),
		"an archive with a comment":    string(archive[:len(archive)-2]) + "\x05\x00hello",
		"an archive behind a note":     "note " + string(archive),
		"an archive behind other data": "\x01\x02\x03\x04" + string(archive),
		"a PDF":                        "%PDF-1.7\n1 0 obj\n",
		"a drawing":                    `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`,
		"a web page":                   "\n<!DOCTYPE html><html><script>",
		"a program":                    "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8\x00",
		"a program of Linux":           "\x7fELF\x02\x01\x01\x00",
		"a script":                     "#!/bin/sh\nrm -rf /\n",
		"a GIF":                        "GIF89a\x01\x00\x01\x00",
		"a 7z archive":                 "7z\xbc\xaf\x27\x1c\x00\x04",
	} {
		t.Run(name, func(t *testing.T) {
			for format := range formats {
				if got := inspect(joined(legibleAs(t, format), tail)); !got.Has(Polyglot) || len(got.Problems) != 1 {
					t.Errorf("%s: got %v", format, got.Problems)
				}
			}
		})
	}
	content := legibleAs(t, FormatJPEG)
	problemsAre(t, joined(content[:2], []byte("\xff\xfe\x00\x0a%PDF-1.4"), content[2:]), Polyglot)
	problemsAre(t, joined(content[:2], []byte("\xff\xfe\x00\x0a<SCRIPT>"), content[2:]), Polyglot)
}

func TestWhatCamerasAppendIsLeftAlone(t *testing.T) {
	content := legibleAs(t, FormatJPEG)
	for name, tail := range map[string]string{
		"nothing":              "",
		"padding":              "\x00\x00\x00\x00\r\n",
		"a preview":            string(asJPEG(t, page(80, 60))),
		"a motion photo":       "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + string(make([]byte, 100)),
		"a maker's text":       `vivo{"camera":"back"}`,
		"a maker's note":       `<?xml version="1.0"?><note camera="back"/>`,
		"a maker's data":       "\x01\x0a\x0e\x00SEFH\x6b\x00\x00\x00",
		"an archive's letters": "note PK\x05\x06 and no more of it",
	} {
		t.Run(name, func(t *testing.T) { problemsAre(t, joined(content, tail)) })
	}
}

func TestAnArchiveThatIsAttachedToAPDFIsNoPolyglot(t *testing.T) {
	archive := string(zipOf(t, "orders.txt"))
	problemsAre(t, onePage(letters, "", pdfStream("/Type /EmbeddedFile", archive)).withTable("1.7"))
	problemsAre(t, joined(onePage(letters, "").withTable("1.7"), archive), Polyglot)
	problemsAre(t, joined([]byte("<html><script>"), onePage(letters, "").withTable("1.7")), Polyglot)
	problemsAre(t, joined([]byte("\x1b%-12345X@PJL SET\n"), onePage(letters, "").withTable("1.7")))
}
