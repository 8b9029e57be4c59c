// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

// sharedFiles are made once and go into several kinds, by their names after an @.
func sharedFiles() map[string][]step {
	return map[string][]step{
		"scan":    {drawn("colour", scan)},
		"grey":    {drawn("grey", scan)},
		"bilevel": {drawn("bilevel", scan)},
		// Three steps of 255 are 1.2 %, under the 2 % that count as blank.
		"paper": {drawn("colour", paper(250, 3))},
		"jpeg":  {run("cjpeg -quality 90 -outfile out.jpg @scan")},
		"small": {run("pamscale -width 160 @scan | cjpeg -quality 75 -outfile out.jpg")},
		"icon":  {run("pamscale -width 64 @grey | pnmtopng > out.png")},
		"png":   {run("pnmtopng @scan > out.png")},
		"bmp":   {run("ppmtobmp @scan > out.bmp")},
		"rle":   {run("convert @grey -type Palette -compress RLE BMP3:out.bmp")},
		"zip":   {write("scan.txt", "SAMPLE"), run("zip -q out.zip scan.txt")},
		"7z":    {run("7zz a -bso0 out.7z @txt")},
		"ps":    {write("out.ps", postScriptPage)},
		"svg":   {write("out.svg", svgPage)},
		"txt":   {write("out.txt", "SAMPLE\nThis is not a business licence.\n")},
		"html":  {write("out.html", htmlPage)},
		"fodt":  {write("out.fodt", fodtPage)},
		"pdf":   {run("gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -dCompatibilityLevel=1.4 -sOutputFile=out.pdf @ps")},
		"empty-page": {
			write("page.ps", "%!PS\nshowpage\n"),
			run("gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -sOutputFile=out.pdf page.ps"),
		},
		"office": office(),
		"profile": {
			run("gs -q -dNOPAUSE -dBATCH -sDEVICE=png16m -sOutputFile=page.png @ps"),
			run("exiftool -q -b -ICC_Profile page.png > out.icc"),
		},
		"pages":   {run("qpdf --empty --pages @pdf @pdf @pdf -- out.pdf")},
		"tiff":    {run("convert @bilevel -compress Group4 out.tif")},
		"scanned": {run("img2pdf -o out.pdf @jpeg")},
	}
}

const postScriptPage = `%!PS-Adobe-3.0
%%Pages: 1
/Helvetica findfont 24 scalefont setfont
72 700 moveto (SAMPLE) show
72 660 moveto (This is not a business licence.) show
1 0 0 setrgbcolor 5 setlinewidth 400 200 60 0 360 arc stroke
showpage
`

const svgPage = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1100">
<text x="60" y="120" font-size="40">SAMPLE</text><circle cx="500" cy="800" r="90" fill="none" stroke="red" stroke-width="9"/>
</svg>
`

const htmlPage = `<!DOCTYPE html>
<html><head><title>Sample</title></head><body><h1>SAMPLE</h1><p>This is not a business licence.</p></body></html>
`

const fodtPage = `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:body><office:text><text:h text:outline-level="1">SAMPLE</text:h><text:p>This is not a business licence.</text:p></office:text></office:body>
</office:document>
`
