// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command image makes the operator's image of binaries that are built already, without a
// Docker engine: an OCI layout, an archive for each platform, and a list of what is in it.
// hack/image.sh builds the binaries and calls it; docs/image.md says how to use both.
package main
