// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/attach"
	"github.com/chinaaccount/china-account-operator/internal/offline"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// idKinds are the kinds of numbers by the type of the ID.
var idKinds = map[v1alpha1.IdentificationType]preflight.ValueKind{
	v1alpha1.IdentificationResidentIdentityCard: preflight.ValueResidentID,
	v1alpha1.IdentificationPassport:             preflight.ValuePassport,
	v1alpha1.IdentificationHongKongMacao:        preflight.ValueHongKongMacaoPermit,
	v1alpha1.IdentificationTaiwan:               preflight.ValueTaiwanPermit,
}

// readAll reads and checks the files and the number.
func (o *attachOptions) readAll(command *cobra.Command, it metav1.ObjectMeta, supplements []supplement) ([]attachment, error) {
	var content []attachment
	bad := false
	add := func(a attachment, paths []string) error {
		if len(paths) == 0 {
			return nil
		}
		scans, valid, err := readScans(command, paths)
		if err != nil {
			return err
		}
		bad = bad || !valid
		a.Registration, a.Scans = it, scans
		content = append(content, a)
		return nil
	}
	err := errors.Join(add(certificate(), o.certificates), add(identification(), o.identifications))
	for _, s := range supplements {
		err = errors.Join(err, add(supplementary(s.challenge), s.paths))
	}
	if err != nil {
		return nil, err
	}
	if bad {
		command.PrintErrln("Nothing was attached: mend the files first.")
		return nil, errFound
	}
	if o.numberOnStdin {
		number, err := o.readSecret("The number of the ID: ")
		if err != nil {
			return nil, err
		}
		a := idNumber()
		a.Registration, a.Scans = it, []attach.Scan{{Content: []byte(number)}}
		content = append(content, a)
	}
	return content, nil
}

// readScans judges each file, and tells what is wrong with it, warnings too.
func readScans(command *cobra.Command, paths []string) (scans []attach.Scan, valid bool, err error) {
	valid = true
	for _, path := range paths {
		if path == offline.Stdin {
			return nil, false, usagef("a scan is not read from standard input: name its file")
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, false, fmt.Errorf("read %s: %w", harmless(path), cause(err))
		}
		verdict, err := offline.JudgeFile(offline.Stdin, bytes.NewReader(content))
		if err != nil {
			return nil, false, fmt.Errorf("check %s: %w", harmless(path), err)
		}
		if len(verdict.Findings) > 0 {
			command.PrintErrf("%s: %s\n", harmless(path), words(verdict.Findings))
		}
		valid = valid && verdict.Valid
		scans = append(scans, attach.Scan{Content: content, Extension: extension(verdict.Format)})
	}
	return scans, valid, nil
}

// checkNumber judges the ID's number where its type is known.
func (o *attachOptions) checkNumber(content []attachment, idType v1alpha1.IdentificationType) error {
	i := slices.IndexFunc(content, func(a attachment) bool { return a.Role == roleNumber })
	if i < 0 || idType == "" {
		return nil
	}
	judge := offline.ValueJudge{Kind: idKinds[idType], Now: o.now()}
	verdict := judge.Judge(string(content[i].Scans[0].Content))
	if len(verdict.Findings) > 0 {
		fmt.Fprintf(o.err, "the number of the ID: %s\n", words(verdict.Findings))
	}
	if !verdict.Valid {
		fmt.Fprintln(o.err, "Nothing was attached: mend the number first.")
		return errFound
	}
	return nil
}

func certificate() attachment {
	return attachment{
		Group: attach.Group{Role: "business-certificate"}, path: "spec.dossier.documents.businessCertificate.files", locked: true,
		current: func(s *v1alpha1.ChinaAccountRegistrationSpec) []v1alpha1.File {
			return s.Dossier.Documents.BusinessCertificate.Files
		},
		name: func(s *v1alpha1.ChinaAccountRegistrationSpec, files []v1alpha1.File) {
			s.Dossier.Documents.BusinessCertificate.Files = files
		},
	}
}

func identification() attachment {
	return attachment{
		Group: attach.Group{Role: "identification"}, path: "spec.dossier.documents.identification.files", locked: true,
		current: func(s *v1alpha1.ChinaAccountRegistrationSpec) []v1alpha1.File {
			return s.Dossier.Documents.Identification.Files
		},
		name: func(s *v1alpha1.ChinaAccountRegistrationSpec, files []v1alpha1.File) {
			s.Dossier.Documents.Identification.Files = files
		},
	}
}

func idNumber() attachment {
	return attachment{
		Group: attach.Group{Role: roleNumber}, path: "spec.dossier.securityAdministrator.identification.numberFrom", locked: true,
		current: func(s *v1alpha1.ChinaAccountRegistrationSpec) []v1alpha1.File {
			return []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{s.Dossier.SecurityAdministrator.Identification.NumberFrom}}}
		},
		name: func(s *v1alpha1.ChinaAccountRegistrationSpec, files []v1alpha1.File) {
			s.Dossier.SecurityAdministrator.Identification.NumberFrom = files[0].Parts[0]
		},
	}
}

// supplementary answers one request for more documents, whatever else is answered.
func supplementary(challenge string) attachment {
	find := func(s *v1alpha1.ChinaAccountRegistrationSpec) int {
		return slices.IndexFunc(s.SupplementaryDocuments, func(d v1alpha1.SupplementaryDocument) bool { return d.ChallengeID == challenge })
	}
	return attachment{
		Group: attach.Group{Role: "supplementary-" + inName(challenge)}, path: fmt.Sprintf("spec.supplementaryDocuments[challengeID %s].files", challenge),
		current: func(s *v1alpha1.ChinaAccountRegistrationSpec) []v1alpha1.File {
			if i := find(s); i >= 0 {
				return s.SupplementaryDocuments[i].Files
			}
			return nil
		},
		name: func(s *v1alpha1.ChinaAccountRegistrationSpec, files []v1alpha1.File) {
			i := find(s)
			if i < 0 {
				s.SupplementaryDocuments = append(s.SupplementaryDocuments, v1alpha1.SupplementaryDocument{ChallengeID: challenge})
				i = len(s.SupplementaryDocuments) - 1
			}
			s.SupplementaryDocuments[i].Files = files
		},
	}
}

// inName makes a challenge's id, which may be anything, part of a Secret's name.
func inName(id string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		default:
			return '-'
		}
	}, id), "-")
}
