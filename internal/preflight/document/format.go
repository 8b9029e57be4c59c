// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// Format is a file format that the registrars accept (FAQ Q4).
type Format string

const (
	// FormatJPEG is jpg and jpeg.
	FormatJPEG Format = "jpeg"
	// FormatPNG is png.
	FormatPNG Format = "png"
	// FormatBMP is bmp.
	FormatBMP Format = "bmp"
	// FormatPDF is pdf.
	FormatPDF Format = "pdf"
)

// IsImage tells whether a file of this format shows one page and no more.
func (f Format) IsImage() bool {
	return f == FormatJPEG || f == FormatPNG || f == FormatBMP
}

// sniffSize is how much of a file's beginning is looked at, in bytes. It is the
// library's own limit. With more it would tell Office files from archives more often,
// at the price of parsing more of what may be hostile (GHSA-jjmc-jx7j-hp68), and
// for a finer word alone: neither is accepted.
const sniffSize = 4 << 10

// formatsByType are the accepted formats by what the library calls them.
var formatsByType = map[string]Format{
	"image/jpeg":      FormatJPEG,
	"image/png":       FormatPNG,
	"image/bmp":       FormatBMP,
	"application/pdf": FormatPDF,
}

// Kind is what a file of no accepted format is, as far as its beginning tells. Each
// has a cure of its own.
type Kind string

const (
	// KindHEIC is a photo of a phone: HEIC, HEIF, AVIF.
	KindHEIC Kind = "HEIC"
	// KindWebP is a WebP image.
	KindWebP Kind = "WebP"
	// KindGIF is a GIF image.
	KindGIF Kind = "GIF"
	// KindTIFF is a TIFF image.
	KindTIFF Kind = "TIFF"
	// KindImage is an image of another format.
	KindImage Kind = "Image"
	// KindOffice is a document of a word processor, a spreadsheet or slides.
	KindOffice Kind = "Office"
	// KindArchive is a file of files.
	KindArchive Kind = "Archive"
	// KindText is text, and what is written as text: HTML, PostScript.
	KindText Kind = "Text"
	// KindUnknown is none of these.
	KindUnknown Kind = "Unknown"
)

// kindsByType are the kinds by the beginnings of what the library calls them. The
// first that fits counts.
var kindsByType = []struct {
	prefix string
	kind   Kind
}{
	{"image/heic", KindHEIC},
	{"image/heif", KindHEIC},
	{"image/avif", KindHEIC},
	{"image/webp", KindWebP},
	{"image/gif", KindGIF},
	{"image/tiff", KindTIFF},
	{"image/svg", KindText},
	{"image/", KindImage},
	{"application/msword", KindOffice},
	{"application/vnd.ms-", KindOffice},
	{"application/vnd.openxmlformats-officedocument.", KindOffice},
	{"application/vnd.oasis.opendocument.", KindOffice},
	{"application/x-ole-storage", KindOffice},
	{"text/rtf", KindOffice},
	{"application/postscript", KindText},
	{"application/zip", KindArchive},
	{"application/gzip", KindArchive},
	{"application/x-7z-compressed", KindArchive},
	{"application/x-rar-compressed", KindArchive},
	{"application/x-tar", KindArchive},
	{"text/", KindText},
}

// sniff returns the accepted format that content begins as, or what else it is.
func sniff(content []byte) (Format, Kind) {
	if isOS2Bitmap(content) {
		return FormatBMP, ""
	}
	if isBigTIFF(content) {
		return "", KindTIFF
	}
	detected := mimetype.Detect(content)
	// A special case of an accepted format (an animated PNG) is one too.
	for t := detected; t != nil; t = t.Parent() {
		if format, ok := formatsByType[t.String()]; ok {
			return format, ""
		}
	}
	for _, known := range kindsByType {
		if strings.HasPrefix(detected.String(), known.prefix) {
			return "", known.kind
		}
	}
	return "", KindUnknown
}

// isOS2Bitmap knows the bitmaps of OS/2 1.x, whose header of 12 bytes the library
// does not count as one.
func isOS2Bitmap(content []byte) bool {
	const headerSizeAt, coreHeaderSize = 14, 12
	return len(content) >= headerSizeAt+coreHeaderSize && bytes.HasPrefix(content, []byte("BM")) &&
		binary.LittleEndian.Uint32(content[headerSizeAt:]) == coreHeaderSize
}

// isBigTIFF knows the TIFF images of more than 4 GiB, and those that need not have been
// such, which the library does not.
func isBigTIFF(content []byte) bool {
	return bytes.HasPrefix(content, []byte("II+\x00")) || bytes.HasPrefix(content, []byte("MM\x00+"))
}
