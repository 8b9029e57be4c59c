// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"

	"github.com/jsummers/gobmp"
)

// consistent fails the test where a result contradicts itself.
func consistent(t *testing.T, content []byte, got Result) {
	t.Helper()
	switch {
	case (got.Format == "") != (got.Has(FormatNotAccepted) || got.Has(Empty)):
		t.Errorf("format %q with problems %v", got.Format, got.Problems)
	case got.Has(FormatNotAccepted) != (got.Kind != ""):
		t.Errorf("kind %q with problems %v", got.Kind, got.Problems)
	case len(content) == 0 && !slices.Equal(got.Problems, []Problem{Empty}):
		t.Errorf("an empty file has %v", got.Problems)
	}
}

func FuzzInspect(f *testing.F) {
	for _, seed := range []string{"%PDF-1.7", "\xff\xd8\xff\xe0", "\x89PNG\r\n\x1a\n", "", "GIF89a", string(heic()), string(os2Bitmap(2, 2))} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { consistent(t, content, inspect(content)) })
}

// fuzzImage holds the judgement of an image to what the library decodes: nothing that
// it decodes is damaged or cut, nothing that it does not decode is taken.
func fuzzImage(f *testing.F, format Format, judge func(Content, *Result), decode func([]byte) (image.Image, error), size func([]byte) (image.Config, error)) {
	for _, side := range []int{1, 3, 17} {
		picture := page(side, side+1)
		f.Add(formats[format](f, picture))
		f.Add(formats[format](f, paper(side+2, 9, 200)))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		const small = 1 << 20
		if config, err := size(content); err == nil && config.Width*config.Height > small {
			return // the fuzzer would only wait for the library
		}
		got := Result{Format: format}
		judge(bytes.NewReader(content), &got)
		picture, err := decode(content)
		refused := got.Has(Damaged) || got.Has(Truncated) || got.Has(VariantNotAccepted)
		unjudged := got.Has(NotDecoded) || got.Has(Expands) || got.Has(TooManyPixels) || got.Has(TooFewPixels) && max(got.Width, got.Height) > MaxPixels/MinShortSide
		switch {
		case unjudged:
		case err != nil && !refused:
			t.Errorf("the library says %v, we say %v", err, got.Problems)
		case err == nil && !refused && got.Has(Blank) == showsSomething(picture):
			t.Errorf("what is decoded shows something: %t, we say %v", showsSomething(picture), got.Problems)
		}
	})
}

func showsSomething(picture image.Image) bool {
	var seen span
	seen.addImage(picture)
	return seen.shows()
}

func FuzzJPEG(f *testing.F) {
	fuzzImage(f, FormatJPEG, inspectJPEG,
		func(content []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(content)) },
		func(content []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(content)) })
}

func FuzzPNG(f *testing.F) {
	f.Add(interlaced(9, 10))
	f.Add(interlaced(3, 2))
	fuzzImage(f, FormatPNG, inspectPNG,
		func(content []byte) (image.Image, error) { return png.Decode(bytes.NewReader(content)) },
		func(content []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(content)) })
}

func FuzzBMP(f *testing.F) {
	f.Add(os2Bitmap(3, 5))
	f.Add(rleBitmap(7, 6))
	fuzzImage(f, FormatBMP, inspectBMP,
		func(content []byte) (image.Image, error) { return gobmp.Decode(bytes.NewReader(content)) },
		func(content []byte) (image.Config, error) { return gobmp.DecodeConfig(bytes.NewReader(content)) })
}
