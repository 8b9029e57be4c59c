// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/registrar/gateway/contract"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// configMap waits until a ConfigMap matches, and returns it.
func (w *world) configMap(ctx context.Context, name string, matcher OmegaMatcher) *corev1.ConfigMap {
	GinkgoHelper()
	found := &corev1.ConfigMap{}
	Eventually(func(g Gomega) {
		*found = corev1.ConfigMap{}
		g.Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, found)).To(Succeed())
		g.Expect(found).To(matcher)
	}).Should(Succeed())
	return found
}

// password is the generated one.
func (w *world) password(ctx context.Context, name string) string {
	GinkgoHelper()
	secret := &corev1.Secret{}
	Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name + "-signin"}, secret)).To(Succeed())
	return string(secret.Data[v1alpha1.PasswordKey])
}

// patchError is why the API server refuses a change.
func (w *world) patchError(ctx context.Context, name, change string) string {
	GinkgoHelper()
	err := admin.Patch(ctx, w.named(&v1alpha1.ChinaAccountRegistration{}, name), client.RawPatch(types.MergePatchType, []byte(change)))
	Expect(err).To(HaveOccurred())
	return err.Error()
}

// annotate asks for something at once.
func (w *world) annotate(ctx context.Context, name, annotation string) {
	GinkgoHelper()
	change, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{annotation: time.Now().Format(time.RFC3339Nano)}}})
	Expect(err).NotTo(HaveOccurred())
	w.patch(ctx, name, string(change))
}

// looksAgain asks for n looks at the registrar, one after another.
func (w *world) looksAgain(ctx context.Context, name string, n int) {
	GinkgoHelper()
	for range n {
		w.annotate(ctx, name, v1alpha1.RefreshRequestedAtAnnotation)
		w.eventually(ctx, name, Satisfy(func(reg *v1alpha1.ChinaAccountRegistration) bool {
			return reg.Status.LastHandledRefreshRequest == reg.Annotations[v1alpha1.RefreshRequestedAtAnnotation]
		}))
	}
}

// supplement names a letter as the documents for a challenge.
func (w *world) supplement(ctx context.Context, name, challengeID string) {
	GinkgoHelper()
	w.makeSecret(ctx, name+"-letter", map[string][]byte{"letter.png": scan})
	change, err := json.Marshal(map[string]any{"spec": map[string]any{"supplementaryDocuments": []v1alpha1.SupplementaryDocument{{
		ChallengeID: challengeID,
		Files:       []v1alpha1.File{{Parts: []v1alpha1.SecretKeySource{{SecretKeyRef: v1alpha1.SecretKeyReference{Name: name + "-letter", Key: "letter.png"}}}}},
	}}}})
	Expect(err).NotTo(HaveOccurred())
	w.patch(ctx, name, string(change))
}

var statedChallenge = regexp.MustCompile(`challengeID: ([^ ]+)\.`)

// challengeOf is the challenge's id as a requirement states it.
func challengeOf(reg *v1alpha1.ChinaAccountRegistration, code string) string {
	GinkgoHelper()
	i := slices.IndexFunc(reg.Status.Requirements, func(q v1alpha1.Requirement) bool { return q.Code == code })
	Expect(i).NotTo(Equal(-1))
	found := statedChallenge.FindStringSubmatch(reg.Status.Requirements[i].Message)
	Expect(found).NotTo(BeNil(), reg.Status.Requirements[i].Message)
	return found[1]
}

// force puts a filing where the registrar would have it.
func (g *gateway) force(key string, state registrar.ForcedState) {
	GinkgoHelper()
	g.ask(http.MethodPost, "/registrations/"+key+"/state", state)
}

// stateOf is where the registrar has the newest attempt.
func (g *gateway) stateOf(key string) contract.State {
	GinkgoHelper()
	var standing registrar.Standing
	Expect(json.Unmarshal(g.ask(http.MethodGet, "/registrations/"+key, nil), &standing)).To(Succeed())
	return standing.Attempts[len(standing.Attempts)-1].State
}
