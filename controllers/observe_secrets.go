// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
	"github.com/chinaaccount/china-account-operator/internal/registrar"
)

// observeDossier reads the dossier's Secrets and checks them. A filing that exists
// already is joined whatever its content, so that then nothing is read.
func (r *RegistrationReconciler) observeDossier(ctx context.Context, s *scene, need lifecycle.Need) (err error) {
	if !need.Dossier || s.Joins() {
		return nil
	}
	if s.before != nil {
		s.dossier, s.Dossier = s.before.dossier, s.before.Dossier
		return nil
	}
	reg := s.Registration
	if s.dossier, err = r.Loader.Load(ctx, reg); err != nil {
		return err
	}
	state := &lifecycle.DossierState{}
	for _, missing := range s.dossier.Missing {
		state.Missing = append(state.Missing, secretNotFound(missing))
	}
	material, err := r.material(ctx, s, need)
	if err != nil {
		return err
	}
	for _, f := range preflight.Check(material, s.Now) {
		state.Findings = append(state.Findings, lifecycle.Finding{Code: f.Code, Severity: f.Severity, Path: f.Path, Message: f.Message})
	}
	if s.Registrar.Type == v1alpha1.RegistrarGateway {
		if err := r.observePassword(ctx, s, state); err != nil {
			return err
		}
	}
	if len(state.Missing) == 0 && s.key != nil {
		state.Digest = s.key.Digest(s.dossier)
	}
	s.Dossier = state
	return nil
}

// observePassword sees that there is a password to file with, or may be made one.
// By hand none is needed: the agent never has it.
func (r *RegistrationReconciler) observePassword(ctx context.Context, s *scene, state *lifecycle.DossierState) error {
	reg := s.Registration
	if reg.Spec.PasswordFrom != nil {
		_, missing, err := r.Loader.LoadPassword(ctx, reg)
		if missing != nil {
			state.Missing = append(state.Missing, secretNotFound(*missing))
		}
		return err
	}
	signIn, err := r.SignIn.Check(ctx, reg, s.Key)
	if signIn == dossier.SignInNameTaken {
		state.Findings = append(state.Findings, lifecycle.Finding{
			Code: v1alpha1.RequirementSignInSecretNameTaken, Severity: v1alpha1.SeverityError, Path: "metadata.name",
			Message: fmt.Sprintf("The Secret %s, which would hold the generated password, is another's or another filing's. It is left alone: rename it, rename the registration, or set spec.passwordFrom.", reg.SignInSecretName()),
		})
	}
	return err
}

func secretNotFound(m dossier.Missing) lifecycle.Finding {
	return lifecycle.Finding{
		Code: v1alpha1.RequirementSecretNotFound, Severity: v1alpha1.SeverityError, Path: m.Path,
		Message: fmt.Sprintf("Secret %q with key %q is not there, or lacks the label %s: \"true\". It is looked for again.", m.Name, m.Key, v1alpha1.SendToRegistrarLabel),
	}
}

// material is what preflight judges the dossier on.
func (r *RegistrationReconciler) material(ctx context.Context, s *scene, need lifecycle.Need) (m preflight.Material, err error) {
	m = s.dossier.Material(s.Registration)
	if need.Newest {
		m.EmailInUse, err = r.emailFiled(ctx, s.Registration)
	}
	return m, err
}

// emailFiled tells whether another registration, of whatever namespace, has a filing
// under the same e-mail address.
func (r *RegistrationReconciler) emailFiled(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration) (bool, error) {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	email := registrar.NormalizeEmail(reg.Spec.Dossier.Account.Email)
	if err := r.List(ctx, list, client.MatchingFields{indexFiledEmail: email}); err != nil {
		return false, fmt.Errorf("list the registrations that are filed under the same e-mail address: %w", err)
	}
	return slices.ContainsFunc(list.Items, func(other v1alpha1.ChinaAccountRegistration) bool {
		return other.Namespace != reg.Namespace || other.Name != reg.Name
	}), nil
}

// observeAnswers reads what the applicant has ready for the challenges that are open.
func (r *RegistrationReconciler) observeAnswers(ctx context.Context, s *scene, need lifecycle.Need) (err error) {
	challenges := lifecycle.OpenChallenges(s.Observation)
	if s.key == nil && s.Registration.Spec.SupportPlan != "" && slices.ContainsFunc(challenges, isSupportPlan) {
		// The plan stands in spec: no requirement has to ask for it first.
		if s.key, err = r.installationKey(ctx); err != nil {
			return err
		}
	}
	if s.key == nil {
		return nil
	}
	s.Answers, s.answers = map[string]lifecycle.AnswerState{}, map[string]registrar.Answer{}
	for _, c := range challenges {
		answer, findings, err := r.answer(ctx, s, need, c)
		if err != nil {
			return err
		}
		s.Answers[c.ID] = lifecycle.AnswerState{Digest: answer.Digest, Findings: findings}
		s.answers[c.ID] = answer
	}
	return nil
}

func isSupportPlan(c lifecycle.Challenge) bool { return c.Type == v1alpha1.ChallengeSupportPlan }

func (r *RegistrationReconciler) answer(ctx context.Context, s *scene, need lifecycle.Need, c lifecycle.Challenge) (registrar.Answer, []lifecycle.Finding, error) {
	answer := registrar.Answer{ChallengeID: c.ID, Type: c.Type}
	switch c.Type {
	case v1alpha1.ChallengeSupportPlan:
		answer.Text = string(s.Registration.Spec.SupportPlan)
	case v1alpha1.ChallengeEmailCode, v1alpha1.ChallengePhoneCode:
		return r.code(ctx, s, need, answer)
	case v1alpha1.ChallengeDocuments:
		return r.supplement(ctx, s, need, answer)
	}
	if answer.Text != "" {
		answer.Digest = s.key.AnswerDigest(c.ID, answer.Text)
	}
	return answer, nil, nil
}

// codeForms: the registrars mail 6 digits and send 4 by SMS.
var codeForms = map[v1alpha1.ChallengeType]struct {
	key    string
	digits int
	form   *regexp.Regexp
}{
	v1alpha1.ChallengeEmailCode: {v1alpha1.EmailCodeKey, 6, regexp.MustCompile(`^[0-9]{6}$`)},
	v1alpha1.ChallengePhoneCode: {v1alpha1.PhoneCodeKey, 4, regexp.MustCompile(`^[0-9]{4}$`)},
}

func (r *RegistrationReconciler) code(ctx context.Context, s *scene, need lifecycle.Need, answer registrar.Answer) (registrar.Answer, []lifecycle.Finding, error) {
	wanted := false
	for _, t := range need.Codes {
		wanted = wanted || t == answer.Type
	}
	if !wanted {
		return answer, nil, nil
	}
	code, found, err := r.Loader.LoadCode(ctx, s.Registration, answer.Type)
	if err != nil || !found {
		return answer, nil, err
	}
	form := codeForms[answer.Type]
	if !form.form.MatchString(code) {
		return answer, []lifecycle.Finding{{
			Code: v1alpha1.RequirementCodeMalformed, Severity: v1alpha1.SeverityError, Path: "spec.verificationCodesSecretRef",
			Message: fmt.Sprintf("Key %s of the Secret %q must be the %d digits of the code, and nothing else.", form.key, s.Registration.CodesSecretName(), form.digits),
		}}, nil
	}
	answer.Text, answer.Digest = code, s.key.AnswerDigest(answer.ChallengeID, code)
	return answer, nil, nil
}

func (r *RegistrationReconciler) supplement(ctx context.Context, s *scene, need lifecycle.Need, answer registrar.Answer) (registrar.Answer, []lifecycle.Finding, error) {
	if !need.Supplements {
		return answer, nil, nil
	}
	documents, _, missing, err := r.Loader.LoadSupplement(ctx, s.Registration, answer.ChallengeID)
	if err != nil || len(documents)+len(missing) == 0 {
		return answer, nil, err
	}
	var findings []lifecycle.Finding
	for _, m := range missing {
		findings = append(findings, secretNotFound(m))
	}
	for _, f := range preflight.CheckDocuments(dossier.Scans(documents)) {
		if f.Severity == v1alpha1.SeverityError {
			findings = append(findings, lifecycle.Finding{Code: f.Code, Severity: f.Severity, Path: f.Path, Message: f.Message})
		}
	}
	if len(findings) == 0 {
		answer.Documents, answer.Digest = documents, s.key.DocumentsDigest(answer.ChallengeID, documents)
	}
	return answer, findings, nil
}
