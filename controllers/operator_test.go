// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controllers_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/controllers"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/handover"
	"github.com/chinaaccount/china-account-operator/internal/lifecycle"
	"github.com/chinaaccount/china-account-operator/internal/registrar/manual"
)

// quick is a pacing at which a life takes about a second.
var quick = lifecycle.Pacing{
	PollMin: 60 * time.Millisecond, PollMax: 500 * time.Millisecond,
	MissingMin: 60 * time.Millisecond, MissingMax: 500 * time.Millisecond,
}

// idle is a pacing at which nothing is looked at again within a test, so that only
// what is watched can have brought a change about.
var idle = lifecycle.Pacing{PollMin: time.Hour, PollMax: time.Hour, MissingMin: time.Hour, MissingMax: time.Hour}

// operator is a manager at work.
type operator struct {
	cancel context.CancelFunc
	ended  chan error
}

// operatorOption changes how an operator is set up.
type operatorOption func(*controllers.RegistrationReconciler)

func withPacing(pacing lifecycle.Pacing) operatorOption {
	return func(r *controllers.RegistrationReconciler) { r.Pacing = pacing }
}

func withClock(c clock.PassiveClock) operatorOption {
	return func(r *controllers.RegistrationReconciler) { r.Clock = c }
}

// startOperator starts a manager with the operator's rights, on this world alone.
func (w *world) startOperator(options ...operatorOption) {
	GinkgoHelper()
	byObject := controllers.CachedObjects(labels.Everything())
	byObject[&v1alpha1.Registrar{}] = cache.ByObject{Label: labels.SelectorFromSet(labels.Set(w.own()))}
	mgr, err := ctrl.NewManager(rest.CopyConfig(operatorConfig), ctrl.Options{
		Scheme: scheme,
		Cache: cache.Options{
			DefaultNamespaces: map[string]cache.Config{w.namespace: {}},
			ByObject:          byObject,
			DefaultTransform:  controllers.StripForCache,
		},
		Client:     client.Options{Cache: &client.CacheOptions{EnableReadYourWritesConsistency: ptr.To(true)}},
		Metrics:    metricsserver.Options{BindAddress: "0"},
		Controller: config.Controller{SkipNameValidation: ptr.To(true)}, // one process, many managers
	})
	Expect(err).NotTo(HaveOccurred())
	direct, err := client.New(mgr.GetConfig(), client.Options{Scheme: scheme, Mapper: mgr.GetRESTMapper(), HTTPClient: mgr.GetHTTPClient()})
	Expect(err).NotTo(HaveOccurred())
	ctx, cancel := context.WithCancel(context.Background())
	w.setupControllers(ctx, mgr, direct, options)
	started := &operator{cancel: cancel, ended: make(chan error, 1)}
	go func() { started.ended <- mgr.Start(ctx) }()
	w.operator = started
}

func (w *world) setupControllers(ctx context.Context, mgr ctrl.Manager, direct client.Client, options []operatorOption) {
	GinkgoHelper()
	holidays, err := controllers.NewHolidays(mgr, w.system)
	Expect(err).NotTo(HaveOccurred())
	registrations := &controllers.RegistrationReconciler{
		Client:     mgr.GetClient(),
		Direct:     direct,
		Registrars: controllers.NewRegistrars(direct, controllers.NewNews(mgr.GetCache(), clock.RealClock{}), w.system),
		Desk:       &manual.Desk{Reader: direct, Writer: direct},
		Keys:       &dossier.KeyStore{Reader: direct, Writer: direct, Namespace: w.system},
		Loader:     dossier.NewLoader(direct),
		SignIn:     &dossier.SignIn{Reader: direct, Writer: direct},
		HandOver:   &handover.Desk{Cached: mgr.GetClient(), Direct: direct},
		Holidays:   holidays,
		Pacing:     quick,
		Clock:      clock.RealClock{},
		Instance:   "test",
	}
	for _, change := range options {
		change(registrations)
	}
	Expect(registrations.SetupWithManager(ctx, mgr, 4)).To(Succeed())
	probes := &controllers.RegistrarReconciler{Client: mgr.GetClient(), Registrars: registrations.Registrars, Holidays: holidays, Clock: registrations.Clock}
	Expect(probes.SetupWithManager(mgr)).To(Succeed())
}

// stopOperator ends the operator, if there is one, and waits until it has ended.
func (w *world) stopOperator() {
	GinkgoHelper()
	if w.operator == nil {
		return
	}
	w.operator.cancel()
	Eventually(w.operator.ended, patience).Should(Receive(Succeed()))
	w.operator = nil
}

func (w *world) restartOperator(options ...operatorOption) {
	GinkgoHelper()
	w.stopOperator()
	w.startOperator(options...)
}
