// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"slices"
	"strings"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight/document"
)

// Material is what a judgement rests on.
type Material struct {
	// Registration as it is in the cluster or in a file. Only spec is looked at.
	Registration *v1alpha1.ChinaAccountRegistration
	// IDNumber of the security administrator, in identity.Normalize's form. Empty if
	// it could not be read.
	IDNumber string
	// Documents that could be read, in the order of the sign-up form.
	Documents []Document
	// EmailInUse: another registration with a recorded filing has the account's e-mail
	// address, or, where there is no cluster to record it, one that was given before.
	EmailInUse bool
	// Unread are the paths of references to Secrets that could not be read, e.g.
	// spec.dossier.documents.identification.files[0].parts[1]. Who read them
	// reports them, so that they are no finding here; anything else that spec names and
	// that is not in this material is one.
	Unread []string
}

// Document is one file as it would be filed.
type Document struct {
	// Path of the file in the object.
	Path    string
	Content document.Content
}

// Check returns the findings on a dossier, in the order of the sign-up form. now
// decides whether the certificate has expired.
func Check(m Material, now time.Time) []Finding {
	dossier := m.Registration.Spec.Dossier
	return slices.Concat(
		checkAccount(dossier.Account, m.EmailInUse),
		checkCompany(dossier.Company),
		checkContact(dossier.Contact, dossier.Account),
		checkSecurityAdministrator(dossier.SecurityAdministrator),
		checkIDNumber(m, now),
		checkBusinessCertificate(m, now),
		checkIdentification(m),
		checkFapiao(dossier.Fapiao),
	)
}

// document returns the file at path, nil if it could not be read.
func (m Material) document(path string) *Document {
	for i := range m.Documents {
		if m.Documents[i].Path == path {
			return &m.Documents[i]
		}
	}
	return nil
}

// unread tells whether the reference at path, or one below it, could not be read.
func (m Material) unread(path string) bool {
	for _, missing := range m.Unread {
		if missing == path || strings.HasPrefix(missing, path+".") {
			return true
		}
	}
	return false
}
