// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"fmt"
	"io"
	"strings"

	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/form"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// scan is a file that lies beside the page.
type scan struct {
	unprinted
	form.Words
	// Path of the file in the registration: by it the page remembers its tick.
	Path string
	// Name of the file, as the agent sees it when choosing what to upload. It is made
	// of nothing personal.
	Name string
	// Kind is the format in capitals, e.g. PDF.
	Kind string
	// Size in words, e.g. 1.3 MB.
	Size    string
	IsImage bool
	open    func() io.Reader
}

// roles are the beginnings of the files' names: numbered as the form asks for them.
var roles = map[dossier.Role]string{
	dossier.RoleBusinessCertificate: "1-business-certificate",
	dossier.RoleIdentification:      "2-identification",
}

// suffixes are what a form's file dialogue shows.
var suffixes = map[document.Format]string{
	document.FormatJPEG: "jpg",
	document.FormatPNG:  "png",
	document.FormatBMP:  "bmp",
	document.FormatPDF:  "pdf",
}

// scansOf names the documents of a dossier, each by what it is.
func scansOf(d *dossier.Dossier) ([]scan, error) {
	var scans []scan
	count := map[dossier.Role]int{}
	for _, file := range d.Documents {
		role, ok := roles[file.Role]
		if !ok {
			return nil, fmt.Errorf("name the file at %s: the form has no place for it; leave it out", file.Path)
		}
		suffix, ok := suffixes[document.Inspect(file.Content()).Format]
		if !ok {
			return nil, fmt.Errorf("name the file at %s: it is none of jpg, png, bmp and pdf, which preflight would have said; release the claim and have it scanned again", file.Path)
		}
		count[file.Role]++
		words, _ := form.NameOf(file.Path)
		scans = append(scans, scan{
			Words: words, Path: file.Path,
			Name:    fmt.Sprintf("%s-%d.%s", role, count[file.Role], suffix),
			Kind:    strings.ToUpper(suffix),
			Size:    sizeInWords(file.Size()),
			IsImage: suffix != suffixes[document.FormatPDF],
			open:    file.Open,
		})
	}
	return scans, nil
}

// sizeInWords counts as the registrars' limit does, by thousands (10 MB).
func sizeInWords(size int64) string {
	switch {
	case size < 1000:
		return fmt.Sprintf("%d B", size)
	case size < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(size)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(size)/1e6)
	}
}
