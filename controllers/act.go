// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/handover"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

// act carries out the one effect. A failure is part of the outcome, so that it is
// recorded; an error means that nothing was done, because the object is not what
// was decided on any more.
func (r *RegistrationReconciler) act(ctx context.Context, s *scene, effect lifecycle.Effect) (*lifecycle.Outcome, error) {
	if effect.Kind == lifecycle.EffectFile || effect.Kind == lifecycle.EffectWithdraw {
		if err := r.stillSo(ctx, s.Registration); err != nil {
			return nil, err
		}
	}
	outcome, err := r.carryOut(ctx, s, effect)
	if err != nil {
		outcome = &lifecycle.Outcome{Trouble: troubleOf(err)}
	}
	outcome.Effect = effect
	if effect.Kind == lifecycle.EffectHandOver {
		return outcome, nil // nothing was sent to a registrar
	}
	if s.registrar != nil {
		r.Registrars.Heard(s.Registration.Spec.RegistrarRef.Name, outcome.Trouble)
	}
	countEffect(s.Registration, outcome)
	return outcome, nil
}

// stillSo makes sure, without the cache, that the decision was on the newest object.
// What files and what takes back needs it; everything else does no harm if it was not,
// and its record finds out.
func (r *RegistrationReconciler) stillSo(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) error {
	newest := &v1alpha1.ChinaAccountRegistration{}
	if err := r.Direct.Get(ctx, client.ObjectKeyFromObject(reg), newest); err != nil {
		return err
	}
	if newest.UID != reg.UID || newest.ResourceVersion != reg.ResourceVersion {
		return apierrors.NewConflict(v1alpha1.GroupVersion.WithResource("chinaaccountregistrations").GroupResource(), reg.Name,
			errors.New("it changed since it was observed"))
	}
	return nil
}

func (r *RegistrationReconciler) carryOut(ctx context.Context, s *scene, effect lifecycle.Effect) (*lifecycle.Outcome, error) {
	switch effect.Kind {
	case lifecycle.EffectFile:
		if s.Registrar.Type == v1alpha1.RegistrarManual {
			return &lifecycle.Outcome{}, r.Desk.Take(ctx, s.Registration.Namespace, effect.ClaimName, effect.Digest, s.dossier.Versions)
		}
		return r.file(ctx, s, effect)
	case lifecycle.EffectAnswer:
		return s.registrar.Answer(ctx, s.filing, effect.Attempt, s.answers[effect.ChallengeID])
	case lifecycle.EffectResend:
		return s.registrar.Resend(ctx, s.filing, effect.Attempt, effect.ChallengeID)
	case lifecycle.EffectHandOver:
		return r.handOver(ctx, s.Registration)
	case lifecycle.EffectWithdraw:
		return s.registrar.Withdraw(ctx, s.filing, effect.Attempt)
	default:
		return nil, fmt.Errorf("carry out %q: no such effect", effect.Kind)
	}
}

// file sends what was observed in this same pass. Where the registrar counts
// otherwise (409), what it has under the key is looked up at once.
func (r *RegistrationReconciler) file(ctx context.Context, s *scene, effect lifecycle.Effect) (*lifecycle.Outcome, error) {
	password, err := r.password(ctx, s)
	if err != nil {
		return nil, err
	}
	outcome, err := s.registrar.File(ctx, s.filing, effect.Attempt, registrar.Submission{
		Dossier: s.dossier, Digest: effect.Digest, Password: password,
	})
	if err != nil || outcome.Refusal == nil {
		return outcome, err
	}
	if reason := outcome.Refusal.Reason; reason == lifecycle.RefusedOtherContent || reason == lifecycle.RefusedWrongAttempt {
		outcome.Attempt, err = s.registrar.Newest(ctx, s.filing)
	}
	return outcome, err
}

// password is the applicant's, or is made before the first filing.
func (r *RegistrationReconciler) password(ctx context.Context, s *scene) (string, error) {
	if s.Registration.Spec.PasswordFrom == nil {
		return r.SignIn.Ensure(ctx, s.Registration, s.Key)
	}
	password, missing, err := r.Loader.LoadPassword(ctx, s.Registration)
	if missing != nil {
		return "", fmt.Errorf("read the password: Secret %s is gone", missing.Name)
	}
	return password, err
}

// handOver writes the account's ConfigMap, unless its name is another's.
func (r *RegistrationReconciler) handOver(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (*lifecycle.Outcome, error) {
	err := r.HandOver.Ensure(ctx, reg)
	if errors.Is(err, handover.ErrNameTaken) {
		return &lifecycle.Outcome{Refusal: &lifecycle.Refusal{Reason: lifecycle.RefusedNameTaken}}, nil
	}
	return &lifecycle.Outcome{}, err
}

// troubleOf tells a registrar's trouble from our own.
func troubleOf(err error) *lifecycle.Trouble {
	if e, ok := errors.AsType[*registrar.Error](err); ok {
		return registrar.Trouble(e)
	}
	return &lifecycle.Trouble{Kind: lifecycle.TroubleLocal, Message: err.Error()}
}
