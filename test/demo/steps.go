// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// step is one thing that somebody does, or that is waited for.
type step struct {
	// now says it in plain words; empty steps are not worth telling.
	now string
	do  func(context.Context, *stage) error
}

// await waits until all conditions hold at once.
func await(now string, conditions ...condition) step {
	return step{now, func(ctx context.Context, s *stage) error {
		reg, err := s.board.await(ctx, s.key(), all(conditions))
		if err != nil {
			return fmt.Errorf("waited for %s; found %s: %w", wordsOf(conditions), describe(reg), err)
		}
		return nil
	}}
}

// edit changes the manifest, and applies nothing yet.
func edit(change func(*registration)) step {
	return step{do: func(_ context.Context, s *stage) error {
		change(&s.values)
		return nil
	}}
}

func reapply(now string) step {
	return step{now, func(ctx context.Context, s *stage) error { return s.apply(ctx, s.values) }}
}

var applyRegistration = reapply("the applicant applies the registration")

var applyDocuments = step{"the applicant applies the documents", func(ctx context.Context, s *stage) error {
	if err := s.applySecret(ctx, s.name+"-identity", s.documents.identity); err != nil {
		return err
	}
	certificate := s.values.Certificate[0]
	return s.applySecret(ctx, certificate.Secret, map[string][]byte{certificate.Key: s.documents.certificates[certificate.Key]})
}}

var applySharperScan = step{"the applicant replaces the scan by a sharper one", func(ctx context.Context, s *stage) error {
	certificate := s.values.Certificate[0]
	return s.applySecret(ctx, certificate.Secret, map[string][]byte{certificate.Key: s.documents.sharper})
}}

var useCertificatePDF = edit(func(r *registration) {
	r.Certificate = []secretKey{{r.Name + "-license", "license.pdf"}}
})

// splitCertificate names a file in two parts, because a Secret holds at most 1 MiB.
var splitCertificate = edit(func(r *registration) {
	r.Certificate = []secretKey{{r.Name + "-license-1", "license.png"}, {r.Name + "-license-2", "license.png"}}
})

var applyFirstPart = step{"the applicant applies the ID and the first half of the scan", func(ctx context.Context, s *stage) error {
	if err := s.applySecret(ctx, s.name+"-identity", s.documents.identity); err != nil {
		return err
	}
	return s.applyPart(ctx, 0)
}}

var applySecondPart = step{"the second half of the scan arrives", func(ctx context.Context, s *stage) error {
	return s.applyPart(ctx, 1)
}}

func (s *stage) applyPart(ctx context.Context, i int) error {
	part := s.values.Certificate[i]
	return s.applySecret(ctx, part.Secret, map[string][]byte{part.Key: s.documents.largeParts[i]})
}

var addLetter = step{"the applicant adds the letter that the reviewer asks for", func(ctx context.Context, s *stage) error {
	const challenge = "documents-1" // as the requirement states it
	letter := secretKey{s.name + "-letter", "letter.pdf"}
	if err := s.applySecret(ctx, letter.Secret, map[string][]byte{letter.Key: s.documents.letter}); err != nil {
		return err
	}
	s.values.Supplement = &supplement{challenge, letter}
	return s.apply(ctx, s.values)
}}

// enterPhoneCode: nobody receives the code of the reference gateway, it is always this.
var enterPhoneCode = step{"the applicant enters the 4-digit code from the SMS", func(ctx context.Context, s *stage) error {
	return s.applySecret(ctx, s.name+"-codes", map[string][]byte{"phone-code": []byte(registrar.PhoneCode)})
}}

var deleteRegistration = step{"somebody deletes the registration", func(ctx context.Context, s *stage) error {
	if _, err := s.applicant.kubectl(ctx, "delete", "car", s.name, "-n", s.team()); err != nil {
		return err
	}
	_, err := s.board.await(ctx, s.key(), gone)
	return err
}}

// refused applies a change that the API server must refuse in these words.
func refused(now string, change func(*registration), words ...string) step {
	return step{now, func(ctx context.Context, s *stage) error {
		changed := s.values
		change(&changed)
		err := s.applyAs(ctx, s.applicant, s.name+"-refused.yaml", "registration.yaml", changed)
		refusal, ok := errors.AsType[*kubectlError](err)
		if !ok {
			return fmt.Errorf("the API server should have refused it, and answered: %w", errors.Join(err, errNotAsExpected))
		}
		for _, word := range words {
			if !strings.Contains(refusal.said, word) {
				return fmt.Errorf("the API server should have refused it with %q: %w", word, err)
			}
		}
		s.quotes = append(s.quotes, refusal.said)
		return nil
	}}
}

// registrarSays puts the filing into a state at the reference gateway: as if the
// registrar had decided.
func registrarSays(now string, state registrar.ForcedState) step {
	return step{now, func(ctx context.Context, s *stage) error {
		reg, _ := s.board.look(s.key())
		return s.gateway.Force(ctx, reg.Status.Filing.Key, state)
	}}
}
