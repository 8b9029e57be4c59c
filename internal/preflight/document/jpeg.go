// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"errors"
	"image/jpeg"
)

// inspectJPEG judges a JPEG: its structure first, then, where that costs no more
// than it should, its pixels.
func inspectJPEG(content Content, result *Result) {
	structure, err := readJPEGStructure(content)
	if err != nil {
		judgeDecoding(err, result)
		return
	}
	if !judgeSize(structure.width, structure.height, result) {
		return
	}
	judgeOtherFormats(content, structure.end, result)
	switch {
	case !structure.ordinary():
		result.add(VariantNotAccepted)
		return
	case 8*structure.end < structure.samples()/64:
		// No block of 8 × 8 samples takes less than a bit.
		result.add(Truncated)
		return
	case structure.blocks > maxJPEGWork:
		result.add(Expands)
		return
	case structure.memory() > maxJPEGMemory:
		result.add(NotDecoded)
		return
	}
	decodeJPEG(content, structure, result)
}

func decodeJPEG(content Content, structure *jpegStructure, result *Result) {
	picture, err := jpeg.Decode(reader(content))
	if err != nil && beyondLibrary(err, structure) {
		result.add(NotDecoded)
		return
	}
	judgePicture(picture, err, result)
}

// beyondLibrary tells whether it may be image/jpeg that fails, and not the file: it
// does not know some ways to sample colours, and counts restarts in the blocks of all
// components also where a scan is of one.
func beyondLibrary(err error, structure *jpegStructure) bool {
	unsupported, malformed := jpeg.UnsupportedError(""), jpeg.FormatError("")
	return errors.As(err, &unsupported) || errors.As(err, &malformed) && structure.restarts && structure.scans > 1
}

// maxJPEGWork bounds the time that decoding takes: the blocks of 8 × 8 pixels, each
// as often as a scan of a progressive image goes over it. An ordinary encoder makes
// 10 scans of a progressive image; this is 16 of the largest, in full colour.
const maxJPEGWork = 16 * 3 * MaxPixels / 64

// maxJPEGMemory is how much decoding may take, in bytes: an A4 page at 300 dots per inch
// in full colour as a progressive image, 60 megapixels as a phone's camera makes them.
const maxJPEGMemory = 126 << 20
