// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"image"
	"testing"
)

// sampled is the header of a JPEG of that frame and size, with these sampling factors, and
// data enough behind it, which is none.
func sampled(frame byte, width, height int, factors ...byte) []byte {
	content := []byte{0xff, 0xd8, 0xff, frame, 0, byte(8 + 3*len(factors)), 8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), byte(len(factors))}
	scan := []byte{0xff, 0xda, 0, byte(6 + 2*len(factors)), byte(len(factors))}
	for i, factor := range factors {
		content = append(content, byte(i+1), factor, 0)
		scan = append(scan, byte(i+1), 0)
	}
	content = append(append(content, scan...), 0, 0x3f, 0)
	return joined(content, bytes.Repeat([]byte{0x55}, width*height/64), []byte{0xff, 0xd9})
}

func TestAJPEGThatTakesTooMuchMemoryIsNotDecoded(t *testing.T) {
	for name, test := range map[string]struct {
		content []byte
		decoded bool
	}{
		"60 megapixels as phones make them":                  {sampled(markerSOF0, 7_740, 7_740, 0x22, 0x11, 0x11), true},
		"60 megapixels in full colour":                       {sampled(markerSOF0, 7_740, 7_740, 0x11, 0x11, 0x11), false},
		"A4 at 300 dpi, progressive, in full colour":         {sampled(markerSOF2, 2_480, 3_508, 0x11, 0x11, 0x11), true},
		"A4 at 600 dpi, progressive":                         {sampled(markerSOF2, 4_960, 7_016, 0x22, 0x11, 0x11), false},
		"A4 at 300 dpi in the colours of print":              {sampled(markerSOF0, 2_480, 3_508, 0x11, 0x11, 0x11, 0x11), true},
		"A4 at 300 dpi in the colours of print, progressive": {sampled(markerSOF2, 2_480, 3_508, 0x11, 0x11, 0x11, 0x11), false},
	} {
		t.Run(name, func(t *testing.T) {
			var got Result
			cost := measure(func() { got = inspect(test.content) })
			if got.Has(NotDecoded) == test.decoded || got.Has(Damaged) != test.decoded {
				t.Errorf("got %v", got.Problems) // there is nothing to be decoded
			}
			if cost.memory > 128<<20 {
				t.Errorf("it took %d MiB", cost.memory>>20)
			}
		})
	}
}

func TestWhatTheLibraryCannotReadIsNotCalledDamaged(t *testing.T) {
	problemsAre(t, sampled(markerSOF0, 800, 800, 0x14, 0x11, 0x11), NotDecoded)
	// Go counts restarts otherwise than others where there are several scans.
	content := sampled(markerSOF2, 800, 800, 0x22, 0x11, 0x11)
	interval := []byte{0xff, 0xdd, 0, 4, 0, 2}
	end := len(content) - 2
	again := joined(content[:2], interval, content[2:end], content[21:])
	problemsAre(t, again, NotDecoded)
	problemsAre(t, joined(content[:2], []byte{0xff, 0xdd, 0, 4, 0, 0}, content[2:end], content[21:]), Damaged)
}

func TestTheEndOfAJPEGIsItsEndMarker(t *testing.T) {
	content := asJPEG(t, image.NewGray(image.Rect(0, 0, 30, 20)))
	s, err := readJPEGStructure(bytes.NewReader(joined(content, "behind")))
	if err != nil || s.end != int64(len(content)) || s.width != 30 || s.height != 20 || s.scans != 1 {
		t.Errorf("got %+v, %v; the image has %d bytes", s, err, len(content))
	}
}
