// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package document judges one scanned file at a time, by its content alone: names
// and suffixes say nothing (renaming a file does not help, and the registrars look
// inside).
//
// The limits are the registrars' own: jpg, jpeg, bmp, png or pdf of less than 10 MB
// (FAQ Q4). Nothing here reads more of a file than its limit.
package document
