// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/dossier"
	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/process"
)

// namespace of all lives.
const namespace = "crash"

// worker has a control plane and a gateway of its own, and plays one run after another.
type worker struct {
	*ground.Ground
	id           int
	tap          *tap
	api, gateway *server
	// kubeconfig of the operator leads through the tap.
	kubeconfig string
	runs       int
}

// openWorker lays a worker's ground. What it has started by the time it fails is in
// what it returns, to be closed.
func openWorker(ctx context.Context, id int, dir string) (*worker, error) {
	w := &worker{id: id, tap: newTap()}
	var err error
	// The registrar goes on when a run says so, and not by time.
	if w.Ground, err = ground.Lay(ctx, filepath.Join(dir, fmt.Sprint("worker-", id)), env.Options{}, "--step", "1h", "--hold", "1s"); err != nil {
		return w, err
	}
	config := w.Plane.Config()
	if w.api, err = w.tap.open(config.Host, config.CAData, nameAPI); err != nil {
		return w, err
	}
	if w.gateway, err = w.tap.open("https://"+w.Gateway.Host, w.Gateway.CA, nameGateway); err != nil {
		return w, err
	}
	if err := w.writeKubeconfig(); err != nil {
		return w, err
	}
	if err := w.MakeNamespace(ctx, namespace); err != nil {
		return w, err
	}
	if err := w.MakeRegistrar(ctx, host(w.gateway.URL), w.gateway.ca); err != nil {
		return w, err
	}
	return w, w.warmUp(ctx)
}

func (w *worker) close() error {
	var err error
	if w.Ground != nil {
		err = w.Clear()
	}
	for _, s := range []*server{w.api, w.gateway} {
		if s != nil {
			s.CloseClientConnections()
			s.Close()
		}
	}
	return err
}

// writeKubeconfig is the operator's own, but for the way to the API server.
func (w *worker) writeKubeconfig() error {
	config, err := clientcmd.LoadFromFile(w.OperatorKubeconfig)
	if err != nil {
		return fmt.Errorf("read the operator's kubeconfig: %w", err)
	}
	for _, cluster := range config.Clusters {
		cluster.Server, cluster.CertificateAuthorityData = w.api.URL, w.api.ca
	}
	w.kubeconfig = filepath.Join(w.Dir, "operator.kubeconfig")
	return clientcmd.WriteToFile(*config, w.kubeconfig)
}

// warmUp has the Registrars found ready, so that no run begins with that.
func (w *worker) warmUp(ctx context.Context) error {
	w.tap.begin("", nil, hooks{})
	operator, err := w.startOperator()
	if err != nil {
		return err
	}
	err = await(ctx, startLimit, func() (bool, error) {
		list := &v1alpha1.RegistrarList{}
		if err := w.Onlooker.List(ctx, list); err != nil {
			return false, err
		}
		for _, registrar := range list.Items {
			if !meta.IsStatusConditionTrue(registrar.Status.Conditions, v1alpha1.ConditionReady) {
				return false, nil
			}
		}
		return len(list.Items) == 2, nil
	})
	return errors.Join(err, operator.Kill())
}

// startLimit bounds what is awaited before a life begins.
const startLimit = 30 * time.Second

// quick has the operator look as often as a registrar that takes no time asks for.
var quick = []string{"--poll-min", "50ms", "--poll-max", "200ms", "--missing-min", "50ms", "--missing-max", "200ms", "--registrar-timeout", "5s"}

func (w *worker) startOperator() (*process.Process, error) {
	path, err := process.Binary("manager")
	if err != nil {
		return nil, err
	}
	arguments := append([]string{"--kubeconfig", w.kubeconfig, "--health-probe-bind-address", "0"}, quick...)
	return process.Start(w.LogPath("manager"), path, arguments...)
}

// tidy removes what a run leaves, the installation key included: each life has its
// own first one.
func (w *worker) tidy(ctx context.Context) error {
	list := &v1alpha1.ChinaAccountRegistrationList{}
	if err := w.Onlooker.List(ctx, list); err != nil {
		return err
	}
	for i := range list.Items {
		reg := &list.Items[i]
		if len(reg.Finalizers) > 0 {
			reg.Finalizers = nil
			if err := w.Onlooker.Update(ctx, reg); err != nil {
				return err
			}
		}
	}
	for _, kind := range []client.Object{&v1alpha1.ChinaAccountRegistration{}, &v1alpha1.FilingReport{}, secrets, events} {
		if err := w.Onlooker.DeleteAllOf(ctx, kind, client.InNamespace(namespace)); err != nil {
			return err
		}
	}
	key := secrets.DeepCopy()
	key.Namespace, key.Name = ground.SystemNamespace, dossier.InstallationKeySecretName
	return client.IgnoreNotFound(w.Onlooker.Delete(ctx, key))
}

// await asks again and again until the answer is yes.
func await(ctx context.Context, limit time.Duration, ask func() (bool, error)) error {
	for deadline := time.Now().Add(limit); ; time.Sleep(glance) {
		yes, err := ask()
		switch {
		case err != nil || yes:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Now().After(deadline):
			return os.ErrDeadlineExceeded
		}
	}
}

// glance is the pause between two looks.
const glance = 50 * time.Millisecond
