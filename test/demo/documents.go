// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"

	"github.com/chinaaccount/china-account-operator/test/scans"
)

// identityNumber is the example of GB 11643, nobody's number.
const identityNumber = "11010519491231002X"

// documents are the samples that all registrations file.
type documents struct {
	// identity is the Secret of the security administrator's ID.
	identity map[string][]byte
	// certificates by file name.
	certificates map[string][]byte
	// sharper is another scan of the certificate; letter what a reviewer asks for.
	sharper, letter []byte
	// largeParts are a scan that is too large for one Secret.
	largeParts [][]byte
}

func drawDocuments() (documents, error) {
	certificate := []string{"Business License of an invented company", "Name: as in spec.dossier.company", "Valid until: 2045-06-30", "Drawn by the demo of china-account-operator"}
	front, err1 := scans.Draw(scans.CardSize, "Resident identity card, front", []string{"Name: invented", "Number: the example of GB 11643"}, 0)
	back, err2 := scans.Draw(scans.CardSize, "Resident identity card, back", []string{"Valid: 2020.01.01-2040.01.01"}, 0)
	license, err3 := scans.Draw(scans.PageSize, "SAMPLE LICENSE", certificate, 0)
	sharper, err4 := scans.Draw(scans.PageSize, "SAMPLE LICENSE, SHARPER", certificate, 0)
	large, err5 := scans.Draw(scans.PageSize, "SAMPLE LICENSE", certificate, 12)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return documents{}, err
	}
	return documents{
		identity:     map[string][]byte{"number": []byte(identityNumber), "front.png": front, "back.png": back},
		certificates: map[string][]byte{"license.png": license, "license.pdf": scans.PDF("Business License of an invented company")},
		sharper:      sharper,
		letter:       scans.PDF("Authorization letter of the security administrator"),
		largeParts:   [][]byte{large[:len(large)/2], large[len(large)/2:]},
	}, nil
}
