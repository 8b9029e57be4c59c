// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"github.com/jsummers/gobmp"
)

// inspectBMP judges a bitmap of Windows or OS/2. At its size limit only bitmaps of few
// colours can have many pixels, and those decode to a byte each.
func inspectBMP(content Content, result *Result) {
	header, err := readBMPHeader(content)
	if err != nil {
		judgeDecoding(err, result)
		return
	}
	if !judgeSize(header.width, header.height, result) {
		return
	}
	if header.end > content.Size() {
		result.add(Truncated)
		return
	}
	judgeOtherFormats(content, header.end, result)
	picture, err := gobmp.Decode(bufio.NewReader(reader(content)))
	if unsupported := gobmp.UnsupportedError(""); errors.As(err, &unsupported) {
		result.add(VariantNotAccepted)
		return
	}
	judgePicture(picture, err, result)
}

const (
	bmpFileHeaderSize = 14
	bmpCoreHeaderSize = 12 // OS/2 1.x
	bmpInfoHeaderSize = 40 // Windows; what is newer begins alike
)

// bmpHeader is what a bitmap says of itself.
type bmpHeader struct {
	width, height int
	// end is the offset behind it. The library takes a compressed one that ends before
	// for a whole one.
	end int64
}

func readBMPHeader(content Content) (*bmpHeader, error) {
	b, err := readAt(content, 0, bmpFileHeaderSize+bmpInfoHeaderSize)
	if err != nil {
		return nil, err
	}
	if len(b) < bmpFileHeaderSize+bmpCoreHeaderSize {
		return nil, io.ErrUnexpectedEOF
	}
	bitsAt, info := int64(binary.LittleEndian.Uint32(b[10:])), b[bmpFileHeaderSize:]
	if binary.LittleEndian.Uint32(info) == bmpCoreHeaderSize {
		h := &bmpHeader{width: word(info[4:]), height: word(info[6:])}
		h.end = bitsAt + h.bits(word(info[10:]))
		return h, nil
	}
	if len(info) < bmpInfoHeaderSize {
		return nil, io.ErrUnexpectedEOF
	}
	// A negative height is of rows from top to bottom.
	h := &bmpHeader{width: signed(info[4:]), height: abs(signed(info[8:]))}
	const uncompressed, bitFields = 0, 3
	switch compression, size := binary.LittleEndian.Uint32(info[16:]), int64(binary.LittleEndian.Uint32(info[20:])); {
	case compression == uncompressed, compression == bitFields:
		h.end = bitsAt + h.bits(word(info[14:]))
	case size > 0:
		h.end = bitsAt + size
	default: // it does not say
		h.end = content.Size()
	}
	return h, nil
}

// bits is the size of its pixels in bytes, where they are not compressed: rows end
// at multiples of 4 bytes.
func (h *bmpHeader) bits(depth int) int64 {
	return ceil(int64(h.width)*int64(depth), 32) * 4 * int64(h.height)
}

func word(b []byte) int { return int(binary.LittleEndian.Uint16(b)) }

func signed(b []byte) int { return int(int32(binary.LittleEndian.Uint32(b))) }
