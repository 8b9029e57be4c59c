// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// stepLimit bounds one step: the longest, a review, takes some seconds.
const stepLimit = 60 * time.Second

// stage is what the steps of one scene work on.
type stage struct {
	scene
	*ground
	board     *board
	documents documents
	// values of the manifest as the applicant would apply it next.
	values registration
	// quotes are what the API server answered, to be shown at the end.
	quotes []string
}

// registration is what differs between the manifests of registrations.
type registration struct {
	About, Name, Namespace, Registrar string
	Scenario, LegalName, CreditCode   string
	Street, SupportPlan               string
	ExpiryDate                        string
	ResubmitAfterAttempt              int
	WithdrawAttempt                   int
	Certificate                       []secretKey
	Supplement                        *supplement
}

type secretKey struct{ Secret, Key string }

type supplement struct {
	ChallengeID string
	secretKey
}

func newStage(s scene, g *ground, b *board, d documents) *stage {
	registrar := gatewayName
	if s.scenario == "" {
		registrar = v1alpha1.DefaultRegistrarName
	}
	return &stage{scene: s, ground: g, board: b, documents: d, values: registration{
		About: s.about, Name: s.name, Namespace: s.team(), Registrar: registrar,
		Scenario: s.scenario, LegalName: s.legalName, CreditCode: s.creditCode,
		Street: "示例路1号", SupportPlan: "Business", ExpiryDate: "2045-06-30",
		Certificate: []secretKey{{s.name + "-license", "license.png"}},
	}}
}

func (s *stage) key() client.ObjectKey {
	return client.ObjectKey{Namespace: s.team(), Name: s.name}
}

// play takes the steps one after the other.
func (s *stage) play(ctx context.Context) error {
	for _, step := range s.steps {
		if step.now != "" {
			s.board.note(s.key(), step.now)
		}
		if err := s.take(ctx, step); err != nil {
			if ctx.Err() == nil {
				s.board.note(s.key(), "STOPPED, see below")
			}
			return fmt.Errorf("%s: %w", step.now, err)
		}
	}
	s.board.note(s.key(), s.end.words())
	return nil
}

func (s *stage) take(ctx context.Context, step step) error {
	limited, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	err := step.do(limited, s)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("it did not come to that within %s: %w", stepLimit, err)
	}
	return err
}

// expected says in the verdict where it should be.
func (e end) expected() string {
	if e.absent {
		return "refused at apply"
	}
	return fmt.Sprintf("%s, attempt %d", e.phase, e.attempt)
}

// words say in the table how the scene ended.
func (e end) words() string {
	switch {
	case e.absent:
		return "refused at apply: there is no object, and nothing is filed"
	case e.phase == v1alpha1.PhaseActive:
		return "done: the account can be used"
	case e.phase == v1alpha1.PhaseRejected:
		return "done: rejected for good"
	default:
		return "done: it waits for the registrar's decision"
	}
}

// applySecret puts files into a Secret, as the applicant.
func (s *stage) applySecret(ctx context.Context, name string, data map[string][]byte) error {
	return s.applyAs(ctx, s.applicant, name+".yaml", "secret.yaml", map[string]any{
		"Name": name, "Namespace": s.team(), "Data": data,
	})
}

// apply applies the registration as its values are, as the applicant.
func (s *stage) apply(ctx context.Context, values registration) error {
	return s.applyAs(ctx, s.applicant, s.name+".yaml", "registration.yaml", values)
}

// requirement returns what is due under a code; nil if it is not.
func requirement(reg *v1alpha1.ChinaAccountRegistration, code string) *v1alpha1.Requirement {
	if reg == nil {
		return nil
	}
	i := slices.IndexFunc(reg.Status.Requirements, func(q v1alpha1.Requirement) bool { return q.Code == code })
	if i < 0 {
		return nil
	}
	return &reg.Status.Requirements[i]
}
