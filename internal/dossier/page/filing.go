// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package page makes what an agent files from by hand: a page in both languages, with
// all fields in the order of the sign-up form, and the scans beside it.
//
// The page stands alone. It loads nothing from elsewhere, and its policy lets nothing
// run that is not in it: what applicants wrote cannot become anything but text.
package page

import (
	"fmt"
	"time"

	"github.com/chinaaccount/china-account-operator/internal/dossier"
)

// Filing is what a page is made of. It holds personal data, and prints as nothing but
// what it is of and its size. There is no password in it: the page must not have one.
type Filing struct {
	// Namespace and Name of the registration.
	Namespace, Name string
	// Attempt that is claimed.
	Attempt int32
	// Claim is the name of the report that claimed it, and was accepted.
	Claim string
	// ClaimedTime is when.
	ClaimedTime time.Time
	// Dossier as it was read for that claim.
	Dossier *dossier.Dossier
}

// describe says which filing it is, for errors too: names of objects are not personal.
func (f Filing) describe() string {
	return fmt.Sprintf("attempt %d of %s/%s", f.Attempt, f.Namespace, f.Name)
}
