// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// mishandledKinds are broken on their way into a Secret.
func mishandledKinds() []kind {
	damaged, truncated, other := preflight.CodeDocumentDamaged, preflight.CodeDocumentTruncated, preflight.CodeDocumentFormatNotAccepted
	return []kind{
		found(damaged, jpeg, "JPEG of three parts, the second lost", join("@jpeg"), edit(partLost)),
		found(damaged, png, "PNG of three parts, the second lost", join("@png"), edit(partLost)),
		found(truncated, bmp, "BMP of three parts, the second lost", join("@bmp"), edit(partLost)),
		found(damaged, pdf, "PDF of three parts, the second lost", join("@pages"), edit(partLost)),
		found(truncated, pdf, "Scan in a PDF of three parts, the second lost", join("@scanned"), edit(partLost)),
		found(damaged, png, "PNG of three parts, the last two in the wrong order", join("@png"), edit(partsSwapped)),
		found(truncated, pdf, "PDF of three parts, the last two in the wrong order", join("@pages"), edit(partsSwapped)),
		found(other, "", "JPEG of two parts in the wrong order", join("@jpeg"), edit(turnedRound)),
		found(other, "", "PDF of two parts in the wrong order", join("@scanned"), edit(turnedRound)),
		found(other, "", "JPEG taken for text (what is no UTF-8 replaced)", join("@jpeg"), edit(asText)),
		found(other, "", "PNG taken for text", join("@png"), edit(asText)),
		found(damaged, pdf, "PDF taken for text", join("@pdf"), edit(asText)),
		found(damaged, pdf, "Scan in a PDF taken for text", join("@scanned"), edit(asText)),
		found(other, "", "PNG with a text's line ends", join("@png"), edit(lineEnds)),
		found(other, "", "Scan in base64", join("@jpeg"), edit(inBase64)),
		found(other, "", "PDF in base64", join("@pdf"), edit(inBase64)),
	}
}

var (
	partLost = func(content []byte) []byte {
		third := len(content) / 3
		return slices.Delete(content, third, 2*third)
	}
	partsSwapped = func(content []byte) []byte {
		third := len(content) / 3
		return slices.Concat(content[:third], content[2*third:], content[third:2*third])
	}
	turnedRound = func(content []byte) []byte {
		half := len(content) / 2
		return slices.Concat(content[half:], content[:half])
	}
	asText   = func(content []byte) []byte { return []byte(strings.ToValidUTF8(string(content), "\ufffd")) }
	lineEnds = func(content []byte) []byte {
		return bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
	}
	inBase64 = func(content []byte) []byte { return base64.StdEncoding.AppendEncode(nil, content) }
)
