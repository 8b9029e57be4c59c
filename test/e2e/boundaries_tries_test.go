// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// try is one request of a user.
type try func(context.Context, client.WithWatch) error

func patches(body string) func(client.Object) try {
	return func(object client.Object) try {
		return func(ctx context.Context, c client.WithWatch) error {
			return c.Patch(ctx, object, client.RawPatch(types.MergePatchType, []byte(body)))
		}
	}
}

func patchesStatus(body string) func(client.Object) try {
	return func(object client.Object) try {
		return func(ctx context.Context, c client.WithWatch) error {
			return c.Status().Patch(ctx, object, client.RawPatch(types.MergePatchType, []byte(body)))
		}
	}
}

// appliesStatus applies on the server's side, and takes the fields over.
func appliesStatus(fields string) func(client.Object) try {
	return func(object client.Object) try {
		return func(ctx context.Context, c client.WithWatch) error {
			kind, err := c.GroupVersionKindFor(object)
			if err != nil {
				return err
			}
			body := fmt.Sprintf(`{"apiVersion":%q,"kind":%q,%s}`, kind.GroupVersion(), kind.Kind, fields)
			return c.Status().Patch(ctx, object, client.RawPatch(types.ApplyPatchType, []byte(body)), client.FieldOwner("test"), client.ForceOwnership)
		}
	}
}

// updates replaces an object by itself.
func updates(object client.Object) try {
	return func(ctx context.Context, c client.WithWatch) error {
		if err := client.IgnoreNotFound(admin.Get(ctx, client.ObjectKeyFromObject(object), object)); err != nil {
			return err
		}
		return c.Update(ctx, object)
	}
}

func updatesStatus(object client.Object) try {
	return func(ctx context.Context, c client.WithWatch) error {
		if err := admin.Get(ctx, client.ObjectKeyFromObject(object), object); err != nil {
			return err
		}
		return c.Status().Update(ctx, object)
	}
}

func creates(object client.Object) try {
	return func(ctx context.Context, c client.WithWatch) error { return c.Create(ctx, object) }
}

func deletes(object client.Object) try {
	return func(ctx context.Context, c client.WithWatch) error { return c.Delete(ctx, object) }
}

func deletesAll(kind client.Object) func(*world) try {
	return func(w *world) try {
		return func(ctx context.Context, c client.WithWatch) error {
			return c.DeleteAllOf(ctx, kind, client.InNamespace(w.namespace))
		}
	}
}

func reads(object client.Object) try {
	return func(ctx context.Context, c client.WithWatch) error {
		return c.Get(ctx, client.ObjectKeyFromObject(object), object)
	}
}

// looksFor is a read that may find nothing.
func looksFor(object client.Object) try {
	return func(ctx context.Context, c client.WithWatch) error {
		return client.IgnoreNotFound(reads(object)(ctx, c))
	}
}

func lists(list client.ObjectList, namespace string) try {
	return func(ctx context.Context, c client.WithWatch) error {
		return c.List(ctx, list, client.InNamespace(namespace))
	}
}

func watches(list client.ObjectList, namespace string) try {
	return func(ctx context.Context, c client.WithWatch) error {
		events, err := c.Watch(ctx, list, client.InNamespace(namespace))
		if err == nil {
			events.Stop()
		}
		return err
	}
}

// reports claims what is not there in somebody's name.
func reports(user string) func(*world) try {
	return func(w *world) try {
		return creates(w.reportBy("by-"+strings.ReplaceAll(user, ":", "-"), user))
	}
}

// Objects of the world that tries are on.

func registration(then func(client.Object) try) func(*world) try {
	return func(w *world) try { return then(w.named(&v1alpha1.ChinaAccountRegistration{}, "acme")) }
}

func report(then func(client.Object) try) func(*world) try {
	return func(w *world) try { return then(w.named(&v1alpha1.FilingReport{}, "claim")) }
}

func secret(then func(client.Object) try) func(*world) try {
	return func(w *world) try { return then(w.named(&corev1.Secret{}, "acme-identity")) }
}

func registrarOf(then func(client.Object) try) func(*world) try {
	return func(w *world) try { return then(w.registrar()) }
}

func lease(name string, then func(client.Object) try) func(*world) try {
	return func(*world) try {
		return then(&coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: name}})
	}
}

func (w *world) named(object client.Object, name string) client.Object {
	object.SetNamespace(w.namespace)
	object.SetName(name)
	return object
}

// elsewhere moves an object into a namespace that its user has no role in.
func elsewhere(object client.Object) client.Object {
	object.SetNamespace(metav1.NamespaceDefault)
	return object
}

// answerOf is the API server's status code.
func answerOf(err error) int {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return 0
	}
	return int(status.Status().Code)
}

// clientOf has the rights of a kubeconfig.
func clientOf(kubeconfig string) client.WithWatch {
	GinkgoHelper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	config.QPS = -1 // tests are not slowed down
	c, err := client.NewWithWatch(config, client.Options{Scheme: admin.Scheme()})
	Expect(err).NotTo(HaveOccurred())
	return c
}

// noKey is a filing's key that no registration has.
var noKey = strings.Repeat("0", 64)

var hexadecimals = regexp.MustCompile(`[0-9a-f]{64}`)

// keyOf is what the requirement FileByHand tells an agent.
func keyOf(reg *v1alpha1.ChinaAccountRegistration) string {
	GinkgoHelper()
	for _, q := range reg.Status.Requirements {
		if q.Code == v1alpha1.RequirementFileByHand {
			return hexadecimals.FindString(q.Message)
		}
	}
	Fail("no requirement states the filing's key: " + describe(reg))
	return ""
}
