// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
)

// world is what one spec has for itself: a namespace, a gateway with its Registrar,
// and an operator. Operators work on the whole cluster, so that there is one at a time.
type world struct {
	// namespace is also the name of its Registrar.
	namespace string
	gateway   *gateway
	operator  *operator
	// shown are names of marks that the registrar may repeat: what is public.
	shown []string
}

var (
	// worlds counts those that were opened.
	worlds atomic.Int32
	// open is the one of the spec that runs.
	open *world
)

// newWorld opens a world whose operator does not run yet. The gateway's flags may be
// overruled.
func newWorld(ctx context.Context, gatewayArguments ...string) *world {
	GinkgoHelper()
	w := &world{namespace: worldName(int(worlds.Add(1)))}
	Expect(client.IgnoreAlreadyExists(admin.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: w.namespace}}))).To(Succeed())
	w.gateway = startGateway(gatewayArguments...)
	w.makeRegistrar(ctx)
	open = w
	DeferCleanup(w.close)
	return w
}

func (w *world) close(ctx SpecContext) {
	open = nil
	if w.operator != nil {
		kill(w.operator.Session)
	}
	w.keptItsPromises(ctx)
	Expect(admin.DeleteAllOf(ctx, &v1alpha1.ChinaAccountRegistration{}, client.InNamespace(w.namespace))).To(Succeed())
	Expect(admin.Delete(ctx, w.registrar())).To(Succeed())
}

// runningWorld opens a world with its operator at work.
func runningWorld(ctx context.Context, gatewayArguments ...string) *world {
	GinkgoHelper()
	w := newWorld(ctx, gatewayArguments...)
	w.operator = startOperator()
	w.registrarSays(ctx, v1alpha1.ConditionReady, metav1.ConditionTrue)
	return w
}

// crashOperator kills the operator and leaves it dead.
func (w *world) crashOperator() {
	GinkgoHelper()
	kill(w.operator.Session)
}

// crashAndRestart kills the operator and runs it again. Between the two, meanwhile
// happens.
func (w *world) crashAndRestart(meanwhile func()) {
	GinkgoHelper()
	w.crashOperator()
	meanwhile()
	w.operator = startOperator()
}

func (w *world) registrar() *v1alpha1.Registrar {
	return &v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: w.namespace}}
}

func (w *world) makeRegistrar(ctx context.Context) {
	GinkgoHelper()
	Expect(admin.Create(ctx, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: w.namespace},
		Type:       v1alpha1.GatewayTokenSecretType,
		Data: map[string][]byte{
			v1alpha1.GatewayTokenKey: []byte(gatewayToken), v1alpha1.GatewayHostKey: []byte(w.gateway.address),
		},
	})).To(Succeed())
	registrar := w.registrar()
	registrar.Spec = v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarGateway, Gateway: &v1alpha1.Gateway{
		URL: "https://" + w.gateway.address, CABundle: w.gateway.ca(), TokenSecretRef: v1alpha1.SecretReference{Name: w.namespace},
	}}
	Expect(admin.Create(ctx, registrar)).To(Succeed())
}

// registrarSays waits until the world's Registrar has a condition so, in these words: the
// first that a probe meets of a gateway that goes away may be others.
func (w *world) registrarSays(ctx context.Context, kind string, status metav1.ConditionStatus, words ...string) {
	GinkgoHelper()
	matchers := []types.GomegaMatcher{HaveField("Type", kind), HaveField("Status", status)}
	for _, said := range words {
		matchers = append(matchers, HaveField("Message", ContainSubstring(said)))
	}
	Eventually(func(g Gomega) {
		registrar := w.registrar()
		g.Expect(admin.Get(ctx, client.ObjectKeyFromObject(registrar), registrar)).To(Succeed())
		g.Expect(registrar.Status.Conditions).To(ContainElement(And(matchers...)))
	}).Should(Succeed())
}

// keptItsPromises is asked of every world at its end, whatever happened in it.
func (w *world) keptItsPromises(ctx context.Context) {
	GinkgoHelper()
	if w.gateway.ExitCode() == -1 {
		counters := w.gateway.counters()
		Expect(counters.DuplicateFilings).To(BeZero(), "an attempt was filed twice")
		Expect(counters.PreventableFilings).To(BeZero(), "preflight let pass what the registrar refuses at first sight")
	}
	Expect(personal.in(w.told(ctx), w.shown...)).To(BeEmpty(), "a personal value is in a status or an event")
}

// told is all that the world's statuses and events say.
func (w *world) told(ctx context.Context) []byte {
	GinkgoHelper()
	return append(w.statuses(ctx), w.events(ctx)...)
}

func (w *world) statuses(ctx context.Context) []byte {
	GinkgoHelper()
	var told bytes.Buffer
	encoder := json.NewEncoder(&told)
	registrations, reports, registrar := &v1alpha1.ChinaAccountRegistrationList{}, &v1alpha1.FilingReportList{}, w.registrar()
	Expect(admin.List(ctx, registrations, client.InNamespace(w.namespace))).To(Succeed())
	for i := range registrations.Items {
		Expect(encoder.Encode(registrations.Items[i].Status)).To(Succeed())
		w.learnPassword(ctx, registrations.Items[i].SignInSecretName())
	}
	Expect(admin.List(ctx, reports, client.InNamespace(w.namespace))).To(Succeed())
	for i := range reports.Items {
		Expect(encoder.Encode(reports.Items[i].Status)).To(Succeed())
	}
	Expect(admin.Get(ctx, client.ObjectKeyFromObject(registrar), registrar)).To(Succeed())
	Expect(encoder.Encode(registrar.Status)).To(Succeed())
	return told.Bytes()
}

func (w *world) events(ctx context.Context) []byte {
	GinkgoHelper()
	events := &eventsv1.EventList{}
	Expect(admin.List(ctx, events, client.InNamespace(w.namespace))).To(Succeed())
	content, err := json.Marshal(events)
	Expect(err).NotTo(HaveOccurred())
	return content
}

// password names the marks that are passwords.
const password = "password"

// learnPassword remembers the password that the operator made, which no log may hold.
func (w *world) learnPassword(ctx context.Context, secretName string) {
	GinkgoHelper()
	secret := &corev1.Secret{}
	err := admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: secretName}, secret)
	Expect(client.IgnoreNotFound(err)).To(Succeed())
	if err == nil {
		personal.remember(password, string(secret.Data[v1alpha1.PasswordKey]))
	}
}
