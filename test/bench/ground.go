// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/process"
)

// gatewayFlags: a filing goes on as soon as its client was told where it stands, so that
// nothing waits for the registrar, and no state is skipped.
var gatewayFlags = []string{"--step", "24h", "--step-on-look", "--code-ttl", "24h"}

// stand is ground with a namespace, a gateway and operators.
type stand struct {
	*ground.Ground
	b         *bench
	namespace string
	proxy     *proxy
	operators []*operator
	// raw asks for what no typed client is needed.
	raw rest.Interface
	key *dossier.InstallationKey
	// people are those of this namespace, by number.
	people map[int]person
}

func layStand(ctx context.Context, b *bench, dir string) (*stand, error) {
	s := &stand{b: b}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	var err error
	s.Ground, err = ground.Lay(ctx, dir, env.Options{AuditLogPath: filepath.Join(dir, auditLog)}, gatewayFlags...)
	if err != nil {
		return nil, errors.Join(err, s.Clear())
	}
	config := s.Plane.Config()
	config.QPS = -1
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a client: %w", err), s.Clear())
	}
	s.raw = clients.CoreV1().RESTClient()
	// The operator would make one: seeds need it before there is an operator.
	store := &dossier.KeyStore{Reader: s.Onlooker, Writer: s.Onlooker, Namespace: ground.SystemNamespace}
	s.key, err = store.Ensure(ctx, func(context.Context) (bool, error) { return false, nil })
	if err != nil {
		return nil, errors.Join(err, s.Clear())
	}
	return s, nil
}

// renew takes everything away but the control plane, and starts another gateway.
func (s *stand) renew(ctx context.Context, dir string) error {
	if err := s.stopOperators(); err != nil {
		return err
	}
	for _, object := range []client.Object{&v1alpha1.ChinaAccountRegistration{}, &corev1.Secret{}, &corev1.ConfigMap{}} {
		if err := s.Onlooker.DeleteAllOf(ctx, object, client.InNamespace(s.namespace)); err != nil {
			return fmt.Errorf("delete what was measured (%T): %w", object, err)
		}
	}
	for _, object := range []client.Object{
		&v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: ground.GatewayName}},
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: ground.SystemNamespace, Name: ground.GatewayName + "-token"}},
	} {
		if err := client.IgnoreNotFound(s.Onlooker.Delete(ctx, object)); err != nil {
			return fmt.Errorf("delete %T %s: %w", object, object.GetName(), err)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	old := s.Gateway
	var err error
	s.Gateway, err = process.StartGateway(dir, filepath.Join(dir, "registrar-gateway.log"), old.Token, gatewayFlags...)
	return errors.Join(err, old.Stop())
}

// furnish makes the namespace and the Registrar, which may lead through a proxy.
func (s *stand) furnish(ctx context.Context, namespace string, throughProxy bool) error {
	s.namespace, s.people = namespace, map[int]person{}
	if err := s.MakeNamespace(ctx, namespace); err != nil {
		return fmt.Errorf("make namespace %s: %w", namespace, err)
	}
	host := s.Gateway.Host
	s.closeProxy()
	if throughProxy {
		var err error
		if s.proxy, err = startProxy(host); err != nil {
			return err
		}
		host = s.proxy.host()
	}
	return s.MakeRegistrar(ctx, host, s.Gateway.CA)
}

func (s *stand) closeProxy() {
	if s.proxy != nil {
		s.proxy.close()
		s.proxy = nil
	}
}

// clear stops everything. The audit log, which is large and in memory, goes; the others
// stay.
func (s *stand) clear() error {
	s.closeProxy()
	err := errors.Join(s.stopOperators(), s.Clear())
	paths, failed := s.auditLogs()
	err = errors.Join(err, failed)
	for _, path := range paths {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func (s *stand) stopOperators() error {
	var failures []error
	for _, o := range s.operators {
		failures = append(failures, o.Stop())
	}
	s.operators = nil
	return errors.Join(failures...)
}

// operator is one process of it.
type operator struct {
	*process.Process
	metricsHost, pprofHost string
	quiet, limit           time.Duration
}

// startOperator returns once it serves metrics; it may still be filling its caches.
func (s *stand) startOperator(ctx context.Context, name string, more ...string) (*operator, error) {
	o := &operator{quiet: s.b.quiet, limit: s.b.limit}
	var err error
	if o.metricsHost, err = freePort(ctx); err != nil {
		return nil, err
	}
	flags := []string{
		"--kubeconfig", s.OperatorKubeconfig, "--leader-elect", "--health-probe-bind-address", "0", "--metrics-bind-address", o.metricsHost,
		"--registrar-qps", "100000", "--concurrency", strconv.Itoa(s.b.workers),
	}
	if s.b.flags[flagPprof] {
		if o.pprofHost, err = freePort(ctx); err != nil {
			return nil, err
		}
		flags = append(flags, "--"+flagPprof, o.pprofHost)
	}
	o.Process, err = process.Start(s.LogPath(s.namespace+"-"+name), s.b.operator, slices.Concat(flags, strings.Fields(s.b.more), more)...)
	if err != nil {
		return nil, err
	}
	s.operators = append(s.operators, o)
	return o, o.await(ctx, "serve metrics", func(metrics) bool { return true })
}

// freePort is one that nobody has at the moment.
func freePort(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// awaitRegistrar waits until an operator has found the gateway ready.
func (s *stand) awaitRegistrar(ctx context.Context) error {
	return poll(ctx, s.b.limit, "the Registrar to be ready", func() (bool, error) {
		registrar := &v1alpha1.Registrar{}
		if err := s.Onlooker.Get(ctx, client.ObjectKey{Name: ground.GatewayName}, registrar); err != nil {
			return false, err
		}
		return meta.IsStatusConditionTrue(registrar.Status.Conditions, v1alpha1.ConditionReady), s.ended()
	})
}

// ended is an error if one of the operators has.
func (s *stand) ended() error {
	for _, o := range s.operators {
		select {
		case <-o.Ended():
			return o.UnexpectedEnd()
		default:
		}
	}
	return nil
}

const pollPause = 50 * time.Millisecond

// poll asks until it is so.
func poll(ctx context.Context, limit time.Duration, what string, isSo func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		done, err := isSo()
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		case <-time.After(pollPause):
		}
	}
}
