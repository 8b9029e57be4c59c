// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

var _ = Describe("Watched namespaces", func() {
	It("are the only ones whose registrations are seen to, and counted", func(ctx SpecContext) {
		w := newWorld(ctx)
		elsewhere := w.registration("acme", "immediate")
		elsewhere.Namespace = w.namespace + "-elsewhere"
		Expect(admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: elsewhere.Namespace}})).To(Succeed())
		Expect(admin.Create(ctx, elsewhere)).To(Succeed())
		DeferCleanup(func(ctx SpecContext) { Expect(admin.Delete(ctx, elsewhere)).To(Succeed()) })

		address := freeAddress()
		w.operator = startOperator("--watch-namespaces", w.namespace, "--metrics-bind-address", address)
		w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionTrue)
		w.apply(ctx, w.registration("acme", "immediate"))
		w.eventually(ctx, "acme", inPhase(active))

		Expect(admin.Get(ctx, client.ObjectKeyFromObject(elsewhere), elsewhere)).To(Succeed())
		Expect(elsewhere.Status.Phase).To(BeEmpty())
		Eventually(func() string { return string(scrape(address)) }).Should(And(
			ContainSubstring(`china_account_registrations{awaiting="None",namespace="`+w.namespace+`",phase="Active",region="cn-northwest-1",registrar="`+w.registrar().Name+`"} 1`),
			ContainSubstring(`china_account_registration_phase_duration_seconds_count{phase="Pending"`),
			ContainSubstring(`china_account_registrar_request_duration_seconds_count{operation="File",outcome="Done"`),
			ContainSubstring(`china_account_registrar_last_contact_timestamp_seconds{registrar="`+w.registrar().Name+`"}`),
			Not(ContainSubstring("elsewhere")), Not(ContainSubstring(`"acme`)),
		))
	})
})
