// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package gateway files through a gateway: it is the client of openapi.yaml.
//
// What a gateway answers is not trusted. It is bounded, checked field by field, and
// its words are cleaned before they leave this package; an answer that is not the
// contract's is an error, never a guess. The package retries nothing and remembers
// nothing: the caller comes back.
//
// Connections are made directly, never through a proxy, because only then can the
// address that is dialled be checked.
package gateway
