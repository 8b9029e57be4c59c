// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/registrar"
)

// world is what one spec has for itself: a namespace, a gateway, its Registrar, and
// an operator that sees nothing else.
type world struct {
	// namespace is also the name of its Registrar.
	namespace string
	// system is the operator's namespace.
	system   string
	gateway  *gateway
	operator *operator
}

var worlds atomic.Int32

// newWorld opens a world whose operator does not run yet. Its gateway tells of no
// changes, so that a spec knows that each look asks; that of newsWorld does.
func newWorld(ctx context.Context) *world {
	GinkgoHelper()
	w := &world{
		namespace: fmt.Sprintf("world-%d-%d", GinkgoParallelProcess(), worlds.Add(1)),
		system:    systemNamespace,
	}
	makeNamespace(ctx, w.namespace, map[string]string{"world": w.namespace})
	w.gateway = startGateway()
	w.gateway.tellsNothing()
	DeferCleanup(func(ctx SpecContext) {
		w.stopOperator()
		w.holdsItsPromises(ctx)
		Expect(admin.DeleteAllOf(ctx, &v1alpha1.Registrar{}, w.own())).To(Succeed())
		w.gateway.stop()
	})
	return w
}

// runningWorld opens a world with its Registrar ready and its operator at work.
func runningWorld(ctx context.Context) *world {
	GinkgoHelper()
	w := newWorld(ctx)
	w.makeRegistrar(ctx)
	w.startOperator()
	w.registrarIs(ctx, metav1.ConditionTrue)
	return w
}

// registrarIs waits until the world's Registrar is ready or not, and returns it.
func (w *world) registrarIs(ctx context.Context, ready metav1.ConditionStatus) *v1alpha1.Registrar {
	GinkgoHelper()
	object := &v1alpha1.Registrar{}
	Eventually(func(g Gomega) {
		g.Expect(admin.Get(ctx, client.ObjectKey{Name: w.namespace}, object)).To(Succeed())
		g.Expect(object.Status.ObservedGeneration).To(Equal(object.Generation))
		g.Expect(object.Status.Conditions).To(ContainElement(And(HaveField("Type", v1alpha1.ConditionReady), HaveField("Status", ready))))
	}).Should(Succeed())
	return object
}

// own selects the cluster-scoped objects of this world.
func (w *world) own() client.MatchingLabels { return client.MatchingLabels{"world": w.namespace} }

// makeRegistrar makes the Registrar of this world's gateway.
func (w *world) makeRegistrar(ctx context.Context, changes ...func(*v1alpha1.Registrar)) *v1alpha1.Registrar {
	GinkgoHelper()
	w.makeToken(ctx)
	object := w.registrar()
	for _, change := range changes {
		change(object)
	}
	Expect(admin.Create(ctx, object)).To(Succeed())
	return object
}

func (w *world) registrar() *v1alpha1.Registrar {
	return &v1alpha1.Registrar{
		ObjectMeta: metav1.ObjectMeta{Name: w.namespace, Labels: w.own()},
		Spec: v1alpha1.RegistrarSpec{Type: v1alpha1.RegistrarGateway, Gateway: &v1alpha1.Gateway{
			URL: w.gateway.url(), CABundle: w.gateway.ca, TokenSecretRef: v1alpha1.SecretReference{Name: w.namespace},
		}},
	}
}

// makeToken makes the Secret of the gateway's token, as changed.
func (w *world) makeToken(ctx context.Context, changes ...func(*corev1.Secret)) {
	GinkgoHelper()
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.system, Name: w.namespace},
		Type:       v1alpha1.GatewayTokenSecretType,
		Data: map[string][]byte{
			v1alpha1.GatewayTokenKey: []byte(gatewayToken), v1alpha1.GatewayHostKey: []byte(w.gateway.host()),
		},
	}
	for _, change := range changes {
		change(secret)
	}
	Expect(client.IgnoreAlreadyExists(admin.Create(ctx, secret))).To(Succeed())
}

// get returns the registration as the API server has it now.
func (w *world) get(ctx context.Context, name string) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	reg := &v1alpha1.ChinaAccountRegistration{}
	Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, reg)).To(Succeed())
	return reg
}

// look is for Eventually and Consistently.
func (w *world) look(ctx context.Context, name string) func(Gomega) *v1alpha1.ChinaAccountRegistration {
	return func(g Gomega) *v1alpha1.ChinaAccountRegistration {
		reg := &v1alpha1.ChinaAccountRegistration{}
		g.Expect(admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, reg)).To(Succeed())
		return reg
	}
}

// eventually waits until the registration matches, and returns it.
func (w *world) eventually(ctx context.Context, name string, matchers ...matcher) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	var reg *v1alpha1.ChinaAccountRegistration
	Eventually(func(g Gomega) {
		reg = w.look(ctx, name)(g)
		g.Expect(reg).To(And(matchers...), func() string { return describe(reg) })
	}).Should(Succeed())
	return reg
}

// patch changes the registration as its applicant would.
func (w *world) patch(ctx context.Context, name string, change func(*v1alpha1.ChinaAccountRegistration)) {
	GinkgoHelper()
	reg := w.get(ctx, name)
	before := reg.DeepCopy()
	change(reg)
	Expect(admin.Patch(ctx, reg, client.MergeFrom(before))).To(Succeed())
}

func (w *world) delete(ctx context.Context, name string) {
	GinkgoHelper()
	Expect(admin.Delete(ctx, &v1alpha1.ChinaAccountRegistration{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name}})).To(Succeed())
}

// isGone waits until the registration is deleted for good.
func (w *world) isGone(ctx context.Context, name string) {
	GinkgoHelper()
	Eventually(func() error {
		return admin.Get(ctx, client.ObjectKey{Namespace: w.namespace, Name: name}, &v1alpha1.ChinaAccountRegistration{})
	}).Should(MatchError(ContainSubstring("not found")))
}

// step has the registrar go on with the registration's filing.
func (w *world) step(ctx context.Context, name string) {
	GinkgoHelper()
	w.gateway.step(w.get(ctx, name).Status.Filing.Key)
}

// reach takes a registration of scenario review to a phase.
func (w *world) reach(ctx context.Context, name string, phase v1alpha1.RegistrationPhase) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	reg := w.eventually(ctx, name, inPhase(v1alpha1.PhaseSubmitted))
	for _, next := range []v1alpha1.RegistrationPhase{v1alpha1.PhaseUnderReview, v1alpha1.PhaseVerified} {
		if reg.Status.Phase == phase {
			return reg
		}
		w.step(ctx, name)
		reg = w.eventually(ctx, name, inPhase(next))
	}
	if phase == v1alpha1.PhaseActive {
		w.giveCodes(ctx, name)
		reg = w.eventually(ctx, name, inPhase(phase))
	}
	return reg
}

// refresh asks for a look at once and waits until it is done.
func (w *world) refresh(ctx context.Context, name string) *v1alpha1.ChinaAccountRegistration {
	GinkgoHelper()
	request := time.Now().Format(time.RFC3339Nano)
	w.annotate(ctx, name, v1alpha1.RefreshRequestedAtAnnotation, request)
	return w.eventually(ctx, name, handledRefresh(request))
}

func (w *world) annotate(ctx context.Context, name, key, value string) {
	GinkgoHelper()
	w.patch(ctx, name, func(reg *v1alpha1.ChinaAccountRegistration) {
		if reg.Annotations == nil {
			reg.Annotations = map[string]string{}
		}
		reg.Annotations[key] = value
	})
}

// holdsItsPromises is asked of every world at its end, whatever happened in it.
func (w *world) holdsItsPromises(ctx context.Context) {
	GinkgoHelper()
	counters := w.gateway.counters()
	Expect(counters.DuplicateFilings).To(BeZero(), "an attempt was filed twice")
	Expect(counters.PreventableFilings).To(BeZero(), "preflight let pass what the registrar refuses at first sight")
	registrations := &v1alpha1.ChinaAccountRegistrationList{}
	Expect(admin.List(ctx, registrations, client.InNamespace(w.namespace))).To(Succeed())
	var told, words strings.Builder
	for i := range registrations.Items {
		status := registrations.Items[i].Status
		Expect(json.NewEncoder(&told).Encode(status)).To(Succeed())
		for _, c := range status.Conditions {
			Expect(c.Reason).NotTo(BeEmpty())
			words.WriteString(c.Message)
		}
	}
	for _, event := range w.events(ctx) {
		Expect(json.NewEncoder(&told).Encode(event)).To(Succeed())
		words.WriteString(event.Note)
	}
	for _, value := range personalValues(registrations.Items) {
		Expect(told.String()).NotTo(ContainSubstring(value), "a personal value is in a status or an event")
	}
	for _, code := range []string{wrongPhoneCode, registrar.PhoneCode} { // within a longer number four digits may come by chance
		Expect(words.String()).NotTo(MatchRegexp(`\b`+code+`\b`), "a code is in a message")
	}
}
