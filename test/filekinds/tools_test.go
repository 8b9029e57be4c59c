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
}

var tools = map[string]tool{
	"7zz":          {"7-Zip", "7zip"},
	"apngasm":      {"APNG Assembler", "apngasm"},
	"cjpeg":        {"libjpeg-turbo", "libjpeg-turbo-progs"},
	"cjxl":         {"libjxl", "libjxl-tools"},
	"img2webp":     {"libwebp", "webp"},
	"pamfunc":      {"Netpbm", "netpbm"},
	"convert":      {"ImageMagick", "imagemagick"},
	"cwebp":        {"libwebp", "webp"},
	"dcmcjpeg":     {"DCMTK", "dcmtk"},
	"dcmdump":      {"DCMTK", "dcmtk"},
	"exiftool":     {"ExifTool", "libimage-exiftool-perl"},
	"groff":        {"groff", "groff"},
	"gs":           {"Ghostscript", "ghostscript"},
	"gzip":         {"gzip", "gzip"},
	"heif-enc":     {"libheif", "libheif-examples"},
	"img2dcm":      {"DCMTK", "dcmtk"},
	"img2pdf":      {"img2pdf", "img2pdf"},
	"jpegtran":     {"libjpeg-turbo", "libjpeg-turbo-progs"},
	"optipng":      {"OptiPNG", "optipng"},
	"pamdepth":     {"Netpbm", "netpbm"},
	"pamenlarge":   {"Netpbm", "netpbm"},
	"pamscale":     {"Netpbm", "netpbm"},
	"pamtotiff":    {"Netpbm", "netpbm"},
	"pamtopng":     {"Netpbm", "netpbm"},
	"pbmmake":      {"Netpbm", "netpbm"},
	"pdfattach":    {"Poppler", "poppler-utils"},
	"pdftocairo":   {"Poppler and cairo", "poppler-utils"},
	"pdfunite":     {"Poppler", "poppler-utils"},
	"perl":         {"Excel::Writer::XLSX", "libexcel-writer-xlsx-perl"},
	"pnminvert":    {"Netpbm", "netpbm"},
	"pnmquant":     {"Netpbm", "netpbm"},
	"pnmtops":      {"Netpbm", "netpbm"},
	"pnmtopng":     {"Netpbm", "netpbm"},
	"ppmmake":      {"Netpbm", "netpbm"},
	"ppmtobmp":     {"Netpbm", "netpbm"},
	"ppmtopcx":     {"Netpbm", "netpbm"},
	"qpdf":         {"qpdf", "qpdf"},
	"rsvg-convert": {"librsvg and cairo", "librsvg2-bin"},
	"soffice":      {"LibreOffice", "libreoffice-writer-nogui"},
	"tar":          {"tar", "tar"},
	"tiff2pdf":     {"LibTIFF", "libtiff-tools"},
	"tiffcp":       {"LibTIFF", "libtiff-tools"},
	"wrjpgcom":     {"libjpeg-turbo", "libjpeg-turbo-progs"},
	"zip":          {"Info-ZIP", "zip"},
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
	_, err := exec.LookPath(toolPath(name))
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
