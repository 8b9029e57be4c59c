// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"errors"
	"image"
	"image/color"
	"io"
)

const (
	// MaxPixels is the most that an image may have: more is decoded by nobody.
	// 48 megapixels are a phone's best, 35 an A4 page at 600 dots per inch.
	MaxPixels = 60_000_000

	// MinShortSide in pixels: what is smaller cannot be read.
	MinShortSide = 200

	// LegibleShortSide in pixels: a card at 300 dots per inch has 638, an A4 page 2480.
	LegibleShortSide = 800
)

// judgeSize judges an image's size in pixels, and tells whether it may be decoded.
func judgeSize(width, height int, result *Result) bool {
	result.Width, result.Height = width, height
	switch short := min(width, height); {
	case width <= 0 || height <= 0:
		result.add(Damaged)
		return false
	case int64(width)*int64(height) > MaxPixels:
		result.add(TooManyPixels)
		return false
	case short < MinShortSide:
		result.add(TooFewPixels)
		// A row as long as this would take more memory than any legible image's.
		return max(width, height) <= MaxPixels/MinShortSide
	case short < LegibleShortSide:
		result.add(FewPixels)
	}
	return true
}

// judgeDecoding says what an error of decoding means; nil is none.
func judgeDecoding(err error, result *Result) {
	switch {
	case err == nil:
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		result.add(Truncated)
	default:
		result.add(Damaged)
	}
}

// judgePicture judges what a library decoded, or its error.
func judgePicture(picture image.Image, err error, result *Result) {
	if err != nil {
		judgeDecoding(err, result)
		return
	}
	var seen span
	if seen.addImage(picture); !seen.shows() {
		result.add(Blank)
	}
}

// span is the range of luminance seen so far, of 16 bits.
type span struct {
	darkest, brightest uint16
	seen               bool
}

// blankRange is 2 % of full scale: what differs less is not seen.
const blankRange = 0xffff * 2 / 100

func (s *span) add(luminance uint16) {
	if !s.seen {
		s.darkest, s.brightest, s.seen = luminance, luminance, true
		return
	}
	s.darkest, s.brightest = min(s.darkest, luminance), max(s.brightest, luminance)
}

// add8 adds a luminance of 8 bits.
func (s *span) add8(luminance uint8) { s.add(uint16(luminance) * 0x101) }

// addColor adds a colour on white paper.
func (s *span) addColor(c color.Color) { s.add(onWhite(c.RGBA())) }

// shows tells whether something can be seen already; whatever comes, that stays so.
func (s *span) shows() bool { return s.seen && s.brightest-s.darkest > blankRange }

// onWhite is the luminance of a premultiplied colour on white paper, by the weights of
// ITU-R BT.601.
func onWhite(r, g, b, a uint32) uint16 {
	return uint16((19595*r+38470*g+7471*b+1<<15)>>16 + 0xffff - a)
}

// addImage adds an image's pixels until something shows.
func (s *span) addImage(picture image.Image) {
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y && !s.shows(); y++ {
		switch p := picture.(type) {
		case *image.Gray:
			s.addBytes(p.Pix[p.PixOffset(bounds.Min.X, y):][:bounds.Dx()])
		case *image.YCbCr:
			s.addBytes(p.Y[p.YOffset(bounds.Min.X, y):][:bounds.Dx()])
		case *image.Paletted:
			s.addIndexes(p.Pix[p.PixOffset(bounds.Min.X, y):][:bounds.Dx()], p.Palette)
		default:
			for x := bounds.Min.X; x < bounds.Max.X; x++ {
				s.addColor(p.At(x, y))
			}
		}
	}
}

func (s *span) addBytes(luminances []uint8) {
	for _, luminance := range luminances {
		s.add8(luminance)
	}
}

// addIndexes adds colours of a palette, each once.
func (s *span) addIndexes(indexes []uint8, palette color.Palette) {
	var used [256]bool
	for _, index := range indexes {
		used[index] = true
	}
	for index, c := range palette {
		if used[index] {
			s.addColor(c)
		}
	}
}
