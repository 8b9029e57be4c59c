// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package ground

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/test/env"
	"github.com/chinaaccount/china-account-operator/test/lives"
	"github.com/chinaaccount/china-account-operator/test/process"
)

// Names of what is installed.
const (
	SystemNamespace = "china-account-system"
	OperatorName    = "china-account-operator"
	// GatewayName is the Registrar that leads to the gateway.
	GatewayName = "gateway"
	token       = "token-of-the-reference-gateway"
)

// Ground is everything but the operator.
type Ground struct {
	Dir     string
	Plane   *env.ControlPlane
	Gateway *process.Gateway
	// Onlooker may do anything, under the agent's name, and is not slowed down.
	Onlooker client.WithWatch
	// OperatorKubeconfig is the operator's service account's.
	OperatorKubeconfig string
}

// Lay starts it in a folder of its own. What it has started by the time it fails is
// in what it returns, to be cleared.
func Lay(ctx context.Context, dir string, options env.Options, gatewayArguments ...string) (*Ground, error) {
	g := &Ground{Dir: dir}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return g, fmt.Errorf("make a folder: %w", err)
	}
	options.LogPath = g.LogPath("controlplane")
	var err error
	if g.Plane, err = env.Start(context.WithoutCancel(ctx), options); err != nil {
		return g, err
	}
	if err := Install(ctx, g.Plane); err != nil {
		return g, err
	}
	if g.OperatorKubeconfig, err = g.Plane.ServiceAccountKubeconfig(ctx, SystemNamespace, OperatorName); err != nil {
		return g, err
	}
	if g.Onlooker, err = g.onlooker(); err != nil {
		return g, err
	}
	g.Gateway, err = process.StartGateway(dir, g.LogPath("registrar-gateway"), token, gatewayArguments...)
	return g, err
}

// LogPath is where a process logs.
func (g *Ground) LogPath(name string) string { return filepath.Join(g.Dir, name+".log") }

// Clear stops everything. The folder with the logs stays.
func (g *Ground) Clear() error {
	var failures []error
	if g.Gateway != nil {
		failures = append(failures, g.Gateway.Stop())
	}
	if g.Plane != nil {
		failures = append(failures, g.Plane.Stop())
	}
	return errors.Join(failures...)
}

func (g *Ground) onlooker() (client.WithWatch, error) {
	// Reports are held to the name of who reports.
	path, err := g.Plane.UserKubeconfig(lives.AgentName, "system:masters")
	if err != nil {
		return nil, err
	}
	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		return nil, fmt.Errorf("read the onlooker's kubeconfig: %w", err)
	}
	config.QPS = -1
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, corev1.AddToScheme, eventsv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	return client.NewWithWatch(config, client.Options{Scheme: scheme})
}

// MakeNamespace makes one.
func (g *Ground) MakeNamespace(ctx context.Context, name string) error {
	return g.Onlooker.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})
}

// MakeRegistrar makes the Registrar that leads to a gateway at host, which ca vouches for.
func (g *Ground) MakeRegistrar(ctx context.Context, host string, ca []byte) error {
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: SystemNamespace, Name: GatewayName + "-token"},
		Type:       v1alpha1.GatewayTokenSecretType,
		Data:       map[string][]byte{v1alpha1.GatewayTokenKey: []byte(token), v1alpha1.GatewayHostKey: []byte(host)},
	}
	if err := g.Onlooker.Create(ctx, secret); err != nil {
		return fmt.Errorf("make the gateway's token: %w", err)
	}
	registrar := &v1alpha1.Registrar{ObjectMeta: metav1.ObjectMeta{Name: GatewayName}}
	registrar.Spec.Type = v1alpha1.RegistrarGateway
	registrar.Spec.Gateway = &v1alpha1.Gateway{
		URL: "https://" + host, CABundle: ca, TokenSecretRef: v1alpha1.SecretReference{Name: secret.Name},
	}
	if err := g.Onlooker.Create(ctx, registrar); err != nil {
		return fmt.Errorf("make the Registrar: %w", err)
	}
	return nil
}

// Books are the registrar's.
func (g *Ground) Books(ctx context.Context) (lives.Books, error) {
	books := lives.Books{Standings: map[string]lives.Standing{}}
	var err error
	if books.Counters, err = g.Gateway.Counters(ctx); err != nil {
		return books, err
	}
	standings, err := g.Gateway.Standings(ctx)
	for _, standing := range standings {
		books.Standings[standing.Key] = standing
	}
	return books, err
}
