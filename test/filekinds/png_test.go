// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

// quick has ImageMagick pack a PNG in less time.
const quick = "-define png:compression-level=1 -define png:compression-filter=1 "

func pngKinds() []kind {
	return append(plainPNGKinds(), furnishedPNGKinds()...)
}

func plainPNGKinds() []kind {
	return []kind{
		accepted(png, "PNG, RGB", run("pnmtopng @scan > out.png"), header(8, pngRGB, false)),
		accepted(png, "PNG, RGB, by ImageMagick", run("convert @scan "+quick+"PNG24:out.png"), header(8, pngRGB, false)),
		accepted(png, "PNG, RGB, by cairo", run("pdftocairo -png -singlefile -r 150 @pdf out"), header(8, pngRGB, false)),
		accepted(png, "PNG, RGB, by Ghostscript", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=png16m -r150 -sOutputFile=out.png @ps"), header(8, pngRGB, false)),
		accepted(png, "PNG, RGB and alpha", run("convert @scan "+quick+"PNG32:out.png"), header(8, pngRGBA, false)),
		accepted(png, "PNG, grey", run("pnmtopng @grey > out.png"), header(8, pngGrey, false)),
		accepted(png, "PNG, grey and alpha", run("convert @grey -alpha set -channel A -evaluate set 90% -define png:color-type=4 "+quick+"out.png"), header(8, pngGreyAlpha, false)),
		accepted(png, "PNG, palette of 8 bits", run("pnmquant 200 @scan | pnmtopng > out.png"), header(8, pngPalette, false)),
		accepted(png, "PNG, palette of 4 bits", run("pnmquant 12 @scan | pnmtopng > out.png"), header(4, pngPalette, false)),
		accepted(png, "PNG, palette of 2 bits", run("pnmquant 3 @scan | pnmtopng > out.png"), header(2, pngPalette, false)),
		accepted(png, "PNG, palette of 1 bit", run("pnmquant 2 @scan | pnmtopng > out.png"), header(1, pngPalette, false)),
		accepted(png, "PNG, grey of 4 bits", run("pamdepth 15 @grey | pamtopng > out.png"), header(4, pngGrey, false)),
		accepted(png, "PNG, grey of 2 bits", run("pamdepth 3 @grey | pamtopng > out.png"), header(2, pngGrey, false)),
		accepted(png, "PNG, black and white", run("pnmtopng @bilevel > out.png"), header(1, pngGrey, false)),
		accepted(png, "PNG, RGB of 16 bits", run("convert @scan -evaluate multiply 0.97 -define png:color-type=2 -define png:bit-depth=16 "+quick+"out.png"), header(16, pngRGB, false)),
		accepted(png, "PNG, RGB and alpha of 16 bits", run("convert @scan -evaluate multiply 0.97 "+quick+"PNG64:out.png"), header(16, pngRGBA, false)),
		accepted(png, "PNG, grey of 16 bits", run("convert @grey -evaluate multiply 0.97 -define png:color-type=0 -define png:bit-depth=16 "+quick+"out.png"), header(16, pngGrey, false)),
		accepted(png, "PNG, grey and alpha of 16 bits", run("convert @grey -alpha set -channel A -evaluate set 90% -define png:color-type=4 -define png:bit-depth=16 "+quick+"out.png"), header(16, pngGreyAlpha, false)),
		accepted(png, "PNG, interlaced RGB", run("pnmtopng -interlace @scan > out.png"), header(8, pngRGB, true)),
		accepted(png, "PNG, interlaced RGB and alpha", run("convert @scan -interlace PNG "+quick+"PNG32:out.png"), header(8, pngRGBA, true)),
		accepted(png, "PNG, interlaced grey", run("pnmtopng -interlace @grey > out.png"), header(8, pngGrey, true)),
		accepted(png, "PNG, interlaced palette of 8 bits", run("pnmquant 200 @scan | pnmtopng -interlace > out.png"), header(8, pngPalette, true)),
		accepted(png, "PNG, interlaced palette of 2 bits", run("pnmquant 3 @scan | pnmtopng -interlace > out.png"), header(2, pngPalette, true)),
		accepted(png, "PNG, interlaced black and white", run("pnmtopng -interlace @bilevel > out.png"), header(1, pngGrey, true)),
		accepted(png, "PNG, interlaced grey and alpha of 16 bits", run("convert @grey -alpha set -channel A -evaluate set 90% -interlace PNG -define png:color-type=4 -define png:bit-depth=16 "+quick+"out.png"), header(16, pngGreyAlpha, true)),
		accepted(png, "PNG, interlaced RGB of 16 bits", run("convert @scan -evaluate multiply 0.97 -interlace PNG -define png:color-type=2 -define png:bit-depth=16 "+quick+"out.png"), header(16, pngRGB, true)),
		accepted(png, "PNG, packed anew", run("pnmtopng @bilevel > scan.png"), run("optipng -quiet -o1 scan.png -out out.png")),
		accepted(png, "PNG, not packed at all", run("pnmtopng -compression 0 @scan > out.png"), header(8, pngRGB, false)),
		accepted(png, "PNG, rows without filters", run("pnmtopng -nofilter @scan > out.png"), header(8, pngRGB, false)),
		accepted(png, "PNG, rows filtered by Paeth", run("pnmtopng -paeth @scan > out.png"), header(8, pngRGB, false)),
	}
}

func furnishedPNGKinds() []kind {
	return []kind{
		accepted(png, "PNG with a transparent colour", run("pnmtopng -force -transparent =#f5f5f5 @scan > out.png"), shows("tRNS")),
		accepted(png, "PNG with a palette with transparency", run("convert @scan -colors 100 -fuzz 8% -transparent white "+quick+"PNG8:out.png"), header(8, pngPalette, false), shows("tRNS")),
		accepted(png, "PNG with black print on a transparent ground", run("convert @bilevel -alpha copy -channel A -negate +channel -fill black -colorize 100 "+quick+"PNG32:out.png"), header(8, pngRGBA, false)),
		accepted(png, "PNG with black print on a transparent ground, grey", run("convert @bilevel -alpha copy -channel A -negate +channel -fill black -colorize 100 -define png:color-type=4 "+quick+"out.png"), header(8, pngGreyAlpha, false)),
		accepted(png, "PNG with a colour profile", run("convert @scan -profile @profile "+quick+"PNG24:out.png"), shows("iCCP")),
		accepted(png, "PNG with texts", write("text.txt", "Title SAMPLE\n"), run("pnmtopng -text text.txt @grey > out.png"), shows("tEXt")),
		accepted(png, "PNG with packed texts", write("text.txt", "Title SAMPLE\n"), run("pnmtopng -ztxt text.txt @grey > out.png"), shows("zTXt")),
		accepted(png, "PNG with XMP", join("@png"), named("out.png"), run("exiftool -q -overwrite_original -XMP:Title=SAMPLE out.png"), shows("iTXt")),
		accepted(png, "PNG with EXIF", join("@png"), named("out.png"), run("exiftool -q -overwrite_original -Orientation#=6 out.png"), shows("eXIf")),
		accepted(png, "PNG with resolution, time, gamma and background", run("pnmtopng -gamma 0.45 -background #ffffff @grey > out.png"), shows("gAMA", "bKGD")),
		accepted(png, "PNG with a suggested palette's histogram", run("pnmquant 200 @scan | pnmtopng -hist > out.png"), shows("hIST")),
		accepted(png, "Animated PNG", run("pnmtopng @bilevel > 1.png"), run("pnminvert @bilevel | pnmtopng > 2.png"), run("apngasm out.png 1.png 2.png 1 10 -z0"), shows("acTL", "fdAT")),
		accepted(png, "PNG with zeros behind", join("@png", string(make([]byte, 3000)))),
		accepted(png, "A fax: black and white PNG of A4 at 600 dots per inch", run("pamenlarge -xscale 6 -yscale 6 @bilevel | pnmtopng > out.png"), header(1, pngGrey, false)),
		accepted(png, "Grey PNG of 59 megapixels", run("pamscale -width 7600 -height 7760 -nomix @grey | pamtopng > out.png"), header(8, pngGrey, false)),
		accepted(png, "Black and white PNG of 59 megapixels", run("pamscale -width 7600 -height 7760 -nomix @bilevel | pamtopng > out.png"), header(1, pngGrey, false)),
	}
}
