// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/chinaaccount/china-account-operator/test/env"
	groundwork "github.com/chinaaccount/china-account-operator/test/ground"
	"github.com/chinaaccount/china-account-operator/test/process"
)

const (
	systemNamespace = "china-account-system"
	operatorAccount = "china-account-operator"
	gatewayName     = "nwcd-gateway"
	applicantName   = "applicant-chen"
	agentName       = "agent-zhang"

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
	gateway                 *process.Gateway
	operator                *process.Process
	// operatorAccount is the operator as the API server knows it.
	operatorAccount person
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
	if g.operator != nil {
		failures = append(failures, g.operator.Stop())
	}
	if g.gateway != nil {
		failures = append(failures, g.gateway.Stop())
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
		if _, err := process.Binary(name); err != nil {
			return err
		}
	}
	return nil
}

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
	return groundwork.Install(ctx, g.plane)
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

func (g *ground) startGateway(ctx context.Context) (err error) {
	say("Starting the reference gateway, and adding a Registrar %q that leads to it.", gatewayName)
	const token = "SAMPLE-token-of-the-demo"
	g.gateway, err = process.StartGateway(g.dir, g.logPath("registrar-gateway"), token, "--step", pace)
	if err != nil {
		return err
	}
	g.mustRun(g.gateway.Process)
	return g.applyAs(ctx, g.admin, "registrar.yaml", "registrar.yaml", map[string]string{
		"Name": gatewayName, "Host": g.gateway.Host, "Token": token, "CABundle": base64.StdEncoding.EncodeToString(g.gateway.CA),
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
	path, err := process.Binary("manager")
	if err != nil {
		return err
	}
	g.operator, err = process.Start(g.logPath("manager"), path,
		"--kubeconfig", kubeconfig, "--leader-elect", "--health-probe-bind-address", "0",
		"--poll-min", "1s", "--poll-max", "1s", "--missing-min", "1s", "--missing-max", "1s")
	if err != nil {
		return err
	}
	g.mustRun(g.operator)
	for _, name := range []string{gatewayName, "default"} {
		if _, err := g.admin.kubectl(ctx, "wait", "--for=condition=Ready", "--timeout=30s", "registrar/"+name); err != nil {
			return fmt.Errorf("%w; the operator's log is %s", err, g.operator.LogPath)
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
	_, err = who.kubectl(ctx, "apply", "--server-side", "-f", filename(path))
	return err
}

func (g *ground) manifestDir() string { return filepath.Join(g.dir, "manifests") }

func (g *ground) logPath(name string) string { return filepath.Join(g.logDir(), name+".log") }

// mustRun tells the demo of a process that ends by itself.
func (g *ground) mustRun(p *process.Process) {
	go func() {
		<-p.Ended()
		g.failed(p.UnexpectedEnd())
	}()
}
