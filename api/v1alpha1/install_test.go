// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"encoding/json"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("The CustomResourceDefinitions", func() {
	for _, plural := range []string{"chinaaccountregistrations", "filingreports", "registrars"} {
		It("are established, with a structural schema and rules within the cost budget: "+plural, func(ctx SpecContext) {
			crd := &apiextensionsv1.CustomResourceDefinition{}
			Expect(admin.Get(ctx, client.ObjectKey{Name: plural + "." + v1alpha1.GroupName}, crd)).To(Succeed())
			Expect(crd.Status.Conditions).To(ContainElement(And(
				HaveField("Type", apiextensionsv1.Established), HaveField("Status", apiextensionsv1.ConditionTrue))))
			Expect(crd.Status.Conditions).NotTo(ContainElement(And(
				HaveField("Type", apiextensionsv1.NonStructuralSchema), HaveField("Status", apiextensionsv1.ConditionTrue))))
		})
	}

	It("serve the short name, the category and the scopes", func() {
		list, err := served.ServerResourcesForGroupVersion(v1alpha1.GroupVersion.String())
		Expect(err).NotTo(HaveOccurred())
		Expect(list.APIResources).To(ContainElements(
			And(HaveField("Name", "chinaaccountregistrations"), HaveField("Namespaced", true),
				HaveField("ShortNames", ConsistOf("car")), HaveField("Categories", ConsistOf("china-account"))),
			And(HaveField("Name", "filingreports"), HaveField("Namespaced", true), HaveField("Categories", ConsistOf("china-account"))),
			And(HaveField("Name", "registrars"), HaveField("Namespaced", false), HaveField("Categories", ConsistOf("china-account"))),
			HaveField("Name", "chinaaccountregistrations/status"),
			HaveField("Name", "filingreports/status"),
			HaveField("Name", "registrars/status"),
		))
	})
})

var _ = Describe("A new registration", func() {
	It("has the defaults of what it leaves out", func(ctx SpecContext) {
		o := created(ctx, registration())
		for _, seen := range []object{o, current(ctx, o)} {
			Expect(get(seen, "spec.registrarRef")).To(Equal(fields{"name": "default"}))
			Expect(get(seen, "spec.dossier.fapiao")).To(Equal(fields{"type": "None"}))
			Expect(get(seen, "spec.deletionPolicy")).To(Equal("Retain"))
			Expect(get(seen, "spec.dossier.company.creditCodeCheckCharacter")).To(Equal("Enforced"))
			Expect(get(seen, "status")).To(Equal(fields{"observedGeneration": int64(-1)}))
		}
	})

	It("has them also where an empty registrarRef stands, or null", func(ctx SpecContext) {
		for _, ref := range []any{fields{}, nil} {
			o := created(ctx, registration(set("spec.registrarRef", ref)))
			Expect(get(o, "spec.registrarRef")).To(Equal(fields{"name": "default"}))
		}
	})

	It("keeps what it says itself", func(ctx SpecContext) {
		o := created(ctx, fullRegistration())
		Expect(get(current(ctx, o), "spec")).To(Equal(get(full, "spec")))
	})

	It("reads as not yet observed also where a Go client wrote its empty status", func(ctx SpecContext) {
		typed := &v1alpha1.ChinaAccountRegistration{}
		Expect(fromUnstructured(registration(), typed)).To(Succeed())
		Expect(admin.Create(ctx, typed)).To(Succeed())
		Expect(admin.Get(ctx, client.ObjectKeyFromObject(typed), typed)).To(Succeed())
		Expect(typed.Status.ObservedGeneration).To(BeEquivalentTo(-1))
	})

	It("is what a Go client reads and writes back unchanged", func(ctx SpecContext) {
		typed := &v1alpha1.ChinaAccountRegistration{}
		Expect(fromUnstructured(locked(ctx, fullRegistration()), typed)).To(Succeed())
		Expect(admin.Get(ctx, client.ObjectKeyFromObject(typed), typed)).To(Succeed())
		generation := typed.Generation
		Expect(admin.Update(ctx, typed)).To(Succeed())
		Expect(typed.Generation).To(Equal(generation))
	})
})

func fromUnstructured(o object, into client.Object) error {
	content, err := o.MarshalJSON()
	if err != nil {
		return err
	}
	return json.Unmarshal(content, into)
}

var _ = Describe("The table of registrations", func() {
	It("shows phase, awaiting, reason, account and age, and region, attempt and due on request", func(ctx SpecContext) {
		o := active(ctx, registration())
		Expect(writeStatus(ctx, o, fields{
			"awaiting": "None",
			"filing":   with(filed, fields{"dueTime": "2026-10-09T15:59:59Z"}),
			"conditions": []any{fields{"type": "Ready", "status": "True", "reason": "AccountActive", "message": "",
				"lastTransitionTime": "2026-10-09T01:00:00Z"}},
		})).To(Succeed())

		content, err := served.RESTClient().Get().
			AbsPath("/apis", v1alpha1.GroupName, "v1alpha1", "namespaces", o.GetNamespace(), "chinaaccountregistrations", o.GetName()).
			SetHeader("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").Do(ctx).Raw()
		Expect(err).NotTo(HaveOccurred())
		var table metav1.Table
		Expect(json.Unmarshal(content, &table)).To(Succeed())

		Expect(columns(table, 0)).To(Equal([]string{"NAME", "PHASE", "AWAITING", "REASON", "ACCOUNT", "AGE"}))
		Expect(columns(table, 1)).To(Equal([]string{"REGION", "ATTEMPT", "DUE"}))
		Expect(table.Rows).To(HaveLen(1))
		Expect(table.Rows[0].Cells).To(HaveExactElements(
			o.GetName(), "Active", "None", "AccountActive", "123456789012", Not(BeEmpty()),
			"cn-northwest-1", BeEquivalentTo(1), Not(BeEmpty())))
	})
})

// columns are the headings that kubectl prints, of one priority.
func columns(table metav1.Table, priority int32) []string {
	var names []string
	for _, column := range table.ColumnDefinitions {
		if column.Priority == priority {
			names = append(names, strings.ToUpper(column.Name))
		}
	}
	return names
}

var _ = Describe("A field selector", func() {
	It("chooses registrations by phase, region and registrar", func(ctx SpecContext) {
		namespace := newNamespace(ctx)
		here := in(namespace)
		pending := reach(ctx, registration(here), v1alpha1.PhasePending)
		rejected := reach(ctx, registration(here, set("spec.region", "cn-north-1")), v1alpha1.PhaseRejected)
		unseen := created(ctx, registration(here, set("spec.registrarRef", fields{"name": "beijing"})))

		for selector, chosen := range map[string]object{
			"status.phase=Rejected": rejected, "status.phase=Pending": pending, "spec.region=cn-north-1": rejected,
			"spec.registrarRef.name=beijing": unseen, "status.phase!=Pending,status.phase!=Rejected": unseen,
		} {
			Expect(selected(ctx, "ChinaAccountRegistration", namespace, selector)).To(ConsistOf(chosen.GetName()), selector)
		}
	})

	It("chooses reports by registration and filing key", func(ctx SpecContext) {
		namespace := newNamespace(ctx)
		here := in(namespace)
		ours := created(ctx, report("Claimed", here))
		created(ctx, report("Claimed", here, set("spec.registrationRef.name", "other"), set("spec.filingKey", strings.Repeat("f", 64))))
		for _, selector := range []string{"spec.registrationRef.name=acme", "spec.filingKey=" + filingKey} {
			Expect(selected(ctx, "FilingReport", namespace, selector)).To(ConsistOf(ours.GetName()), selector)
		}
	})
})

func newNamespace(ctx SpecContext) string {
	GinkgoHelper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "api-"}}
	Expect(admin.Create(ctx, namespace)).To(Succeed())
	return namespace.Name
}

func selected(ctx SpecContext, kind, namespace, selector string) []string {
	GinkgoHelper()
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind + "List"))
	Expect(admin.List(ctx, list, client.InNamespace(namespace), &client.ListOptions{
		Raw: &metav1.ListOptions{FieldSelector: selector},
	})).To(Succeed())
	var names []string
	for _, item := range list.Items {
		names = append(names, item.GetName())
	}
	return names
}

var _ = Describe("The largest registration that the schema allows", func() {
	It("costs no more than a request may, whatever is written", func(ctx SpecContext) {
		part := fields{"secretKeyRef": fields{"name": strings.Repeat("n", 253), "key": strings.Repeat("k", 253)}}
		file := fields{"parts": repeat(part, 16)}
		var supplements []any
		for i := range 8 {
			supplements = append(supplements, fields{"challengeID": fmt.Sprint(i), "files": repeat(file, 5)})
		}
		o := locked(ctx, fullRegistration(
			set("spec.dossier.documents.businessCertificate.files", repeat(file, 5)),
			set("spec.dossier.documents.identification.files", repeat(file, 4)),
			set("spec.supplementaryDocuments", supplements),
			set("spec.dossier.company.legalName", strings.Repeat("爱", 200)),
		))
		Expect(change(ctx, o, set("spec.suspend", false))).To(Succeed())
		Expect(change(ctx, o, set("spec.dossier.documents.identification.files[3].parts[15].secretKeyRef.key", "k"))).To(
			beRefusedFor(dossierField, forbidden, lockedCure))
		for _, at := range life[2:] {
			Expect(writeStatus(ctx, o, at.status)).To(Succeed(), at.name)
		}
	})
})

func repeat(value any, times int) []any {
	list := make([]any, times)
	for i := range list {
		list[i] = value
	}
	return list
}
