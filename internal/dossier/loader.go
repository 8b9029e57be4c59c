// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/preflight/identity"
)

const (
	pathDocuments     = "spec.dossier.documents"
	pathIDNumber      = "spec.dossier.securityAdministrator.identification.numberFrom"
	pathPassword      = "spec.passwordFrom"
	pathSupplementary = "spec.supplementaryDocuments"
)

// Loader reads the Secrets that a registration names, and no other.
type Loader struct {
	reader client.Reader
}

// NewLoader returns a Loader on reader, which must be live: what decides to file
// is never from a cache.
func NewLoader(reader client.Reader) *Loader {
	return &Loader{reader: reader}
}

// Load reads all that spec.dossier names, each Secret once. What cannot be read
// is in Missing, and neither its ID number nor its file in the dossier; an error
// is trouble with the API server and says nothing about the dossier.
func (l *Loader) Load(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (*Dossier, error) {
	s := l.newSession(reg)
	d := &Dossier{Region: reg.Spec.Region, Spec: *reg.Spec.Dossier.DeepCopy()}
	number, err := s.idNumber(ctx, d.Spec.SecurityAdministrator.Identification.NumberFrom)
	if err != nil {
		return nil, err
	}
	d.IDNumber = number
	documents := d.Spec.Documents
	for _, scan := range []struct {
		role  Role
		files []v1alpha1.File
	}{
		{RoleBusinessCertificate, documents.BusinessCertificate.Files},
		{RoleIdentification, documents.Identification.Files},
	} {
		read, err := s.documents(ctx, scan.role, pathDocuments+"."+string(scan.role), scan.files)
		if err != nil {
			return nil, err
		}
		d.Documents = append(d.Documents, read...)
	}
	d.Versions, d.Missing = s.versions(), s.missing
	return d, nil
}

// LoadCertificate reads the files of the business certificate alone, as Load does.
func (l *Loader) LoadCertificate(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (documents []Document, missing []Missing, err error) {
	s := l.newSession(reg)
	documents, err = s.documents(ctx, RoleBusinessCertificate, pathDocuments+"."+string(RoleBusinessCertificate), reg.Spec.Dossier.Documents.BusinessCertificate.Files)
	return documents, s.missing, err
}

// LoadSupplement reads the files that answer one request for more documents, as
// Load does. There are none, and nothing is missing, where spec.supplementaryDocuments
// has no entry of that challengeID.
func (l *Loader) LoadSupplement(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, challengeID string) (
	documents []Document, versions []v1alpha1.SecretVersion, missing []Missing, err error,
) {
	s := l.newSession(reg)
	for i, supplement := range reg.Spec.SupplementaryDocuments {
		if supplement.ChallengeID != challengeID {
			continue
		}
		path := fmt.Sprintf("%s[%d]", pathSupplementary, i)
		if documents, err = s.documents(ctx, RoleSupplementary, path, supplement.Files); err != nil {
			return nil, nil, nil, err
		}
		break
	}
	return documents, s.versions(), s.missing, nil
}

// LoadCode reads the applicant's code for a challenge of that type, without the
// white space around it. Not found is one that cannot be read, or is empty.
func (l *Loader) LoadCode(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, challengeType v1alpha1.ChallengeType) (code string, found bool, err error) {
	ref := v1alpha1.SecretKeyReference{Name: reg.CodesSecretName()}
	switch challengeType {
	case v1alpha1.ChallengeEmailCode:
		ref.Key = v1alpha1.EmailCodeKey
	case v1alpha1.ChallengePhoneCode:
		ref.Key = v1alpha1.PhoneCodeKey
	default:
		return "", false, fmt.Errorf("read a code for a challenge of type %s: it is answered by no code", challengeType)
	}
	value, found, err := l.newSession(reg).value(ctx, ref)
	if err != nil {
		return "", false, err
	}
	code = strings.TrimSpace(string(value))
	return code, found && code != "", nil
}

// LoadPassword reads the password that spec.passwordFrom names, without the line
// break that editors leave behind it. Missing is set where it cannot be read or is
// empty. Without spec.passwordFrom see SignIn.
func (l *Loader) LoadPassword(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (password string, missing *Missing, err error) {
	if reg.Spec.PasswordFrom == nil {
		return "", nil, errors.New("read the password: the registration has no " + pathPassword)
	}
	ref := reg.Spec.PasswordFrom.SecretKeyRef
	value, _, err := l.newSession(reg).value(ctx, ref)
	if err != nil {
		return "", nil, err
	}
	if password = strings.TrimRight(string(value), "\r\n"); password == "" {
		return "", &Missing{Path: pathPassword, Name: ref.Name, Key: ref.Key}, nil
	}
	return password, nil, nil
}

// idNumber returns the ID's number as it is filed. A blank one is missing: it is
// a Secret that was made before its content.
func (s *session) idNumber(ctx context.Context, from v1alpha1.SecretKeySource) (string, error) {
	value, _, err := s.value(ctx, from.SecretKeyRef)
	if err != nil {
		return "", err
	}
	number := identity.Normalize(string(value))
	if number == "" {
		s.miss(pathIDNumber, from.SecretKeyRef)
	}
	return number, nil
}

// documents reads the files under path. One of which a part is missing is left
// out: half a scan is no scan.
func (s *session) documents(ctx context.Context, role Role, path string, files []v1alpha1.File) ([]Document, error) {
	var documents []Document
	for i, file := range files {
		document := Document{Role: role, Path: fmt.Sprintf("%s.files[%d]", path, i)}
		for j, part := range file.Parts {
			value, found, err := s.value(ctx, part.SecretKeyRef)
			if err != nil {
				return nil, err
			}
			if !found {
				s.miss(fmt.Sprintf("%s.parts[%d]", document.Path, j), part.SecretKeyRef)
				continue
			}
			document.Parts = append(document.Parts, value)
		}
		if len(document.Parts) == len(file.Parts) {
			documents = append(documents, document)
		}
	}
	return documents, nil
}
