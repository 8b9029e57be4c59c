// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// page is a small picture that is not blank.
func page() image.Image {
	picture := image.NewGray(image.Rect(0, 0, 32, 32))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(i * 37)
	}
	return picture
}

func encoded(t *testing.T, encode func(io.Writer) error) []byte {
	t.Helper()
	var content bytes.Buffer
	if err := encode(&content); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}

// zipOf returns an archive of the files in that order, each of some bytes.
func zipOf(t *testing.T, names ...string) []byte {
	return encoded(t, func(w io.Writer) error {
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

// os2Bitmap returns a bitmap of OS/2 1.x: 1 × 1, 24 bit.
func os2Bitmap() []byte {
	return []byte("BM\x1e\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00\x0c\x00\x00\x00\x01\x00\x01\x00\x01\x00\x18\x00\xff\x00\xff\x00")
}

func TestTheFormatIsKnownByContent(t *testing.T) {
	animated := encoded(t, func(w io.Writer) error { return png.Encode(w, page()) })
	afterHeader := len("\x89PNG\r\n\x1a\n") + 4 + len("IHDR") + 13 + 4
	animated = slices.Insert(animated, afterHeader, []byte("\x00\x00\x00\x08acTL\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")...)
	tests := map[string]struct {
		content []byte
		format  Format
		kind    string
	}{
		"jpeg":                           {encoded(t, func(w io.Writer) error { return jpeg.Encode(w, page(), nil) }), FormatJPEG, ""},
		"png":                            {encoded(t, func(w io.Writer) error { return png.Encode(w, page()) }), FormatPNG, ""},
		"an animated png is a png":       {animated, FormatPNG, ""},
		"bmp":                            {encoded(t, func(w io.Writer) error { return bmp.Encode(w, page()) }), FormatBMP, ""},
		"bmp of OS/2":                    {os2Bitmap(), FormatBMP, ""},
		"pdf":                            {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), FormatPDF, ""},
		"pdf behind a byte order mark":   {[]byte("\xef\xbb\xbf%PDF-1.4\n"), FormatPDF, ""},
		"a phone's photo":                {heic(), "", "a HEIC photo"},
		"webp":                           {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00"), "", "a WebP image"},
		"gif":                            {encoded(t, func(w io.Writer) error { return gif.Encode(w, page(), nil) }), "", "a GIF image"},
		"tiff":                           {encoded(t, func(w io.Writer) error { return tiff.Encode(w, page(), nil) }), "", "a TIFF image"},
		"svg":                            {[]byte("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "", "an SVG drawing"},
		"Word":                           {zipOf(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"), "", "an Office document"},
		"older Word":                     {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 2048)...), "", "an Office document"},
		"an archive":                     {zipOf(t, "scan.jpg"), "", "a ZIP archive (Office documents are such too)"},
		"a text":                         {[]byte("scan of the licence"), "", "a text file"},
		"a bitmap's letters and no more": {[]byte("BM"), "", "a text file"},
		"noise":                          {bytes.Repeat([]byte{0xfe, 0x00, 0x9d, 0x01}, 64), "", "a file of no known format"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := Inspect(bytes.NewReader(test.content), int64(len(test.content)))
			if got.Format != test.format || got.Kind != test.kind {
				t.Errorf("got format %q, %q; want %q, %q", got.Format, got.Kind, test.format, test.kind)
			}
			if refused := slices.Contains(got.Problems, FormatNotAccepted); refused != (test.format == "") {
				t.Errorf("got problems %v", got.Problems)
			}
		})
	}
}

func TestOnlyImagesAreOfOnePage(t *testing.T) {
	for format, want := range map[Format]bool{FormatJPEG: true, FormatPNG: true, FormatBMP: true, FormatPDF: false, "": false} {
		if format.IsImage() != want {
			t.Errorf("%q is an image: %t", format, !want)
		}
	}
}

// pdfOf is a file of that size, of which only the beginning is ever in memory.
func pdfOf(size int64) io.Reader {
	return io.LimitReader(io.MultiReader(strings.NewReader("%PDF-1.7\n"), zeros{}), size)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTheSizeIsLessThanTenMegabytes(t *testing.T) {
	tests := map[string]struct {
		size int64
		want []Problem
	}{
		"empty":                   {0, []Problem{Empty}},
		"small":                   {1_000, nil},
		"just not large":          {5_000_000, nil},
		"large":                   {5_000_001, []Problem{Large}},
		"the largest":             {9_999_999, []Problem{Large}},
		"the first too large one": {10_000_000, []Problem{TooLarge}},
		"10 MiB":                  {10 << 20, []Problem{TooLarge}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Inspect(pdfOf(test.size), test.size).Problems; !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestNoMoreThanTheBeginningIsRead(t *testing.T) {
	counted := &countingReader{r: pdfOf(1 << 40)}
	if got := Inspect(counted, 1<<40); got.Format != FormatPDF {
		t.Errorf("got %q", got.Format)
	}
	if counted.n > sniffSize {
		t.Errorf("read %d bytes, the limit is %d", counted.n, sniffSize)
	}
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func TestAFileThatCannotBeReadIsAProblemAndNoPanic(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("%PDF"), errorReader{})
	if got := Inspect(broken, 100).Problems; !slices.Equal(got, []Problem{Unreadable}) {
		t.Errorf("got %v", got)
	}
	if got := Inspect(strings.NewReader(""), 100).Problems; !slices.Equal(got, []Problem{Empty}) {
		t.Errorf("a file of 100 bytes that ends at once: got %v", got)
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errors.New("broken") }

func TestAResultHoldsNothingOfTheContent(t *testing.T) {
	const secret = "11010519491231002X"
	for _, content := range [][]byte{
		[]byte(secret), []byte("<" + secret + "/>"), []byte("%PDF-" + secret), []byte("{\"a\":\"" + secret + "\"}"),
	} {
		if got := fmt.Sprintf("%+v", Inspect(bytes.NewReader(content), int64(len(content)))); strings.Contains(got, secret) {
			t.Errorf("%s", got)
		}
	}
}

func FuzzInspect(f *testing.F) {
	f.Add([]byte("%PDF-1.7"))
	f.Add([]byte("\xff\xd8\xff\xe0"))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add(os2Bitmap())
	f.Add(heic())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, content []byte) {
		got := Inspect(bytes.NewReader(content), int64(len(content)))
		if (got.Format == "") != (len(got.Problems) > 0) {
			t.Errorf("format %q with problems %v", got.Format, got.Problems)
		}
		if got.Format == "" && len(content) > 0 && got.Kind == "" {
			t.Error("a file that is refused has no kind")
		}
	})
}
