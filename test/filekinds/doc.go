// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package filekinds holds the tests of what preflight says of real files: each kind
// is made anew by the programs that people's scanners, phones and offices use or are
// like, never by the libraries that judge it.
//
// The kinds are also the tables of docs/preflight.md. After a change of them, run
//
//	go test ./test/filekinds -update
//
// hack/filekinds-tools.sh installs the programs. Kinds whose program is missing are
// skipped, or fail if FILEKINDS_REQUIRE_TOOLS is 1. With -keep=FOLDER the files stay
// there, to be looked at.
package filekinds
