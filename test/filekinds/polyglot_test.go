// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"slices"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

func polyglotKinds() []kind {
	both := func(format document.Format, name string, steps ...step) kind {
		return found(preflight.CodeDocumentPolyglot, format, name, steps...)
	}
	const script = "\n#!/bin/sh\necho SAMPLE\n"
	mended := run("zip -q -A out.zip")
	return []kind{
		both(jpeg, "JPEG with a ZIP behind", join("@jpeg", "@zip")),
		both(jpeg, "JPEG with a ZIP behind, its offsets mended", join("@jpeg", "@zip"), named("out.zip"), mended),
		both(jpeg, "JPEG with a 7z behind", join("@jpeg", "@7z")),
		both(jpeg, "JPEG with a Word document behind", join("@jpeg", "@office/text.docx")),
		both(jpeg, "JPEG with a PDF behind", join("@jpeg", "@pdf")),
		both(pdf, "JPEG with a PDF's header in a comment and the PDF behind", join("@jpeg", "@pdf"), edit(commented("%PDF-1.4\n"))),
		both(jpeg, "JPEG with HTML behind", join("@jpeg", "@html")),
		both(png, "PNG with a ZIP behind", join("@png", "@zip")),
		both(png, "PNG with a ZIP behind, its offsets mended", join("@png", "@zip"), named("out.zip"), mended),
		both(png, "PNG with HTML behind", join("@png", "@html")),
		both(png, "PNG with a PDF behind", join("@png", "@pdf")),
		both(bmp, "BMP with a ZIP behind", join("@bmp", "@zip")),
		both(bmp, "BMP with a shell script behind", join("@bmp", script)),
		both(bmp, "BMP with a PDF behind", join("@bmp", "@pdf")),
		both(pdf, "PDF with a ZIP behind", join("@pdf", "@zip")),
		both(pdf, "PDF with a ZIP behind, its offsets mended", join("@pdf", "@zip"), named("out.zip"), mended),
		both(pdf, "PDF with HTML behind", join("@pdf", "@html")),
		both(pdf, "PDF with a JPEG's header in front", join("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\n", "@pdf")),
	}
}

// commented puts a comment behind a JPEG's first marker.
func commented(text string) func([]byte) []byte {
	return func(content []byte) []byte {
		comment := "\xff\xfe\x00" + string(rune(len(text)+2)) + text
		return slices.Insert(content, 2, []byte(comment)...)
	}
}
