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

// kindsByType are the names that people know the commonest other files by.
// The first prefix that fits counts.
var kindsByType = []struct{ prefix, kind string }{
	{"application/octet-stream", "a file of no known format"},
	{"image/heic", "a HEIC photo"},
	{"image/heif", "a HEIF photo"},
	{"image/avif", "an AVIF image"},
	{"image/webp", "a WebP image"},
	{"image/gif", "a GIF image"},
	{"image/tiff", "a TIFF image"},
	{"image/svg", "an SVG drawing"},
	{"image/", "an image of another format"},
	{"application/msword", "a Word document"},
	{"application/vnd.ms-", "an Office document"},
	{"application/vnd.openxmlformats-officedocument.", "an Office document"},
	{"application/vnd.oasis.opendocument.", "an OpenDocument file"},
	{"application/x-ole-storage", "an Office document"},
	{"application/postscript", "a PostScript file"},
	{"application/zip", "a ZIP archive (Office documents are such too)"},
	{"text/", "a text file"},
	{"video/", "a video"},
	{"audio/", "a sound file"},
}

// sniff returns the accepted format that content begins as, or what else it is.
func sniff(content []byte) (format Format, kind string) {
	if isOS2Bitmap(content) {
		return FormatBMP, ""
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
	return "", "a file of another format"
}

// isOS2Bitmap knows the bitmaps of OS/2 1.x, whose header of 12 bytes the library
// does not count as one.
func isOS2Bitmap(content []byte) bool {
	const headerSizeAt, coreHeaderSize = 14, 12
	return len(content) >= headerSizeAt+coreHeaderSize && bytes.HasPrefix(content, []byte("BM")) &&
		binary.LittleEndian.Uint32(content[headerSizeAt:]) == coreHeaderSize
}
