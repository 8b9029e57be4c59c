// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/lives"
)

// unseen: whatever the operator has not looked at is under way.
func (w *world) unseen(t *testing.T) {
	s := w.play(t, moment{name: "unseen"})
	s.report("report-unseen", "nobody", 1)
	for kind, name := range map[string]string{
		"ChinaAccountRegistration": "unseen", "Registrar": v1alpha1.DefaultRegistrarName, "FilingReport": "report-unseen",
	} {
		live := s.settled(t, kind, name, func() bool { return true })
		s.Expect(s.judge(live).Status).To(Equal(rowUnseen.health), kind)
	}
	s.offers(s.get(t.Context(), "ChinaAccountRegistration", "unseen"), suspends)
}

// others: Registrars by Ready, reports by Accepted. One of the moments has a claim.
func (w *world) others(t *testing.T) {
	s := w.scene(t, "claimed", true)
	deaf := &v1alpha1.Registrar{}
	s.Expect(w.Onlooker.Get(t.Context(), client.ObjectKey{Name: ground.GatewayName}, deaf)).To(Succeed())
	deaf.ObjectMeta = metav1.ObjectMeta{Name: "not-ready"}
	deaf.Spec.Gateway.TokenSecretRef.Name = "no-such-token"
	s.Expect(w.Onlooker.Create(t.Context(), deaf)).To(Succeed())
	s.report("refused", "claimed", 1)

	for _, row := range []struct {
		kind, name string
		condition  string
		is         metav1.ConditionStatus
		health     health.HealthStatusCode
	}{
		{"Registrar", ground.GatewayName, v1alpha1.ConditionReady, metav1.ConditionTrue, health.HealthStatusHealthy},
		{"Registrar", "not-ready", v1alpha1.ConditionReady, metav1.ConditionFalse, health.HealthStatusDegraded},
		{"FilingReport", "claimed-1-claimed-1", v1alpha1.ConditionAccepted, metav1.ConditionTrue, health.HealthStatusHealthy},
		{"FilingReport", "refused", v1alpha1.ConditionAccepted, metav1.ConditionFalse, health.HealthStatusDegraded},
	} {
		live := s.settled(t, row.kind, row.name, func() bool { return s.stands(row.kind, row.name, row.condition, row.is) })
		s.Expect(s.judge(live).Status).To(Equal(row.health), row.name)
	}
}

// report makes an agent's claim of a registration.
func (s *scene) report(name, registration string, attempt int32) {
	s.t.Helper()
	report := &v1alpha1.FilingReport{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	report.Spec.RegistrationRef.Name = registration
	report.Spec.FilingKey = lives.Cast{Life: lives.Life{Name: registration}, Namespace: namespace, Name: registration}.Key()
	report.Spec.Attempt, report.Spec.Type, report.Spec.ReportedBy = attempt, v1alpha1.ReportClaimed, lives.AgentName
	s.Expect(s.Onlooker.Create(s.t.Context(), report)).To(Succeed())
}

func (s *scene) stands(kind, name, condition string, is metav1.ConditionStatus) bool {
	var conditions []metav1.Condition
	if kind == "Registrar" {
		registrar := &v1alpha1.Registrar{}
		if s.Onlooker.Get(s.t.Context(), client.ObjectKey{Name: name}, registrar) != nil {
			return false
		}
		conditions = registrar.Status.Conditions
	} else {
		report := &v1alpha1.FilingReport{}
		if s.Onlooker.Get(s.t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, report) != nil {
			return false
		}
		conditions = report.Status.Conditions
	}
	return meta.IsStatusConditionPresentAndEqual(conditions, condition, is)
}

// left: an edit that the operator has not seen is under way, and so is a deletion that it
// has to finish.
func (w *world) left(t *testing.T) {
	s := w.scene(t, "submitted", false)
	s.Eventually(func() error {
		reg := w.registration(t.Context(), "submitted")
		reg.Spec.SupportPlan = "Basic"
		return w.Onlooker.Update(t.Context(), reg)
	}).Should(Succeed())
	reg := w.registration(t.Context(), "submitted")
	s.Expect(reg.Status.ObservedGeneration).To(Equal(reg.Generation - 1))
	s.Expect(s.judge(s.get(t.Context(), "ChinaAccountRegistration", "submitted")).Status).To(Equal(health.HealthStatusProgressing))

	withdrawn := w.registration(t.Context(), "withdraws")
	s.Expect(withdrawn.Finalizers).To(ConsistOf(v1alpha1.WithdrawFinalizer))
	s.Expect(w.Onlooker.Delete(t.Context(), withdrawn)).To(Succeed())
	said := s.judge(s.get(t.Context(), "ChinaAccountRegistration", "withdraws"))
	s.Expect(*said).To(Equal(health.HealthStatus{Status: health.HealthStatusProgressing, Message: "Pending deletion"}))
}

// testdataIsAccepted: each object of testdata is one that this API server takes.
func (w *world) testdataIsAccepted(t *testing.T) {
	g := NewWithT(t)
	const elsewhere = "testdata"
	g.Expect(w.MakeNamespace(t.Context(), elsewhere)).To(Succeed())
	for _, kind := range []string{"ChinaAccountRegistration", "Registrar", "FilingReport"} {
		for name, object := range w.testdataFiles(t, kind) {
			status := object.DeepCopy()
			object.SetName("testdata-" + object.GetName())
			if kind != "Registrar" {
				object.SetNamespace(elsewhere)
			}
			object.SetUID("")
			object.SetResourceVersion("")
			object.SetFinalizers(nil) // nobody is here to take them off
			g.Expect(w.Onlooker.Create(t.Context(), object, client.FieldValidation("Strict"))).To(Succeed(), name)
			if phase, found := status.Object["status"].(map[string]any)["phase"]; found && phase != "Pending" {
				object.Object["status"] = map[string]any{"phase": "Pending"} // every life begins so
				g.Expect(w.Onlooker.Status().Update(t.Context(), object)).To(Succeed(), name)
			}
			object.Object["status"] = status.Object["status"]
			if object.Object["status"] == nil {
				continue
			}
			g.Expect(w.Onlooker.Status().Update(t.Context(), object, client.FieldValidation("Strict"))).To(Succeed(), name)
		}
	}
}
