// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"strings"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// toPDF has Ghostscript make a PDF.
const toPDF = "gs -q -dNOPAUSE -dBATCH -sDEVICE=pdfwrite -sOutputFile=out.pdf "

func pdfKinds() []kind {
	return append(append(writtenPDFKinds(), scannedPDFKinds()...), furnishedPDFKinds()...)
}

func writtenPDFKinds() []kind {
	return []kind{
		accepted(pdf, "PDF 1.3", run(toPDF+"-dCompatibilityLevel=1.3 @ps"), begins("%PDF-1.3")),
		accepted(pdf, "PDF 1.4", run(toPDF+"-dCompatibilityLevel=1.4 @ps"), begins("%PDF-1.4")),
		accepted(pdf, "PDF 1.5", run(toPDF+"-dCompatibilityLevel=1.5 @ps"), begins("%PDF-1.5")),
		accepted(pdf, "PDF 1.6", run("qpdf --force-version=1.6 @pdf out.pdf"), begins("%PDF-1.6")),
		accepted(pdf, "PDF 1.7", run(toPDF+"-dCompatibilityLevel=1.7 @ps"), begins("%PDF-1.7")),
		accepted(pdf, "PDF 2.0", run(toPDF+"-dCompatibilityLevel=2.0 @ps"), begins("%PDF-2.0")),
		accepted(pdf, "PDF 2.0 by qpdf", run("qpdf --force-version=2.0 @pdf out.pdf"), begins("%PDF-2.0")),
		accepted(pdf, "PDF by cairo", run("pdftocairo -pdf @pdf out.pdf"), shows("cairo")),
		accepted(pdf, "PDF by librsvg", run("rsvg-convert -f pdf -o out.pdf @svg"), shows("cairo")),
		accepted(pdf, "PDF by groff", write("page.ms", ".TL\nSAMPLE\n.PP\nThis is not a business licence.\n"), run("groff -ms -Tpdf page.ms > out.pdf"), begins("%PDF")),
		accepted(pdf, "PDF by LibreOffice, from a text", join("@office/text.pdf"), begins("%PDF")),
		accepted(pdf, "PDF by LibreOffice, from HTML", join("@office/web.pdf"), begins("%PDF")),
		accepted(pdf, "PDF by LibreOffice, from OpenDocument", join("@office/flat.pdf"), begins("%PDF")),
		accepted(pdf, "PDF/A by LibreOffice", join("@office/archive.pdf"), shows("pdfaid")),
		accepted(pdf, "Tagged PDF/UA by LibreOffice", join("@office/tagged.pdf"), begins("%PDF"), shows("/StructTreeRoot")),
		accepted(pdf, "PDF with object streams", run("qpdf --object-streams=generate @pdf out.pdf"), shows("/ObjStm", "/XRef")),
		accepted(pdf, "PDF without object streams", run("qpdf --object-streams=disable @pdf out.pdf"), lacks("/ObjStm"), shows("\nxref\n")),
		accepted(pdf, "Linearised PDF (for the web)", run("qpdf --linearize @pages out.pdf"), shows("/Linearized")),
		accepted(pdf, "Linearised PDF with object streams", run("qpdf --linearize --object-streams=generate @pages out.pdf"), shows("/Linearized", "/ObjStm")),
		accepted(pdf, "PDF that is not packed", run("qpdf --qdf @pdf out.pdf"), shows("%QDF")),
		accepted(pdf, "PDF in ASCII", run(toPDF+"-dASCII85EncodePages=true @ps"), shows("/ASCII85Decode")),
		accepted(pdf, "PDF of several pages", run("qpdf --empty --pages @pdf @pdf -- out.pdf"), shows("/Count 2")),
		accepted(pdf, "PDF of pages from several files", run("pdfunite @pdf @scanned @pages out.pdf")),
		accepted(pdf, "PDF with a blank page before a filled one", run("qpdf --empty --pages @empty-page @pdf -- out.pdf")),
		accepted(pdf, "PDF with turned pages", run("qpdf --rotate=+90 @pdf out.pdf"), shows("/Rotate 90")),
		accepted(pdf, "PDF with a colour gradient alone", write("page.svg", gradient), run("rsvg-convert -f pdf -o out.pdf page.svg")),
		accepted(pdf, "PDF with transparency alone", write("page.svg", transparent), run("rsvg-convert -f pdf -o out.pdf page.svg")),
	}
}

func scannedPDFKinds() []kind {
	scanned := "gs -q -dNOPAUSE -dBATCH -r100 -sOutputFile=out.pdf "
	return []kind{
		accepted(pdf, "Scan in a PDF: JPEG", run("img2pdf -o out.pdf @jpeg"), shows("/DCTDecode")),
		accepted(pdf, "Scan in a PDF: JPEG by LibTIFF", run("convert @scan -compress JPEG scan.tif"), run("tiff2pdf -o out.pdf scan.tif"), shows("/DCTDecode")),
		accepted(pdf, "Scan in a PDF: PNG's rows", run("img2pdf -o out.pdf @png"), shows("/FlateDecode", "/Predictor 15")),
		accepted(pdf, "Scan in a PDF: Flate", run("pamtotiff -none -output=scan.tif @scan"), run("tiff2pdf -z -o out.pdf scan.tif"), shows("/FlateDecode")),
		accepted(pdf, "Scan in a PDF: LZW", run("pamscale -width 300 @grey | pnmtops -noturn -dpi 72 | "+toPDF+"-dAutoFilterGrayImages=false -dGrayImageFilter=/LZWEncode -"), shows("/LZWDecode")),
		accepted(pdf, "Scan in a PDF: not packed", run("pamtotiff -none -output=scan.tif @grey"), run("tiff2pdf -o out.pdf scan.tif"), lacks("Decode")),
		accepted(pdf, "Scan in a PDF: fax (CCITT G4)", run("tiff2pdf -o out.pdf @tiff"), shows("/CCITTFaxDecode")),
		accepted(pdf, "Scan in a PDF: fax by img2pdf", run("img2pdf -o out.pdf @tiff"), shows("/CCITTFaxDecode")),
		accepted(pdf, "Scan in a PDF: fax by Ghostscript", run("pamscale -nomix -width 300 @bilevel | pnmtops -noturn -dpi 72 | "+toPDF+"-dMonoImageFilter=/CCITTFaxEncode -"), shows("/CCITTFaxDecode")),
		accepted(pdf, "Scan in a PDF: JPEG 2000", run("convert @scan scan.jp2"), run("img2pdf -o out.pdf scan.jp2"), shows("/JPXDecode")),
		accepted(pdf, "Scan in a PDF: in the page itself", run("pamscale -width 300 @grey | pnmtops -noturn -dpi 72 | "+toPDF+"-dAutoFilterGrayImages=false -dGrayImageFilter=/FlateEncode -dMaxInlineImageSize=9000000 -"), lacks("/Subtype/Image")),
		accepted(pdf, "Scan in a PDF: by Ghostscript, colour", run(scanned+"-sDEVICE=pdfimage24 @ps"), shows("/Image")),
		accepted(pdf, "Scan in a PDF: by Ghostscript, grey", run(scanned+"-sDEVICE=pdfimage8 @ps"), shows("/Image")),
		accepted(pdf, "Scan in a PDF: in strips (PCLm)", run(scanned+"-sDEVICE=pclm @ps"), shows("PCLm")),
		accepted(pdf, "Scan in a PDF: front and back", run("img2pdf -o out.pdf @jpeg @png"), shows("/Count 2")),
		accepted(pdf, "Scan in a PDF: CMYK JPEG", run("convert @scan -colorspace CMYK cmyk.jpg"), run("img2pdf -o out.pdf cmyk.jpg"), shows("/DeviceCMYK")),
		accepted(pdf, "Scan in a PDF: progressive JPEG", run("jpegtran -progressive -outfile progressive.jpg @jpeg"), run("img2pdf -o out.pdf progressive.jpg")),
		accepted(pdf, "Scan in a PDF with object streams, linearised", run("qpdf --linearize --object-streams=generate @scanned out.pdf"), shows("/Linearized", "/DCTDecode")),
	}
}

func furnishedPDFKinds() []kind {
	return []kind{
		accepted(pdf, "PDF with an incremental update", run("qpdf @pdf out.pdf"), run("exiftool -q -overwrite_original -Title=SAMPLE out.pdf"), twoEnds),
		accepted(pdf, "PDF with an incremental update, object streams", run("qpdf --object-streams=generate @pdf out.pdf"), run("exiftool -q -overwrite_original -Title=SAMPLE out.pdf"), twoEnds),
		accepted(pdf, "PDF with two incremental updates", run("qpdf @pdf out.pdf"), run("exiftool -q -overwrite_original -Title=SAMPLE out.pdf"), run("exiftool -q -overwrite_original -Author=SAMPLE out.pdf"), twoEnds),
		accepted(pdf, "PDF with an attachment", run("qpdf --add-attachment @txt -- @pdf out.pdf"), shows("/EmbeddedFile")),
		accepted(pdf, "PDF with an attachment by Poppler", run("pdfattach @pdf @txt out.pdf"), shows("/EmbeddedFile")),
		accepted(pdf, "PDF with form fields", write("form.pdf", formPDF("/Fields[5 0 R]")), run("qpdf --warning-exit-0 form.pdf out.pdf"), shows("/AcroForm")),
		accepted(pdf, "PDF whose only content is a filled form field", write("form.pdf", strings.Replace(formPDF("/Fields[5 0 R]"), "/Contents 4 0 R", "", 1)), run("qpdf --warning-exit-0 form.pdf out.pdf"), shows("/AcroForm")),
		found(preflight.CodeDocumentXFAForm, pdf, "XFA form", write("form.pdf", formPDF("/Fields[5 0 R]/XFA[(template)7 0 R]")), run("qpdf --warning-exit-0 form.pdf out.pdf"), shows("/XFA")),
		found(preflight.CodeDocumentXFAForm, pdf, "XFA form in object streams", write("form.pdf", formPDF("/Fields[]/XFA 7 0 R")), run("qpdf --warning-exit-0 --object-streams=generate form.pdf out.pdf"), lacks("/XFA")),
		accepted(pdf, "PDF with a printer's lines around it", join("\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n", "@pdf", "\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X")),
		accepted(pdf, "PDF with some bytes before its header", join("some bytes\n", "@pdf")),
		accepted(pdf, "PDF with a byte order mark", join("\xef\xbb\xbf", "@pdf")),
		accepted(pdf, "PDF with white space behind its end", join("@pdf", strings.Repeat("\r\n", 1500))),
		accepted(pdf, "PDF with zeros behind its end", join("@pdf", string(make([]byte, 4096)))),
		accepted(pdf, "PDF without a line end behind its end", join("@pdf"), edit(func(content []byte) []byte { return bytes.TrimRight(content, "\r\n") })),
		accepted(pdf, "PDF that says of its table that it is elsewhere", run("qpdf @pdf out.pdf"), edit(misled)),
	}
}

// twoEnds proves an incremental update.
var twoEnds = shows("%BeginExifToolUpdate")

// misled has a PDF say that its cross-reference table is in another place. Readers
// look for the objects themselves then.
func misled(content []byte) []byte {
	at := bytes.LastIndex(content, []byte("startxref"))
	return append(content[:at:at], "startxref\n7\n%%EOF\n"...)
}

// formPDF is a page with a form field, and what else the form is to hold. It lacks
// the cross-reference table, which qpdf adds.
func formPDF(form string) string {
	return `%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R/AcroForm<<` + form + `>>>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[5 0 R]/Contents 4 0 R/Resources<<>>>> endobj
4 0 obj <</Length 21>> stream
72 700 300 2 re f  
endstream endobj
5 0 obj <</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(SAMPLE)/F 4/Rect[72 600 300 640]/P 3 0 R/AP<</N 6 0 R>>>> endobj
6 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 228 40]/Length 20>> stream
0 0 228 40 re 2 w S 
endstream endobj
7 0 obj <</Length 49>> stream
<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"/>  
endstream endobj
trailer <</Root 1 0 R/Size 8>>
`
}

const transparent = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1100">
<g opacity="0.4"><rect x="90" y="90" width="300" height="90"/><rect x="190" y="120" width="300" height="90" fill="red"/></g></svg>
`

const gradient = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1100">
<linearGradient id="g"><stop offset="0" stop-color="black"/><stop offset="1" stop-color="white"/></linearGradient>
<rect width="800" height="1100" fill="url(#g)"/></svg>
`
