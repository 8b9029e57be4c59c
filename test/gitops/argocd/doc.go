// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package argocd tests config/gitops/argocd and docs/gitops-argocd.md with Argo CD's own
// code: its settings, its Lua, its diff, its sync, its RBAC. The operator and the reference
// gateway run as processes on a real API server; Argo CD itself does not run, and nothing
// here says anything about its user interface or its command line.
//
// It is a module of its own, so that none of Argo CD reaches the operator's.
package argocd
