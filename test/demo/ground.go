// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/chinaaccount/china-account-operator/test/env"
)

const (
	systemNamespace = "china-account-system"
	operatorAccount = "china-account-operator"
	gatewayName     = "nwcd-gateway"
	applicantName   = "applicant-chen"
	agentName       = "agent-zhang"

	// startLimit bounds the start of one process, which takes a second or two.
	startLimit = 30 * time.Second
	// pace is the time between two steps of the registrar: slow enough to watch.
	pace = "2s"
)

// namespaces of the two teams: one files through the gateway, one by hand.
const (
	gatewayTeam = "retail"
	byHandTeam  = "logistics"
)

// ground is what the registrations run on.
type ground struct {
	root, dir string
	plane     *env.ControlPlane
	// failed is told of a process that ended and should not have.
	failed context.CancelCauseFunc

	admin, applicant, agent person
	gateway, operator       *process
	// operatorAccount is the operator as the API server knows it.
	operatorAccount person
	gatewayAdmin    string // URL
}

// layGround starts everything. What it has started by the time it fails is in the
// ground that it returns, to be stopped.
func layGround(ctx context.Context, dir string, failed context.CancelCauseFunc) (*ground, error) {
	g := &ground{dir: dir, failed: failed}
	for _, step := range []func(context.Context) error{
		g.findBinaries, g.startControlPlane, g.install, g.admitPeople, g.startGateway, g.startOperator,
	} {
		if err := step(ctx); err != nil {
			return g, err
		}
		if ctx.Err() != nil {
			return g, ctx.Err()
		}
	}
	return g, nil
}

// stop ends everything in the reverse order. Kubeconfigs and the cluster's data go
// with it; the folder of manifests and logs is the caller's.
func (g *ground) stop() error {
	var failures []error
	for _, p := range []*process{g.operator, g.gateway} {
		if p != nil {
			failures = append(failures, p.stop())
		}
	}
	if g.plane != nil {
		failures = append(failures, g.plane.Stop())
	}
	return errors.Join(failures...)
}

func (g *ground) findBinaries(context.Context) (err error) {
	if g.root, err = env.Root(); err != nil {
		return err
	}
	for _, name := range []string{"manager", "registrar-gateway"} {
		if _, err := os.Stat(g.binary(name)); err != nil {
			return fmt.Errorf("find %s (`make build` builds it): %w", name, err)
		}
	}
	return nil
}

func (g *ground) binary(name string) string { return filepath.Join(g.root, "bin", name) }

func (g *ground) logDir() string { return filepath.Join(g.dir, "logs") }

// startControlPlane lets it outlive the context: what is stopped first is the operator.
func (g *ground) startControlPlane(ctx context.Context) (err error) {
	say("Starting etcd and kube-apiserver, with RBAC on.")
	g.plane, err = env.Start(context.WithoutCancel(ctx), env.Options{LogPath: filepath.Join(g.logDir(), "controlplane.log")})
	if err != nil {
		return err
	}
	g.admin = g.person("admin", g.plane.Kubeconfig())
	return nil
}

func (g *ground) person(name, kubeconfig string) person {
	return person{name: name, kubeconfig: kubeconfig, kubectlPath: g.plane.Kubectl(), cacheDir: filepath.Join(g.dir, "kubectl-cache", name)}
}

// install applies what config/ holds, but for the operator's Deployment: there are
// no nodes, and the operator runs beside the API server instead.
func (g *ground) install(ctx context.Context) error {
	say("Installing what config/ holds: CRDs, rights, admission policy, the Registrar \"default\" (by hand).")
	config := func(parts ...string) string { return filepath.Join(append([]string{g.root, "config"}, parts...)...) }
	for _, step := range [][]string{
		{"apply", "--server-side", "-k", config("crd")},
		{"wait", "--for=condition=Established", "--timeout=60s", "-f", config("crd", "bases")},
		{"apply", "--server-side", "-f", config("manager", "namespace.yaml")},
		{"apply", "--server-side", "-k", config("rbac")},
		{"apply", "--server-side", "-k", config("admission")},
		{"apply", "--server-side", "-k", config("registrar")},
	} {
		if _, err := g.admin.kubectl(ctx, step...); err != nil {
			return err
		}
	}
	return nil
}

func (g *ground) admitPeople(ctx context.Context) error {
	say("Letting in %s, who owns the registrations, and %s, who files by hand.", applicantName, agentName)
	err := g.applyAs(ctx, g.admin, "people.yaml", "people.yaml", map[string]any{
		"Namespaces":     []string{gatewayTeam, byHandTeam},
		"ApplicantRoles": []string{"china-account-registration-editor", "demo-documents-editor"},
		"Applicant":      applicantName,
		"Agent":          agentName,
	})
	if err != nil {
		return err
	}
	for name, who := range map[string]*person{applicantName: &g.applicant, agentName: &g.agent} {
		kubeconfig, err := g.plane.UserKubeconfig(name)
		if err != nil {
			return err
		}
		*who = g.person(name, kubeconfig)
	}
	return nil
}

var (
	servingGateway = regexp.MustCompile(`msg="Serving the gateway contract" address=(\S+)`)
	servingAdmin   = regexp.MustCompile(`msg="Serving switches and counters" address=(\S+)`)
)

func (g *ground) startGateway(ctx context.Context) (err error) {
	say("Starting the reference gateway, and adding a Registrar %q that leads to it.", gatewayName)
	const token = "SAMPLE-token-of-the-demo"
	tokenFile, caFile := filepath.Join(g.dir, "gateway-token"), filepath.Join(g.dir, "gateway-ca.pem")
	if err := os.WriteFile(tokenFile, []byte(token), 0o600); err != nil {
		return fmt.Errorf("write the gateway's token: %w", err)
	}
	g.gateway, err = g.run("registrar-gateway",
		"--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--store", filepath.Join(g.dir, "gateway.db"),
		"--token-file", tokenFile, "--ca-out", caFile, "--step", pace)
	if err != nil {
		return err
	}
	host, err := g.gateway.logged(servingGateway, startLimit)
	if err != nil {
		return err
	}
	adminHost, err := g.gateway.logged(servingAdmin, startLimit)
	if err != nil {
		return err
	}
	g.gatewayAdmin = "http://" + adminHost
	ca, err := os.ReadFile(caFile)
	if err != nil {
		return fmt.Errorf("read the gateway's CA: %w", err)
	}
	return g.applyAs(ctx, g.admin, "registrar.yaml", "registrar.yaml", map[string]string{
		"Name": gatewayName, "Host": host, "Token": token, "CABundle": base64.StdEncoding.EncodeToString(ca),
	})
}

// startOperator runs the operator with the token of its service account, and looks
// more often than a registrar that takes days asks for.
func (g *ground) startOperator(ctx context.Context) error {
	say("Starting the operator, with the rights of its service account and no others.")
	kubeconfig, err := g.plane.ServiceAccountKubeconfig(ctx, systemNamespace, operatorAccount)
	if err != nil {
		return err
	}
	g.operatorAccount = g.person(operatorAccount, kubeconfig)
	g.operator, err = g.run("manager",
		"--kubeconfig", kubeconfig, "--leader-elect", "--health-probe-bind-address", "0",
		"--poll-min", "1s", "--poll-max", "1s", "--missing-min", "1s", "--missing-max", "1s")
	if err != nil {
		return err
	}
	for _, name := range []string{gatewayName, "default"} {
		if _, err := g.admin.kubectl(ctx, "wait", "--for=condition=Ready", "--timeout=30s", "registrar/"+name); err != nil {
			return fmt.Errorf("%w; the operator's log is %s", err, g.operator.logPath)
		}
	}
	return nil
}

// applyAs fills in a manifest and applies it as somebody. Secrets of scans are too
// large for the annotation that a client-side apply keeps.
func (g *ground) applyAs(ctx context.Context, who person, name, source string, values any) error {
	path, err := writeManifest(g.manifestDir(), name, source, values)
	if err != nil {
		return err
	}
	_, err = who.kubectl(ctx, "apply", "--server-side", "-f", path)
	return err
}

func (g *ground) manifestDir() string { return filepath.Join(g.dir, "manifests") }

// run starts a program of bin/ that must not end by itself.
func (g *ground) run(name string, arguments ...string) (*process, error) {
	p, err := startProcess(g.logDir(), g.binary(name), arguments...)
	if err != nil {
		return nil, err
	}
	go func() {
		<-p.ended
		g.failed(p.unexpectedEnd())
	}()
	return p, nil
}
