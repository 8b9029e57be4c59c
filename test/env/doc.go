// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package env starts a real control plane, etcd and kube-apiserver with RBAC
// on, for the tests against the API server, the end-to-end tests and the demo.
//
// It is envtest with three things added: the binaries come from
// bin/controlplane (or KUBEBUILDER_ASSETS), the processes die with the one that
// started them, and kubeconfig files are minted for users and for service
// accounts, so that the operator and the people in a test have the rights that
// config/rbac gives them and nothing more.
//
// There is no controller manager: nothing is garbage collected, and a namespace
// has no service account but those that are created in it.
package env
