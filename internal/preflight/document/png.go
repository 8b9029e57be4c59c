// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"io"
)

// inspectPNG judges a PNG row by row. image/png holds all pixels at once, of up to 8
// bytes each, which is half a gigabyte for the largest that are accepted; here it
// is two rows.
func inspectPNG(content Content, result *Result) {
	chunks := newPNGChunks(bufio.NewReaderSize(reader(content), 64<<10))
	picture, err := chunks.readHeader()
	if err != nil {
		judgeDecoding(err, result)
		return
	}
	if !judgeSize(picture.width, picture.height, result) {
		return
	}
	var seen span
	end, err := picture.decode(chunks, &seen)
	if err != nil {
		judgeDecoding(err, result)
		return
	}
	judgeOtherFormats(content, end, result)
	if !seen.shows() {
		result.add(Blank)
	}
}

var errPNG = errors.New("not the structure of a PNG")

// decode reads the picture to its end, and returns the offset behind it.
func (p *pngPicture) decode(chunks *pngChunks, seen *span) (end int64, err error) {
	if err := chunks.toPixels(p); err != nil {
		return 0, err
	}
	pixels, err := zlib.NewReader(chunks)
	if err != nil {
		return 0, chunks.reason(err)
	}
	for _, pass := range p.passes() {
		if err := p.readPass(pixels, pass, seen); err != nil {
			return 0, chunks.reason(err)
		}
	}
	// The checksum stands behind the last row. A byte more is one too many.
	var more [1]byte
	if n, err := io.ReadFull(pixels, more[:]); n > 0 || !errors.Is(err, io.EOF) {
		return 0, chunks.reason(err)
	}
	return chunks.toEnd()
}

// readPass reads the rows of one pass: all of the picture, or a seventh of it that
// is interlaced.
func (p *pngPicture) readPass(pixels io.Reader, pass pngPass, seen *span) error {
	if pass.width == 0 || pass.height == 0 {
		return nil
	}
	rowSize := (pass.width*p.bitsPerPixel() + 7) / 8
	// The first byte of a row names its filter.
	row, above := make([]byte, 1+rowSize), make([]byte, 1+rowSize)
	for y := range pass.height {
		if _, err := io.ReadFull(pixels, row); err != nil {
			return err
		}
		if err := unfilter(row[0], row[1:], above[1:], max(1, p.bitsPerPixel()/8)); err != nil {
			return err
		}
		// What is blank mostly repeats itself.
		if !seen.shows() && (y == 0 || !bytes.Equal(row[1:], above[1:])) {
			p.addRow(row[1:], pass.width, seen)
		}
		row, above = above, row
	}
	return nil
}

// unfilter undoes a row's filter (PNG specification, 9.2). before is the distance in
// bytes to the pixel on the left.
func unfilter(filter byte, row, above []byte, before int) error {
	switch filter {
	case 0:
	case 1:
		for i := before; i < len(row); i++ {
			row[i] += row[i-before]
		}
	case 2:
		for i, up := range above[:len(row)] {
			row[i] += up
		}
	case 3:
		for i := range min(before, len(row)) {
			row[i] += above[i] / 2
		}
		for i := before; i < len(row); i++ {
			row[i] += byte((int(row[i-before]) + int(above[i])) / 2)
		}
	case 4:
		unfilterPaeth(row, above, before)
	default:
		return errPNG
	}
	return nil
}

// unfilterPaeth goes over each byte of the pixels by itself, so that the neighbours are
// at hand: it is the filter of most rows of a photo, and half of the time that a PNG takes.
func unfilterPaeth(row, above []byte, before int) {
	above = above[:len(row)]
	for first := range before {
		left, leftUp := 0, 0
		for i := first; i < len(row); i += before {
			up := int(above[i])
			left = (int(row[i]) + nearest(left, up, leftUp)) & 0xff
			row[i] = byte(left)
			leftUp = up
		}
	}
}

// nearest is the neighbour that is nearest to left + up − leftUp, in this order.
func nearest(left, up, leftUp int) int {
	toLeft, toUp := up-leftUp, left-leftUp
	toLeftUp := abs(toLeft + toUp)
	toLeft, toUp = abs(toLeft), abs(toUp)
	if toLeft <= toUp && toLeft <= toLeftUp {
		return left
	}
	if toUp <= toLeftUp {
		return up
	}
	return leftUp
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
