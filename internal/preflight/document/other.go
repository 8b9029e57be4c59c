// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// markersOfOthers are what makes programs take an image for something else, where it
// stands in the first KiB: PDF readers look that far, browsers half of it.
var markersOfOthers = [][]byte{
	[]byte("%PDF-"), []byte("<html"), []byte("<!doctype html"), []byte("<script"), []byte("<?php"), []byte("<svg"),
}

const markerRange = 1 << 10

// judgeOtherFormats adds Polyglot to an image that ends at end and is also
// something else: by a marker at its beginning, or by what follows it. What
// cameras append is left alone.
func judgeOtherFormats(content Content, end int64, result *Result) {
	head, err := readAt(content, 0, markerRange)
	if err != nil {
		result.add(Unreadable)
		return
	}
	head = bytes.ToLower(head)
	for _, marker := range markersOfOthers {
		if bytes.Contains(head, bytes.ToLower(marker)) {
			result.add(Polyglot)
		}
	}
	judgeTail(content, end, result)
}

// judgeTail adds Polyglot where what follows an accepted file that ends at end is a
// file of its own.
func judgeTail(content Content, end int64, result *Result) {
	tail, err := readAt(content, end, sniffSize)
	if err != nil {
		result.add(Unreadable)
		return
	}
	if !isHarmless(tail, cameraTypes) || endsAsZIP(content) {
		result.add(Polyglot)
	}
}

// judgeAroundPDF adds Polyglot to a PDF that stands within another file. Readers look
// for its header in the first KiB, and for its end from behind; what printers and
// mail programs leave around it is left alone.
func judgeAroundPDF(content Content, head []byte, result *Result) {
	front, _, _ := bytes.Cut(head, []byte("%PDF-"))
	if !isHarmless(front, nameless) || endsAsZIP(content) {
		result.add(Polyglot)
		return
	}
	from := max(0, content.Size()-sniffSize)
	back, err := readAt(content, from, sniffSize)
	if err != nil {
		result.add(Unreadable)
		return
	}
	if end := bytes.LastIndex(back, []byte("%%EOF")); end >= 0 && !isHarmless(back[end+len("%%EOF"):], nameless) {
		result.add(Polyglot)
	}
}

// nameless is what is no file of its own: notes in text or binary.
var nameless = []string{"text/plain", "application/octet-stream"}

// cameraTypes are what cameras and phones append to their photos besides: previews
// and gain maps (JPEG), motion photos (MP4), notes in JSON and XML.
var cameraTypes = append([]string{"image/jpeg", "video/mp4", "video/quicktime", "application/json", "text/xml"}, nameless...)

// isHarmless tells whether data is nothing but padding, or of one of the types.
func isHarmless(data []byte, types []string) bool {
	data = bytes.TrimLeft(data, "\x00 \t\r\n")
	if len(data) == 0 {
		return true
	}
	detected, _, _ := strings.Cut(mimetype.Detect(data).String(), ";")
	return slices.Contains(types, detected)
}

// endsAsZIP tells whether programs that open archives would open the content: they
// look for the archive's directory from the end, and do not mind what stands in front.
// An archive that is attached to a PDF ends before the PDF does.
func endsAsZIP(content Content) bool {
	const endRecord, longestComment, directoryEntry = 22, 0xffff, "PK\x01\x02"
	tail, err := readAt(content, max(0, content.Size()-endRecord-longestComment), endRecord+longestComment)
	if err != nil {
		return false
	}
	for at := bytes.LastIndex(tail, []byte("PK\x05\x06")); at >= 0; at = bytes.LastIndex(tail[:at], []byte("PK\x05\x06")) {
		record := tail[at:]
		if len(record) < endRecord || len(record) != endRecord+int(binary.LittleEndian.Uint16(record[20:])) {
			continue
		}
		entries, size := binary.LittleEndian.Uint16(record[10:]), int64(binary.LittleEndian.Uint32(record[12:]))
		directoryAt := content.Size() - int64(len(record)) - size
		if directory, err := readAt(content, directoryAt, 4); entries > 0 && directoryAt >= 0 && err == nil && string(directory) == directoryEntry {
			return true
		}
	}
	return false
}
