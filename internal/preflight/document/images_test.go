// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"image"
	"image/color"
	"testing"
)

var formats = map[Format]func(testing.TB, image.Image) []byte{FormatJPEG: asJPEG, FormatPNG: asPNG, FormatBMP: asBMP}

func TestAnImageNeedsPixelsEnoughToBeRead(t *testing.T) {
	for _, test := range []struct {
		width, height int
		want          []Problem
	}{
		{800, 800, nil},
		{799, 801, []Problem{FewPixels}},
		{801, 799, []Problem{FewPixels}},
		{200, 300, []Problem{FewPixels}},
		{199, 500, []Problem{TooFewPixels}},
		{500, 199, []Problem{TooFewPixels}},
		{1, 300, []Problem{TooFewPixels}},
	} {
		for format, encode := range formats {
			got := inspect(encode(t, page(test.width, test.height)))
			if len(got.Problems) != len(test.want) || len(test.want) > 0 && !got.Has(test.want[0]) {
				t.Errorf("%s of %d × %d: got %v, want %v", format, test.width, test.height, got.Problems, test.want)
			}
			if got.Width != test.width || got.Height != test.height {
				t.Errorf("%s: got %d × %d, want %d × %d", format, got.Width, got.Height, test.width, test.height)
			}
		}
	}
}

func TestAnImageOfOneLuminanceIsBlank(t *testing.T) {
	for name, test := range map[string]struct {
		gray, pixel uint8
		blank       bool
	}{
		"white":                 {255, 255, true},
		"black":                 {0, 0, true},
		"gray":                  {127, 127, true},
		"a speck under 2 %":     {255, 250, true},
		"a speck of 2 %":        {255, 249, false},
		"a speck that is black": {255, 0, false},
		"dark, a speck of 2 %":  {0, 6, false},
		"dark, under 2 %":       {0, 5, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []Format{FormatPNG, FormatBMP} { // JPEG blurs a speck
				if got := inspect(formats[format](t, paper(800, test.gray, test.pixel))); got.Has(Blank) != test.blank {
					t.Errorf("%s: got %v", format, got.Problems)
				}
			}
		})
	}
	problemsAre(t, asJPEG(t, paper(800, 255, 255)), Blank)
	problemsAre(t, asJPEG(t, image.NewYCbCr(image.Rect(0, 0, 800, 800), image.YCbCrSubsampleRatio420)), Blank)
}

func TestWhatCannotBeSeenOnWhitePaperIsBlank(t *testing.T) {
	invisible := image.NewNRGBA(image.Rect(0, 0, 800, 800))
	for i := range invisible.Pix {
		if i%4 != 3 {
			invisible.Pix[i] = uint8(i)
		}
	}
	problemsAre(t, asPNG(t, invisible), Blank)
	ghost := image.NewPaletted(invisible.Bounds(), color.Palette{color.White, color.NRGBA{A: 1}})
	ghost.Pix[0] = 1
	problemsAre(t, asPNG(t, ghost), Blank)
	ghost.Palette[1] = color.NRGBA{A: 0x80}
	problemsAre(t, asPNG(t, ghost))
}

func TestAnImageThatEndsTooEarlyIsTruncated(t *testing.T) {
	contents := map[string][]byte{"RLE bitmap": rleBitmap(800, 800), "OS/2 bitmap": os2Bitmap(800, 800)}
	for format := range formats {
		contents[string(format)] = legibleAs(t, format)
	}
	for name, content := range contents {
		t.Run(name, func(t *testing.T) {
			problemsAre(t, content)
			for _, part := range []float64{0.05, 0.1, 0.5, 0.9, 0.999} {
				problemsAre(t, content[:int(float64(len(content))*part)], Truncated)
			}
			problemsAre(t, content[:len(content)-1], Truncated)
		})
	}
}

func TestAnImageWhoseMiddleIsOverwrittenIsDamaged(t *testing.T) {
	content := legibleAs(t, FormatPNG)
	copy(content[len(content)/2:], "overwritten")
	problemsAre(t, content, Damaged)

	content = legibleAs(t, FormatJPEG)
	copy(content[len(content)/2:], "\xff\x9f\xff\x9f\xff\x9f\xff\x9f")
	if got := inspect(content); !got.Has(Damaged) && !got.Has(Truncated) {
		t.Errorf("got %v", got.Problems)
	}
	problemsAre(t, []byte("\xff\xd8\xff\xd9"), Damaged)
}

func TestAVarietyThatCommonProgramsDoNotShowIsRefused(t *testing.T) {
	bitmap := rleBitmap(800, 800)
	bitmap[30] = 4 // a JPEG in a bitmap, for printers
	problemsAre(t, bitmap, VariantNotAccepted)
	for name, marker := range map[string]byte{"lossless": 0xc3, "arithmetic coding": 0xc9} {
		t.Run(name, func(t *testing.T) {
			content := headers(800, 800)["jpeg"]
			content[3] = marker
			problemsAre(t, content, VariantNotAccepted)
		})
	}
	twelveBits := headers(800, 800)["jpeg"]
	twelveBits[6] = 12
	problemsAre(t, twelveBits, VariantNotAccepted)
}

// headers returns a PNG, JPEG or BMP of that size which has nothing behind its header.
func headers(width, height int) map[string][]byte {
	w, h := []byte{byte(width >> 24), byte(width >> 16), byte(width >> 8), byte(width)}, []byte{byte(height >> 24), byte(height >> 16), byte(height >> 8), byte(height)}
	pngHeader := joined([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), w, h, []byte("\x08\x06\x00\x00\x00"))
	pngHeader = joined(pngHeader, pngSum(pngHeader[12:]))
	jpegHeader := joined([]byte("\xff\xd8\xff\xc0\x00\x11\x08"), h[2:], w[2:], []byte("\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"),
		[]byte("\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00\x00\xff\xd9"))
	bitmap := rleBitmap(8, 8)
	for i := range 4 {
		bitmap[18+i], bitmap[22+i] = w[3-i], h[3-i]
	}
	return map[string][]byte{"png": pngHeader, "jpeg": jpegHeader, "bmp": bitmap}
}

func TestAnImageOfTooManyPixelsIsNotDecoded(t *testing.T) {
	for name, content := range headers(30_000, 30_000) {
		t.Run(name, func(t *testing.T) { problemsAre(t, content, TooManyPixels) })
	}
	for name, content := range headers(60_001, 1_000) {
		t.Run(name, func(t *testing.T) { problemsAre(t, content, TooManyPixels) })
	}
}

func TestNoRowIsReadThatIsLongerThanAnyLegibleImage(t *testing.T) {
	problemsAre(t, headers(MaxPixels, 1)["png"], TooFewPixels)
}
