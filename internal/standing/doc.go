// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package standing says how a registration stands, for people: what happened when,
// what is due from whom until when, and where to mend it. It reads the object and the
// time it is given, and nothing else.
package standing
