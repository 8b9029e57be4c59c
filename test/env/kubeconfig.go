// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package env

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// tokenLifetime is longer than any test runs: nothing refreshes the token.
const tokenLifetime = 12 * time.Hour

// UserKubeconfig writes a kubeconfig for a user with a client certificate, and
// returns its path. The user has the rights that RBAC gives to its name and
// groups, and no others.
func (p *ControlPlane) UserKubeconfig(name string, groups ...string) (string, error) {
	user, err := p.environment.AddUser(envtest.User{Name: name, Groups: groups}, nil)
	if err != nil {
		return "", fmt.Errorf("make a certificate for user %s: %w", name, err)
	}
	content, err := user.KubeConfig()
	if err != nil {
		return "", fmt.Errorf("make a kubeconfig for user %s: %w", name, err)
	}
	return p.writeKubeconfig("user-"+name, content)
}

// ServiceAccountKubeconfig writes a kubeconfig with a token of the service
// account, which must exist, and returns its path. Its default namespace is the
// service account's.
func (p *ControlPlane) ServiceAccountKubeconfig(ctx context.Context, namespace, name string) (string, error) {
	clients, err := kubernetes.NewForConfig(p.environment.Config)
	if err != nil {
		return "", fmt.Errorf("make a client for tokens: %w", err)
	}
	request := &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: new(int64(tokenLifetime.Seconds()))},
	}
	answer, err := clients.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, name, request, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("request a token of ServiceAccount %s/%s: %w", namespace, name, err)
	}
	content, err := clientcmd.Write(tokenKubeconfig(p.environment.Config, namespace, name, answer.Status.Token))
	if err != nil {
		return "", fmt.Errorf("make a kubeconfig for ServiceAccount %s/%s: %w", namespace, name, err)
	}
	return p.writeKubeconfig("serviceaccount-"+namespace+"-"+name, content)
}

func tokenKubeconfig(admin *rest.Config, namespace, name, token string) clientcmdapi.Config {
	config := clientcmdapi.NewConfig()
	config.Clusters["test"] = &clientcmdapi.Cluster{Server: admin.Host, CertificateAuthorityData: admin.CAData}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts["test"] = &clientcmdapi.Context{Cluster: "test", AuthInfo: name, Namespace: namespace}
	config.CurrentContext = "test"
	return *config
}

func (p *ControlPlane) writeKubeconfig(name string, content []byte) (string, error) {
	fileName := strings.NewReplacer(":", "-", "/", "-").Replace(name) + ".kubeconfig"
	path := filepath.Join(p.dir, fileName)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return "", fmt.Errorf("write kubeconfig %s: %w", fileName, err)
	}
	return path, nil
}
