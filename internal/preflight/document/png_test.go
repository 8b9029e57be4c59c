// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
	"testing"
)

func pngSum(chunk []byte) []byte {
	return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk))
}

// pngChunk is a chunk of that kind, with its length and its checksum.
func pngChunk(kind, data string) []byte {
	chunk := append([]byte(kind), data...)
	return joined(binary.BigEndian.AppendUint32(nil, uint32(len(data))), chunk, pngSum(chunk))
}

// redrawn is a small page in another colour model.
func redrawn(to draw.Image) image.Image {
	draw.Draw(to, to.Bounds(), page(200, 210), image.Point{}, draw.Src)
	return to
}

func TestAllColourTypesOfPNGAreRead(t *testing.T) {
	bounds := image.Rect(0, 0, 200, 210)
	grays := color.Palette{}
	for i := range 256 {
		grays = append(grays, color.Gray{Y: uint8(i)})
	}
	for name, picture := range map[string]image.Image{
		"gray of 8 bits":    redrawn(image.NewGray(bounds)),
		"gray of 16 bits":   redrawn(image.NewGray16(bounds)),
		"colour of 8 bits":  page(200, 210),
		"colour of 16 bits": redrawn(image.NewRGBA64(bounds)),
		"with opacity":      redrawn(transparent{image.NewNRGBA(bounds)}),
		"of 16 bits, with opacity": redrawn(transparent64{
			image.NewNRGBA64(bounds)}),
		"a palette of 256": redrawn(image.NewPaletted(bounds, grays)),
		"a palette of 16":  redrawn(image.NewPaletted(bounds, grays[:16])),
		"a palette of 4":   redrawn(image.NewPaletted(bounds, color.Palette{color.Black, color.White, grays[50], grays[99]})),
		"a palette of 2":   redrawn(image.NewPaletted(bounds, color.Palette{color.Black, color.White})),
	} {
		t.Run(name, func(t *testing.T) { problemsAre(t, asPNG(t, picture), FewPixels) })
	}
}

// transparent and transparent64 make the encoder keep an opacity.
type transparent struct{ *image.NRGBA }

func (transparent) Opaque() bool { return false }

type transparent64 struct{ *image.NRGBA64 }

func (transparent64) Opaque() bool { return false }

func TestLuminancesOfAPNGAreThoseThatTheLibraryDecodes(t *testing.T) {
	for _, speck := range []uint8{0, 100, 200, 249, 250} {
		content := asPNG(t, paper(800, 255, speck))
		var seen span
		chunks := newPNGChunks(bufioReader(content))
		picture, err := chunks.readHeader()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := picture.decode(chunks, &seen); err != nil {
			t.Fatal(err)
		}
		var want span
		decoded, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		want.addImage(decoded)
		if seen.shows() != want.shows() {
			t.Errorf("a speck of %d: got %+v, want %+v", speck, seen, want)
		}
	}
}

func TestAChunkThatNoPictureNeedsMayBeWrong(t *testing.T) {
	content := legibleAs(t, FormatPNG)
	afterHeader := len(pngSignature) + 25
	wrong := pngChunk("tEXt", "a note")
	wrong[len(wrong)-1]++
	problemsAre(t, slices.Insert(bytes.Clone(content), afterHeader, wrong...))

	wrong = pngChunk("ABCD", "something new")
	problemsAre(t, slices.Insert(bytes.Clone(content), afterHeader, wrong...))
	wrong[len(wrong)-1]++
	problemsAre(t, slices.Insert(bytes.Clone(content), afterHeader, wrong...), Damaged)
	problemsAre(t, slices.Insert(bytes.Clone(content), afterHeader, pngChunk("IHDR", "again")...), Damaged)
	problemsAre(t, slices.Insert(bytes.Clone(content), afterHeader, pngChunk("IEND", "")...), Damaged)
}

func TestAPNGOfAnotherStructureIsDamaged(t *testing.T) {
	header := func(data string) []byte { return joined([]byte(pngSignature), pngChunk("IHDR", data)) }
	size := "\x00\x00\x04\x00\x00\x00\x04\x00"
	for name, content := range map[string][]byte{
		"a depth that no colour has":       header(size + "\x03\x00\x00\x00\x00"),
		"a colour that there is not":       header(size + "\x08\x01\x00\x00\x00"),
		"a compression that there is not":  header(size + "\x08\x00\x01\x00\x00"),
		"an interlace that there is not":   header(size + "\x08\x00\x00\x00\x02"),
		"no size":                          header("\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00"),
		"a header that is too short":       header(size),
		"another first chunk":              joined([]byte(pngSignature), pngChunk("IDAT", "pixels")),
		"a palette that is none":           joined(header(size+"\x08\x03\x00\x00\x00"), pngChunk("PLTE", "ab")),
		"no palette":                       joined(header(size+"\x08\x03\x00\x00\x00"), pngChunk("IDAT", "ab")),
		"pixels that are not compressed":   joined(header(size+"\x08\x00\x00\x00\x00"), pngChunk("IDAT", "pixels"), pngChunk("IEND", "")),
		"fewer pixels than it has":         joined(header(size+"\x08\x00\x00\x00\x00"), pngChunk("IDAT", deflated(1024*1025-1)), pngChunk("IEND", "")),
		"more pixels than it has":          joined(header(size+"\x08\x00\x00\x00\x00"), pngChunk("IDAT", deflated(1024*1025+1)), pngChunk("IEND", "")),
		"a chunk of more than two billion": joined(header(size+"\x08\x00\x00\x00\x00"), []byte("\xff\xff\xff\xffIDAT")),
	} {
		t.Run(name, func(t *testing.T) { problemsAre(t, content, Damaged) })
	}
	problemsAre(t, joined(header(size+"\x08\x00\x00\x00\x00"), pngChunk("IDAT", deflated(1024*1025)), pngChunk("IEND", "")), Blank)
}
