// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import "encoding/binary"

// Headers of bitmaps: of OS/2 1.x, of Windows 3, and its versions 4 and 5.
const (
	bmpOS2, bmpV3, bmpV4, bmpV5 = 12, 40, 108, 124
)

// What a bitmap's header says of its compression.
const (
	bmpPlain, bmpRLE8, bmpBitfields = 0, 1, 3
)

func bmpKinds() []kind {
	return []kind{
		accepted(bmp, "BMP of 24 bits", run("ppmtobmp @scan > out.bmp"), bitmap(bmpV3, 24, bmpPlain)),
		accepted(bmp, "BMP of 24 bits by ImageMagick", run("convert @scan -type TrueColor BMP3:out.bmp"), bitmap(bmpV3, 24, bmpPlain)),
		accepted(bmp, "BMP of 24 bits, version 5", run("convert @scan -type TrueColor out.bmp"), bitmap(bmpV5, 24, bmpPlain)),
		accepted(bmp, "BMP of 24 bits by Ghostscript", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=bmp16m -r110 -sOutputFile=out.bmp @ps"), bitmap(bmpV3, 24, bmpPlain)),
		accepted(bmp, "BMP of 32 bits", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=bmp32b -r110 -g860x1000 -sOutputFile=out.bmp @ps")),
		accepted(bmp, "BMP of 32 bits with alpha, version 5", run("convert @scan -alpha set -channel A -evaluate set 90% out.bmp"), bitmap(bmpV5, 32, bmpBitfields)),
		accepted(bmp, "BMP of 16 bits, 5-5-5", run("convert @scan -type TrueColor -define bmp:subtype=RGB555 out.bmp"), bitmap(bmpV5, 16, bmpBitfields)),
		accepted(bmp, "BMP of 16 bits, 5-6-5", run("convert @scan -type TrueColor -define bmp:subtype=RGB565 out.bmp"), bitmap(bmpV5, 16, bmpBitfields)),
		accepted(bmp, "BMP of 16 bits, 4-4-4-4", run("convert @scan -alpha set -channel A -evaluate set 90% -define bmp:subtype=ARGB4444 out.bmp"), bitmap(bmpV5, 16, bmpBitfields)),
		accepted(bmp, "BMP of 8 bits, grey", run("convert @grey -type Palette -compress None BMP3:out.bmp"), bitmap(bmpV3, 8, bmpPlain)),
		accepted(bmp, "BMP of 8 bits, palette", run("pnmquant 200 @scan | ppmtobmp > out.bmp"), bitmap(bmpV3, 8, bmpPlain)),
		accepted(bmp, "BMP of 4 bits", run("pnmquant 12 @scan | ppmtobmp > out.bmp"), bitmap(bmpV3, 4, bmpPlain)),
		accepted(bmp, "BMP of 4 bits by Ghostscript", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=bmp16 -r150 -sOutputFile=out.bmp @ps"), bitmap(bmpV3, 4, bmpPlain)),
		accepted(bmp, "BMP of 1 bit", run("ppmtobmp @bilevel > out.bmp"), bitmap(bmpV3, 1, bmpPlain)),
		accepted(bmp, "BMP of 1 bit by ImageMagick", run("convert @bilevel -type Bilevel BMP3:out.bmp"), bitmap(bmpV3, 1, bmpPlain)),
		accepted(bmp, "BMP with run lengths (RLE8)", join("@rle"), bitmap(bmpV3, 8, bmpRLE8)),
		accepted(bmp, "BMP with run lengths, version 5", run("convert @grey -type Palette -compress RLE out.bmp"), bitmap(bmpV5, 8, bmpRLE8)),
		accepted(bmp, "BMP of OS/2, 24 bits", run("ppmtobmp -os2 @scan > out.bmp"), bitmap(bmpOS2, 24, bmpPlain)),
		accepted(bmp, "BMP of OS/2, palette", run("pnmquant 200 @scan | ppmtobmp -os2 > out.bmp"), bitmap(bmpOS2, 8, bmpPlain)),
		accepted(bmp, "BMP of OS/2, 1 bit", run("ppmtobmp -os2 @bilevel > out.bmp"), bitmap(bmpOS2, 1, bmpPlain)),
		accepted(bmp, "BMP of OS/2 by ImageMagick", run("convert @scan -type TrueColor BMP2:out.bmp"), bitmap(bmpOS2, 24, bmpPlain)),
		accepted(bmp, "BMP from the top down", run("ppmtobmp @scan > out.bmp"), edit(turned)),
		accepted(bmp, "BMP of 1 bit from the top down", run("ppmtobmp @bilevel > out.bmp"), edit(turned)),
		accepted(bmp, "BMP of a width whose rows are padded", run("pamscale -width 813 @scan | ppmtobmp > out.bmp")),
		accepted(bmp, "BMP with zeros behind", join("@bmp", string(make([]byte, 3000)))),
		accepted(bmp, "BMP that does not say its size", run("ppmtobmp @scan > out.bmp"), edit(sizeless)),
	}
}

// turned makes a bitmap's rows count from the top. No program at hand writes them so.
func turned(content []byte) []byte {
	const heightAt = 22
	height := int32(binary.LittleEndian.Uint32(content[heightAt:]))
	binary.LittleEndian.PutUint32(content[heightAt:], uint32(-height))
	return content
}

// sizeless takes back what a bitmap says of its length, as some programs leave it.
func sizeless(content []byte) []byte {
	const fileSizeAt, imageSizeAt = 2, 34
	binary.LittleEndian.PutUint32(content[fileSizeAt:], 0)
	binary.LittleEndian.PutUint32(content[imageSizeAt:], 0)
	return content
}
