// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package registrar is the reference gateway: a registrar for demos and tests that
// speaks the whole gateway contract and means it. It holds owners apart, counts
// attempts, checks every part that it is sent, and keeps what it has answered
// through its own crashes.
//
// What becomes of a filing follows a scenario, chosen by the plus-tag of the
// account's e-mail address. It also counts what a client must never do. It stores
// digests and states, and no personal data.
package registrar
