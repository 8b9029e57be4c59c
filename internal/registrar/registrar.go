// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package registrar is how filings reach a registrar: the interface that a
// gateway implements, the identity of a filing, and typed errors.
//
// It decides nothing: what a registrar says is returned as a value, and the rules
// are lifecycle's. It does not retry: the reconciler comes back.
package registrar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
)

// ContractVersion is part of every filing's key.
const ContractVersion = "v1"

// Key names what a registrar itself would hold unique: contract version, Region
// and normalised e-mail address, as 64 hexadecimal digits of SHA-256. It does not
// depend on the object's UID, so that a recreated object finds its filing.
func Key(region v1alpha1.Region, email v1alpha1.EmailAddress) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{ContractVersion, string(region), NormalizeEmail(email)}, "\n")))
	return hex.EncodeToString(sum[:])
}

// NormalizeEmail returns the address as it is held unique: case does not tell two apart.
func NormalizeEmail(email v1alpha1.EmailAddress) string {
	return strings.ToLower(strings.TrimSpace(string(email)))
}

// Filing identifies a filing in every request: the key and who asks.
type Filing struct {
	Key   string
	Owner string
	// Spec is what the object says of people. Where a registrar repeats it in its
	// words, it is removed from them; nil leaves the general patterns of numbers and
	// addresses alone to be removed. It is not sent.
	Spec *v1alpha1.Dossier
}

// Interface is one registrar. Every method may be called again with the same
// arguments and does no further harm. A registrar's no is a lifecycle.Refusal in the
// outcome; an error says that it could not be asked, or did not answer in
// the contract's words, and is an *Error.
type Interface interface {
	// Probe asks whether the registrar can be reached and takes our token.
	Probe(ctx context.Context) error
	// Newest returns the key's newest attempt, nil if there is none;
	// ErrOtherOwner if the key is somebody else's.
	Newest(ctx context.Context, f Filing) (*lifecycle.Attempt, error)
	// Attempt returns attempt n, nil if it is not known; ErrOtherOwner as above.
	Attempt(ctx context.Context, f Filing, n int32) (*lifecycle.Attempt, error)
	// File files attempt n. The same content again is the same filing.
	File(ctx context.Context, f Filing, n int32, s Submission) (*lifecycle.Outcome, error)
	// Answer answers one open challenge. The same answer again uses up no try.
	Answer(ctx context.Context, f Filing, n int32, a Answer) (*lifecycle.Outcome, error)
	// Resend asks for a challenge's code to be sent again.
	Resend(ctx context.Context, f Filing, n int32, challengeID string) (*lifecycle.Outcome, error)
	// Withdraw withdraws attempt n. One that is not known leaves a tombstone, so
	// that a late File is answered with withdrawn.
	Withdraw(ctx context.Context, f Filing, n int32) (*lifecycle.Outcome, error)
}

// Submission is the content of one filing.
type Submission struct {
	Dossier *dossier.Dossier
	// Digest of the content, which the registrar repeats in the attempt.
	Digest string
	// Password of the first IAM user; not part of the digest.
	Password string
}

// Answer is the answer to one challenge.
type Answer struct {
	ChallengeID string
	Type        v1alpha1.ChallengeType
	// Digest is the HMAC of challenge id and answer, which names the answer.
	Digest string
	// Text is the code or the plan; empty for documents.
	Text string
	// Documents are files asked for in review.
	Documents []dossier.Document
}
