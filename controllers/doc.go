// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package controllers reconciles registrations and Registrars.
//
// A registration's pass reads as four words: observe, decide, act, record. What is
// decided is lifecycle's; here it is read, carried out and written down. Nothing is
// remembered from one pass to the next but connections to gateways.
package controllers
