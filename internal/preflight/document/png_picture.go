// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"encoding/binary"
	"slices"
)

// pngColor is a PNG's colour type (PNG specification, table 11.1).
type pngColor byte

const (
	pngGray      pngColor = 0
	pngTrueColor pngColor = 2
	pngPalette   pngColor = 3
	pngGrayAlpha pngColor = 4
	pngTrueAlpha pngColor = 6
)

// pngDepths are the bits a sample that a colour type allows.
var pngDepths = map[pngColor][]int{
	pngGray: {1, 2, 4, 8, 16}, pngTrueColor: {8, 16}, pngPalette: {1, 2, 4, 8}, pngGrayAlpha: {8, 16}, pngTrueAlpha: {8, 16},
}

var pngSamples = map[pngColor]int{pngGray: 1, pngTrueColor: 3, pngPalette: 1, pngGrayAlpha: 2, pngTrueAlpha: 4}

// pngPicture is what the header and the palette say.
type pngPicture struct {
	width, height int
	depth         int
	scale         uint32 // makes 16 bits of a sample
	color         pngColor
	interlaced    bool
	palette       []uint16 // luminances
}

// parsePNGHeader reads the data of an IHDR chunk.
func parsePNGHeader(data []byte) (*pngPicture, error) {
	const dataSize, maxSide = 13, 1<<31 - 1
	if len(data) != dataSize {
		return nil, errPNG
	}
	width, height := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
	p := &pngPicture{depth: int(data[8]), color: pngColor(data[9]), interlaced: data[12] == 1}
	if width > maxSide || height > maxSide || !slices.Contains(pngDepths[p.color], p.depth) ||
		data[10] != 0 || data[11] != 0 || data[12] > 1 {
		return nil, errPNG
	}
	p.width, p.height, p.scale = int(width), int(height), 0xffff/(1<<p.depth-1)
	return p, nil
}

// setPalette takes the data of a PLTE chunk.
func (p *pngPicture) setPalette(data []byte) error {
	if len(data) == 0 || len(data)%3 != 0 || len(data) > 3*256 {
		return errPNG
	}
	p.palette = p.palette[:0]
	for ; len(data) > 0; data = data[3:] {
		p.palette = append(p.palette, onWhite(by257(data[0]), by257(data[1]), by257(data[2]), 0xffff))
	}
	return nil
}

// setTransparency takes the data of a palette's tRNS chunk: an opacity for each of its
// first colours. Of other pictures one colour may be transparent, which is not
// looked at.
func (p *pngPicture) setTransparency(data []byte) {
	if p.color != pngPalette {
		return
	}
	for i := range min(len(data), len(p.palette)) {
		p.palette[i] = over(uint32(p.palette[i]), by257(data[i]))
	}
}

func (p *pngPicture) bitsPerPixel() int { return p.depth * pngSamples[p.color] }

// pngPass is the size of a pass.
type pngPass struct{ width, height int }

// passes of Adam7 (PNG specification, 8.2), of which some may be empty, or the one of
// a picture that is not interlaced.
func (p *pngPicture) passes() []pngPass {
	if !p.interlaced {
		return []pngPass{{p.width, p.height}}
	}
	passes := make([]pngPass, 0, 7)
	for _, grid := range [...]struct{ x, y, dx, dy int }{
		{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
	} {
		passes = append(passes, pngPass{steps(p.width, grid.x, grid.dx), steps(p.height, grid.y, grid.dy)})
	}
	return passes
}

// steps is how many of first, first+step, … are below size.
func steps(size, first, step int) int { return max(0, (size-first+step-1)/step) }

// addRow adds the luminances of a row of width pixels.
func (p *pngPicture) addRow(row []byte, width int, seen *span) {
	for x := range width {
		seen.add(p.luminance(row, x))
	}
}

func (p *pngPicture) luminance(row []byte, x int) uint16 {
	at := x * pngSamples[p.color]
	switch p.color {
	case pngGray:
		return uint16(p.sample(row, at))
	case pngPalette:
		if index := int(p.raw(row, at)); index < len(p.palette) {
			return p.palette[index]
		}
		return 0 // as other programs show an index beyond the palette
	case pngGrayAlpha:
		return over(p.sample(row, at), p.sample(row, at+1))
	case pngTrueColor:
		return onWhite(p.sample(row, at), p.sample(row, at+1), p.sample(row, at+2), 0xffff)
	default:
		luminance := onWhite(p.sample(row, at), p.sample(row, at+1), p.sample(row, at+2), 0xffff)
		return over(uint32(luminance), p.sample(row, at+3))
	}
}

// raw returns a row's sample i as it is stored.
func (p *pngPicture) raw(row []byte, i int) uint32 {
	switch p.depth {
	case 8:
		return uint32(row[i])
	case 16:
		return uint32(row[2*i])<<8 | uint32(row[2*i+1])
	default:
		bit := i * p.depth
		return uint32(row[bit/8]) >> (8 - p.depth - bit%8) & (1<<p.depth - 1)
	}
}

// sample returns a row's sample i in 16 bits.
func (p *pngPicture) sample(row []byte, i int) uint32 { return p.raw(row, i) * p.scale }

func by257(b byte) uint32 { return uint32(b) * 0x101 }

// over is a luminance of an opacity on white paper, both of 16 bits.
func over(luminance, opacity uint32) uint16 {
	if opacity == 0xffff {
		return uint16(luminance)
	}
	return uint16((luminance*opacity + 0xffff*(0xffff-opacity)) / 0xffff)
}
