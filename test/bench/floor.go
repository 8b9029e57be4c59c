// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway"
)

// floor is a bare client: it reads what must be read, makes the gateway's calls and the
// writes of a life, one after another and each once, and decides nothing, caches nothing
// and checks nothing. No operator that writes the same can be much faster.
type floor struct {
	*stand
	loader  *dossier.Loader
	gateway *gateway.Client
}

// unlimited is a rate that is never reached.
const unlimited = 1_000_000

func (s *stand) newFloor() (*floor, error) {
	connection, err := gateway.New(gateway.Config{
		URL: "https://" + s.Gateway.Host, Token: s.Gateway.Token, TokenHost: s.Gateway.Host, CABundle: s.Gateway.CA,
		RequestsPerSecond: unlimited, Burst: unlimited,
	})
	if err != nil {
		return nil, fmt.Errorf("make the floor's client: %w", err)
	}
	return &floor{stand: s, loader: dossier.NewLoader(s.Onlooker), gateway: connection}, nil
}

// floorLife is one life in the making.
type floorLife struct {
	*floor
	reg    *v1alpha1.ChinaAccountRegistration
	filing registrar.Filing
	digest string
}

// live takes one object, which was just applied, through its whole life.
func (f *floor) live(ctx context.Context, p person) error {
	one := &floorLife{floor: f, reg: &v1alpha1.ChinaAccountRegistration{}}
	if err := f.Onlooker.Get(ctx, client.ObjectKey{Namespace: p.namespace, Name: p.name}, one.reg); err != nil {
		return fmt.Errorf("read %s: %w", p.name, err)
	}
	one.filing = registrar.Filing{Key: p.key(), Owner: f.key.Owner(p.namespace, p.name)}
	for _, step := range []func(context.Context) error{one.fileIt, one.review, one.complete} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("take %s through its life: %w", p.name, err)
		}
	}
	return nil
}

// fileIt looks by the key, records the intent, makes the sign-in Secret and files.
func (l *floorLife) fileIt(ctx context.Context) error {
	content, err := l.loader.Load(ctx, l.reg)
	if err != nil {
		return err
	}
	known, err := l.gateway.Newest(ctx, l.filing)
	if err != nil {
		return err
	}
	if known != nil {
		return fmt.Errorf("the key has attempt %d already", known.Number)
	}
	l.digest = l.key.Digest(content)
	if err := l.record(ctx, l.b.life.intent, nil); err != nil {
		return err
	}
	if err := l.Onlooker.Create(ctx, l.signIn()); err != nil {
		return fmt.Errorf("make the sign-in Secret: %w", err)
	}
	outcome, err := l.gateway.File(ctx, l.filing, 1, registrar.Submission{
		Dossier: content, Digest: l.digest, Password: string(l.b.life.signIn.Data[v1alpha1.PasswordKey]),
	})
	return l.reached(ctx, v1alpha1.PhaseSubmitted, lifecycle.StateReceived, outcome, err)
}

// review learns of each state and records it.
func (l *floorLife) review(ctx context.Context) error {
	for _, step := range []struct {
		phase v1alpha1.RegistrationPhase
		state lifecycle.State
	}{
		{v1alpha1.PhaseUnderReview, lifecycle.StateUnderReview}, {v1alpha1.PhaseVerified, lifecycle.StateVerified},
	} {
		attempt, err := l.gateway.Attempt(ctx, l.filing, 1)
		if err := l.reached(ctx, step.phase, step.state, &lifecycle.Outcome{Attempt: attempt}, err); err != nil {
			return err
		}
	}
	return nil
}

// complete answers the challenges, and hands the account over.
func (l *floorLife) complete(ctx context.Context) error {
	code, _, err := l.loader.LoadCode(ctx, l.reg, v1alpha1.ChallengePhoneCode)
	if err != nil {
		return err
	}
	answers := []registrar.Answer{
		{ChallengeID: "phone-code-1", Type: v1alpha1.ChallengePhoneCode, Text: code},
		{ChallengeID: "support-plan-1", Type: v1alpha1.ChallengeSupportPlan, Text: string(l.reg.Spec.SupportPlan)},
	}
	var outcome *lifecycle.Outcome
	for _, answer := range answers {
		answer.Digest = l.key.AnswerDigest(answer.ChallengeID, answer.Text)
		if outcome, err = l.gateway.Answer(ctx, l.filing, 1, answer); err != nil {
			return err
		}
	}
	if err := l.reached(ctx, v1alpha1.PhaseActive, lifecycle.StateActive, outcome, nil); err != nil {
		return err
	}
	if err := l.Onlooker.Create(ctx, l.account()); err != nil {
		return fmt.Errorf("make the account's ConfigMap: %w", err)
	}
	return nil
}

// reached records a phase, if the gateway is where it should be.
func (l *floorLife) reached(ctx context.Context, phase v1alpha1.RegistrationPhase, state lifecycle.State, outcome *lifecycle.Outcome, err error) error {
	if err != nil {
		return err
	}
	if outcome.Attempt == nil || outcome.Attempt.State != state {
		return fmt.Errorf("the gateway answered %+v, which is not %s", outcome, state)
	}
	status := l.b.life.statuses[phase]
	if err := l.record(ctx, status, outcome.Attempt); err != nil {
		return err
	}
	return l.tell(ctx, phase)
}

// record writes the status that the operator would have.
func (l *floorLife) record(ctx context.Context, status v1alpha1.ChinaAccountRegistrationStatus, attempt *lifecycle.Attempt) error {
	filing := v1alpha1.Filing{Key: l.filing.Key, Owner: l.filing.Owner, Digest: l.digest, Attempt: 1}
	if attempt != nil {
		filing.Reference, filing.Revision, filing.FiledTime = attempt.Reference, attempt.Revision, &metav1.Time{Time: attempt.FiledTime}
	}
	before := l.reg.DeepCopy()
	l.reg.Status = filed(status, filing)
	err := l.Onlooker.Status().Patch(ctx, l.reg, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
	if err != nil {
		return fmt.Errorf("record %s: %w", status.Phase, err)
	}
	return nil
}

// tell writes the phase's events.
func (l *floorLife) tell(ctx context.Context, phase v1alpha1.RegistrationPhase) error {
	for _, event := range l.b.life.events[phase] {
		other := eventFor(event, l.reg)
		other.EventTime = metav1.NewMicroTime(time.Now())
		if err := l.Onlooker.Create(ctx, other); err != nil {
			return fmt.Errorf("tell of %s: %w", phase, err)
		}
	}
	return nil
}

func (l *floorLife) signIn() *corev1.Secret {
	recorded := l.b.life.signIn
	return &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: l.reg.Namespace, Name: l.reg.SignInSecretName(), Labels: recorded.Labels,
			Annotations: map[string]string{v1alpha1.FilingKeyAnnotation: l.filing.Key},
		},
		Type: recorded.Type, Data: recorded.Data,
	}
}

func (l *floorLife) account() *corev1.ConfigMap {
	recorded := l.b.life.account
	owners := []metav1.OwnerReference{*recorded.OwnerReferences[0].DeepCopy()}
	owners[0].Name, owners[0].UID = l.reg.Name, l.reg.UID
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: l.reg.Namespace, Name: l.reg.AccountConfigMapName(), Labels: recorded.Labels,
			Annotations: map[string]string{v1alpha1.FilingKeyAnnotation: l.filing.Key}, OwnerReferences: owners,
		},
		Data: recorded.Data,
	}
}
