// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package filekinds

import "github.com/chinaaccount/china-account-operator/internal/preflight"

// refusedKinds are whole, and of an accepted format, but cannot be seen by everybody.
func refusedKinds() []kind {
	dicom := func(option string) []step {
		return []step{
			run("ppmtobmp @scan > scan.bmp"), run("img2dcm -q -i BMP scan.bmp scan.dcm"),
			run("dcmcjpeg -q " + option + " scan.dcm packed.dcm"), run("dcmdump -q +W {} packed.dcm"), taken("packed.dcm.1.raw", "out.jpg"),
		}
	}
	return []kind{
		found(preflight.CodeDocumentEncrypted, pdf, "PDF with a password, 40 bits", run("qpdf --allow-weak-crypto --encrypt user owner 40 -- @pdf out.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF with a password, RC4 of 128 bits", run("qpdf --allow-weak-crypto --encrypt user owner 128 --use-aes=n -- @pdf out.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF with a password, AES of 128 bits", run("qpdf --allow-weak-crypto --encrypt user owner 128 --use-aes=y -- @pdf out.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF with a password, AES of 256 bits", run("qpdf --encrypt user owner 256 -- @pdf out.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF protected against changes alone", run("qpdf --encrypt '' owner 256 --modify=none -- @pdf out.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF protected against changes, RC4 of 40 bits", run("qpdf --allow-weak-crypto --encrypt '' owner 40 -- @pdf out.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF protected, object streams and linearised", run("qpdf --linearize --object-streams=generate --encrypt '' owner 256 -- @pages out.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF protected by Ghostscript", run(toPDF+"-sOwnerPassword=owner -sUserPassword= -dEncryptionR=3 -dKeyLength=128 @ps"), shows("/Encrypt")),
		found(preflight.CodeDocumentEncrypted, pdf, "PDF protected by LibreOffice", join("@office/secret.pdf"), shows("/Encrypt")),
		found(preflight.CodeDocumentWithoutPages, pdf, "PDF without pages", run("qpdf --empty out.pdf")),
		found(preflight.CodeDocumentExpandsTooFar, pdf, "PDF that unpacks to 512 MB", step{do: writeBomb}, run("qpdf --warning-exit-0 --stream-data=preserve bomb.pdf out.pdf"), shows("/FlateDecode")),
		found(preflight.CodeDocumentVariantNotAccepted, jpeg, "JPEG, arithmetic-coded", run("cjpeg -arithmetic -outfile out.jpg @scan"), marker(0xc9)),
		found(preflight.CodeDocumentVariantNotAccepted, jpeg, "JPEG, arithmetic-coded and progressive", run("jpegtran -arithmetic -progressive -outfile out.jpg @jpeg"), marker(0xca)),
		found(preflight.CodeDocumentVariantNotAccepted, jpeg, "JPEG, arithmetic-coded, grey", run("cjpeg -arithmetic -outfile out.jpg @grey"), marker(0xc9)),
		found(preflight.CodeDocumentVariantNotAccepted, jpeg, "JPEG without loss (of hospitals)", append(dicom("+e1"), marker(0xc3))...),
		found(preflight.CodeDocumentVariantNotAccepted, jpeg, "JPEG of 12 bits", append(dicom("+ee +bt"), marker(0xc1))...),
		found(preflight.CodeDocumentVariantNotAccepted, jpeg, "Progressive JPEG of 12 bits", append(dicom("+ep +bt"), marker(0xc2))...),
	}
}
