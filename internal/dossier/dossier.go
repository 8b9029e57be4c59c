// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package dossier turns a registration and its Secrets into what is filed: the
// content, and the digest by which it is known again. It keeps the two Secrets that
// the operator makes itself: the installation key and the generated password.
package dossier

import (
	"io"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier/parts"
)

// Dossier is all that is filed, as it was read. It holds personal data: it is
// never logged, and prints as nothing but its size.
type Dossier struct {
	Region v1alpha1.Region
	Spec   v1alpha1.Dossier
	// IDNumber of the security administrator, normalised.
	IDNumber string
	// Documents in the order of the sign-up form.
	Documents []Document
	// Versions of the Secrets that were read, by name.
	Versions []v1alpha1.SecretVersion
	// Missing Secrets, keys and labels. The dossier is not whole while there is one.
	Missing []Missing
}

// Role says what a document is for.
type Role string

const (
	// RoleBusinessCertificate is the business registration certificate.
	RoleBusinessCertificate Role = "businessCertificate"
	// RoleIdentification is the security administrator's ID.
	RoleIdentification Role = "identification"
	// RoleSupplementary answers a reviewer's request.
	RoleSupplementary Role = "supplementary"
)

// Document is one file of a dossier, whose parts are read one after another.
type Document struct {
	Role Role
	// Path of the file in the object, e.g. spec.dossier.documents.identification.files[0].
	Path  string
	Parts [][]byte
}

// Content returns the parts joined in order.
func (d Document) Content() *parts.Joined { return parts.Join(d.Parts) }

// Open reads the joined parts from the start.
func (d Document) Open() io.Reader {
	content := d.Content()
	return io.NewSectionReader(content, 0, content.Size())
}

// Size returns the joined length in bytes.
func (d Document) Size() int64 { return d.Content().Size() }

// Missing is a Secret's key that cannot be read: the Secret is absent, lacks the
// label or lacks the key. These read the same, so that nobody learns of another's Secret.
type Missing struct {
	// Path of the reference in the object.
	Path string
	// Name and Key of the Secret.
	Name, Key string
}
