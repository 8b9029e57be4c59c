// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

func sizeKinds() []kind {
	tooLarge, large := preflight.CodeDocumentTooLarge, preflight.CodeDocumentLarge
	return []kind{
		found(preflight.CodeDocumentEmpty, "", "Empty file", join()),
		accepted(jpeg, "JPEG of 5,000,000 bytes", join("@jpeg"), edit(padJPEG(document.TypicalMaxSize)), bytesLong(5_000_000)),
		found(large, jpeg, "JPEG of 5,000,001 bytes", join("@jpeg"), edit(padJPEG(document.TypicalMaxSize+1)), bytesLong(5_000_001)),
		found(large, jpeg, "JPEG of 9,999,999 bytes", join("@jpeg"), edit(padJPEG(document.MaxSize-1)), bytesLong(9_999_999)),
		found(tooLarge, jpeg, "JPEG of 10,000,000 bytes", join("@jpeg"), edit(padJPEG(document.MaxSize)), bytesLong(10_000_000)),
		found(tooLarge, jpeg, "JPEG of 10 MiB", join("@jpeg"), edit(padJPEG(10<<20)), bytesLong(10<<20)),
		accepted(pdf, "PDF of 5,000,000 bytes", join("@pdf"), edit(padPDF(document.TypicalMaxSize)), bytesLong(5_000_000)),
		found(large, pdf, "PDF of 9,999,999 bytes", join("@pdf"), edit(padPDF(document.MaxSize-1)), bytesLong(9_999_999)),
		found(tooLarge, pdf, "PDF of 10,000,000 bytes", join("@pdf"), edit(padPDF(document.MaxSize)), bytesLong(10_000_000)),
		found(large, png, "PNG of 1200 × 1698 pixels, not packed", run("pamscale -width 1200 @scan | pnmtopng -compression 0 > out.png")),
		found(large, bmp, "BMP of 1200 × 1698 pixels, 24 bits", run("pamscale -width 1200 @scan | ppmtobmp > out.bmp")),
		found(tooLarge, bmp, "BMP of A4 at 300 dots per inch, 24 bits", run("pamscale -width 2480 @scan | ppmtobmp > out.bmp")),
		found(tooLarge, "", "TIFF of A4 at 300 dots per inch", run("pamscale -width 2480 @scan | pamtotiff -none -output=out.tif")).and(preflight.CodeDocumentIsTIFF),
	}
}

func pixelKinds() []kind {
	few, tooFew := preflight.CodeDocumentFewPixels, preflight.CodeDocumentTooFewPixels
	tooMany := preflight.CodeDocumentTooManyPixels
	scaled := func(width string, rest string) step { return run("pamscale -width " + width + " @scan | " + rest) }
	return []kind{
		found(tooFew, jpeg, "JPEG of 150 × 212 pixels", scaled("150", "cjpeg -outfile out.jpg")),
		found(tooFew, jpeg, "JPEG of 199 × 282 pixels", scaled("199", "cjpeg -outfile out.jpg")),
		found(few, jpeg, "JPEG of 200 × 283 pixels", scaled("200", "cjpeg -outfile out.jpg")),
		found(few, jpeg, "JPEG of 500 × 708 pixels", scaled("500", "cjpeg -outfile out.jpg")),
		found(few, jpeg, "JPEG of 799 × 1131 pixels", scaled("799", "cjpeg -outfile out.jpg")),
		accepted(jpeg, "JPEG of 800 × 1132 pixels", scaled("800", "cjpeg -outfile out.jpg")),
		found(tooFew, png, "PNG of 199 × 282 pixels", scaled("199", "pnmtopng > out.png")),
		found(few, png, "PNG of 200 × 283 pixels", scaled("200", "pnmtopng > out.png")),
		found(few, png, "PNG of 799 × 1131 pixels", scaled("799", "pnmtopng > out.png")),
		accepted(png, "PNG of 800 × 1132 pixels", scaled("800", "pnmtopng > out.png")),
		found(tooFew, bmp, "BMP of 199 × 282 pixels", scaled("199", "ppmtobmp > out.bmp")),
		found(few, bmp, "BMP of 200 × 283 pixels", scaled("200", "ppmtobmp > out.bmp")),
		found(few, bmp, "BMP of 799 × 1131 pixels", scaled("799", "ppmtobmp > out.bmp")),
		accepted(bmp, "BMP of 800 × 1132 pixels", scaled("800", "ppmtobmp > out.bmp")),
		found(tooFew, jpeg, "A strip: JPEG of 1200 × 100 pixels", run("pamscale -width 1200 -height 100 @scan | cjpeg -outfile out.jpg")),
		accepted(pdf, "Scan of 160 × 226 pixels in a PDF (its pictures are not measured)", run("img2pdf -o out.pdf @small")),
		found(tooMany, jpeg, "JPEG of 61 megapixels", run("pamscale -nomix -width 7800 -height 7821 @grey | cjpeg -quality 50 -outfile out.jpg")),
		found(tooMany, jpeg, "Progressive JPEG of 61 megapixels", run("pamscale -nomix -width 7800 -height 7821 @grey | cjpeg -progressive -quality 50 -outfile out.jpg")),
		found(tooMany, png, "PNG of 61 megapixels", run("pamscale -nomix -width 7800 -height 7821 @bilevel | pamtopng > out.png")),
		found(tooMany, bmp, "BMP of 61 megapixels, 1 bit", run("pbmmake -gray 7800 7821 | ppmtobmp > out.bmp")).and(preflight.CodeDocumentLarge),
		found(tooMany, bmp, "BMP that says to have 61 megapixels, run lengths", join("@rle"), edit(widened), bitmap(bmpV3, 8, bmpRLE8)),
		found(tooMany, png, "PNG of 900 megapixels in a few kilobytes", run("pbmmake -white 30000 30000 | pamtopng > out.png")),
	}
}

// padJPEG makes a JPEG of that many bytes by comments behind its first marker.
func padJPEG(size int) func([]byte) []byte {
	return func(content []byte) []byte {
		const most, marker = 0xffff + 2, 4
		padded := append(make([]byte, 0, size), content[:2]...)
		for left := size - len(content); left > 0; {
			n := min(left, most)
			// What is left has to have room for a marker.
			if rest := left - n; rest > 0 && rest < marker {
				n -= marker
			}
			comment := bytes.Repeat([]byte("SAMPLE "), n/7+1)[:n]
			copy(comment, "\xff\xfe")
			binary.BigEndian.PutUint16(comment[2:], uint16(n-2))
			padded = append(padded, comment...)
			left -= n
		}
		return append(padded, content[2:]...)
	}
}

// padPDF makes a PDF of that many bytes by a comment before its end.
func padPDF(size int) func([]byte) []byte {
	return func(content []byte) []byte {
		at := bytes.LastIndex(content, []byte("startxref"))
		lines := strings.Repeat("% SAMPLE, made longer\n", size/22+1)
		padding := "%" + lines[len(lines)-(size-len(content)-1):]
		return append(append(content[:at:at], padding...), content[at:]...)
	}
}

// widened has a bitmap say that it is larger than its run lengths fill.
func widened(content []byte) []byte {
	const widthAt, heightAt = 18, 22
	binary.LittleEndian.PutUint32(content[widthAt:], 7800)
	binary.LittleEndian.PutUint32(content[heightAt:], 7821)
	return content
}
