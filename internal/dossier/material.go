// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// Material returns what preflight judges d on. d was loaded for reg.
func (d *Dossier) Material(reg *v1alpha1.ChinaAccountRegistration) preflight.Material {
	m := preflight.Material{Registration: reg, IDNumber: d.IDNumber, Documents: Scans(d.Documents)}
	for _, missing := range d.Missing {
		m.Unread = append(m.Unread, missing.Path)
	}
	return m
}

// Scans returns documents as preflight judges them.
func Scans(documents []Document) []preflight.Document {
	scans := make([]preflight.Document, 0, len(documents))
	for _, document := range documents {
		scans = append(scans, preflight.Document{Path: document.Path, Content: document.Content()})
	}
	return scans
}
