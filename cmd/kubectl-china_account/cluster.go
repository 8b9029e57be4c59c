// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // the ways to log in that kubectl has
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// fieldManager is who owns what the plugin writes, in managedFields.
const fieldManager = "kubectl-china-account"

// session is a connection to the API server, with the user's own rights.
type session struct {
	client.Client
	watcher client.WithWatch
	// namespace of -n, or the context's.
	namespace string
}

func (a *app) connect() (*session, error) {
	config, err := a.kube.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig: %w: see --kubeconfig and --context", err)
	}
	namespace, _, err := a.kube.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, fmt.Errorf("read the namespace: %w", err)
	}
	config.QPS, config.Burst = 50, 100        // as kubectl
	config.WarningHandler = rest.NoWarnings{} // of kinds that the user did not write
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme, authenticationv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	c, err := client.NewWithWatch(config, client.Options{Scheme: scheme, Mapper: kinds()})
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	return &session{Client: client.WithFieldOwner(c, fieldManager), watcher: c, namespace: namespace}, nil
}

// kinds are those that the plugin speaks of: the API server need not be asked what it
// serves.
func kinds() meta.RESTMapper {
	mapper := meta.NewDefaultRESTMapper(nil)
	for kind, scope := range map[schema.GroupVersionKind]meta.RESTScope{
		v1alpha1.GroupVersion.WithKind("ChinaAccountRegistration"):        meta.RESTScopeNamespace,
		v1alpha1.GroupVersion.WithKind("FilingReport"):                    meta.RESTScopeNamespace,
		v1alpha1.GroupVersion.WithKind("Registrar"):                       meta.RESTScopeRoot,
		corev1.SchemeGroupVersion.WithKind("Secret"):                      meta.RESTScopeNamespace,
		corev1.SchemeGroupVersion.WithKind("Namespace"):                   meta.RESTScopeRoot,
		corev1.SchemeGroupVersion.WithKind("Event"):                       meta.RESTScopeNamespace,
		authenticationv1.SchemeGroupVersion.WithKind("SelfSubjectReview"): meta.RESTScopeRoot,
	} {
		mapper.Add(kind, scope)
	}
	return mapper
}

// open connects, and reads the registration that a command is about.
func (a *app) open(ctx context.Context, name string) (*session, *v1alpha1.ChinaAccountRegistration, error) {
	s, err := a.connect()
	if err != nil {
		return nil, nil, err
	}
	reg, err := s.registration(ctx, name)
	return s, reg, err
}

// registration reads one.
func (s *session) registration(ctx context.Context, name string) (*v1alpha1.ChinaAccountRegistration, error) {
	if problems := validation.NameIsDNSSubdomain(name, false); len(problems) > 0 {
		return nil, usagef("no registration can have the name that was given: lower-case letters, digits, '-' and '.'")
	}
	reg := &v1alpha1.ChinaAccountRegistration{}
	if err := s.Get(ctx, client.ObjectKey{Namespace: s.namespace, Name: name}, reg); err != nil {
		return nil, s.explain("read", name, err)
	}
	return reg, nil
}

// explain says what was tried on what, and the cure where there is a usual one.
func (s *session) explain(verb, name string, err error) error {
	switch {
	case meta.IsNoMatchError(err), apierrors.IsNotFound(err) && !names(err, name):
		return fmt.Errorf("%s ChinaAccountRegistration %s/%s: the API server does not know this kind: is the operator installed in this cluster (--context)?", verb, s.namespace, name)
	case apierrors.IsNotFound(err):
		return fmt.Errorf("%s ChinaAccountRegistration %s/%s: there is none of that name: compare with 'kubectl china-account list -n %s', or name its namespace with -n", verb, s.namespace, name, s.namespace)
	case apierrors.IsForbidden(err):
		return fmt.Errorf("%s ChinaAccountRegistration %s/%s: you may not: %w: an administrator can bind you a role", verb, s.namespace, name, err)
	default:
		return fmt.Errorf("%s ChinaAccountRegistration %s/%s: %w", verb, s.namespace, name, err)
	}
}

// names tells whether the API server's answer is about an object of that name.
func names(err error, name string) bool {
	status, is := err.(apierrors.APIStatus)
	return is && status.Status().Details != nil && status.Status().Details.Name == name
}

// patch merges content into the registration as it was read: if somebody has changed it
// since, it is refused. That the operator wrote its status is no such change.
func (s *session) patch(ctx context.Context, reg *v1alpha1.ChinaAccountRegistration, change func(*v1alpha1.ChinaAccountRegistration)) error {
	read := reg.DeepCopy()
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		changed := reg.DeepCopy()
		change(changed)
		err := s.Patch(ctx, changed, client.MergeFromWithOptions(reg, client.MergeFromWithOptimisticLock{}))
		switch {
		case err == nil:
			*reg = *changed
		case apierrors.IsConflict(err):
			newer := &v1alpha1.ChinaAccountRegistration{}
			if s.Get(ctx, client.ObjectKeyFromObject(reg), newer) != nil || !isAsRead(newer, read) {
				return errChanged
			}
			*reg = *newer
		}
		return err
	})
	switch {
	case errors.Is(err, errChanged), apierrors.IsConflict(err):
		return fmt.Errorf("change ChinaAccountRegistration %s/%s: it has just changed: run it again", reg.Namespace, reg.Name)
	case err != nil:
		return s.explain("change", reg.Name, err)
	}
	return nil
}

// errChanged: somebody else changed what is to be changed.
var errChanged = errors.New("it changed")

// isAsRead tells whether all that people write is as it was.
func isAsRead(newer, read *v1alpha1.ChinaAccountRegistration) bool {
	return newer.UID == read.UID && newer.Generation == read.Generation && maps.Equal(newer.Annotations, read.Annotations)
}

// whoami is the user's name, as the API server knows it.
func (s *session) whoami(ctx context.Context) (string, error) {
	review := &authenticationv1.SelfSubjectReview{}
	if err := s.Create(ctx, review); err != nil {
		return "", fmt.Errorf("ask the API server who you are: %w", err)
	}
	return review.Status.UserInfo.Username, nil
}
