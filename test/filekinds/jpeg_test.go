// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

const (
	jpeg = document.FormatJPEG
	png  = document.FormatPNG
	bmp  = document.FormatBMP
	pdf  = document.FormatPDF
)

func jpegKinds() []kind {
	return append(plainJPEGKinds(), cameraJPEGKinds()...)
}

func plainJPEGKinds() []kind {
	colours := write("scans.txt", "0;1;2;\n")
	return []kind{
		accepted(jpeg, "Baseline JPEG by libjpeg-turbo", run("cjpeg -quality 90 -outfile out.jpg @scan"), frame(0, "2x2 1x1 1x1")),
		accepted(jpeg, "Baseline JPEG by ImageMagick", run("convert @scan -quality 85 -sampling-factor 2x2 out.jpg"), frame(0, "2x2 1x1 1x1")),
		accepted(jpeg, "Progressive JPEG", run("jpegtran -progressive -outfile out.jpg @jpeg"), frame(2, "2x2 1x1 1x1")),
		accepted(jpeg, "Progressive JPEG by ImageMagick", run("convert @scan -interlace JPEG out.jpg"), marker(0xc2)),
		accepted(jpeg, "Grey JPEG", run("cjpeg -outfile out.jpg @grey"), frame(0, "1x1")),
		accepted(jpeg, "Grey progressive JPEG", run("cjpeg -progressive -outfile out.jpg @grey"), frame(2, "1x1")),
		accepted(jpeg, "Grey JPEG made of a colour one", run("jpegtran -grayscale -outfile out.jpg @jpeg"), marker(0xc0)),
		accepted(jpeg, "JPEG 4:4:4", run("cjpeg -sample 1x1 -outfile out.jpg @scan"), frame(0, "1x1 1x1 1x1")),
		accepted(jpeg, "JPEG 4:2:2", run("cjpeg -sample 2x1 -outfile out.jpg @scan"), frame(0, "2x1 1x1 1x1")),
		accepted(jpeg, "JPEG 4:4:0", run("cjpeg -sample 1x2 -outfile out.jpg @scan"), frame(0, "1x2 1x1 1x1")),
		accepted(jpeg, "JPEG 4:1:1", run("cjpeg -sample 4x1 -outfile out.jpg @scan"), frame(0, "4x1 1x1 1x1")),
		accepted(jpeg, "JPEG 4:1:0", run("cjpeg -sample 4x2 -outfile out.jpg @scan"), frame(0, "4x2 1x1 1x1")),
		found(preflight.CodeDocumentNotDecoded, jpeg, "JPEG 4:4:1", run("cjpeg -sample 1x4 -outfile out.jpg @scan"), frame(0, "1x4 1x1 1x1")),
		found(preflight.CodeDocumentNotDecoded, jpeg, "JPEG with colour sampled more often than brightness", run("cjpeg -sample 1x1,2x2,2x2 -outfile out.jpg @scan"), frame(0, "1x1 2x2 2x2")),
		accepted(jpeg, "Progressive JPEG 4:4:4", run("cjpeg -progressive -sample 1x1 -outfile out.jpg @scan"), frame(2, "1x1 1x1 1x1")),
		accepted(jpeg, "Progressive JPEG 4:1:1", run("cjpeg -progressive -sample 4x1 -outfile out.jpg @scan"), frame(2, "4x1 1x1 1x1")),
		accepted(jpeg, "YCCK JPEG", run("convert @scan -colorspace CMYK out.jpg"), adobe(2)),
		accepted(jpeg, "YCCK JPEG, progressive", run("convert @scan -colorspace CMYK -interlace JPEG out.jpg"), adobe(2), marker(0xc2)),
		accepted(jpeg, "CMYK JPEG", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=jpegcmyk -r150 -sOutputFile=out.jpg @ps"), adobe(0)),
		accepted(jpeg, "RGB JPEG", run("cjpeg -rgb -outfile out.jpg @scan"), adobe(0), frame(0, "1x1 1x1 1x1")),
		accepted(jpeg, "Grey JPEG by Ghostscript", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=jpeggray -r150 -sOutputFile=out.jpg @ps"), frame(0, "1x1")),
		accepted(jpeg, "JPEG with restart markers", run("cjpeg -restart 1 -outfile out.jpg @scan"), marker(0xdd)),
		accepted(jpeg, "JPEG with a restart marker after each block", run("cjpeg -restart 1B -outfile out.jpg @scan"), marker(0xdd)),
		found(preflight.CodeDocumentNotDecoded, jpeg, "Progressive JPEG with restart markers", run("cjpeg -progressive -restart 2 -outfile out.jpg @scan"), marker(0xc2), marker(0xdd)),
		accepted(jpeg, "JPEG with Huffman tables of its own", run("cjpeg -optimize -outfile out.jpg @scan"), marker(0xc4)),
		accepted(jpeg, "JPEG of quality 5", run("cjpeg -baseline -quality 5 -outfile out.jpg @scan"), frame(0, "2x2 1x1 1x1")),
		accepted(jpeg, "JPEG of quality 5 with tables of 16 bits", run("cjpeg -quality 5 -outfile out.jpg @scan"), frame(1, "2x2 1x1 1x1"), shows("\xff\xdb\x00\x83\x10")),
		accepted(jpeg, "JPEG of quality 100", run("cjpeg -quality 100 -outfile out.jpg @scan"), frame(0, "2x2 1x1 1x1")),
		accepted(jpeg, "Smoothed JPEG by the fast transform", run("cjpeg -smooth 20 -dct fast -outfile out.jpg @scan")),
		accepted(jpeg, "JPEG turned without loss", run("jpegtran -rotate 90 -trim -outfile out.jpg @jpeg")),
		accepted(jpeg, "JPEG of a width that is in no whole blocks", run("pamscale -width 813 @scan | cjpeg -outfile out.jpg")),
		accepted(jpeg, "JPEG with a scan for each colour", colours, run("cjpeg -scans scans.txt -outfile out.jpg @scan"), frame(0, "2x2 1x1 1x1")),
		found(preflight.CodeDocumentNotDecoded, jpeg, "JPEG with a scan for each colour and restart markers", colours, run("cjpeg -scans scans.txt -restart 2 -outfile out.jpg @scan"), frame(0, "2x2 1x1 1x1"), marker(0xdd)),
		accepted(jpeg, "Progressive JPEG 4:4:4 with restart markers", run("cjpeg -progressive -sample 1x1 -restart 2 -outfile out.jpg @scan"), marker(0xc2), marker(0xdd)),
	}
}

func cameraJPEGKinds() []kind {
	exif := run("exiftool -q -overwrite_original -Orientation#=6 -Make=Sample -Model=Phone -GPSLatitude=1 -ThumbnailImage<=@small out.jpg")
	scan := run("cjpeg -quality 90 -outfile out.jpg @scan")
	return []kind{
		accepted(jpeg, "A phone's JPEG: turned by EXIF, with a thumbnail", scan, exif, shows("Exif\x00\x00", "Phone")),
		accepted(jpeg, "JPEG with EXIF and no JFIF marker", run("cjpeg -rgb -outfile out.jpg @scan"), exif, begins("\xff\xd8\xff\xe1")),
		accepted(jpeg, "JPEG with a colour profile", run("convert @scan -profile @profile out.jpg"), shows("ICC_PROFILE")),
		accepted(jpeg, "JPEG with a colour profile by Ghostscript", run("gs -q -dNOPAUSE -dBATCH -sDEVICE=jpeg -r110 -sOutputFile=out.jpg @ps"), shows("ICC_PROFILE")),
		accepted(jpeg, "JPEG with XMP and IPTC", scan, run("exiftool -q -overwrite_original -XMP:Title=Sample -IPTC:Keywords=sample out.jpg"), shows("http://ns.adobe.com/xap/1.0/", "Photoshop 3.0")),
		accepted(jpeg, "JPEG with comments", run("wrjpgcom -comment SAMPLE @jpeg > out.jpg"), marker(0xfe)),
		accepted(jpeg, "A camera's JPEG with a second one behind (preview, depth map)", join("@jpeg", "@small")),
		accepted(jpeg, "A phone's motion photo: JPEG with a film behind", join("@jpeg", film)),
		accepted(jpeg, "JPEG with a vendor's note behind", join("@jpeg", "SEFH\x6b\x00\x00\x00\x01\x00\x00\x00Image_UTC_Data1700000000000SEFT")),
		accepted(jpeg, "JPEG with a line of text behind", join("@jpeg", "\nscanned by Sample 3000\n")),
		accepted(jpeg, "JPEG with XMP behind", join("@jpeg", "<?xpacket begin=\"\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"></x:xmpmeta><?xpacket end=\"w\"?>")),
		accepted(jpeg, "JPEG with a note in XML behind", join("@jpeg", "<?xml version=\"1.0\"?>\n<note><device>Sample</device></note>\n")),
		accepted(jpeg, "JPEG with zeros behind", join("@jpeg", string(make([]byte, 3000)))),
		accepted(jpeg, "A camera's JPEG of 48 megapixels", run("pamscale -width 8000 -height 6000 -nomix @scan | cjpeg -quality 60 -outfile out.jpg"), frame(0, "2x2 1x1 1x1")),
		found(preflight.CodeDocumentNotDecoded, jpeg, "Progressive JPEG of 48 megapixels", run("pamscale -width 8000 -height 6000 -nomix @scan | cjpeg -progressive -quality 60 -outfile out.jpg"), frame(2, "2x2 1x1 1x1")),
	}
}

// film is the frame of an MP4, with nothing to be seen in it.
const film = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" +
	"\x00\x00\x00\x08free" + "\x00\x00\x00\x18mdat" + "a sample of film" + "\x00\x00\x00\x08moov"
