// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/attach"
)

// attach writes the Secrets, and then names them all in one change.
func (o *attachOptions) attach(command *cobra.Command, name string, content []attachment) error {
	ctx := command.Context()
	s, reg, err := o.open(ctx, name)
	if err != nil {
		return err
	}
	if err := mayAttach(reg, content); err != nil {
		return err
	}
	if err := o.checkNumber(content, reg.Spec.Dossier.SecurityAdministrator.Identification.Type); err != nil {
		return err
	}
	spec := reg.Spec.DeepCopy()
	for _, a := range content {
		files, err := s.store(command, reg, a)
		if err != nil {
			return err
		}
		a.name(spec, files)
	}
	before := reg.DocumentSecretNames()
	if equality.Semantic.DeepEqual(spec, &reg.Spec) {
		command.Printf("%s names them already\n", title(reg))
		return nil
	}
	if err := s.patch(ctx, reg, func(r *v1alpha1.ChinaAccountRegistration) { r.Spec = *spec }); err != nil {
		return err
	}
	command.Printf("%s names them\n", title(reg))
	hintOfGit(command, reg, "the files' Secrets, as 'kubectl get car "+name+" -o yaml' shows them")
	return o.leave(command, s, reg, before)
}

// mayAttach says before anything is written that the API server would refuse the change.
func mayAttach(reg *v1alpha1.ChinaAccountRegistration, content []attachment) error {
	locked := slices.ContainsFunc(content, func(a attachment) bool { return a.locked })
	if locked && reg.Status.DossierLock == v1alpha1.DossierLocked {
		return fmt.Errorf("attach to %s: the dossier is locked while attempt %d is under way: wait for the decision, or 'kubectl china-account withdraw %s'", title(reg), reg.Status.Filing.Attempt, reg.Name)
	}
	return nil
}

// store writes the content of a group into Secrets that nothing refers to yet, unless
// those that the registration names hold it already.
func (s *session) store(command *cobra.Command, reg *v1alpha1.ChinaAccountRegistration, a attachment) ([]v1alpha1.File, error) {
	ctx := command.Context()
	version := 0
	for _, file := range a.current(&reg.Spec) {
		for _, part := range file.Parts {
			version = max(version, a.Version(part.SecretKeyRef.Name))
		}
	}
	for candidate := max(version, 1); ; candidate++ {
		packed := a.Pack(candidate)
		there, err := s.standingAt(ctx, reg, packed)
		switch {
		case err != nil:
			return nil, err
		case there.same:
			return packed.Files, nil
		case there.othersOrNamed:
			continue
		}
		for i := range packed.Secrets {
			if err := s.put(ctx, &packed.Secrets[i]); err != nil {
				return nil, err
			}
			command.Printf("secret/%s written\n", packed.Secrets[i].Name)
		}
		return packed.Files, nil
	}
}

// there says what stands under the names that content would have.
type there struct {
	// same: just that content, released to be sent.
	same bool
	// othersOrNamed: a Secret that is somebody else's, or that the registration names
	// now. What is left over from a run that broke off is neither.
	othersOrNamed bool
}

func (s *session) standingAt(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, packed attach.Packed) (there, error) {
	found := there{same: true}
	named := reg.DocumentSecretNames()
	for i := range packed.Secrets {
		want, secret := &packed.Secrets[i], &corev1.Secret{}
		err := s.Get(ctx, client.ObjectKeyFromObject(want), secret)
		switch {
		case apierrors.IsNotFound(err):
			found.same = false
			continue
		case err != nil:
			return found, fmt.Errorf("read Secret %s/%s: %w", want.Namespace, want.Name, err)
		}
		if secret.Annotations[attach.AttachedToAnnotation] != reg.Name || slices.Contains(named, want.Name) {
			found.othersOrNamed = true
		}
		found.same = found.same && maps.EqualFunc(want.Data, secret.Data, slices.Equal) && secret.Labels[v1alpha1.SendToRegistrarLabel] == "true"
	}
	return found, nil
}

// put writes a Secret whole. One of these names is left over from a run that broke off.
func (s *session) put(ctx context.Context, secret *corev1.Secret) error {
	err := s.Create(ctx, secret)
	if apierrors.IsAlreadyExists(err) {
		err = s.Update(ctx, secret)
	}
	if err != nil {
		return fmt.Errorf("write Secret %s/%s: %w: run it again, and it completes what was begun", secret.Namespace, secret.Name, err)
	}
	return nil
}

// leave tells, or deletes, what was attached before and is not named any more.
func (o *attachOptions) leave(command *cobra.Command, s *session, reg *v1alpha1.ChinaAccountRegistration, before []string) error {
	named := reg.DocumentSecretNames()
	var left []string
	for _, name := range before {
		secret := &corev1.Secret{}
		if slices.Contains(named, name) || s.Get(command.Context(), client.ObjectKey{Namespace: reg.Namespace, Name: name}, secret) != nil {
			continue
		}
		if secret.Annotations[attach.AttachedToAnnotation] != reg.Name || !o.prune {
			left = append(left, name)
			continue
		}
		if err := s.Delete(command.Context(), secret, client.Preconditions{UID: &secret.UID}); err != nil {
			return fmt.Errorf("delete Secret %s/%s: %w", reg.Namespace, name, err)
		}
		command.Printf("secret/%s deleted\n", name)
	}
	if len(left) > 0 {
		command.PrintErrf("Not named any more, and still there: delete them if nothing else needs them: kubectl delete secret -n %s %s\n", reg.Namespace, strings.Join(left, " "))
	}
	return nil
}
