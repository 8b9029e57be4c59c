// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package preflight judges a dossier as strictly as the registrar would, before
// anything is filed: a rejected filing costs two business days.
//
// [Check] is pure: the time is an argument, and the files are handed in. The
// operator and the plugin's offline check call the same. Package identity knows the
// numbers, package document the files; the findings and their words are made here.
//
// It reads no Secrets and does not say which are missing: who reads them does.
// Whether an e-mail address is in use by another registration is not seen from
// one dossier either.
package preflight
