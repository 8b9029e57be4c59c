// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build race

package document

const raceDetector = true
