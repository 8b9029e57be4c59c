// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"fmt"
	"iter"
	"math/bits"
	"strings"
)

// Problem is one thing that is wrong with a number.
type Problem uint32

const (
	// Malformed: wrong length or characters. Nothing else is judged then.
	Malformed Problem = 1 << iota
	// AuthorityUnknown: no authority registers entities of that category.
	AuthorityUnknown
	// RegionUnknown: the region digits are of no province of the mainland.
	RegionUnknown
	// OrganisationCheckFailed: the organisation code's own check character does not fit.
	OrganisationCheckFailed
	// CheckFailed: the number's check character does not fit.
	CheckFailed
	// BirthDateInvalid: there is no such day.
	BirthDateInvalid
	// BirthDateInFuture: the day has not come yet.
	BirthDateInFuture
	// FirstGeneration: a resident identity number of 15 digits, void since 2013.
	FirstGeneration
	// ResidencePermit: the number of a residence permit for residents of Hong Kong,
	// Macao or Taiwan (港澳台居民居住证), which is another document.
	ResidencePermit
	// PermanentResidence: the number of a foreigner's permanent residence ID card
	// (外国人永久居留身份证), which is another document.
	PermanentResidence
	// OtherPermit: the number of a mainland resident's permit to go to Hong Kong and
	// Macao (往来港澳通行证), which is another document.
	OtherPermit
	// Unusual: not of the form that the People's Republic gives such numbers. It may
	// still be right.
	Unusual
)

var problemNames = []string{
	"Malformed", "AuthorityUnknown", "RegionUnknown", "OrganisationCheckFailed", "CheckFailed",
	"BirthDateInvalid", "BirthDateInFuture", "FirstGeneration",
	"ResidencePermit", "PermanentResidence", "OtherPermit", "Unusual",
}

// String returns the problem's name.
func (p Problem) String() string {
	if i := bits.TrailingZeros32(uint32(p)); p != 0 && p == 1<<i && i < len(problemNames) {
		return problemNames[i]
	}
	return fmt.Sprintf("Problem(%d)", uint32(p))
}

// Problems are all that is wrong with a number; zero if nothing is.
type Problems uint32

// Has tells whether p is among them.
func (ps Problems) Has(p Problem) bool { return uint32(ps)&uint32(p) != 0 }

// Without returns the others.
func (ps Problems) Without(p Problem) Problems { return ps &^ Problems(p) }

// All yields each, in the order of their declaration.
func (ps Problems) All() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for rest := uint32(ps); rest != 0; rest &= rest - 1 {
			if !yield(Problem(rest & -rest)) {
				return
			}
		}
	}
}

// String returns the names, joined by commas.
func (ps Problems) String() string {
	var names []string
	for p := range ps.All() {
		names = append(names, p.String())
	}
	return strings.Join(names, ",")
}

func (ps *Problems) add(p Problem) { *ps |= Problems(p) }
