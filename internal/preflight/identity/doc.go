// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package identity judges the numbers of a dossier by their standards: the unified
// social credit code (GB 32100-2015), the resident identity card (GB 11643-1999),
// the two mainland travel permits, passports, e-mail addresses, mobile numbers,
// landlines, postal codes and provinces.
//
// Each function is pure, takes the number as it is filed, returns what is wrong
// with it as [Problems], and never repeats it. What was pasted goes through [Normalize]
// first, where that is wanted.
//
// The rules are structure and check digits. No function knows whether a number
// was ever issued, nor the regions below a province: they are abolished and made
// faster than tables are.
package identity
