// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"errors"
	"fmt"
	"image/gif"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/tiff"
)

func TestTheFormatIsKnownByContent(t *testing.T) {
	animated := legibleAs(t, FormatPNG)
	afterHeader := len("\x89PNG\r\n\x1a\n") + 4 + len("IHDR") + 13 + 4
	animated = slices.Insert(animated, afterHeader, []byte("\x00\x00\x00\x08acTL\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")...)
	tests := map[string]struct {
		content []byte
		format  Format
		kind    Kind
	}{
		"jpeg":                           {legibleAs(t, FormatJPEG), FormatJPEG, ""},
		"png":                            {legibleAs(t, FormatPNG), FormatPNG, ""},
		"an animated png is a png":       {animated, FormatPNG, ""},
		"bmp":                            {legibleAs(t, FormatBMP), FormatBMP, ""},
		"bmp of OS/2":                    {os2Bitmap(800, 800), FormatBMP, ""},
		"a phone's photo":                {heic(), "", KindHEIC},
		"webp":                           {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00"), "", KindWebP},
		"gif":                            {encoded(t, func(w io.Writer) error { return gif.Encode(w, page(32, 32), nil) }), "", KindGIF},
		"tiff":                           {encoded(t, func(w io.Writer) error { return tiff.Encode(w, page(32, 32), nil) }), "", KindTIFF},
		"a big tiff":                     {append([]byte("II+\x00\x08\x00\x00\x00"), make([]byte, 64)...), "", KindTIFF},
		"svg":                            {[]byte("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "", KindText},
		"Word":                           {zipOf(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"), "", KindOffice},
		"older Word":                     {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 2048)...), "", KindOffice},
		"rich text":                      {[]byte(`{\rtf1\ansi licence}`), "", KindOffice},
		"an archive":                     {zipOf(t, "scan.jpg"), "", KindArchive},
		"a text":                         {[]byte("scan of the licence"), "", KindText},
		"a bitmap's letters and no more": {[]byte("BM"), "", KindText},
		"a Photoshop file":               {append([]byte("8BPS\x00\x01"), make([]byte, 64)...), "", KindImage},
		"noise":                          {bytes.Repeat([]byte{0xfe, 0x00, 0x9d, 0x01}, 64), "", KindUnknown},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := inspect(test.content)
			if got.Format != test.format || got.Kind != test.kind {
				t.Errorf("got format %q, kind %q; want %q, %q", got.Format, got.Kind, test.format, test.kind)
			}
			want := []Problem{FormatNotAccepted}
			if test.format != "" {
				want = nil
			}
			if !slices.Equal(got.Problems, want) {
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

// padded is a JPEG of that size: comments behind its first marker make it longer.
func padded(tb testing.TB, size int) []byte {
	tb.Helper()
	content := legibleAs(tb, FormatJPEG)
	var comments []byte
	for left := size - len(content); left > 0; {
		length := min(left, 0xffff+2)
		if left-length < 4 && left > length {
			length -= 4 // a comment has at least its marker and its length
		}
		comments = append(comments, 0xff, 0xfe, byte((length-2)>>8), byte(length-2))
		comments = append(comments, make([]byte, length-4)...)
		left -= length
	}
	return slices.Insert(content, 2, comments...)
}

func TestTheSizeIsLessThanTenMegabytes(t *testing.T) {
	for size, want := range map[int][]Problem{
		1_000_000:  nil,
		5_000_000:  nil,
		5_000_001:  {Large},
		9_999_999:  {Large},
		10_000_000: {TooLarge},
		10 << 20:   {TooLarge},
	} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			content := padded(t, size)
			if len(content) != size {
				t.Fatalf("the file has %d bytes", len(content))
			}
			problemsAre(t, content, want...)
		})
	}
	problemsAre(t, nil, Empty)
}

// endless is a file of which nothing is in memory.
type endless struct {
	head string
	size int64
	read int64
}

func (e *endless) Size() int64 { return e.size }

func (e *endless) ReadAt(p []byte, offset int64) (int, error) {
	clear(p)
	if offset < int64(len(e.head)) {
		copy(p, e.head[offset:])
	}
	e.read += int64(len(p))
	return len(p), nil
}

func TestOfAFileThatIsTooLargeOnlyTheBeginningIsRead(t *testing.T) {
	content := &endless{head: "%PDF-1.7\n", size: 1 << 40}
	if got := Inspect(content); got.Format != FormatPDF || !slices.Equal(got.Problems, []Problem{TooLarge}) {
		t.Errorf("got %v", got)
	}
	if content.read > sniffSize {
		t.Errorf("read %d bytes, the limit is %d", content.read, sniffSize)
	}
}

// broken is a file whose bytes cannot be read from some offset on.
type broken struct {
	*bytes.Reader
	from int64
}

func (b broken) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > b.from {
		return 0, errors.New("the disk is broken")
	}
	return b.Reader.ReadAt(p, offset)
}

func TestAFileThatCannotBeReadIsAProblemAndNoPanic(t *testing.T) {
	for _, content := range [][]byte{legibleAs(t, FormatJPEG), legibleAs(t, FormatPNG), legibleAs(t, FormatBMP)} {
		for _, from := range []int64{0, int64(len(content)) / 2, int64(len(content)) - 1} {
			got := Inspect(broken{bytes.NewReader(content), from})
			if len(got.Problems) == 0 {
				t.Errorf("a %s that cannot be read from %d on has no problem", got.Format, from)
			}
		}
	}
	if got := Inspect(broken{bytes.NewReader([]byte("%PDF")), 0}).Problems; !slices.Equal(got, []Problem{Unreadable}) {
		t.Errorf("got %v", got)
	}
}

func TestAResultHoldsNothingOfTheContent(t *testing.T) {
	const secret = "11010519491231002X"
	for _, content := range []string{secret, "<" + secret + "/>", "%PDF-" + secret, "{\"a\":\"" + secret + "\"}", "\x89PNG\r\n\x1a\n" + secret, "\xff\xd8\xff" + secret} {
		if got := fmt.Sprintf("%+v", inspect([]byte(content))); strings.Contains(got, secret) {
			t.Errorf("%s", got)
		}
	}
}
