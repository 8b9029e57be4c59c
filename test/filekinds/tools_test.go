// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tool is a program that makes files.
type tool struct {
	// name of the project, as the page shows it.
	name string
	// debian is the package that has it.
	debian string
	// probe are arguments with which it fails where a part of it is missing.
	probe []string
}

var tools = map[string]tool{
	"7zz":          {name: "7-Zip", debian: "7zip"},
	"apngasm":      {name: "APNG Assembler", debian: "apngasm"},
	"cjpeg":        {name: "libjpeg-turbo", debian: "libjpeg-turbo-progs"},
	"cjxl":         {name: "libjxl", debian: "libjxl-tools"},
	"convert":      {name: "ImageMagick", debian: "imagemagick"},
	"cwebp":        {name: "libwebp", debian: "webp"},
	"dcmcjpeg":     {name: "DCMTK", debian: "dcmtk"},
	"dcmdump":      {name: "DCMTK", debian: "dcmtk"},
	"exiftool":     {name: "ExifTool", debian: "libimage-exiftool-perl"},
	"groff":        {name: "groff", debian: "groff"},
	"gs":           {name: "Ghostscript", debian: "ghostscript"},
	"gzip":         {name: "gzip", debian: "gzip"},
	"heif-enc":     {name: "libheif", debian: "libheif-examples"},
	"img2dcm":      {name: "DCMTK", debian: "dcmtk"},
	"img2pdf":      {name: "img2pdf", debian: "img2pdf"},
	"img2webp":     {name: "libwebp", debian: "webp"},
	"jpegtran":     {name: "libjpeg-turbo", debian: "libjpeg-turbo-progs"},
	"optipng":      {name: "OptiPNG", debian: "optipng"},
	"pamdepth":     {name: "Netpbm", debian: "netpbm"},
	"pamenlarge":   {name: "Netpbm", debian: "netpbm"},
	"pamfunc":      {name: "Netpbm", debian: "netpbm"},
	"pamscale":     {name: "Netpbm", debian: "netpbm"},
	"pamtopng":     {name: "Netpbm", debian: "netpbm"},
	"pamtotiff":    {name: "Netpbm", debian: "netpbm"},
	"pbmmake":      {name: "Netpbm", debian: "netpbm"},
	"pdfattach":    {name: "Poppler", debian: "poppler-utils"},
	"pdftocairo":   {name: "Poppler and cairo", debian: "poppler-utils"},
	"pdfunite":     {name: "Poppler", debian: "poppler-utils"},
	"perl":         {name: "Excel::Writer::XLSX", debian: "libexcel-writer-xlsx-perl", probe: []string{"-MExcel::Writer::XLSX", "-e1"}},
	"pnminvert":    {name: "Netpbm", debian: "netpbm"},
	"pnmquant":     {name: "Netpbm", debian: "netpbm"},
	"pnmtopng":     {name: "Netpbm", debian: "netpbm"},
	"pnmtops":      {name: "Netpbm", debian: "netpbm"},
	"ppmmake":      {name: "Netpbm", debian: "netpbm"},
	"ppmtobmp":     {name: "Netpbm", debian: "netpbm"},
	"ppmtopcx":     {name: "Netpbm", debian: "netpbm"},
	"qpdf":         {name: "qpdf", debian: "qpdf"},
	"rsvg-convert": {name: "librsvg and cairo", debian: "librsvg2-bin"},
	"soffice":      {name: "LibreOffice", debian: "libreoffice-writer-nogui"},
	"tar":          {name: "tar", debian: "tar"},
	"tiff2pdf":     {name: "LibTIFF", debian: "libtiff-tools"},
	"tiffcp":       {name: "LibTIFF", debian: "libtiff-tools"},
	"wrjpgcom":     {name: "libjpeg-turbo", debian: "libjpeg-turbo-progs"},
	"zip":          {name: "Info-ZIP", debian: "zip"},
}

// toolPath of the distribution's own program, if there is one: what stands before it
// on the PATH may be another's wrapper with a mind of its own.
func toolPath(name string) string {
	own := "/usr/bin/" + name
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return name
}

func isInstalled(name string) bool {
	path, err := exec.LookPath(toolPath(name))
	if err == nil && tools[name].probe != nil {
		err = exec.Command(path, tools[name].probe...).Run()
	}
	return err == nil
}

// needTools ends the test of a kind that cannot be made here.
func needTools(t *testing.T, names []string) {
	t.Helper()
	for _, name := range names {
		if isInstalled(name) {
			continue
		}
		if os.Getenv("FILEKINDS_REQUIRE_TOOLS") == "1" {
			t.Fatalf("%s is not installed: Debian has it in %s (hack/filekinds-tools.sh)", name, tools[name].debian)
		}
		t.Skipf("%s is not installed: Debian has it in %s", name, tools[name].debian)
	}
}

func TestEachToolIsKnownAndUsed(t *testing.T) {
	used := map[string]bool{}
	for _, s := range sections() {
		for _, k := range s.kinds {
			for _, name := range k.tools() {
				used[name] = true
				if tools[name].debian == "" {
					t.Errorf("%s: nothing says which package has %s", k.name, name)
				}
			}
		}
	}
	for name := range tools {
		if !used[name] {
			t.Errorf("no kind is made by %s", name)
		}
	}
}

func TestTheScriptInstallsWhatTheKindsNeed(t *testing.T) {
	script, err := os.ReadFile("../../hack/filekinds-tools.sh")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(script), "readonly packages=(")
	list, _, _ = strings.Cut(list, ")")
	installed := regexp.MustCompile(`[a-z0-9][a-z0-9.+-]+`).FindAllString(list, -1)
	needed := map[string]bool{}
	for _, one := range tools {
		needed[one.debian] = true
		if !slices.Contains(installed, one.debian) {
			t.Errorf("hack/filekinds-tools.sh does not install %s", one.debian)
		}
	}
	for _, name := range installed {
		if !needed[name] {
			t.Errorf("hack/filekinds-tools.sh installs %s, which no kind needs", name)
		}
	}
}
