// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package canary searches texts for values that do not belong there, in every form
// that they could have leaked in: escaped, encoded, packed, digested, reversed or set
// apart. It peels what it is given, layer by layer, and looks for all values in each
// layer at once.
//
// A value of less than 8 bytes, such as a code of 4 digits, stands in other numbers by
// chance. It counts only as a word of its own: in prose, as a value in JSON, or as all
// that something encoded holds; and not where a version, a port or a process has that
// number. Its digests are looked for as those of other values are.
package canary
