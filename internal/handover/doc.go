// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package handover hands a finished account over to the tools that go on with it, in
// the ConfigMap NAME-account. The password is not in it: it stays in its Secret.
package handover
