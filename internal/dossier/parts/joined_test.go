// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package parts

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestPartsReadAsTheWholeThatTheyWereCutFrom(t *testing.T) {
	for name, parts := range map[string][][]byte{
		"none":                 nil,
		"one":                  {[]byte("scan")},
		"three":                {[]byte("front"), []byte("-"), []byte("back")},
		"with empty ones":      {{}, []byte("a"), {}, {}, []byte("bc"), {}},
		"nothing but empty":    {{}, {}},
		"of more than a block": {bytes.Repeat([]byte("x"), 100_000), bytes.Repeat([]byte("y"), 70_000)},
	} {
		t.Run(name, func(t *testing.T) {
			whole, content := bytes.Join(parts, nil), Join(parts)
			if content.Size() != int64(len(whole)) {
				t.Errorf("size %d, want %d", content.Size(), len(whole))
			}
			// TestReader also reads at every offset.
			if err := iotest.TestReader(io.NewSectionReader(content, 0, content.Size()), whole); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReadingOutsideOfTheWholeIsAnErrorOrItsEnd(t *testing.T) {
	content := Join([][]byte{[]byte("ab"), []byte("cd")})
	p := make([]byte, 3)
	if n, err := content.ReadAt(p, 2); n != 2 || !errors.Is(err, io.EOF) || string(p[:n]) != "cd" {
		t.Errorf("over the end: %d, %v", n, err)
	}
	if n, err := content.ReadAt(p, 9); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("behind the end: %d, %v", n, err)
	}
	if n, err := content.ReadAt(p, -1); n != 0 || err == nil || errors.Is(err, io.EOF) {
		t.Errorf("before the beginning: %d, %v", n, err)
	}
}

func FuzzJoin(f *testing.F) {
	f.Add([]byte("front and back"), []byte{3, 0, 5}, 2, 7)
	f.Add([]byte{}, []byte{}, 0, 0)
	f.Fuzz(func(t *testing.T, whole, cuts []byte, offset, length int) {
		if len(whole) > 4<<10 || len(cuts) > 64 {
			return // more of the same, and slow
		}
		var parts [][]byte
		rest := whole
		for _, cut := range cuts {
			n := min(int(cut), len(rest))
			parts, rest = append(parts, rest[:n]), rest[n:]
		}
		content := Join(append(parts, rest))
		if offset < 0 || length < 0 || length > 8<<10 {
			return
		}
		got, want := make([]byte, length), make([]byte, length)
		n, err := content.ReadAt(got, int64(offset))
		m, wantErr := bytes.NewReader(whole).ReadAt(want, int64(offset))
		if length == 0 { // where nothing is asked for, both may say that it is the end
			wantErr, err = nil, nil
		}
		if n != m || (err == nil) != (wantErr == nil) || !bytes.Equal(got, want) || content.Size() != int64(len(whole)) {
			t.Errorf("at %d: got %d %v, want %d %v", offset, n, err, m, wantErr)
		}
	})
}
