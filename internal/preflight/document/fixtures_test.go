// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
)

// page is a picture of that size on which something can be seen: stripes of all
// luminances, in colour.
func page(width, height int) *image.NRGBA {
	picture := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(x + y), B: uint8(y), A: 0xff})
		}
	}
	return picture
}

// legible is a page that nothing is wrong with.
func legible() *image.NRGBA { return page(800, 820) }

// legibleAs is the legible page in that format. Whoever changes it changes a copy.
func legibleAs(tb testing.TB, format Format) []byte {
	content, ok := legiblePages[format]
	if !ok {
		content = formats[format](tb, legible())
		legiblePages[format] = content
	}
	return bytes.Clone(content)
}

var legiblePages = map[Format][]byte{}

// paper is of one gray, but for one pixel.
func paper(size int, gray, pixel uint8) *image.Gray {
	picture := image.NewGray(image.Rect(0, 0, size, size))
	for i := range picture.Pix {
		picture.Pix[i] = gray
	}
	picture.Pix[len(picture.Pix)-size-1] = pixel
	return picture
}

func encoded(tb testing.TB, encode func(io.Writer) error) []byte {
	tb.Helper()
	var content bytes.Buffer
	if err := encode(&content); err != nil {
		tb.Fatal(err)
	}
	return content.Bytes()
}

func asPNG(tb testing.TB, picture image.Image) []byte {
	return encoded(tb, func(w io.Writer) error { return png.Encode(w, picture) })
}

func asJPEG(tb testing.TB, picture image.Image) []byte {
	return encoded(tb, func(w io.Writer) error { return jpeg.Encode(w, picture, &jpeg.Options{Quality: 95}) })
}

func asBMP(tb testing.TB, picture image.Image) []byte {
	return encoded(tb, func(w io.Writer) error { return bmp.Encode(w, picture) })
}

// zipOf returns an archive of the files in that order, each of some bytes.
func zipOf(tb testing.TB, names ...string) []byte {
	return encoded(tb, func(w io.Writer) error {
		archive := zip.NewWriter(w)
		for _, name := range names {
			file, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err != nil {
				return err
			}
			if _, err := io.WriteString(file, "<?xml version=\"1.0\"?>"); err != nil {
				return err
			}
		}
		return archive.Close()
	})
}

// heic returns the box with which photos of a phone begin.
func heic() []byte {
	return append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 64)...)
}

// os2Bitmap returns a bitmap of OS/2 1.x, of 24 bits a pixel.
func os2Bitmap(width, height int) []byte {
	header := []byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x01\x00\x18\x00")
	header[18], header[19], header[20], header[21] = byte(width), byte(width>>8), byte(height), byte(height>>8)
	content := header
	for i := range (width*3 + 3) / 4 * 4 * height {
		content = append(content, byte(i))
	}
	return content
}

// rleBitmap returns a bitmap of 8 bits a pixel, run-length encoded, in stripes.
func rleBitmap(width, height int) []byte {
	content := []byte(strings.Repeat("\x00", 54))
	copy(content, "BM")
	for i := range 256 {
		content = append(content, byte(i), byte(i), byte(i), 0)
	}
	bitsAt := len(content)
	for y := range height {
		for left := width; left > 0; left -= min(left, 255) {
			content = append(content, byte(min(left, 255)), byte(y))
		}
		content = append(content, 0, 0)
	}
	content = append(content, 0, 1)
	put := func(at int, value int) {
		for i := range 4 {
			content[at+i] = byte(value >> (8 * i))
		}
	}
	put(2, len(content))
	put(10, bitsAt)
	put(14, bmpInfoHeaderSize)
	put(18, width)
	put(22, height)
	content[26], content[28] = 1, 8
	put(30, 1)
	put(34, len(content)-bitsAt)
	return content
}

// inspect judges bytes.
func inspect(content []byte) Result { return Inspect(bytes.NewReader(content)) }

// problemsAre fails the test unless those are the problems.
func problemsAre(t *testing.T, content []byte, want ...Problem) {
	t.Helper()
	if got := inspect(content).Problems; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// joined returns the pieces one after another.
func joined[T ~string | ~[]byte](first []byte, rest ...T) []byte {
	content := bytes.Clone(first)
	for _, piece := range rest {
		content = append(content, piece...)
	}
	return content
}
