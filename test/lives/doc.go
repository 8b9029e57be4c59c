// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package lives has the lives of registrations for the machines that try to break the
// operator: how each begins, what its applicant, agent and registrar do whenever it
// is their turn, where it must end, and what must hold of it whatever happens on the
// way.
//
// People act on what they see of the object and nothing else, so that the same ones
// live through crashes, lost answers and servers that are away.
package lives
