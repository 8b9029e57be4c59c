// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"fmt"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

const (
	pathCertificateFiles    = "spec.dossier.documents.businessCertificate.files"
	pathIdentificationFiles = "spec.dossier.documents.identification.files"
)

func checkBusinessCertificate(m Material, now time.Time) []Finding {
	dossier := m.Registration.Spec.Dossier
	certificate := dossier.Documents.BusinessCertificate
	var findings []Finding
	if !certificateFitsCode(certificate.Type, dossier.Company.UnifiedSocialCreditCode) {
		findings = append(findings, found(CodeCertificateTypeUnlikely, pathCertificateType))
	}
	findings = append(findings, CheckCertificate(certificate, now)...)
	files, _ := m.checkFiles(pathCertificateFiles, len(certificate.Files))
	return append(findings, files...)
}

func checkIdentification(m Material) []Finding {
	dossier := m.Registration.Spec.Dossier
	files := dossier.Documents.Identification.Files
	findings, formats := m.checkFiles(pathIdentificationFiles, len(files))
	if hasTwoSides(dossier.SecurityAdministrator.Identification.Type) && len(files) == 1 && formats[0].IsImage() {
		findings = append(findings, found(CodeIdentificationSideMissing, pathIdentificationFiles))
	}
	return findings
}

// hasTwoSides tells whether the ID is a card. The permits are: Taiwan's last
// booklets were issued in 2015 for five years.
func hasTwoSides(t v1alpha1.IdentificationType) bool {
	switch t {
	case v1alpha1.IdentificationResidentIdentityCard, v1alpha1.IdentificationHongKongMacao, v1alpha1.IdentificationTaiwan:
		return true
	default:
		return false
	}
}

// checkFiles judges the count files under path. formats has their formats by
// content, empty for those that are none of the accepted or are not at hand.
func (m Material) checkFiles(path string, count int) (findings []Finding, formats []document.Format) {
	if count == 0 {
		return []Finding{found(CodeDocumentMissing, path)}, nil
	}
	formats = make([]document.Format, count)
	for i := range count {
		filePath := fmt.Sprintf("%s[%d]", path, i)
		file := m.document(filePath)
		switch {
		case file != nil:
			result := document.Inspect(file.Content)
			findings = append(findings, fileFindings(result, filePath)...)
			formats[i] = result.Format
		case !m.unread(filePath):
			findings = append(findings, found(CodeDocumentMissing, filePath))
		}
	}
	return findings, formats
}

// CheckDocuments judges files that are not of a dossier, such as a reviewer asked for.
func CheckDocuments(documents []Document) []Finding {
	var findings []Finding
	for _, file := range documents {
		_, found := CheckFile(file)
		findings = append(findings, found...)
	}
	return findings
}

// CheckFile judges one file. format is empty where it is none of the accepted.
func CheckFile(file Document) (format document.Format, findings []Finding) {
	result := document.Inspect(file.Content)
	return result.Format, fileFindings(result, file.Path)
}

var documentFindings = map[document.Problem]string{
	document.Empty:              CodeDocumentEmpty,
	document.TooLarge:           CodeDocumentTooLarge,
	document.Large:              CodeDocumentLarge,
	document.Unreadable:         CodeDocumentUnreadable,
	document.Polyglot:           CodeDocumentPolyglot,
	document.Truncated:          CodeDocumentTruncated,
	document.Damaged:            CodeDocumentDamaged,
	document.Blank:              CodeDocumentBlank,
	document.Expands:            CodeDocumentExpandsTooFar,
	document.TooManyPixels:      CodeDocumentTooManyPixels,
	document.TooFewPixels:       CodeDocumentTooFewPixels,
	document.FewPixels:          CodeDocumentFewPixels,
	document.VariantNotAccepted: CodeDocumentVariantNotAccepted,
	document.NotDecoded:         CodeDocumentNotDecoded,
	document.Encrypted:          CodeDocumentEncrypted,
	document.NoPages:            CodeDocumentWithoutPages,
	document.XFAForm:            CodeDocumentXFAForm,
}

// kindFindings are the findings on files of other formats that people send most: the
// cure differs. kindWords say what the others are.
var (
	kindFindings = map[document.Kind]string{
		document.KindHEIC:    CodeDocumentIsHEIC,
		document.KindWebP:    CodeDocumentIsWebP,
		document.KindGIF:     CodeDocumentIsGIF,
		document.KindTIFF:    CodeDocumentIsTIFF,
		document.KindOffice:  CodeDocumentIsOffice,
		document.KindArchive: CodeDocumentIsArchive,
	}
	kindWords = map[document.Kind]string{
		document.KindImage:   "an image of another format",
		document.KindText:    "text",
		document.KindUnknown: "of no format that is known here",
	}
)

func fileFindings(result document.Result, path string) []Finding {
	var findings []Finding
	for _, problem := range result.Problems {
		switch problem {
		case document.FormatNotAccepted:
			findings = append(findings, formatFinding(result.Kind, path))
		case document.TooManyPixels, document.TooFewPixels, document.FewPixels:
			findings = append(findings, found(documentFindings[problem], path, result.Width, result.Height))
		default:
			findings = append(findings, found(documentFindings[problem], path))
		}
	}
	return findings
}

func formatFinding(kind document.Kind, path string) Finding {
	if code, ok := kindFindings[kind]; ok {
		return found(code, path)
	}
	return found(CodeDocumentFormatNotAccepted, path, kindWords[kind])
}
