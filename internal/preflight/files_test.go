// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// scan is a picture that nothing is wrong with, of two colours, which is soon decoded.
// pdf is a document of one page.
var (
	scan = func() string {
		picture := image.NewPaletted(image.Rect(0, 0, 800, 800), color.Palette{color.Black, color.White})
		for i := range picture.Pix {
			picture.Pix[i] = uint8(i / 100 % 2)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, picture); err != nil {
			panic(err)
		}
		return b.String()
	}()
	pdf = strings.Join([]string{
		"%PDF-1.4",
		"1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj",
		"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj",
		"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>> endobj",
		"4 0 obj <</Length 20>> stream\n10 10 100 100 re f  \nendstream endobj",
		"trailer <</Size 5/Root 1 0 R>>",
		"startxref\n0\n%%EOF\n",
	}, "\n")
)

// ofFiles are the codes that single files have: TestEveryProblemOfAFileHasItsFinding.
func ofFiles() map[string]bool {
	codes := map[string]bool{}
	for _, code := range documentFindings {
		codes[code] = true
	}
	for _, code := range kindFindings {
		codes[code] = true
	}
	return codes
}

func TestEveryProblemOfAFileHasItsFinding(t *testing.T) {
	for problem, code := range documentFindings {
		findings := fileFindings(document.Result{Problems: []document.Problem{problem}, Width: 123, Height: 456}, certificateFile)
		if got := codesAndPaths(findings); !slices.Equal(got, one(code, certificateFile)) {
			t.Errorf("%s: got %q", problem, got)
		}
		if message := findings[0].Message; message == "" || strings.Contains(message, "%") {
			t.Errorf("%s: the message is %q", problem, message)
		}
	}
}

func TestEveryKindOfFileThatIsNotAcceptedHasItsCure(t *testing.T) {
	for _, kind := range []document.Kind{
		document.KindHEIC, document.KindWebP, document.KindGIF, document.KindTIFF, document.KindImage,
		document.KindOffice, document.KindArchive, document.KindText, document.KindUnknown,
	} {
		findings := fileFindings(document.Result{Kind: kind, Problems: []document.Problem{document.FormatNotAccepted}}, frontFile)
		if len(findings) != 1 || !strings.Contains(findings[0].Message, "must be jpg, jpeg, bmp, png or pdf") || strings.Contains(findings[0].Message, "%") {
			t.Errorf("%s: %+v", kind, findings)
		}
	}
}

func TestTheSizeOfAnImageIsSaid(t *testing.T) {
	var small bytes.Buffer
	if err := jpeg.Encode(&small, image.NewGray(image.Rect(0, 0, 150, 300)), nil); err != nil {
		t.Fatal(err)
	}
	format, findings := CheckFile(Document{Path: backFile, Content: bytes.NewReader(small.Bytes())})
	if format != document.FormatJPEG || len(findings) != 2 || !strings.Contains(findings[0].Message, "150 × 300 pixels") {
		t.Errorf("got %s, %+v", format, findings)
	}
}
