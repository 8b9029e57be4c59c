// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package scans

import (
	"bytes"
	"fmt"
)

// PDF writes a PDF of one A4 page. PDF readers find its objects by their place
// in the file, which the table at its end lists.
func PDF(title string) []byte {
	content := fmt.Sprintf("BT /F1 22 Tf 60 760 Td (%s) Tj ET\nBT /F1 96 Tf 0.9 0.3 -0.3 0.9 110 330 Tm 0.85 0.2 0.2 rg (SAMPLE) Tj ET", title)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	var offsets []int
	out.WriteString("%PDF-1.4\n")
	for i, object := range objects {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}
