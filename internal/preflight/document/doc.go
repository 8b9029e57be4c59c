// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package document judges one scanned file at a time, by its content alone: names
// and suffixes say nothing (renaming a file does not help, and the registrars look
// inside).
//
// A file must be jpg, jpeg, bmp, png or pdf of less than 10 MB (FAQ Q4), of that one
// format, whole, and something must be seen on it. [Inspect] looks at size and format,
// then decodes: picture.go has what images have in common, jpeg, png and bmp their own,
// pdf.go begins what is done of PDFs.
//
// What is read may be made to harm. Bounds of pixels, memory and work come before
// decoding, are counted and not timed, and one file is decoded at a time. What exceeds
// them is a problem of the file; nothing panics.
//
// It does not know whether a person can read the document, or whether it is the right
// one: a registrar's people look at that.
package document
