// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package gitops_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/lives"
	"github.com/chinaaccount/china-account-operator/test/registrar"
	"github.com/chinaaccount/china-account-operator/test/scans"
)

// idNumber is invented, like all that the registrations say.
const idNumber = "11010519491231002X"

// castOf is a registration filed at the reference gateway, which does with it as the
// scenario says.
func castOf(namespace, name, scenario string) lives.Cast {
	return lives.Cast{Life: lives.Life{Scenario: scenario}, Namespace: namespace, Name: name, Registrar: ground.GatewayName}
}

// manifest is a registration as it is committed.
func manifest(cast lives.Cast, edits ...func(*v1alpha1.ChinaAccountRegistration)) *v1alpha1.ChinaAccountRegistration {
	reg := cast.Registration()
	reg.TypeMeta = metav1.TypeMeta{APIVersion: v1alpha1.GroupVersion.String(), Kind: "ChinaAccountRegistration"}
	reg.Spec.SupportPlan = "Business"
	for _, edit := range edits {
		edit(reg)
	}
	return reg
}

// secrets are those that it names. The last is one half of a scan.
func secrets(cast lives.Cast) []any {
	scan := scans.Sample()
	half := len(scan) / 2
	return []any{
		secret(cast, "identity", map[string][]byte{"number": []byte(idNumber), "front": scan, "back": scan}),
		secret(cast, "license-1", map[string][]byte{"scan": scan[:half]}),
		secret(cast, "license-2", map[string][]byte{"scan": scan[half:]}),
	}
}

func codes(cast lives.Cast) *corev1.Secret {
	return secret(cast, "codes", map[string][]byte{
		v1alpha1.EmailCodeKey: []byte(registrar.EmailCode), v1alpha1.PhoneCodeKey: []byte(registrar.PhoneCode),
	})
}

func secret(cast lives.Cast, name string, data map[string][]byte) *corev1.Secret {
	return &corev1.Secret{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: cast.Namespace, Name: cast.Name + "-" + name, Labels: map[string]string{v1alpha1.SendToRegistrarLabel: "true"},
		},
		Data: data,
	}
}

// commit puts a registration and Secrets into its folder of the clone.
func (s *source) commit(reg *v1alpha1.ChinaAccountRegistration, secrets ...any) {
	GinkgoHelper()
	s.write("registrations/"+reg.Name+"/registration.yaml", reg)
	s.write("registrations/"+reg.Name+"/secrets.yaml", secrets...)
}

// registration waits until one matches, and has been seen as it is.
func registration(ctx context.Context, namespace, name string, matchers ...types.GomegaMatcher) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	reg := &v1alpha1.ChinaAccountRegistration{}
	Eventually(func(g Gomega) {
		*reg = v1alpha1.ChinaAccountRegistration{}
		g.Expect(floor.Onlooker.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, reg)).To(Succeed())
		g.Expect(reg.Status.ObservedGeneration).To(Equal(reg.Generation))
		g.Expect(reg).To(And(matchers...))
	}).Should(Succeed())
	return reg
}

func inPhase(phase v1alpha1.RegistrationPhase) types.GomegaMatcher {
	return HaveField("Status.Phase", phase)
}

// is matches a registration whose condition Ready has a reason.
func is(reason string) types.GomegaMatcher {
	return WithTransform(func(reg *v1alpha1.ChinaAccountRegistration) string {
		if c := meta.FindStatusCondition(reg.Status.Conditions, v1alpha1.ConditionReady); c != nil {
			return c.Reason
		}
		return ""
	}, Equal(reason))
}

// decide has the registrar decide about a filing, once it has it.
func decide(ctx context.Context, cast lives.Cast, state contract.State, challenges ...string) {
	GinkgoHelper()
	reg := registration(ctx, cast.Namespace, cast.Name, HaveField("Status.Filing.FiledTime", Not(BeNil())))
	forced := registrar.ForcedState{State: state, Challenges: challenges}
	if state == contract.Rejected {
		forced.Findings = []contract.Finding{{Code: "NameMismatch", Path: "spec.dossier.company.legalName", Message: "The name is not strictly equal to the certificate's."}}
	}
	Expect(floor.Gateway.Force(ctx, reg.Status.Filing.Key, forced)).To(Succeed())
}
