// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"fmt"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

func brokenKinds() []kind {
	return append(truncatedKinds(), damagedKinds()...)
}

func truncatedKinds() []kind {
	cut := func(kind kind, lost int) kind {
		return kind.in(cutTo(10), cutTo(50), cutTo(90), without(lost))
	}
	truncated := preflight.CodeDocumentTruncated
	update := run("exiftool -q -overwrite_original -Title=SAMPLE out.pdf")
	return []kind{
		cut(found(truncated, jpeg, "JPEG, cut off", join("@jpeg")), 2),
		cut(found(truncated, jpeg, "Progressive JPEG, cut off", run("jpegtran -progressive -outfile out.jpg @jpeg")), 2),
		cut(found(truncated, jpeg, "Grey JPEG, cut off", run("cjpeg -outfile out.jpg @grey")), 2),
		cut(found(truncated, jpeg, "JPEG with restart markers, cut off", run("cjpeg -restart 1 -outfile out.jpg @scan")), 2),
		cut(found(truncated, jpeg, "A phone's JPEG with a thumbnail, cut off", join("@jpeg"), named("out.jpg"), run("exiftool -q -overwrite_original -ThumbnailImage<=@small out.jpg")), 2),
		cut(found(truncated, jpeg, "CMYK JPEG, cut off", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=jpegcmyk -r150 -sOutputFile=out.jpg @ps")), 2),
		cut(found(truncated, png, "PNG, cut off", join("@png")), 12),
		found(truncated, png, "PNG, its last byte lost", join("@png"), edit(without(1).edit)),
		cut(found(truncated, png, "Interlaced PNG, cut off", run("pnmtopng -interlace @scan > out.png")), 12),
		cut(found(truncated, png, "PNG with a palette, cut off", run("pnmquant 12 @scan | pnmtopng > out.png")), 12),
		cut(found(truncated, bmp, "BMP of 24 bits, cut off", join("@bmp")), 4),
		cut(found(truncated, bmp, "BMP of 1 bit, cut off", run("ppmtobmp @bilevel > out.bmp")), 4),
		cut(found(truncated, bmp, "BMP of OS/2, cut off", run("ppmtobmp -os2 @scan > out.bmp")), 4),
		cut(found(truncated, bmp, "BMP with run lengths, cut off", join("@rle")), 4),
		cut(found(truncated, pdf, "PDF, cut off", join("@pdf")), 30),
		cut(found(truncated, pdf, "PDF by cairo, cut off", run("pdftocairo -pdf @pdf out.pdf")), 30),
		cut(found(truncated, pdf, "PDF by LibreOffice, cut off", join("@office/flat.pdf")), 30),
		cut(found(truncated, pdf, "PDF with object streams, cut off", run("qpdf --object-streams=generate @pages out.pdf")), 30),
		cut(found(truncated, pdf, "Scan in a PDF, cut off", join("@scanned")), 30),
		cut(found(truncated, pdf, "Linearised PDF, cut off", run("qpdf --linearize @pages out.pdf")), 30),
		cut(found(truncated, pdf, "Linearised scan in a PDF, cut off", run("qpdf --linearize --object-streams=generate @scanned out.pdf")), 30),
		cut(found(truncated, pdf, "PDF with an incremental update, cut off", run("qpdf @pdf out.pdf"), update), 30),
		found(truncated, pdf, "PDF, its end lost", join("@pdf")).in(without(60), without(100), without(300)),
		accepted(pdf, "PDF, but the %%EOF at its end lost, of which nothing is seen", join("@pdf"), edit(without(6).edit)),
		found(truncated, pdf, "PDF, half of its update lost", run("qpdf @pdf out.pdf"), update, edit(halfUpdate)),
	}
}

func damagedKinds() []kind {
	damaged := preflight.CodeDocumentDamaged
	return []kind{
		found(damaged, png, "PNG, bytes overwritten in the middle", join("@png"), edit(overwrite(50, 64))),
		found(damaged, png, "PNG, one bit of its data flipped", join("@png"), edit(flip)),
		found(damaged, png, "Interlaced PNG, bytes overwritten in the middle", run("pnmtopng -interlace @scan > out.png"), edit(overwrite(50, 64))),
		found(damaged, png, "PNG whose header is overwritten", join("@png"), edit(replace("IHDR", "IHDR\x00\x00\x33\x33"))),
		found(damaged, jpeg, "JPEG whose Huffman tables are overwritten", join("@jpeg"), edit(replace("\xff\xc4", "\xff\xc4\x01\xa2\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff"))),
		found(damaged, jpeg, "JPEG without a frame", join("@jpeg"), edit(replace("\xff\xc0", "\xff\xe5"))),
		found(damaged, bmp, "BMP of 7 bits a pixel", join("@bmp"), edit(replace("\x01\x00\x18\x00", "\x01\x00\x07\x00"))),
		found(damaged, pdf, "PDF, most of it overwritten", run("qpdf --object-streams=generate @pages out.pdf"), edit(overwritten)),
		found(preflight.CodeDocumentWithoutPages, pdf, "PDF, its list of pages overwritten", run("qpdf --object-streams=disable @pdf out.pdf"), edit(replaceAll("/Pages", "/Paged"))),
		found(damaged, pdf, "PDF, the page's content overwritten", run("qpdf --object-streams=disable @pdf out.pdf"), edit(lastStream)),
		found(damaged, pdf, "Scan in a PDF whose JPEG is overwritten", join("@scanned"), edit(replace("\xff\xd8\xff\xe0", "SAMPLE"))),
		found(damaged, pdf, "PDF's header and nothing of a PDF", join("%PDF-1.7\n", "SAMPLE\n", "%%EOF\n")),
	}
}

func cutTo(percent int) way {
	return way{fmt.Sprintf("%d %% left", percent), func(content []byte) []byte { return content[:len(content)*percent/100] }}
}

func without(lost int) way {
	return way{fmt.Sprintf("the last %d bytes lost", lost), func(content []byte) []byte { return content[:len(content)-lost] }}
}

// halfUpdate cuts an incremental update in its middle.
func halfUpdate(content []byte) []byte {
	end := bytes.Index(content, []byte("%%EOF")) + len("%%EOF")
	return content[:(end+len(content))/2]
}

// overwrite puts letters over n bytes at that part of the file.
func overwrite(percent, n int) func([]byte) []byte {
	return func(content []byte) []byte {
		copy(content[len(content)*percent/100:], bytes.Repeat([]byte("S"), n))
		return content
	}
}

// overwritten leaves but the beginning and the end.
func overwritten(content []byte) []byte {
	for i := 64; i < len(content)-64; i++ {
		content[i] = byte('A' + i%26)
	}
	return content
}

func flip(content []byte) []byte {
	content[len(content)/2] ^= 1
	return content
}

// replace puts the new text over the old one, where it first is.
func replace(old, text string) func([]byte) []byte {
	return func(content []byte) []byte {
		if at := bytes.Index(content, []byte(old)); at >= 0 {
			copy(content[at:], text)
		}
		return content
	}
}

func replaceAll(old, text string) func([]byte) []byte {
	return func(content []byte) []byte { return bytes.ReplaceAll(content, []byte(old), []byte(text)) }
}

// lastStream overwrites the last stream's data, which is the page's content.
func lastStream(content []byte) []byte {
	const start = ">>\nstream\n"
	at := bytes.LastIndex(content, []byte(start)) + len(start)
	end := at + bytes.Index(content[at:], []byte("endstream"))
	copy(content[at:end], bytes.Repeat([]byte("S"), end-at-1))
	return content
}
