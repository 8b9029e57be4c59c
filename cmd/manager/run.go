// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/controllers"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/internal/handover"
	"github.com/chinaaccount/china-account-operator/internal/metrics"
	"github.com/chinaaccount/china-account-operator/internal/registrar/manual"
	"github.com/chinaaccount/china-account-operator/internal/standing"
)

// cacheCheckTimeout is shorter than the second that a kubelet waits for /readyz.
const cacheCheckTimeout = 500 * time.Millisecond

// run starts the operator and returns when the context ends.
func run(ctx context.Context, o *options) error {
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("find the API server: %w; name it with --kubeconfig", err)
	}
	if err := reach(config); err != nil {
		return err
	}
	scheme := newScheme()
	caches := &ownCaches{}
	mgr, err := newManager(config, scheme, caches, o)
	if err != nil {
		return err
	}
	direct, err := client.New(config, client.Options{Scheme: scheme, Mapper: mgr.GetRESTMapper(), HTTPClient: mgr.GetHTTPClient()})
	if err != nil {
		return fmt.Errorf("connect to the API server: %w", err)
	}
	if err := setupControllers(ctx, mgr, direct, o); err != nil {
		return err
	}
	if err := setupRestoreCheck(mgr, direct, caches); err != nil {
		return err
	}
	return mgr.Start(ctx)
}

// reach asks the API server for its version, so that one that is not there is not told
// of as whatever would have been asked first.
func reach(config *rest.Config) error {
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err == nil {
		_, err = client.ServerVersion()
	}
	if err != nil {
		return fmt.Errorf("reach the API server at %s: %w", config.Host, err)
	}
	return nil
}

func newScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	utilruntime.Must(corev1.AddToScheme(scheme))
	utilruntime.Must(eventsv1.AddToScheme(scheme))
	utilruntime.Must(v1alpha1.AddToScheme(scheme))
	return scheme
}

func newManager(config *rest.Config, scheme *runtime.Scheme, caches *ownCaches, o *options) (ctrl.Manager, error) {
	served, err := servedMetrics(o)
	if err != nil {
		return nil, err
	}
	lease := &ownLease{} // opened below: its events need the manager; the ID here only names the metric
	mgr, err := ctrl.NewManager(config, ctrl.Options{
		Scheme: scheme,
		// What is never looked at would be most of the cache.
		Cache: cache.Options{
			DefaultTransform: controllers.StripForCache, DefaultNamespaces: cachedNamespaces(o.watched), ByObject: controllers.CachedObjects(o.selector),
			NewInformer: caches.newInformer,
		},
		// A pass that follows one's own write sees it.
		Client:                              client.Options{Cache: &client.CacheOptions{EnableReadYourWritesConsistency: ptr.To(true)}},
		Metrics:                             served,
		HealthProbeBindAddress:              o.probeAddress,
		PprofBindAddress:                    o.pprofAddress,
		LeaderElection:                      o.leaderElect,
		LeaderElectionID:                    leaseOf(o.selector),
		LeaderElectionReleaseOnCancel:       true,
		LeaderElectionResourceLockInterface: lease,
		LeaseDuration:                       &o.lease.duration,
		RenewDeadline:                       &o.lease.renewDeadline,
		RetryPeriod:                         &o.lease.retryPeriod,
	})
	if err == nil {
		err = lease.open(config, mgr, o)
	}
	if err != nil {
		return nil, fmt.Errorf("set up the manager: %w", err)
	}
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return nil, fmt.Errorf("set up /healthz: %w", err)
	}
	if err := mgr.AddReadyzCheck("caches", cachesSynced(mgr.GetCache())); err != nil {
		return nil, fmt.Errorf("set up /readyz: %w", err)
	}
	return mgr, nil
}

// cachedNamespaces are those that are watched; nil for all.
func cachedNamespaces(watched []string) map[string]cache.Config {
	if len(watched) == 0 {
		return nil
	}
	namespaces := make(map[string]cache.Config, len(watched))
	for _, namespace := range watched {
		namespaces[namespace] = cache.Config{}
	}
	return namespaces
}

// cachesSynced is a check that holds from when all that is watched was read once, so
// that an operator that may not read, or cannot, never counts as ready. A replica that
// waits for the lease has read it too: it can take over.
func cachesSynced(caches cache.Cache) healthz.Checker {
	return func(request *http.Request) error {
		ctx, cancel := context.WithTimeout(request.Context(), cacheCheckTimeout)
		defer cancel()
		if !caches.WaitForCacheSync(ctx) {
			return errors.New("the caches are not filled yet")
		}
		return nil
	}
}

func setupControllers(ctx context.Context, mgr ctrl.Manager, direct client.Client, o *options) error {
	holidays, err := controllers.NewHolidays(mgr, o.namespace)
	if err != nil {
		return fmt.Errorf("set up the calendar: %w", err)
	}
	registrars := controllers.NewRegistrars(direct, controllers.NewNews(mgr.GetCache(), clock.RealClock{}), o.namespace)
	registrars.Timeout, registrars.RequestsPerSecond = o.timeout, o.registrarQPS
	registrations := &controllers.RegistrationReconciler{
		Client:     mgr.GetClient(),
		Direct:     direct,
		Registrars: registrars,
		Desk:       &manual.Desk{Reader: direct, Writer: direct},
		Keys:       &dossier.KeyStore{Reader: direct, Writer: direct, Namespace: o.namespace},
		Loader:     dossier.NewLoader(direct),
		SignIn:     &dossier.SignIn{Reader: direct, Writer: direct},
		HandOver:   &handover.Desk{Cached: mgr.GetClient(), Direct: direct},
		Holidays:   holidays,
		Namespaces: o.watched,
		Pacing:     o.pacing,
		Clock:      clock.RealClock{},
		Instance:   instance(),
	}
	if err := registrations.SetupWithManager(ctx, mgr, o.concurrency); err != nil {
		return fmt.Errorf("set up the registrations' controller: %w", err)
	}
	inventory := &metrics.Inventory{
		Cached: mgr.GetCache(), Elected: mgr.Elected(), LastContact: registrars.LastContact, IsOurs: standing.IsKnown,
	}
	if err := ctrlmetrics.Registry.Register(inventory); err != nil {
		return fmt.Errorf("set up the metrics: %w", err)
	}
	probes := &controllers.RegistrarReconciler{Client: mgr.GetClient(), Registrars: registrars, Holidays: holidays, Clock: clock.RealClock{}}
	if err := probes.SetupWithManager(mgr); err != nil {
		return fmt.Errorf("set up the Registrars' controller: %w", err)
	}
	return nil
}

func setupRestoreCheck(mgr ctrl.Manager, direct client.Reader, caches *ownCaches) error {
	if err := mgr.Add(&restoreCheck{reader: direct, synced: caches.synced, period: restoreCheckPeriod}); err != nil {
		return fmt.Errorf("set up the check for restored backups: %w", err)
	}
	return nil
}

// instance names this process: in a cluster, the Pod.
func instance() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return leaseName
	}
	return name
}
