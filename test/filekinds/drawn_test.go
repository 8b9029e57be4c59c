// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"path/filepath"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

const (
	// scanWidth and scanHeight of the drawn scan: A4 with a short side that calls for
	// no warning, in whole blocks of JPEG.
	scanWidth, scanHeight = 848, 1200
)

// drawn is a picture in one of Netpbm's formats, drawn here: what tells one kind from
// another is the program that reads it.
func drawn(depth string, picture func() *image.RGBA) step {
	return step{do: func(_ *bench, folder string) error {
		file, err := os.Create(filepath.Join(folder, "out.pnm"))
		if err != nil {
			return err
		}
		defer file.Close()
		w := bufio.NewWriter(file)
		encoders[depth](w, picture())
		return w.Flush()
	}}
}

var encoders = map[string]func(*bufio.Writer, *image.RGBA){
	"colour":  encodePPM,
	"grey":    encodePGM,
	"bilevel": encodePBM,
}

func encodePPM(w *bufio.Writer, picture *image.RGBA) {
	fmt.Fprintf(w, "P6\n%d %d\n255\n", picture.Rect.Dx(), picture.Rect.Dy())
	for i := 0; i < len(picture.Pix); i += 4 {
		w.Write(picture.Pix[i : i+3])
	}
}

func encodePGM(w *bufio.Writer, picture *image.RGBA) {
	fmt.Fprintf(w, "P5\n%d %d\n255\n", picture.Rect.Dx(), picture.Rect.Dy())
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			w.WriteByte(grey(picture, x, y))
		}
	}
}

func encodePBM(w *bufio.Writer, picture *image.RGBA) {
	fmt.Fprintf(w, "P4\n%d %d\n", picture.Rect.Dx(), picture.Rect.Dy())
	for y := range picture.Rect.Dy() {
		row := make([]byte, (picture.Rect.Dx()+7)/8)
		for x := range picture.Rect.Dx() {
			if grey(picture, x, y) < 128 {
				row[x/8] |= 0x80 >> (x % 8)
			}
		}
		w.Write(row)
	}
}

func grey(picture *image.RGBA, x, y int) byte {
	return color.GrayModel.Convert(picture.RGBAAt(x, y)).(color.Gray).Y
}

// scan is what a scanner makes of a sheet: paper that is nowhere quite white, print,
// and a red seal.
func scan() *image.RGBA {
	sheet := paper(250, 2)()
	shade(sheet)
	for i, line := range []string{
		"SAMPLE", "BUSINESS LICENCE (NOT A REAL ONE)", "", "Name      Sample Trading Co., Ltd.", "Type      limited liability company",
		"Address   1 Sample Road, Sample City", "Scope     drawn by a test, to be scanned by another", "", "THIS IS A SAMPLE",
	} {
		print2x(sheet, line, 60, 120+i*60)
	}
	seal(sheet, image.Pt(600, 900), 130)
	return sheet
}

// paper is an empty sheet, its brightness spread over that many steps.
func paper(brightest, spread int) func() *image.RGBA {
	return func() *image.RGBA {
		random := rand.New(rand.NewPCG(1, 2))
		sheet := image.NewRGBA(image.Rect(0, 0, scanWidth, scanHeight))
		for y := range scanHeight {
			for x := range scanWidth {
				level := func() uint8 { return uint8(brightest - random.IntN(spread)) }
				sheet.SetRGBA(x, y, color.RGBA{level(), level(), level(), 255})
			}
		}
		return sheet
	}
}

// shade darkens a sheet from left to right, as by a yellow lamp at one side.
func shade(sheet *image.RGBA) {
	depths := []int{20, 24, 28}
	for i := range sheet.Pix {
		if channel := i % 4; channel < len(depths) {
			sheet.Pix[i] -= uint8(i / 4 % scanWidth * depths[channel] / scanWidth)
		}
	}
}

// print2x prints a line with each pixel of the letters doubled.
func print2x(sheet *image.RGBA, line string, left, top int) {
	face := basicfont.Face7x13
	small := image.NewGray(image.Rect(0, 0, max(1, len(line)*face.Advance), face.Height))
	drawer := font.Drawer{Dst: small, Src: image.White, Face: face, Dot: fixed.P(0, face.Ascent)}
	drawer.DrawString(line)
	for y := range 2 * small.Rect.Dy() {
		for x := range 2 * small.Rect.Dx() {
			if small.GrayAt(x/2, y/2).Y > 0 {
				sheet.SetRGBA(left+x, top+y, color.RGBA{30, 28, 35, 255})
			}
		}
	}
}

// seal is a red ring.
func seal(sheet *image.RGBA, centre image.Point, radius int) {
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			if d := x*x + y*y; d <= radius*radius && d >= (radius-14)*(radius-14) {
				sheet.SetRGBA(centre.X+x, centre.Y+y, color.RGBA{200, 30, 40, 255})
			}
		}
	}
}
