// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package document

// Problem is one thing that is wrong with a file.
type Problem string

// Problems of any file.
const (
	// Empty: no byte in it.
	Empty Problem = "Empty"
	// TooLarge: MaxSize or more. Nothing else of it is judged but its format.
	TooLarge Problem = "TooLarge"
	// Large: more than TypicalMaxSize; it may still be taken.
	Large Problem = "Large"
	// Unreadable: its bytes could not be read.
	Unreadable Problem = "Unreadable"
	// FormatNotAccepted: its content is none of the accepted formats; Result.Kind says
	// what it is.
	FormatNotAccepted Problem = "FormatNotAccepted"
	// Polyglot: it is of an accepted format, and of another one too, so that what is
	// seen depends on who opens it.
	Polyglot Problem = "Polyglot"
	// Truncated: it ends before it should.
	Truncated Problem = "Truncated"
	// Damaged: it does not decode.
	Damaged Problem = "Damaged"
	// Blank: nothing can be seen on it.
	Blank Problem = "Blank"
	// Expands: it unpacks to more than a document has.
	Expands Problem = "Expands"
)

// Problems of images.
const (
	// TooManyPixels: more than MaxPixels. It is not decoded.
	TooManyPixels Problem = "TooManyPixels"
	// TooFewPixels: the short side has fewer than MinShortSide.
	TooFewPixels Problem = "TooFewPixels"
	// FewPixels: the short side has fewer than LegibleShortSide; it may still be legible.
	FewPixels Problem = "FewPixels"
	// VariantNotAccepted: a variety of an accepted format that common programs do not
	// show, such as lossless JPEG.
	VariantNotAccepted Problem = "VariantNotAccepted"
	// NotDecoded: it is whole as far as its structure shows, but its pixels were not
	// looked at, because decoding it takes too much memory or the library cannot.
	NotDecoded Problem = "NotDecoded"
)

// Problems of PDFs.
const (
	// Encrypted: it asks for a password, to be opened or to be changed.
	Encrypted Problem = "Encrypted"
	// NoPages: there is no page in it.
	NoPages Problem = "NoPages"
	// XFAForm: it is an XFA form, which only few programs show.
	XFAForm Problem = "XFAForm"
)
