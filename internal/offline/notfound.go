// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package offline

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/preflight"
)

// sourceOperator is of what the operator demands of Secrets.
const sourceOperator = "operator"

// notFound says why a key cannot be read. In a cluster the reasons read the same, so
// that nobody learns of another's Secret; here the user has the files. What is not
// among them may well be in the cluster, and is no error.
func (s *Secrets) notFound(namespace string, missing dossier.Missing) preflight.Finding {
	if len(validation.IsDNS1123Subdomain(missing.Name))+len(validation.IsConfigMapKey(missing.Key)) > 0 {
		// What it names may be anything, so it is not repeated.
		return refused(missing, "no Secret has such a name, or no such key: name the Secret and the key that hold the content")
	}
	given, ok := s.manifest(client.ObjectKey{Namespace: namespace, Name: missing.Name})
	secret := fmt.Sprintf("Secret %q", missing.Name)
	switch {
	case !ok:
		return notChecked(missing, secret+" is "+s.whereElse(namespace, missing.Name))
	case given.encrypted:
		return notChecked(missing, secret+" is encrypted by SOPS")
	case given.malformed:
		return refused(missing, secret+" is not well-formed: values under data must be in base64, those under stringData are plain, labels are strings in quotes")
	case given.secret.Labels[v1alpha1.SendToRegistrarLabel] != "true":
		return refused(missing, fmt.Sprintf("%s lacks the label %s: \"true\", and is not read without it: add it to its metadata.labels", secret, v1alpha1.SendToRegistrarLabel))
	}
	if _, ok := given.secret.Data[missing.Key]; ok {
		return refused(missing, fmt.Sprintf("key %q of %s is empty: put the content under it", missing.Key, secret))
	}
	return refused(missing, fmt.Sprintf("%s has no key %q: add it, or name one that it has%s", secret, missing.Key, listed(slices.Sorted(maps.Keys(given.secret.Data)))))
}

// whereElse says where a Secret is that is not in the namespace.
func (s *Secrets) whereElse(namespace, name string) string {
	if s.values[name] != nil {
		return "given without this key"
	}
	var others []string
	for key := range s.manifests {
		if key.Name == name {
			others = append(others, key.Namespace)
		}
	}
	if len(others) == 0 {
		return "not among the files"
	}
	slices.Sort(others)
	return fmt.Sprintf("not among the files of namespace %s, but of %s", namespace, strings.Join(others, ", "))
}

func listed(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%q)", keys)
}

func notChecked(missing dossier.Missing, message string) preflight.Finding {
	return preflight.Finding{
		Code: v1alpha1.RequirementSecretNotFound, Severity: v1alpha1.SeverityWarning, Path: missing.Path, Source: sourceOperator,
		Message: fmt.Sprintf("%s: its content was not checked; give the Secret (in clear) with -f, or this key with --from %s/%s=PATH", message, missing.Name, missing.Key),
	}
}

func refused(missing dossier.Missing, message string) preflight.Finding {
	return preflight.Finding{
		Code: v1alpha1.RequirementSecretNotFound, Severity: v1alpha1.SeverityError, Path: missing.Path, Source: sourceOperator,
		Message: message,
	}
}
