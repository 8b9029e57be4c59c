// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"image/png"
	"testing"
)

func bufioReader(content []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(content)) }

// deflated is size bytes of zero, compressed.
func deflated(size int) string { return compressed(make([]byte, size)) }

func compressed(data []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.String()
}

// interlaced returns a gray PNG of that size by Adam7, whose last pixel is dark.
func interlaced(width, height int) []byte {
	p := &pngPicture{width: width, height: height, depth: 8, color: pngGray, interlaced: true}
	var rows []byte
	for _, pass := range p.passes() {
		if pass.width == 0 {
			continue
		}
		for range pass.height {
			rows = append(append(rows, 0), bytes.Repeat([]byte{0xff}, pass.width)...)
		}
	}
	rows[len(rows)-1] = 0
	header := "\x00\x00" + string([]byte{byte(width >> 8), byte(width)}) + "\x00\x00" + string([]byte{byte(height >> 8), byte(height)}) + "\x08\x00\x00\x00\x01"
	return joined([]byte(pngSignature), pngChunk("IHDR", header), pngChunk("IDAT", compressed(rows)), pngChunk("IEND", ""))
}

func TestAnInterlacedPNGIsReadInItsSevenPasses(t *testing.T) {
	for _, size := range [][2]int{{800, 800}, {801, 803}, {807, 806}, {1024, 805}} {
		content := interlaced(size[0], size[1])
		if _, err := png.Decode(bytes.NewReader(content)); err != nil {
			t.Fatalf("the test's own picture: %v", err)
		}
		problemsAre(t, content)
	}
	for width := 1; width < 9; width++ {
		for height := 1; height < 9; height++ {
			content := interlaced(width, height)
			if _, err := png.Decode(bytes.NewReader(content)); err != nil {
				t.Fatalf("the test's own picture of %d × %d: %v", width, height, err)
			}
			if got := inspect(content); got.Has(Damaged) || got.Has(Truncated) {
				t.Errorf("%d × %d: got %v", width, height, got.Problems)
			}
		}
	}
}
