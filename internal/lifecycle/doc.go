// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package lifecycle holds the rules of a registration's life: what has to be read
// for a step, and what follows from it.
//
// Needs and Decide are pure and total. The package does no I/O and has no clock:
// the time is part of the observation. It knows nothing of HTTP, Secrets or
// personal data, and it does not write: what it decides is carried out elsewhere.
package lifecycle
