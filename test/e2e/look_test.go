// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

const (
	pending     = v1alpha1.PhasePending
	submitted   = v1alpha1.PhaseSubmitted
	underReview = v1alpha1.PhaseUnderReview
	rejected    = v1alpha1.PhaseRejected
	verified    = v1alpha1.PhaseVerified
	active      = v1alpha1.PhaseActive
)

// eventually waits until a registration matches, and returns it.
func (w *world) eventually(ctx context.Context, name string, matchers ...types.GomegaMatcher) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	reg := &v1alpha1.ChinaAccountRegistration{}
	Eventually(func(g Gomega) {
		*reg = v1alpha1.ChinaAccountRegistration{}
		g.Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, reg)).To(Succeed())
		g.Expect(reg).To(And(matchers...), func() string { return describe(reg) })
	}).Should(Succeed())
	return reg
}

// step has the registrar go on with a registration's filing.
func (w *world) step(ctx context.Context, name string) {
	GinkgoHelper()
	w.gateway.step(w.eventually(ctx, name, HaveField("Status.Filing", Not(BeNil()))).Status.Filing.Key)
}

func inPhase(phase v1alpha1.RegistrationPhase) types.GomegaMatcher {
	return HaveField("Status.Phase", phase)
}

func locked() types.GomegaMatcher { return HaveField("Status.DossierLock", v1alpha1.DossierLocked) }

// through matches a history of exactly these phases.
func through(phases ...v1alpha1.RegistrationPhase) types.GomegaMatcher {
	return WithTransform(func(reg *v1alpha1.ChinaAccountRegistration) []v1alpha1.RegistrationPhase {
		var reached []v1alpha1.RegistrationPhase
		for _, entry := range reg.Status.History {
			reached = append(reached, entry.Phase)
		}
		return reached
	}, Equal(phases))
}

func requires(code string, more ...types.GomegaMatcher) types.GomegaMatcher {
	return HaveField("Status.Requirements", ContainElement(And(append(more, HaveField("Code", code))...)))
}

func at(path string) types.GomegaMatcher { return HaveField("Path", path) }

func saying(words string) types.GomegaMatcher { return HaveField("Message", ContainSubstring(words)) }

// has matches a condition by type, status and reason.
func has(kind string, status metav1.ConditionStatus, reason string) types.GomegaMatcher {
	return HaveField("Status.Conditions", ContainElement(And(
		HaveField("Type", kind), HaveField("Status", status), HaveField("Reason", reason),
	)))
}

// describe shows where a registration stands, for the message of a failed test.
func describe(reg *v1alpha1.ChinaAccountRegistration) string {
	content, err := yaml.Marshal(reg.Status)
	return fmt.Sprintf("%s/%s: %s %v", reg.Namespace, reg.Name, content, err)
}
