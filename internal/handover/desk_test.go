// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

func TestWhoseAConfigMapIs(t *testing.T) {
	const key = "our-filing"
	reg := &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Name: "acme", UID: "uid-2"}}
	reg.Status.Filing = &v1alpha1.Filing{Key: key}
	owned := func(kind, name string, uid types.UID) []metav1.OwnerReference {
		return []metav1.OwnerReference{{APIVersion: v1alpha1.GroupVersion.String(), Kind: kind, Name: name, UID: uid, Controller: ptr.To(true)}}
	}
	ours := map[string]string{v1alpha1.FilingKeyAnnotation: key}
	for name, c := range map[string]struct {
		found metav1.ObjectMeta
		is    bool
	}{
		"this registration's":                        {metav1.ObjectMeta{OwnerReferences: owned(kind, "acme", "uid-2")}, true},
		"this registration's, of an earlier life":    {metav1.ObjectMeta{OwnerReferences: owned(kind, "acme", "uid-1"), Annotations: ours}, true},
		"nobody's, and of this filing":               {metav1.ObjectMeta{Annotations: ours}, true},
		"nobody's":                                   {metav1.ObjectMeta{}, false},
		"nobody's, and of another filing":            {metav1.ObjectMeta{Annotations: map[string]string{v1alpha1.FilingKeyAnnotation: "theirs"}}, false},
		"an earlier life's, and of another filing":   {metav1.ObjectMeta{OwnerReferences: owned(kind, "acme", "uid-1")}, false},
		"another registration's":                     {metav1.ObjectMeta{OwnerReferences: owned(kind, "bohai", "uid-7"), Annotations: ours}, false},
		"another kind's with the name of ours":       {metav1.ObjectMeta{OwnerReferences: owned("Deployment", "acme", "uid-7"), Annotations: ours}, false},
		"one with our label alone, which anyone has": {metav1.ObjectMeta{Labels: map[string]string{v1alpha1.ManagedByLabel: v1alpha1.ManagedByOperator}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := isOurs(reg, &corev1.ConfigMap{ObjectMeta: c.found}); got != c.is {
				t.Errorf("ours: %t, want %t", got, c.is)
			}
		})
	}
}
