// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import "github.com/chinaaccount/china-account-operator/internal/preflight"

func blankKinds() []kind {
	white, black := "ppmmake white 848 1200 | ", "ppmmake black 848 1200 | "
	blank := preflight.CodeDocumentBlank
	return []kind{
		found(blank, jpeg, "White JPEG", run(white+"cjpeg -outfile out.jpg")),
		found(blank, jpeg, "Black JPEG", run(black+"cjpeg -outfile out.jpg")),
		found(blank, jpeg, "White progressive JPEG", run(white+"cjpeg -progressive -outfile out.jpg")),
		found(blank, jpeg, "White YCCK JPEG", run("convert -size 848x1200 xc:white -colorspace CMYK out.jpg")),
		found(blank, jpeg, "JPEG of an empty sheet", run("cjpeg -quality 90 -outfile out.jpg @paper")),
		found(blank, png, "White PNG", run(white+"pnmtopng > out.png")),
		found(blank, png, "Black PNG", run(black+"pnmtopng > out.png")),
		found(blank, png, "White PNG, 1 bit, interlaced", run("pbmmake -white 848 1200 | pnmtopng -interlace > out.png")),
		found(blank, png, "White PNG, RGB and alpha", run("convert -size 848x1200 xc:white PNG32:out.png"), header(8, pngRGBA, false)),
		found(blank, png, "White PNG, RGB of 16 bits", run("convert -size 848x1200 xc:white PNG48:out.png"), header(16, pngRGB, false)),
		found(blank, png, "PNG that is transparent all over", run("convert -size 848x1200 xc:none PNG32:out.png"), header(8, pngRGBA, false)),
		found(blank, png, "PNG of an empty sheet", run("pnmtopng @paper > out.png")),
		found(blank, bmp, "White BMP", run("convert -size 848x1200 xc:white -type TrueColor BMP3:out.bmp"), bitmap(bmpV3, 24, bmpPlain)),
		found(blank, bmp, "Black BMP", run(black+"ppmtobmp > out.bmp")),
		found(blank, bmp, "White BMP, 1 bit", run("pbmmake -white 848 1200 | ppmtobmp > out.bmp")),
		found(blank, bmp, "White BMP with run lengths", run("convert -size 848x1200 xc:white -type Palette -compress RLE BMP3:out.bmp")),
		found(blank, bmp, "BMP of an empty sheet", run("ppmtobmp @paper > out.bmp")),
		accepted(jpeg, "JPEG of faint print (a tenth of the range)", run("pamfunc -multiplier 0.1 @grey | pamfunc -adder 200 | cjpeg -quality 90 -outfile out.jpg")),
		accepted(png, "PNG of faint print (a tenth of the range)", run("pamfunc -multiplier 0.1 @grey | pamfunc -adder 200 | pnmtopng > out.png")),
		accepted(png, "PNG with one line on it", run("convert -size 848x600 xc:white ( -size 848x2 xc:black ) ( -size 848x598 xc:white ) -append "+quick+"out.png")),
		found(blank, pdf, "PDF of an empty page", join("@empty-page")),
		found(blank, pdf, "PDF of an empty page by cairo", run("pdftocairo -pdf @empty-page out.pdf")),
		found(blank, pdf, "PDF of an empty page by LibreOffice", join("@office/empty.pdf")),
		found(blank, pdf, "PDF of two empty pages", run("qpdf --empty --pages @empty-page @empty-page -- out.pdf")),
		found(blank, pdf, "PDF of an empty page, object streams and linearised", run("qpdf --linearize --object-streams=generate @empty-page out.pdf")),
		accepted(pdf, "PDF with a white rectangle alone (pages are not drawn)", write("page.ps", "%!PS\n1 setgray 0 0 600 800 rectfill showpage\n"), run(toPDF+"page.ps")),
		found(blank, pdf, "Scan of an empty sheet in a PDF: JPEG", run("cjpeg -quality 90 -outfile paper.jpg @paper"), run("img2pdf -o out.pdf paper.jpg")),
		found(blank, pdf, "White scan in a PDF: JPEG", run(white+"cjpeg -outfile white.jpg"), run("img2pdf -o out.pdf white.jpg")),
		found(blank, pdf, "Black scan in a PDF: JPEG", run(black+"cjpeg -outfile black.jpg"), run("img2pdf -o out.pdf black.jpg")),
		found(blank, pdf, "White scan in a PDF: PNG's rows", run("convert -size 848x1200 xc:white PNG24:white.png"), run("img2pdf -o out.pdf white.png"), shows("/Predictor 15", "/DeviceRGB")),
		found(blank, pdf, "White scan in a PDF: grey PNG's rows", run("convert -size 848x1200 xc:white -define png:color-type=0 -define png:bit-depth=8 white.png"), run("img2pdf -o out.pdf white.png"), shows("/DeviceGray")),
		accepted(pdf, "White scan in a PDF: PNG's palette (not looked at)", run(white+"pnmtopng > white.png"), run("img2pdf -o out.pdf white.png"), shows("/Indexed")),
		found(blank, pdf, "White scan in a PDF: Flate", run("ppmmake white 848 1200 | pamtotiff -truecolor -none -output=white.tif"), run("tiff2pdf -z -o out.pdf white.tif")),
		accepted(pdf, "White scan in a PDF: fax (not looked at)", run("pbmmake -white 848 1200 | pamtotiff -g4 -output=white.tif"), run("tiff2pdf -o out.pdf white.tif")),
		accepted(pdf, "White scan in a PDF: JPEG 2000 (not looked at)", run("convert -size 848x1200 xc:white -type TrueColor white.jp2"), run("img2pdf -o out.pdf white.jp2")),
		found(blank, pdf, "White scan in a PDF: by Ghostscript", write("page.ps", "%!PS\nshowpage\n"), run("gs -q -dNOPAUSE -dBATCH -r100 -sDEVICE=pdfimage24 -sOutputFile=out.pdf page.ps")),
		accepted(pdf, "Scan in a PDF: front, and an empty back", run(white+"cjpeg -outfile white.jpg"), run("img2pdf -o out.pdf @jpeg white.jpg")),
	}
}
