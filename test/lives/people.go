// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package lives

import (
	"context"
	"fmt"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
)

// People are a registration's applicant and its agent. What they do may be done
// again: a server that failed them is asked once more.
type People struct {
	Cast
	// Client is theirs, and leads straight to the API server.
	Client client.Client

	mu sync.Mutex
	// deleted is the object that was; none is deleted twice, and that of the habit is
	// made again.
	deleted types.UID
	// filed are the contents that the agent typed into the registrar's web form, by
	// attempt.
	filed map[int32][]string
}

// NewPeople returns those of a registration.
func NewPeople(cast Cast, c client.Client) *People {
	return &People{Cast: cast, Client: c, filed: map[int32][]string{}}
}

// Begin applies the Secrets and the registration.
func (p *People) Begin(ctx context.Context) error {
	names := []string{identity, licenseBegins}
	if !p.habits.late {
		names = append(names, licenseEnds)
	}
	for _, name := range names {
		if err := p.make(ctx, name); err != nil {
			return err
		}
	}
	if err := client.IgnoreAlreadyExists(p.Client.Create(ctx, p.Registration())); err != nil {
		return fmt.Errorf("apply %s: %w", p.Name, err)
	}
	return nil
}

func (p *People) make(ctx context.Context, name string) error {
	if err := client.IgnoreAlreadyExists(p.Client.Create(ctx, p.secret(name))); err != nil {
		return fmt.Errorf("make Secret %s of %s: %w", name, p.Name, err)
	}
	return nil
}

// Act does what is due of the object as it is seen; nil if it is gone. A conflict is
// no error: the next look is at something newer.
func (p *People) Act(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if reg == nil {
		return p.recreate(ctx)
	}
	if !reg.DeletionTimestamp.IsZero() {
		return nil
	}
	err := p.applicant(ctx, reg)
	if err == nil && p.ByHand() {
		err = p.agent(ctx, reg)
	}
	if apierrors.IsConflict(err) {
		return nil
	}
	return err
}

// RegistrarWaits tells whether the applicant is about to take the filing back, so that
// a registrar that goes on would be another life. The object is nil if it is gone.
func (p *People) RegistrarWaits(reg *v1alpha1.ChinaAccountRegistration, newest contract.Attempt) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if newest.Number != 1 || newest.State != contract.UnderReview {
		return false
	}
	joined := p.habits.recreates && reg != nil && p.deleted != "" && p.deleted != reg.UID && reg.Status.Phase == v1alpha1.PhaseUnderReview
	return p.habits.withdraws || p.habits.deletes || p.habits.recreates && !joined
}

// recreate applies it again where that is the life's habit: as GitOps would.
func (p *People) recreate(ctx context.Context) error {
	if !p.habits.recreates || p.deleted == "" {
		return nil
	}
	return client.IgnoreAlreadyExists(p.Client.Create(ctx, p.Registration()))
}

// applicant does the first thing that is due.
func (p *People) applicant(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	status := &reg.Status
	attempt := int32(0)
	if status.Filing != nil {
		attempt = status.Filing.Attempt
	}
	takesBack := status.Phase == v1alpha1.PhaseUnderReview && attempt == 1
	switch {
	case takesBack && p.habits.withdraws && reg.Spec.WithdrawAttempt == nil:
		return p.edit(ctx, reg, func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.WithdrawAttempt = &attempt })
	case takesBack && (p.habits.recreates || p.habits.deletes) && p.deleted == "":
		return p.delete(ctx, reg)
	case p.requires(reg, v1alpha1.RequirementSecretNotFound):
		return p.make(ctx, licenseEnds)
	case p.requires(reg, "CompanyNotFound"):
		return p.correct(ctx, reg, 0)
	case status.Phase == v1alpha1.PhaseRejected && attempt < p.Filings && !p.habits.patient:
		return p.correct(ctx, reg, attempt)
	case p.habits.slow && attempt == 1:
		return nil
	}
	return p.answer(ctx, reg)
}

// answer gives what the registrar asks for, one thing after another: the next once the
// last is taken, so that a life goes the same way each time.
func (p *People) answer(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	switch {
	case p.requires(reg, v1alpha1.RequirementDocuments):
		return p.addLetter(ctx, reg)
	case p.requires(reg, v1alpha1.RequirementSupportPlan):
		if reg.Spec.SupportPlan != "" {
			return nil
		}
		return p.edit(ctx, reg, func(s *v1alpha1.ChinaAccountRegistrationSpec) { s.SupportPlan = "Business" })
	case p.requires(reg, v1alpha1.RequirementEmailCode), p.requires(reg, v1alpha1.RequirementPhoneCode):
		return p.make(ctx, codes)
	default:
		return nil
	}
}

// addLetter files the document that the reviewer asks for.
func (p *People) addLetter(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	if len(reg.Spec.SupplementaryDocuments) > 0 {
		return nil
	}
	if err := p.make(ctx, letter); err != nil {
		return err
	}
	return p.edit(ctx, reg, func(s *v1alpha1.ChinaAccountRegistrationSpec) {
		s.SupplementaryDocuments = []v1alpha1.SupplementaryDocument{{
			ChallengeID: "documents-1",
			Files: []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{{
				SecretKeyRef: v1alpha1.SecretKeyReference{Name: p.Name + "-" + letter, Key: "scan"},
			}}}},
		}}
	})
}

// correct mends the name and the scan, and asks for another filing.
func (p *People) correct(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, attempt int32) error {
	if reg.Spec.ResubmitAfterAttempt != nil && *reg.Spec.ResubmitAfterAttempt == attempt ||
		attempt == 0 && reg.Spec.Dossier.Company.LegalName == correctedName {
		return nil
	}
	if err := p.Alter(ctx); err != nil {
		return err
	}
	return p.edit(ctx, reg, func(s *v1alpha1.ChinaAccountRegistrationSpec) {
		s.Dossier.Company.LegalName = correctedName
		if attempt > 0 {
			s.ResubmitAfterAttempt = &attempt
		}
	})
}

// Alter makes the licence another file that is as good.
func (p *People) Alter(ctx context.Context) error {
	secret := &corev1.Secret{}
	key := client.ObjectKeyFromObject(p.secret(licenseEnds))
	if err := p.Client.Get(ctx, key, secret); err != nil {
		return client.IgnoreNotFound(err)
	}
	secret.Data["scan"] = append(secret.Data["scan"], ' ')
	return p.Client.Update(ctx, secret)
}

// Secret is the one that may be taken away for a while: the second half of the licence,
// as it first was.
func (p *People) Secret() *corev1.Secret { return p.secret(licenseEnds) }

func (p *People) delete(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	uid := reg.UID // a later one of the same name stays
	if err := client.IgnoreNotFound(p.Client.Delete(ctx, reg, client.Preconditions{UID: &uid})); err != nil {
		return err
	}
	p.deleted = uid
	return nil
}

// edit changes spec as it was seen.
func (p *People) edit(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, change func(*v1alpha1.ChinaAccountRegistrationSpec)) error {
	edited := reg.DeepCopy()
	change(&edited.Spec)
	return p.Client.Update(ctx, edited)
}

// requires tells whether the applicant has to see to something.
func (p *People) requires(reg *v1alpha1.ChinaAccountRegistration, code string) bool {
	return slices.ContainsFunc(reg.Status.Requirements, func(q v1alpha1.Requirement) bool {
		return q.Code == code && q.Awaiting == v1alpha1.PartyApplicant
	})
}
