// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

type matcher = types.GomegaMatcher

func inPhase(phase v1alpha1.RegistrationPhase) matcher {
	return HaveField("Status.Phase", phase)
}

// through matches a history of exactly these phases.
func through(phases ...v1alpha1.RegistrationPhase) matcher {
	return WithTransform(func(reg *v1alpha1.ChinaAccountRegistration) []string {
		var reached []string
		for _, entry := range reg.Status.History {
			reached = append(reached, string(entry.Phase))
		}
		return reached
	}, Equal(asStrings(phases)))
}

func requires(code, path string) matcher {
	return HaveField("Status.Requirements", ContainElement(And(HaveField("Code", code), HaveField("Path", path))))
}

func requiresCode(code string) matcher {
	return HaveField("Status.Requirements", ContainElement(HaveField("Code", code)))
}

func requiresNothing() matcher { return HaveField("Status.Requirements", BeEmpty()) }

// onlyKeepsDocuments matches a life that ended well: its documents are to be deleted, and
// nothing else is due.
func onlyKeepsDocuments() matcher {
	return HaveField("Status.Requirements", ConsistOf(And(
		HaveField("Code", v1alpha1.RequirementDocumentsNoLongerNeeded), HaveField("Severity", v1alpha1.SeverityWarning))))
}

func awaiting(party v1alpha1.Party) matcher { return HaveField("Status.Awaiting", party) }

func lock(lock v1alpha1.DossierLock) matcher { return HaveField("Status.DossierLock", lock) }

func handledRefresh(request string) matcher {
	return HaveField("Status.LastHandledRefreshRequest", request)
}

// has matches a condition by type, status and reason.
func has(kind string, status metav1.ConditionStatus, reason string) matcher {
	return HaveField("Status.Conditions", ContainElement(And(
		HaveField("Type", kind), HaveField("Status", status), HaveField("Reason", reason),
	)))
}

// lacks matches where a condition is absent.
func lacks(kind string) matcher {
	return HaveField("Status.Conditions", Not(ContainElement(HaveField("Type", kind))))
}

func asStrings[T ~string](values []T) []string {
	words := make([]string, 0, len(values))
	for _, value := range values {
		words = append(words, string(value))
	}
	return words
}

// events returns what was told of the world's registrations, from first to last.
func (w *world) events(ctx context.Context) []eventsv1.Event {
	GinkgoHelper()
	list := &eventsv1.EventList{}
	Expect(admin.List(ctx, list, client.InNamespace(w.namespace))).To(Succeed())
	slices.SortStableFunc(list.Items, func(a, b eventsv1.Event) int { return a.EventTime.Compare(b.EventTime.Time) })
	return list.Items
}

// reasons are the events' reasons, from first to last.
func (w *world) reasons(ctx context.Context) func() []string {
	return func() []string {
		var reasons []string
		for _, event := range w.events(ctx) {
			reasons = append(reasons, event.Reason)
		}
		return reasons
	}
}

// describe shows where a registration stands, for the message of a failed test.
func describe(reg *v1alpha1.ChinaAccountRegistration) string {
	content, err := yaml.Marshal(reg.Status)
	return fmt.Sprintf("%s/%s: %s %v", reg.Namespace, reg.Name, content, err)
}

func condition(conditions []metav1.Condition, kind string) metav1.Condition {
	GinkgoHelper()
	found := meta.FindStatusCondition(conditions, kind)
	Expect(found).NotTo(BeNil(), kind)
	return *found
}
