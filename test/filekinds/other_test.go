// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import "github.com/chinaaccount/china-account-operator/internal/preflight"

func otherKinds() []kind {
	return append(otherImageKinds(), otherDocumentKinds()...)
}

func otherImageKinds() []kind {
	heic := run("heif-enc -q 50 -p preset=ultrafast -o out.heic @jpeg")
	webp := run("cwebp -quiet @png -o out.webp")
	other := func(name string, steps ...step) kind {
		return found(preflight.CodeDocumentFormatNotAccepted, "", name, steps...)
	}
	return []kind{
		found(preflight.CodeDocumentIsHEIC, "", "HEIC photo", heic, shows("ftypheic")),
		found(preflight.CodeDocumentIsHEIC, "", "HEIC photo by ImageMagick", run("convert @scan -resize 25% -quality 50 out.heic"), shows("ftypheic")),
		found(preflight.CodeDocumentIsHEIC, "", "HEIC photo named .jpg", heic, named("out.jpg")),
		found(preflight.CodeDocumentIsHEIC, "", "AVIF photo", run("heif-enc -A -p speed=9 -o out.avif @small"), shows("ftypavif")),
		found(preflight.CodeDocumentIsWebP, "", "WebP", webp, begins("RIFF")),
		found(preflight.CodeDocumentIsWebP, "", "WebP without loss", run("cwebp -quiet -lossless -z 0 @png -o out.webp"), shows("WEBPVP8L")),
		found(preflight.CodeDocumentIsWebP, "", "Animated WebP", run("img2webp -m 0 @icon @icon -o out.webp"), shows("WEBPVP8")),
		found(preflight.CodeDocumentIsWebP, "", "WebP named .png", webp, named("out.png")),
		found(preflight.CodeDocumentIsGIF, "", "GIF", run("convert @icon out.gif"), begins("GIF8")),
		found(preflight.CodeDocumentIsGIF, "", "GIF of 1987", run("convert @icon GIF87:out.gif"), begins("GIF87a")),
		found(preflight.CodeDocumentIsGIF, "", "Animated GIF", run("convert -delay 10 @icon ( +clone -negate ) out.gif"), begins("GIF89a")),
		found(preflight.CodeDocumentIsGIF, "", "GIF named .png", run("convert @icon out.gif"), named("out.png")),
		found(preflight.CodeDocumentIsTIFF, "", "TIFF, a fax (CCITT G4)", join("@tiff"), begins("II*\x00")),
		found(preflight.CodeDocumentIsTIFF, "", "TIFF by a scanner, LZW", run("convert @grey -compress LZW out.tif"), begins("II*\x00")),
		found(preflight.CodeDocumentIsTIFF, "", "TIFF with JPEG in it", run("convert @scan -compress JPEG out.tif"), begins("II*\x00")),
		found(preflight.CodeDocumentIsTIFF, "", "TIFF, big-endian", run("convert @grey -define tiff:endian=msb out.tif"), begins("MM\x00*")),
		found(preflight.CodeDocumentIsTIFF, "", "BigTIFF", run("tiffcp -8 @tiff out.tif"), begins("II+\x00")),
		found(preflight.CodeDocumentIsTIFF, "", "TIFF of several pages", run("convert @grey @grey -compress LZW out.tif"), begins("II*\x00")),
		found(preflight.CodeDocumentIsTIFF, "", "TIFF named .pdf", join("@tiff"), named("out.pdf")),
		other("JPEG 2000", run("convert @scan out.jp2"), shows("jP  ")),
		other("JPEG 2000 code stream", run("convert @scan out.j2k"), begins("\xff\x4f\xff\x51")),
		other("JPEG XL", run("cjxl --quiet -e 3 @png out.jxl")),
		other("Photoshop's PSD", run("convert @grey out.psd"), begins("8BPS")),
		other("Windows icon", run("convert @icon out.ico"), begins("\x00\x00\x01\x00")),
		other("PCX", run("ppmtopcx @scan > out.pcx"), begins("\x0a")),
		other("TGA", run("convert @scan out.tga"), begins("\x00\x00\x02")),
		other("Netpbm's PPM", join("@scan"), begins("P6")),
		other("Netpbm's PBM", join("@bilevel"), begins("P4")),
		other("DICOM (of a hospital's scanner)", run("img2dcm -q @jpeg out.dcm"), shows("DICM")),
		other("X bitmap", run("convert @icon out.xbm"), begins("#define")),
	}
}

func otherDocumentKinds() []kind {
	other := func(name string, steps ...step) kind {
		return found(preflight.CodeDocumentFormatNotAccepted, "", name, steps...)
	}
	const xlsx = `my$book=Excel::Writer::XLSX->new("out.xlsx");$book->add_worksheet->write("A1","SAMPLE")`
	return []kind{
		found(preflight.CodeDocumentIsOffice, "", "Word (docx)", join("@office/text.docx"), begins("PK")),
		found(preflight.CodeDocumentIsOffice, "", "Word of 1997 (doc)", join("@office/text.doc"), begins("\xd0\xcf\x11\xe0")),
		found(preflight.CodeDocumentIsOffice, "", "OpenDocument (odt)", join("@office/text.odt"), begins("PK")),
		found(preflight.CodeDocumentIsOffice, "", "RTF", join("@office/text.rtf"), begins("{\\rtf")),
		found(preflight.CodeDocumentIsOffice, "", "Excel (xlsx)", run("perl -MExcel::Writer::XLSX -e "+xlsx), begins("PK")),
		found(preflight.CodeDocumentIsOffice, "", "Word (docx) named .pdf", join("@office/text.docx"), named("out.pdf")),
		found(preflight.CodeDocumentIsArchive, "", "ZIP", join("@zip"), begins("PK")),
		found(preflight.CodeDocumentIsArchive, "", "ZIP with a scan in it", run("zip -q -j out.zip @jpeg"), begins("PK")),
		found(preflight.CodeDocumentIsArchive, "", "ZIP with a PDF in it, not packed", run("zip -q -0 -j out.zip @pdf"), begins("PK"), shows("%PDF-")),
		found(preflight.CodeDocumentIsArchive, "", "7z", join("@7z"), begins("7z")),
		found(preflight.CodeDocumentIsArchive, "", "gzip", run("gzip -c @jpeg > out.gz"), begins("\x1f\x8b")),
		found(preflight.CodeDocumentIsArchive, "", "tar", write("scan.txt", "SAMPLE"), run("tar -cf out.tar scan.txt"), shows("ustar")),
		found(preflight.CodeDocumentIsArchive, "", "tar packed by gzip", write("scan.txt", "SAMPLE"), run("tar -cf scan.tar scan.txt"), run("gzip -c scan.tar > out.gz"), begins("\x1f\x8b")),
		found(preflight.CodeDocumentIsArchive, "", "ZIP named .jpg", join("@zip"), named("out.jpg")),
		other("Text", join("@txt")),
		other("Text named .pdf", join("@txt"), named("out.pdf")),
		other("HTML", join("@html")),
		other("HTML with a picture in it", join(htmlPage, `<img src="data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEASABIAAD/">`)),
		other("SVG", join("@svg")),
		other("SVG by cairo", run("pdftocairo -svg @pdf out.svg"), shows("<svg")),
		other("OpenDocument as one XML file (fodt)", join("@fodt")),
		other("PostScript", join("@ps")),
		other("PostScript by cairo", run("pdftocairo -ps @pdf out.ps"), begins("%!PS")),
		other("Encapsulated PostScript", run("pdftocairo -eps @pdf out.eps"), begins("%!PS")),
		other("A printer's language (PCL XL)", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=pxlcolor -sOutputFile=out.pxl @ps"), shows("HP-PCL XL")),
		found(preflight.CodeDocumentIsArchive, "", "XPS", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=xpswrite -sOutputFile=out.xps @ps"), begins("PK")),
		other("A film (MP4)", join(film)),
	}
}
