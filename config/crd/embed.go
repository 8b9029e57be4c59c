// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package crd holds the CustomResourceDefinitions that are installed.
package crd

import _ "embed" // the one below

// Registrations is the CustomResourceDefinition of ChinaAccountRegistration, as YAML.
//
//go:embed bases/registration.chinaaccount.dev_chinaaccountregistrations.yaml
var Registrations []byte
