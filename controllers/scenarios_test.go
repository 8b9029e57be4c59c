// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("A registration through a gateway", func() {
	It("is filed, reviewed, verified, completed with the phone code, and active", func(ctx SpecContext) {
		w := runningWorld(ctx)
		w.applyWithSecrets(ctx, "acme", "review")

		w.eventually(ctx, "acme", inPhase(v1alpha1.PhaseVerified), awaiting(v1alpha1.PartyApplicant),
			requires(v1alpha1.RequirementPhoneCode, "spec.verificationCodesSecretRef"), lock(v1alpha1.DossierLocked),
			has(v1alpha1.ConditionReady, metav1.ConditionFalse, v1alpha1.RequirementPhoneCode), lacks(v1alpha1.ConditionStalled))
		w.giveCodes(ctx, "acme")

		reg := w.eventually(ctx, "acme", inPhase(v1alpha1.PhaseActive), requiresNothing(), awaiting(v1alpha1.PartyNone),
			lock(v1alpha1.DossierOpen), has(v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonActive))
		Expect(reg.Status.Account.ID).To(MatchRegexp(`^[0-9]{12}$`))
		Expect(w.gateway.counters().Filings).To(Equal(1))
	})
})
