// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package contract is the gateway contract in Go, generated from openapi.yaml:
// types, a plain client and a server's stubs. It checks nothing; package gateway
// does for the client, and each server for itself.
package contract

//go:generate oapi-codegen --config oapi-codegen.yaml ../openapi.yaml
