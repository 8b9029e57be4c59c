// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
)

// installationKeySize is that of the hash: RFC 2104 advises no shorter key, and a
// longer one adds nothing.
const installationKeySize = sha256.Size

// Each use of the key has a domain of its own, so that no result of one use can
// stand for another's.
const (
	domainKeyID     = "china-account-operator/key-id/v1"
	domainOwner     = "china-account-operator/owner/v1"
	domainDossier   = "china-account-operator/dossier/v1"
	domainAnswer    = "china-account-operator/answer/v1"
	domainDocuments = "china-account-operator/documents/v1"
)

// InstallationKey is this installation's secret. What it signs can be recognised
// by nobody else, nor found by trying all ID numbers.
type InstallationKey struct {
	id string
	// A function, because fmt prints what is in the unexported fields of other
	// structs without asking Format, and of a function only the address.
	secret func() []byte
}

// NewInstallationKey takes a key of 32 random bytes.
func NewInstallationKey(secret []byte) (*InstallationKey, error) {
	if len(secret) != installationKeySize {
		return nil, fmt.Errorf("an installation key has %d bytes, this one %d", installationKeySize, len(secret))
	}
	own := bytes.Clone(secret)
	k := &InstallationKey{secret: func() []byte { return own }}
	const idSize = 8 // tells the few keys of one installation apart
	k.id = hex.EncodeToString(k.sum(domainKeyID)[:idSize])
	return k, nil
}

func generateInstallationKey() (*InstallationKey, error) {
	secret := make([]byte, installationKeySize)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make an installation key: %w", err)
	}
	return NewInstallationKey(secret)
}

// parseInstallationKey takes a key as it is stored. The id repeats what follows
// from the key, and so tells a key that was cut, mixed up or encoded twice.
func parseInstallationKey(id, secret []byte) (*InstallationKey, error) {
	k, err := NewInstallationKey(secret)
	if err != nil {
		return nil, err
	}
	if string(id) != k.id {
		return nil, errors.New("id and key do not belong together")
	}
	return k, nil
}

// ID names the key without giving it away: 16 hexadecimal digits.
func (k *InstallationKey) ID() string { return k.id }

// Owner returns who asks, as registrars know them: 64 hexadecimal digits that stay
// the same when an object is made again under its name.
func (k *InstallationKey) Owner(namespace, name string) string {
	return hex.EncodeToString(k.sum(domainOwner, namespace, name))
}

// AnswerDigest names one answer to one challenge: 64 hexadecimal digits from which
// a code of four digits cannot be told.
func (k *InstallationKey) AnswerDigest(challengeID, answer string) string {
	return hex.EncodeToString(k.sum(domainAnswer, challengeID, answer))
}

// DocumentsDigest names documents as an answer to one challenge: 64 hexadecimal
// digits, the same however the files are split.
func (k *InstallationKey) DocumentsDigest(challengeID string, documents []Document) string {
	fields := []string{challengeID}
	for _, document := range documents {
		fields = append(fields, document.contentHash())
	}
	return hex.EncodeToString(k.sum(domainDocuments, fields...))
}

// sum is the HMAC-SHA256 of a domain and its fields.
func (k *InstallationKey) sum(domain string, fields ...string) []byte {
	mac := hmac.New(sha256.New, k.secret())
	writeField(mac, domain)
	for _, field := range fields {
		writeField(mac, field)
	}
	return mac.Sum(nil)
}

// writeField writes the length (8 bytes, big endian) and the bytes, so that no two
// lists of fields read the same.
func writeField(h hash.Hash, field string) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(field)))
	h.Write(length[:])
	h.Write([]byte(field))
}
