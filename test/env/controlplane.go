// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package env

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// Options say what the control plane starts with. The zero value is a bare one.
type Options struct {
	// CRDPaths are files or folders of CustomResourceDefinitions to install,
	// absolute or relative to the working directory. One that is missing is
	// an error.
	CRDPaths []string
	// AuditLogPath, if set, receives one JSON object a line about each request
	// (who, what, when, with which answer), without bodies.
	AuditLogPath string
	// LogPath, if set, receives what etcd and the API server print.
	LogPath string
	// Breakable has etcd and the API server come back whenever they end, so that a
	// test may kill them. It needs setpriv, of util-linux.
	Breakable bool
}

// ControlPlane is a running etcd and kube-apiserver on free loopback ports.
type ControlPlane struct {
	environment *envtest.Environment
	dir         string
	kubeconfig  string
	kubectl     string
	log         *os.File
	stop        func() error
}

// Start starts a control plane and installs the CRDs. It runs until Stop is
// called, the context ends, or this process dies; a program that is about to
// exit calls Stop, which waits. Etcd keeps its data in a temporary folder
// without syncing it to disk: nothing outlives it.
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	found, err := findAssets()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "china-account-controlplane-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the control plane: %w", err)
	}
	plane := &ControlPlane{dir: dir, kubectl: found.kubectl}
	plane.stop = sync.OnceValue(plane.shutdown)
	if err := plane.start(found, options); err != nil {
		return nil, errors.Join(err, plane.Stop())
	}
	context.AfterFunc(ctx, func() { _ = plane.Stop() })
	return plane, nil
}

// startTimeout bounds the start, which takes some 5 s.
const startTimeout = time.Minute

func (p *ControlPlane) start(found assets, options Options) error {
	environment := &envtest.Environment{
		CRDDirectoryPaths:     options.CRDPaths,
		ErrorIfCRDPathMissing: true,
		// Several may start at the same time on a small machine.
		ControlPlaneStartTimeout: startTimeout,
	}
	if err := p.configure(environment, found, options); err != nil {
		return err
	}
	p.environment = environment
	if _, err := environment.Start(); err != nil {
		return fmt.Errorf("start the control plane: %w", err)
	}
	var err error
	p.kubeconfig, err = p.writeKubeconfig("admin", environment.KubeConfig)
	return err
}

// configure leaves to envtest what it already does: loopback ports, serving and
// client certificates, RBAC, and the keys that service account tokens are
// signed with.
func (p *ControlPlane) configure(environment *envtest.Environment, found assets, options Options) error {
	keep := tether
	if options.Breakable {
		keep = restartable
	}
	etcdPath, err := keep(found.etcd, p.dir)
	if err != nil {
		return err
	}
	apiServerPath, err := keep(found.apiServer, p.dir)
	if err != nil {
		return err
	}
	plane := &environment.ControlPlane
	plane.KubectlPath = found.kubectl
	plane.Etcd = &envtest.Etcd{Path: etcdPath, DataDir: filepath.Join(p.dir, "etcd-data")}
	apiServer := plane.GetAPIServer()
	apiServer.Path, apiServer.CertDir = apiServerPath, filepath.Join(p.dir, "certificates")
	for _, dir := range []string{plane.Etcd.DataDir, apiServer.CertDir} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return fmt.Errorf("make a folder for the control plane: %w", err)
		}
	}

	if options.LogPath != "" {
		if p.log, err = os.Create(options.LogPath); err != nil {
			return fmt.Errorf("open the control plane's log: %w", err)
		}
		plane.Etcd.Out, plane.Etcd.Err = p.log, p.log
		apiServer.Out, apiServer.Err = p.log, p.log
	}
	if options.AuditLogPath != "" {
		return p.audit(apiServer.Configure(), options.AuditLogPath)
	}
	return nil
}

// auditPolicy logs the finished request and never its body: bodies hold Secrets.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
`

func (p *ControlPlane) audit(arguments *envtest.Arguments, logPath string) error {
	policyPath := filepath.Join(p.dir, "audit-policy.yaml")
	if err := os.WriteFile(policyPath, []byte(auditPolicy), 0o600); err != nil {
		return fmt.Errorf("write the audit policy: %w", err)
	}
	arguments.Set("audit-policy-file", policyPath)
	arguments.Set("audit-log-path", logPath)
	return nil
}

// Stop ends the API server and etcd and removes their files, kubeconfigs
// included. It may be called again, and returns the first call's error.
func (p *ControlPlane) Stop() error { return p.stop() }

func (p *ControlPlane) shutdown() error {
	var failures []error
	if p.environment != nil {
		if err := p.environment.Stop(); err != nil {
			failures = append(failures, fmt.Errorf("stop the control plane: %w", err))
		}
	}
	if p.log != nil {
		failures = append(failures, p.log.Close())
	}
	return errors.Join(append(failures, os.RemoveAll(p.dir))...)
}

// Config returns a copy of the admin's client configuration.
func (p *ControlPlane) Config() *rest.Config { return rest.CopyConfig(p.environment.Config) }

// Kubeconfig returns the path of the admin's kubeconfig file.
func (p *ControlPlane) Kubeconfig() string { return p.kubeconfig }

// Kubectl returns the path of a kubectl that fits the API server's version.
func (p *ControlPlane) Kubectl() string { return p.kubectl }
