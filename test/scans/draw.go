// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package scans

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
)

// The sizes of scans in pixels: what an office scanner makes of a certificate (A4)
// and of a card, at some 100 and 250 dots per inch.
var (
	PageSize = image.Pt(1240, 877)
	CardSize = image.Pt(1280, 806)
)

var (
	paper     = color.RGBA{R: 0xf7, G: 0xf4, B: 0xe9, A: 0xff}
	ink       = color.RGBA{R: 0x30, G: 0x30, B: 0x38, A: 0xff}
	frame     = color.RGBA{R: 0xa8, G: 0x2a, B: 0x2a, A: 0xff}
	watermark = color.NRGBA{R: 0xd0, G: 0x10, B: 0x10, A: 0x60}
)

// Draw draws a document that nobody can take for a real one, as PNG. Grain, from 0
// to 255, is the noise of a photograph: it makes the file large.
func Draw(size image.Point, title string, lines []string, grain int) ([]byte, error) {
	page := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(page, page.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	if grain > 0 {
		addGrain(page, grain)
	}
	drawFrame(page)
	write(page, title, 90, 80, 4, 0, ink)
	for i, line := range lines {
		write(page, line, 90, 210+float64(i)*70, 2.4, 0, ink)
	}
	for y := 0.35; y < 1.2; y += 0.4 {
		write(page, "SAMPLE * SAMPLE", float64(size.X)*0.08, float64(size.Y)*y, 10, -math.Pi/9, watermark)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, page); err != nil {
		return nil, fmt.Errorf("draw the sample %q: %w", title, err)
	}
	return out.Bytes(), nil
}

// addGrain is the same each time: what is filed in one run is what is filed in the next.
func addGrain(page *image.RGBA, grain int) {
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range page.Pix {
		if i%4 != 3 {
			page.Pix[i] -= uint8(noise.IntN(grain))
		}
	}
}

func drawFrame(page *image.RGBA) {
	const margin, width = 40, 6
	outer := page.Bounds().Inset(margin)
	for _, bar := range []image.Rectangle{
		{outer.Min, image.Pt(outer.Max.X, outer.Min.Y+width)},
		{image.Pt(outer.Min.X, outer.Max.Y-width), outer.Max},
		{outer.Min, image.Pt(outer.Min.X+width, outer.Max.Y)},
		{image.Pt(outer.Max.X-width, outer.Min.Y), outer.Max},
	} {
		draw.Draw(page, bar, image.NewUniform(frame), image.Point{}, draw.Src)
	}
}

// write puts text at a point, scaled and turned. The font has one size, so that the
// text is drawn small first.
func write(page draw.Image, text string, x, y, scale, angle float64, ink color.Color) {
	face := basicfont.Face7x13
	small := image.NewRGBA(image.Rect(0, 0, face.Advance*len(text), face.Height))
	drawer := font.Drawer{Dst: small, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(0, face.Ascent)}
	drawer.DrawString(text)
	sin, cos := math.Sincos(angle)
	place := f64.Aff3{scale * cos, -scale * sin, x, scale * sin, scale * cos, y}
	draw.BiLinear.Transform(page, place, small, small.Bounds(), draw.Over, nil)
}
