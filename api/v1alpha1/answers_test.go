// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"context"
	"encoding/json"
	"errors"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apimachinerytypes "k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// create returns the object as the API server has it, and its refusal if any.
func create(ctx context.Context, o object) (object, error) {
	GinkgoHelper()
	given := o
	o = o.DeepCopy()
	err := admin.Create(ctx, o, strictly)
	expectSameOffline(ctx, given, err)
	return o, err
}

// strictly refuses unknown fields, as kubectl does.
const strictly = client.FieldValidation(metav1.FieldValidationStrict)

func created(ctx context.Context, o object) object {
	GinkgoHelper()
	o, err := create(ctx, o)
	Expect(err).NotTo(HaveOccurred())
	return o
}

// wouldCreate asks whether the API server would take the object.
func wouldCreate(ctx context.Context, o object) error {
	GinkgoHelper()
	err := admin.Create(ctx, o.DeepCopy(), client.DryRunAll, strictly)
	expectSameOffline(ctx, o, err)
	return err
}

// change sends the newest version of the object, edited, as a whole.
func change(ctx context.Context, o object, edits ...edit) error {
	return admin.Update(ctx, edited(current(ctx, o), edits...))
}

// wouldChange asks whether the API server would take the change.
func wouldChange(ctx context.Context, o object, edits ...edit) error {
	return admin.Update(ctx, edited(current(ctx, o), edits...), client.DryRunAll)
}

func current(ctx context.Context, o object) object {
	GinkgoHelper()
	now := o.DeepCopy()
	Expect(admin.Get(ctx, client.ObjectKeyFromObject(o), now)).To(Succeed())
	return now
}

// fields is a part of an object.
type fields = map[string]any

// writeStatus merges fields into status, as the operator does; nil removes one.
func writeStatus(ctx context.Context, o object, status fields) error {
	return admin.Status().Patch(ctx, o.DeepCopy(), mergePatch(fields{"status": status}))
}

func mergePatch(content any) client.Patch {
	return client.RawPatch(apimachinerytypes.MergePatchType, must(json.Marshal(content)))
}

func jsonPatch(content ...fields) client.Patch {
	return client.RawPatch(apimachinerytypes.JSONPatchType, must(json.Marshal(content)))
}

const (
	invalid   = metav1.CauseTypeFieldValueInvalid
	forbidden = metav1.CauseType("FieldValueForbidden")
	required  = metav1.CauseTypeFieldValueRequired
	enum      = metav1.CauseTypeFieldValueNotSupported
	duplicate = metav1.CauseTypeFieldValueDuplicate
	tooLong   = metav1.CauseType("FieldValueTooLong")
)

// beRefusedFor matches an Invalid error that names this field, for this reason,
// with this text, and no other field.
func beRefusedFor(field string, reason metav1.CauseType, text string) types.GomegaMatcher {
	return WithTransform(causes, ConsistOf(cause(field, reason, text)))
}

// beRefusedAlsoFor matches an Invalid error that names this field among others.
func beRefusedAlsoFor(field string, reason metav1.CauseType, text string) types.GomegaMatcher {
	return WithTransform(causes, ContainElement(cause(field, reason, text)))
}

func cause(field string, reason metav1.CauseType, text string) types.GomegaMatcher {
	return And(HaveField("Field", field), HaveField("Type", reason), HaveField("Message", ContainSubstring(text)))
}

// causes are what an Invalid error blames. The API server's remark that it left
// out the CEL rules, because the object does not even fit the schema, is none.
func causes(err error) ([]metav1.StatusCause, error) {
	var status *apierrors.StatusError
	if !errors.As(err, &status) || !apierrors.IsInvalid(err) {
		return nil, errors.Join(errors.New("not refused as Invalid"), err)
	}
	var found []metav1.StatusCause
	for _, cause := range status.ErrStatus.Details.Causes {
		if cause.Field != "<nil>" {
			found = append(found, cause)
		}
	}
	return found, nil
}
